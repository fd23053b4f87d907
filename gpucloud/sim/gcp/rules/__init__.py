"""What Google's APIs and their provider refuse, one function a rule, each with its source.

A rule over inputs alone yields a `Refusal` for each thing that is wrong and passes over what is unknown; a rule over
the account raises a `CloudError`, as the API's answer to the call would be. Short names of sources: tpgb is
terraform-provider-google-beta 93c65b2, toolkit is GoogleCloudPlatform/cluster-toolkit 1047080
modules/compute/gke-node-pool, API is the Kubernetes Engine API v1 or Compute Engine API v1 reference.
"""
