"""Rules that hold on AKS alone."""

import re
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.device_mig import mig_profiles
from gpucloud.facts.vendor_machines import AzureMachine
from gpucloud.plan.allocation import failover_order
from gpucloud.plan.configuration_hash import HASH_LENGTH, hash_length
from gpucloud.plan.fabric import resolve_fabric
from gpucloud.plan.image import image_family
from gpucloud.plan.nodes import accelerator_vendor
from gpucloud.plan.physical_names import physical_name
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.capacity import Reserved
from gpucloud.spec.sharing import Mig

# azure-aks-docs, "Resource name restrictions" (troubleshooting: AgentPoolNameInvalid): Linux 12, Windows 6.
AGENT_POOL_NAME_LIMIT = 12
# A scale set in a single placement group, which InfiniBand stays in, has 100 machines at most (AKS#2725).
INFINIBAND_NODES = 100
# MIG1g, MIG2g, MIG3g, MIG4g and MIG7g as AKS's nodes cut them (Azure/AgentBaker, mig-partition.sh).
MIG_PROFILE_IDS = frozenset({19, 14, 9, 5, 0})
_COMPUTE = r"^/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.Compute/"
GROUP_ID = re.compile(rf"{_COMPUTE}capacityReservationGroups/[^/]+$", re.IGNORECASE)
PLACEMENT_ID = re.compile(rf"{_COMPUTE}proximityPlacementGroups/[^/]+$", re.IGNORECASE)


def agent_pool_names_fit(context: PoolContext) -> Iterator[Problem]:
    """AKS takes 12 lower-case letters and digits; capacity type and zone need two, a hash of settings three more."""
    settings = bool(context.pool.kubelet) or bool(context.pool.linux)
    names = [
        (physical_name("azure", context.pool.name, candidate) or "")
        + "?" * hash_length("azure", has_settings=settings, is_reserved=candidate.reservation_id is not None)
        for candidate in failover_order(context.pool.zones, context.pool.capacity)
    ]
    longest = max(names, key=len)
    size, limit = len(longest), AGENT_POOL_NAME_LIMIT
    if size > limit:
        hashed = f", {HASH_LENGTH} of them for a hash of its settings," if longest.endswith("?") else ""
        yield context.problem(
            "name",
            f"makes the agent pool {longest}, {size} characters{hashed} where AKS takes {limit}",
            f"shorten it by {size - limit}; dashes do not count",
        )


def reservation_is_a_group(context: PoolContext) -> Iterator[Problem]:
    """AKS draws on capacity reservation groups, by their whole ID (azure-aks-docs, use-capacity-reservation-groups)."""
    for index, entry in enumerate(context.pool.capacity):
        if isinstance(entry, Reserved) and not GROUP_ID.match(entry.reservation_id):
            yield context.problem(
                f"capacity[{index}].reservation_id",
                f"{entry.reservation_id} is no capacity reservation group, AKS would refuse the pool",
                "write /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/capacityReservationGroups/…",
            )


def existing_placement_is_a_group(context: PoolContext) -> Iterator[Problem]:
    """A proximity placement group is named by its whole ID."""
    name = getattr(context.pool.placement, "name", None)
    if name is not None and not PLACEMENT_ID.match(name):
        yield context.problem(
            "placement.name",
            f"{name} is no proximity placement group, AKS would refuse the pool",
            "write /subscriptions/…/resourceGroups/…/providers/Microsoft.Compute/proximityPlacementGroups/…",
        )


def aks_has_a_driver_for_the_size(context: PoolContext) -> Iterator[Problem]:
    """AKS installs NVIDIA's drivers alone (azure-aks-docs, use-amd-gpus: `--gpu-driver none`)."""
    machine, pool = context.machine, context.pool
    if machine is None or pool.driver_owner != "vendor" or not isinstance(machine.vendor, AzureMachine):
        return
    if machine.vendor.driver_kind == "none":
        yield context.problem(
            "driver_owner",
            f"AKS installs no driver on {machine.name}, its {machine.accelerator} could not be used",
            "set driver_owner to `operator`",
        )


def grid_driver_comes_from_aks(context: PoolContext) -> Iterator[Problem]:
    """Sizes with a virtual GPU need the licensed GRID driver, which AKS has and the operator's containers have not.

    Azure/AgentBaker, pkg/agent/datamodel/gpu_components.go: A10 and RTX PRO 6000 sizes.
    """
    machine, pool = context.machine, context.pool
    if machine is None or pool.driver_owner != "operator" or not isinstance(machine.vendor, AzureMachine):
        return
    if machine.vendor.driver_kind == "grid":
        yield context.problem(
            "driver_owner",
            f"{machine.name} has a virtual GPU and needs the GRID driver, which the operator does not install",
            "set driver_owner to `vendor`",
        )


def mig_is_cut_by_aks(context: PoolContext) -> Iterator[Problem]:
    """`gpuInstanceProfile` is applied with AKS's own driver as a node is made (azure-aks-docs, gpu-multi-instance)."""
    sharing = context.pool.sharing
    if isinstance(sharing, Mig) and sharing.profile is not None and context.pool.driver_owner != "vendor":
        yield context.problem(
            "sharing", "AKS cuts GPUs while it installs its own driver", "set driver_owner to `vendor`"
        )


def mig_profile_is_one_of_aks(context: PoolContext) -> Iterator[Problem]:
    """AKS knows five ways to cut a GPU, by the number of compute slices: `1g.20gb` would come out as `1g.10gb`.

    Azure/AgentBaker, parts/linux/cloud-init/artifacts/mig-partition.sh: MIG1g to MIG7g are these profile IDs.
    """
    machine, sharing = context.machine, context.pool.sharing
    if machine is None or not isinstance(sharing, Mig) or machine.accelerator_count == 0:
        return
    profiles = {profile.name: profile for profile in mig_profiles(machine.accelerator)}
    found = profiles.get(sharing.profile or "")
    if found is not None and found.profile_id not in MIG_PROFILE_IDS:
        known = sorted(name for name, profile in profiles.items() if profile.profile_id in MIG_PROFILE_IDS)
        yield context.problem(
            "sharing.profile",
            f"AKS cannot cut {machine.accelerator} into {sharing.profile}, it would make other instances of the "
            f"same number of compute slices",
            f"use {', '.join(known)}",
        )


def repair_cannot_be_turned_off(context: PoolContext) -> Iterator[Problem]:
    """AKS repairs nodes always (azure-aks-docs, node-auto-repair)."""
    if context.pool.repair is False:
        yield context.problem("repair", "AKS repairs nodes always, it has no field for it", "leave it out")


def infiniband_stays_in_one_group(context: PoolContext) -> Iterator[Problem]:
    """InfiniBand does not cross the single placement group of a scale set: 100 machines (AKS#2725, AKS#1947)."""
    machine, pool = context.machine, context.pool
    if machine is None or resolve_fabric(pool, machine) != "infiniband" or pool.size.max <= INFINIBAND_NODES:
        return
    yield context.problem(
        "size.max",
        f"{pool.size.max} nodes do not fit into one InfiniBand domain, which has {INFINIBAND_NODES} at most",
        f"set max to {INFINIBAND_NODES}, and make a second pool for the rest",
    )


def amd_sizes_run_ubuntu(context: PoolContext) -> Iterator[Problem]:
    """AKS runs AMD sizes with Ubuntu alone (azure-aks-docs, use-amd-gpus: limitations)."""
    machine = context.machine
    if machine is None or accelerator_vendor(machine) != "amd" or image_family("azure", context.pool) == "ubuntu":
        return
    yield context.problem("image.family", f"AKS runs {machine.name} with Ubuntu alone", "leave it out")
