"""The cluster's own API: from plans to the arguments of `pulumi_kubernetes` resources. Declares nothing."""
