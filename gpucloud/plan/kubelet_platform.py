"""Which way a pool's kubelets get their configuration."""

from typing import assert_never

from gpucloud.facts.kubelet_platforms import KubeletPlatform
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.model import Family

# What the tables of feature gates cover; a kubelet outside of it is judged like the nearest one inside.
FIRST_MINOR, LAST_MINOR = 31, 36


def kubelet_platform(cloud: Cloud, family: Family) -> KubeletPlatform:
    """The platform whose fields a pool's kubelet block has to fit; an own image on EKS joins by nodeadm, too."""
    match cloud:
        case "aws":
            return "bottlerocket" if family == "bottlerocket" else "nodeadm"
        case "azure":
            return "aks"
        case "gcp":
            return "gke"
        case _:
            assert_never(cloud)


def kubelet_minor(kubernetes_version: str | None) -> int:
    """The minor version by whose rules a kubelet is judged; without a version, the newest known."""
    if kubernetes_version is None:
        return LAST_MINOR
    return min(max(int(kubernetes_version.split(".")[1]), FIRST_MINOR), LAST_MINOR)
