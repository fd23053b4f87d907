"""AKS: from plans to the arguments of `pulumi_azure_native` resources. Declares nothing."""
