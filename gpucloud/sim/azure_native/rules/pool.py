"""Agent pools, from their inputs alone: size, mode, numbers, type, upgrades.

Sources, unless a rule says otherwise: Microsoft.ContainerService 2025-09-01 managedClusters.json, descriptions of
ManagedClusterAgentPoolProfileProperties; azure-aks-docs fb060ab use-system-pools.md and create-node-pools.md. AKS
answers InvalidParameter; its words are known where a rule quotes a source, the others are the local cloud's own.
"""

from collections.abc import Callable, Iterator

from gpucloud.sim.azure_native.identifiers import SUBSCRIPTION
from gpucloud.sim.azure_native.machines import find_machine
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Unknown

PoolRule = Callable[[Inputs, str], Iterator[Refusal]]

_MOST_NODES = 1000
_SCALE_SETS = "VirtualMachineScaleSets"
_SYSTEM_VCPUS, _SYSTEM_MIB, _SYSTEM_PODS = 2, 4096, 30
_WINDOWS_NAME = 6


def refuse(where: str, text: str, code: str = "InvalidParameter") -> Refusal:
    """Return a refusal of a pool's input."""
    return Refusal(where, code, text)


def is_known(*values: object) -> bool:
    """Return whether none of the values is still unknown."""
    return not any(isinstance(value, Unknown) for value in values)


def refuse_unknown_size(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a size that no source lists (karpenter-provider-azure 352646f pkg/fake/aksmachinesapi.go)."""
    size = pool.get("vmSize")
    if size is not None and is_known(size) and find_machine(str(size)) is None:
        yield refuse(
            f"{at}vmSize",
            f"Virtual Machine size: '{size}' is not supported for subscription {SUBSCRIPTION}. Please refer to "
            "aka.ms/aks/vm-size-selector to find supported VM sizes.",
            "VMSizeNotSupported",
        )


def refuse_bad_counts(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse numbers of nodes out of range, bounds without the autoscaler, and a count outside the bounds."""
    count, least, most = pool.get("count"), pool.get("minCount"), pool.get("maxCount")
    scales = pool.get("enableAutoScaling")
    if not is_known(count, least, most, scales):
        return
    floor = 1 if pool.get("mode") == "System" else 0
    for name, value in (("count", count), ("minCount", least), ("maxCount", most)):
        lowest = 1 if name == "maxCount" else floor
        if value is not None and not lowest <= value <= _MOST_NODES:
            yield refuse(f"{at}{name}", f"{name} must be from {lowest} to {_MOST_NODES}, not {value}")
    if not scales:
        for name, value in (("minCount", least), ("maxCount", most)):
            if value is not None:
                yield refuse(f"{at}{name}", f"{name} cannot be set where enableAutoScaling is not true")
    elif least is None or most is None:
        yield refuse(f"{at}enableAutoScaling", "with enableAutoScaling, minCount and maxCount are required")
    elif least > most:
        yield refuse(f"{at}minCount", f"minCount {least} is more than maxCount {most}")
    elif count is not None and not least <= count <= most:
        yield refuse(f"{at}count", f"count {count} is not between minCount {least} and maxCount {most}")


def refuse_bad_system_pool(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a system pool on Windows, on a machine that is too small, or with fewer than 30 pods on a node."""
    if pool.get("mode") != "System":
        return
    if pool.get("osType") == "Windows":
        yield refuse(f"{at}osType", "System pools `osType` must be Linux")
    pods = pool.get("maxPods")
    if isinstance(pods, int) and pods < _SYSTEM_PODS:
        yield refuse(f"{at}maxPods", f"system node pools must support at least {_SYSTEM_PODS} pods, not {pods}")
    size = pool.get("vmSize")
    machine = find_machine(str(size)) if size is not None and is_known(size) else None
    if machine is not None and (machine.vcpus < _SYSTEM_VCPUS or machine.memory_mib < _SYSTEM_MIB):
        yield refuse(f"{at}vmSize", f"system node pools need at least 2 vCPUs and 4 GB of memory; {size} has less")


def refuse_long_windows_name(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a name over six characters for a Windows pool."""
    field = "name" if at else "agentPoolName"
    name = pool.get(field)
    if pool.get("osType") == "Windows" and isinstance(name, str) and len(name) > _WINDOWS_NAME:
        yield refuse(f"{at}{field}", f"Windows agent pool names must be {_WINDOWS_NAME} characters or less: {name}")


def refuse_wrong_type(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse what only scale sets can do, zones and placement groups, on another type of pool; and the reverse."""
    kind = pool.get("type", _SCALE_SETS)
    if not is_known(kind):
        return
    if kind != _SCALE_SETS:
        for name in ("availabilityZones", "proximityPlacementGroupID"):
            if pool.get(name) and (name != "availabilityZones" or kind == "AvailabilitySet"):
                yield refuse(f"{at}{name}", f"{name} can only be specified if the type of pool is {_SCALE_SETS}")
        if pool.get("scaleSetPriority") == "Spot":
            yield refuse(f"{at}scaleSetPriority", f"a Spot node pool must use {_SCALE_SETS}")
    if pool.get("virtualMachinesProfile") and kind != "VirtualMachines":
        yield refuse(f"{at}virtualMachinesProfile", "virtualMachinesProfile is for pools of type VirtualMachines")
    if pool.get("gatewayProfile") and pool.get("mode") != "Gateway":
        yield refuse(f"{at}gatewayProfile", "gatewayProfile cannot be set if agent pool mode is not Gateway")


def refuse_bad_upgrade(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse maxSurge beside maxUnavailable, and maxUnavailable of a system pool.

    Source: azure-aks-docs upgrade-aks-node-pools-rolling.md.
    """
    settings = pool.get("upgradeSettings")
    if not isinstance(settings, dict):
        return
    surge, unavailable = settings.get("maxSurge"), settings.get("maxUnavailable")
    if not is_known(surge, unavailable):
        return
    where = f"{at}upgradeSettings"
    nothing = (None, "0", "0%")
    if surge not in nothing and unavailable not in nothing:
        yield refuse(where, "maxSurge and maxUnavailable exclude each other")
    if surge in nothing[1:] and unavailable in nothing:
        yield refuse(where, "when maxUnavailable is 0, maxSurge must be greater than 0")
    if unavailable not in nothing and pool.get("mode") == "System":
        yield refuse(f"{where}.maxUnavailable", "max unavailable cannot be set on system node pools")


def refuse_bad_zones(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse a zone twice, and names that no region has (azure-cli#17184: allowed values 1, 2, 3)."""
    zones = pool.get("availabilityZones")
    if not isinstance(zones, list) or not is_known(*zones):
        return
    if len(set(zones)) < len(zones):
        yield refuse(f"{at}availabilityZones", f"a zone stands twice in {', '.join(zones)}")
    bad = sorted(set(zones) - {"1", "2", "3"})
    if bad:
        yield refuse(f"{at}availabilityZones", f"'{bad[0]}' is not an availability zone; allowed values: 1, 2, 3")


POOL_RULES: tuple[PoolRule, ...] = (
    refuse_unknown_size,
    refuse_bad_counts,
    refuse_bad_system_pool,
    refuse_long_windows_name,
    refuse_wrong_type,
    refuse_bad_upgrade,
    refuse_bad_zones,
)
