"""The nodes without accelerators that run the cluster itself."""

from collections.abc import Mapping

from gpucloud.facts.vendor_machines import Cloud
from gpucloud.spec.cluster import ClusterSpec

# Four vCPUs and 16 GiB: what AKS asks of a system pool at least (azure-aks-docs, use-system-pools).
DEFAULTS: Mapping[Cloud, str] = {"aws": "m7i.xlarge", "azure": "Standard_D4s_v5", "gcp": "n2-standard-4"}


def system_machine_type(cluster: ClusterSpec) -> str:
    """The machine type of a cluster's system nodes: the one named, or the cloud's default."""
    return cluster.system_pool.machine_type or DEFAULTS[cluster.cloud]
