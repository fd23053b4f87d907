"""GKE: from plans to the arguments of `pulumi_gcp` resources. Declares nothing."""
