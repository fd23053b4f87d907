"""EKS: from plans to the arguments of `pulumi_aws` resources, and the text that nodes boot with. Declares nothing."""
