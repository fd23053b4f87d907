"""GPU node pools on several clouds from one typed description, as Pulumi components."""
