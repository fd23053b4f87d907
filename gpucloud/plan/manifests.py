"""Objects of the cluster's own API that its pools need beside Helm releases."""

from collections.abc import Iterator, Sequence

from gpucloud.plan.amd_stack import amd_manifests
from gpucloud.plan.gaudi_stack import gaudi_manifests
from gpucloud.plan.gpu_stack import needs_operator
from gpucloud.plan.mirrors import manifest_from_mirrors
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.network_model import GpuNetworkPlan
from gpucloud.plan.network_operator import network_operator_manifests
from gpucloud.plan.nvidia_driver import driver_manifests
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.plan.training_runtime import training_runtimes
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.mirrors import MirrorSpec

_NETWORKING = "networking.gke.io"
_DEVICE_MODE = {"net-device": "NetDevice", "rdma": "RDMA"}


def plan_manifests(
    stack: GpuStackSpec | None,
    pools: Sequence[NodePoolPlan],
    mirrors: Sequence[MirrorSpec] = (),
    version: str | None = None,
) -> tuple[ManifestPlan, ...]:
    """The objects, sorted by kind and name; none without a stack.

    GKE: for every subnet of a network between accelerators a GKENetworkParamSet and a Network of type Device, by which
    pods ask for the interface in it (cluster-toolkit, modules/scheduler/gke-cluster/templates). AMD: the operator's
    DeviceConfig; NVIDIA drivers that differ: an NVIDIADriver for each pool; AKS with InfiniBand: the NicClusterPolicy;
    the trainer's runtimes; Gaudi's device plugin: all with images from mirrors.
    """
    if stack is None:
        return ()
    found = [entry for pool in pools for network in pool.networks for entry in _device_networks(network)]
    found += (manifest_from_mirrors(entry, mirrors, stack.pull_secret) for entry in amd_manifests(stack, pools))
    found += (manifest_from_mirrors(entry, mirrors, stack.pull_secret) for entry in network_operator_manifests(pools))
    served = [pool for pool in pools if needs_operator(pool)]
    found += (manifest_from_mirrors(entry, mirrors, stack.pull_secret) for entry in driver_manifests(served))
    found += training_runtimes(stack, pools, mirrors, version)
    found += gaudi_manifests(pools, mirrors, stack.pull_secret)
    return tuple(sorted(found, key=lambda entry: (entry.kind, entry.name)))


def _device_networks(network: GpuNetworkPlan) -> Iterator[ManifestPlan]:
    # Networks whose profile makes the subnet reach pods by DRANET, not by these objects.
    for subnet in network.subnets:
        yield ManifestPlan(
            name=subnet.name,
            namespace=None,
            api_version=f"{_NETWORKING}/v1",
            kind="GKENetworkParamSet",
            spec={"vpc": network.name, "vpcSubnet": subnet.name, "deviceMode": _DEVICE_MODE[network.kind]},
        )
        yield ManifestPlan(
            name=subnet.name,
            namespace=None,
            api_version=f"{_NETWORKING}/v1",
            kind="Network",
            spec={
                "type": "Device",
                "parametersRef": {"group": _NETWORKING, "kind": "GKENetworkParamSet", "name": subnet.name},
            },
        )
