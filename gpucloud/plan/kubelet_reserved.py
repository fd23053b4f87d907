"""What a node keeps for Kubernetes and for its system: the library's own reservation, and those that platforms make."""

from collections.abc import Mapping
from typing import Any, assert_never

from gpucloud.facts.kubelet_platforms import KubeletPlatform
from gpucloud.kubelet.machine import NodeMachine

MEBIBYTE = 2**20
_GIBIBYTE = 2**30


def reserve_for_kubernetes(machine: NodeMachine, max_pods: int) -> dict[str, str]:
    """The library's `kubeReserved`: CPU by EKS's curve, memory by its formula but 1 GiB at least, 1 GiB of disk.

    Never more than a quarter of the machine's memory, as AKS has it.

    awslabs/amazon-eks-ami v20260724 nodeadm/internal/kubelet/config.go.
    """
    return {
        "cpu": f"{_eks_millicores(machine.cpus)}m",
        "memory": f"{min(max(255 + 11 * max_pods, 1024), machine.memory // 4 // MEBIBYTE)}Mi",
        "ephemeral-storage": "1Gi",
    }


def platform_baseline(
    platform: KubeletPlatform, machine: NodeMachine, max_pods: int, values: Mapping[str, Any]
) -> dict[str, Any]:
    """The keys that a platform sets itself, below the values of a pool: a judge must see both.

    nodeadm: awslabs/amazon-eks-ami v20260724 nodeadm/internal/kubelet/config.go. Bottlerocket: the template
    packages/kubernetes-1.31/kubelet-config of bottlerocket-os/bottlerocket-core-kit 6483ee2, which names no cgroups
    beside reserved CPUs, and nodeadm's formulas for what is reserved. AKS: MicrosoftDocs/azure-aks-docs fb060ab, node
    resource reservations. GKE: Google's page on node sizes, by its curve for memory and CPU. The others set nothing
    that is known.
    """
    match platform:
        case "bottlerocket":
            cgroups = {"kubeReservedCgroup": "/runtime"}
            if "systemReserved" in values:
                cgroups["systemReservedCgroup"] = "/system"
            return {
                "cgroupDriver": "systemd",
                "cgroupRoot": "/",
                "failSwapOn": False,
                "kubeReserved": _eks_reserved(machine, max_pods),
                **({} if "reservedSystemCPUs" in values else cgroups),
                "maxPods": max_pods,
                "podPidsLimit": 1048576,
                "protectKernelDefaults": True,
                "serializeImagePulls": False,
            }
        case "nodeadm":
            return {
                "cgroupDriver": "systemd",
                "cgroupRoot": "/",
                "evictionHard": {"memory.available": "100Mi", "nodefs.available": "10%", "nodefs.inodesFree": "5%"},
                "kubeReserved": _eks_reserved(machine, max_pods),
                "kubeReservedCgroup": "/runtime",
                "maxPods": max_pods,
                "serializeImagePulls": False,
                "systemReservedCgroup": "/system",
            }
        case "aks":
            return {
                "evictionHard": {"memory.available": "100Mi", "nodefs.available": "10%", "nodefs.inodesFree": "5%"},
                "kubeReserved": {
                    "cpu": f"{_aks_millicores(machine.cpus)}m",
                    "memory": f"{min((20 * max_pods + 50) * 10**6, machine.memory // 4) // MEBIBYTE}Mi",
                },
                "maxPods": max_pods,
            }
        case "gke":
            return {
                "evictionHard": {"memory.available": "100Mi", "nodefs.available": "10%", "nodefs.inodesFree": "5%"},
                "kubeReserved": {
                    "cpu": f"{_eks_millicores(machine.cpus)}m",
                    "memory": f"{_gke_mebibytes(machine.memory)}Mi",
                },
                "maxPods": max_pods,
            }
        case "ack" | "tke" | "kubeadm" | "karpenter":
            return {"maxPods": max_pods}
        case _:
            assert_never(platform)


def _eks_reserved(machine: NodeMachine, max_pods: int) -> dict[str, str]:
    return {
        "cpu": f"{_eks_millicores(machine.cpus)}m",
        "memory": f"{255 + 11 * max_pods}Mi",
        "ephemeral-storage": "1Gi",
    }


def _eks_millicores(cpus: int) -> int:
    """6 % of the first CPU, 1 % of the second, 0.5 % of the third and fourth, 0.25 % of every other."""
    tenths = 600 + 100 * min(max(cpus - 1, 0), 1) + 50 * min(max(cpus - 2, 0), 2) + 25 * max(cpus - 4, 0)
    return tenths // 10


def _aks_millicores(cpus: int) -> int:
    """The table's row with the most CPUs that the machine has."""
    table = {1: 60, 2: 100, 4: 140, 8: 180, 16: 260, 32: 420, 64: 740}
    return table[max(count for count in table if count <= max(cpus, 1))]


def _gke_mebibytes(memory: int) -> int:
    """25 % of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112, 2 % of the rest."""
    reserved, left = 0, memory
    for size, percent in ((4, 25), (4, 20), (8, 10), (112, 6)):
        part = min(left, size * _GIBIBYTE)
        reserved += part * percent // 100
        left -= part
    return (reserved + left * 2 // 100) // MEBIBYTE
