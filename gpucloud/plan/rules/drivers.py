"""Rules about several driver owners and versions in one cluster, which NVIDIA's operator serves pool by pool."""

from collections.abc import Iterator, Sequence

from gpucloud.errors import Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.charts import chart
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.image import image_family
from gpucloud.plan.model import SoftwarePlan
from gpucloud.plan.nvidia_driver import drivers_differ
from gpucloud.plan.software import plan_software
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.node_pool import NodePoolSpec

Pools = Sequence[tuple[NodePoolSpec, MachineType]]


def claimed_pools_have_one_driver_root(cluster: ClusterSpec, path: str, pools: Pools) -> Iterator[Problem]:
    """The DRA driver looks for NVIDIA's driver in one place on all nodes (its chart's nvidiaDriverRoot)."""
    if cluster.gpu_stack is None or cluster.gpu_stack.allocation != "dra":
        return
    roots = {
        plan.driver == "operator": f"{pool.name}: {pool.driver_owner}" for pool, plan in _served(cluster.cloud, pools)
    }
    if len(roots) > 1:
        yield Problem(
            f"{path}.gpu_stack.allocation",
            f"the DRA driver looks in one place for the driver, and pools have it in two ({', '.join(roots.values())})",
            "let the operator own the driver of all NVIDIA pools or of none, or split the cluster",
        )


def differing_drivers_say_their_version(cluster: ClusterSpec, path: str, pools: Pools) -> Iterator[Problem]:
    """Each pool then has a driver of its own to be named, and only of the pinned operator is the default known."""
    if cluster.gpu_stack is None or cluster.gpu_stack.operator_version is None:
        return
    served = _served(cluster.cloud, pools)
    if not drivers_differ([(plan, image_family(cluster.cloud, pool)) for pool, plan in served]):
        return
    version = cluster.gpu_stack.operator_version
    if version.removeprefix("v") == chart("gpu-operator").version.removeprefix("v"):
        return
    for pool, plan in served:
        if plan.driver == "operator" and plan.driver_version is None:
            yield Problem(
                f"{path}.node_pools[{pool.name}].driver_version",
                f"is not given, and nobody has read which driver operator {version} installs",
                "give a version, or leave gpu_stack.operator_version out",
            )


def differing_drivers_have_no_common_values(cluster: ClusterSpec, path: str, pools: Pools) -> Iterator[Problem]:
    """Values of `driver` are the cluster's one driver, which the operator does not look at where each pool has its own.

    NVIDIA/gpu-operator v26.7.0, deployments/gpu-operator/templates/clusterpolicy.yaml (driver.useNvidiaDriverCRD).
    """
    if cluster.gpu_stack is None or "driver" not in cluster.gpu_stack.values.get("gpu-operator", {}):
        return
    served = _served(cluster.cloud, pools)
    if drivers_differ([(plan, image_family(cluster.cloud, pool)) for pool, plan in served]):
        yield Problem(
            f"{path}.gpu_stack.values[gpu-operator].driver",
            "the pools' drivers differ, so that each has an object of its own and the operator ignores these values",
            "leave them out, or give all pools one driver_version and image.family",
        )


def amd_drivers_are_one_for_each_accelerator(cluster: ClusterSpec, path: str, pools: Pools) -> Iterator[Problem]:
    """AMD's operator takes a configuration by the devices of a node, of which pools with the same have one."""
    first: dict[str, tuple[str, object]] = {}
    for pool, machine in sorted(pools, key=lambda entry: entry[0].name):
        if cluster.gpu_stack is None or not accelerator(machine.accelerator).is_instinct:
            continue
        own = (pool.driver_owner, pool.driver_version)
        name, other = first.setdefault(machine.accelerator, (pool.name, own))
        if other != own:
            yield Problem(
                f"{path}.node_pools[{pool.name}].driver_version",
                f"owner and version differ from pool {name}'s, AMD's operator has one driver for {machine.accelerator}",
                "give both pools the same, or split the cluster",
            )


def _served(cloud: Cloud, pools: Pools) -> list[tuple[NodePoolSpec, SoftwarePlan]]:
    """Pools with NVIDIA's operator on their nodes: GKE's own driver comes with all that the operator would bring."""
    return [
        (pool, plan_software(cloud, image_family(cloud, pool), pool.driver_owner, pool.driver_version))
        for pool, machine in sorted(pools, key=lambda entry: entry[0].name)
        if accelerator(machine.accelerator).vendor == "nvidia"
        and not (cloud == "gcp" and pool.driver_owner == "vendor")
    ]
