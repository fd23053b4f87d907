"""The SDK modules that warn of their own deprecated classes when they are loaded, loaded once without those warnings.

Import this before the components: pytest makes every warning an error.
"""

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    import pulumi_aws as _aws
    import pulumi_gcp as _gcp
    import pulumi_kubernetes as _k8s

    # The SDKs load a module when something in it is first asked for.
    _ = (_aws.ec2.Vpc, _aws.vpc.SecurityGroupIngressRule, _aws.eks.Cluster, _aws.iam.Role, _k8s.helm.v3.Release)
    _ = (_gcp.compute.Network, _gcp.container.Cluster)
    # Arguments of Jobs are read from this one; two threads that load it at once find it empty (Python's LazyLoader).
    _ = (_k8s.batch.v1.Job, _k8s.scheduling.v1alpha3.Workload)
