"""Agent pools in the light of their cluster: where the size is sold, versions, quota, the pools that there are.

Sources: facts (zones and offerings); cloud-barista/cb-spider#1246 and kubernetes/test-infra#24049 (words of zones);
Microsoft.ContainerService 2025-09-01 managedClusters.json (versions); MicrosoftDocs SupportArticles
error-code-quotaexceeded (ErrCode_InsufficientVCPUQuota).
"""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.agent_pools import find_cluster
from gpucloud.sim.azure_native.cluster import location_of
from gpucloud.sim.azure_native.identifiers import find_by_id
from gpucloud.sim.azure_native.machines import find_machine, is_sold, region_zones
from gpucloud.sim.azure_native.pool_launch import Launch, read_launch
from gpucloud.sim.azure_native.quotas import REGIONAL_CORES, limit_of, used_vcpus
from gpucloud.sim.azure_native.rules.cluster import pools_of
from gpucloud.sim.azure_native.versions import full_version, minor_of, parts_of
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_MOST_POOLS = 100
_MINORS_BEHIND = 2


def find_pools(draft: Draft) -> tuple[list[Inputs], str]:
    """Return the pools that a draft brings, one or those inside a cluster, and the region."""
    if draft.type == tokens.CLUSTER:
        return pools_of(draft.inputs), location_of(draft.inputs)
    cluster = find_cluster(draft)
    return [draft.inputs], str(cluster.outputs.get("location", "")) if cluster is not None else ""


def refuse_zones_without_size(draft: Draft) -> None:
    """Refuse zones that the region has not, and zones of a size that the region sells in none of them.

    What a subscription's listing leaves out may be sold all the same, so no other size is refused for its region.
    """
    pools, region = find_pools(draft)
    for launch in (read_launch(pool, region) for pool in pools):
        if launch.is_zonal:
            _refuse_zones(launch, region)


def _refuse_zones(launch: Launch, region: str) -> None:
    zones = region_zones(region)
    if not zones:
        text = f"Availability zone is not supported in region {region}."
        raise CloudError("AvailabilityZoneNotSupported", text)
    sold = [zone for zone in zones if is_sold(region, zone, launch.machine_type)]
    missing = [zone for zone in launch.zones if zone not in sold]
    if missing:
        raise CloudError(
            "AvailabilityZoneNotSupported",
            f"The zone(s) '{','.join(missing)}' for resource 'agentPoolProfile' is not supported. The supported zones "
            f"for location '{region}' are '{','.join(sold)}' (size {launch.machine_type}).",
        )


def refuse_version_skew(draft: Draft) -> None:
    """Refuse a pool newer than its control plane, of another major version, or more than two minors behind."""
    cluster = find_cluster(draft)
    wanted = draft.inputs.get("orchestratorVersion")
    if cluster is None or wanted is None:
        return
    control = str(cluster.outputs.get("currentKubernetesVersion", ""))
    pool = full_version(str(wanted))
    minor, control_minor = minor_of(pool), minor_of(control)
    if minor is None or control_minor is None:
        raise CloudError("InvalidParameter", f"'{wanted}' is not a Kubernetes version such as 1.34 or 1.34.2")
    if minor == control_minor and str(wanted).count(".") == 1:
        return
    too_old = minor[0] != control_minor[0] or control_minor[1] - minor[1] > _MINORS_BEHIND
    if parts_of(pool) > parts_of(control) or too_old:
        raise CloudError(
            "NodePoolMcVersionIncompatible",
            f"Node pool version {pool} and control plane version {control} are incompatible. Minor version of node "
            f"pool version {minor[1]} is bigger than control plane version {control_minor[1]} or more than "
            f"{_MINORS_BEHIND} minor versions behind it.",
        )


def refuse_quota(draft: Draft) -> None:
    """Refuse on-demand nodes beyond the region's cores, before anything is made."""
    pools, region = find_pools(draft)
    row = draft.previous.seq if draft.previous is not None else 0
    limit, used = limit_of(draft.store, region, REGIONAL_CORES), used_vcpus(draft.store, region, REGIONAL_CORES, row)
    wanted = 0
    for launch in (read_launch(pool, region) for pool in pools):
        machine = find_machine(launch.machine_type)
        if machine is not None and launch.capacity_type == "on-demand" and not launch.reservation_group:
            wanted += machine.vcpus * launch.nodes
    if used + wanted > limit:
        raise CloudError(
            "ErrCode_InsufficientVCPUQuota",
            f"Insufficient regional vcpu quota left for location {region}. left regional vcpu quota "
            f"{max(limit - used, 0)}, requested quota {wanted}. If you want to increase the quota, please follow this "
            "instruction: https://learn.microsoft.com/en-us/azure/quotas/view-quotas. Surge nodes would also consume "
            "vcpu quota, please consider use smaller maxSurge or use maxUnavailable to proceed upgrade without surge "
            "nodes, details: aka.ms/aks/maxUnavailable.",
        )


def refuse_pool_beside_others(draft: Draft) -> None:
    """Refuse a name that a pool inside the cluster has, and the pool after the hundredth."""
    cluster = find_cluster(draft)
    if cluster is None or draft.previous is not None:
        return
    inside = [str(pool.get("name")) for pool in pools_of(cluster.inputs)]
    name = str(draft.inputs.get("agentPoolName"))
    if name in inside:
        raise CloudError("", f"cannot create already existing resource '{cluster.id}/agentPools/{name}'")
    others = draft.store.find("type = ? AND parent = ?", tokens.POOL, cluster.name)
    if len(inside) + len(others) >= _MOST_POOLS:
        raise CloudError("InvalidParameter", f"a cluster has at most {_MOST_POOLS} agent pools")


def refuse_last_system_mode(draft: Draft) -> None:
    """Refuse to make the last system pool a user pool (use-system-pools.md)."""
    cluster = find_cluster(draft)
    before = draft.previous
    if (
        cluster is None
        or before is None
        or before.inputs.get("mode") != "System"
        or draft.inputs.get("mode") == "System"
    ):
        return
    inside = [pool for pool in pools_of(cluster.inputs) if pool.get("mode") == "System"]
    others = draft.store.find("type = ? AND parent = ? AND id <> ?", tokens.POOL, cluster.name, before.id)
    if not inside and not any(other.inputs.get("mode") == "System" for other in others):
        raise CloudError("OperationNotAllowed", "There has to be at least one system agent pool in the cluster.")


def refuse_placement_elsewhere(draft: Draft) -> None:
    """Refuse a proximity placement group of another region or zone."""
    pools, region = find_pools(draft)
    for pool in pools:
        row = find_by_id(draft.store, pool.get("proximityPlacementGroupID", ""), tokens.PLACEMENT)
        if row is None:
            continue
        if location_of(row.outputs) != region:
            text = f"proximity placement group {row.id} is in {location_of(row.outputs)}, the cluster in {region}"
            raise CloudError("InvalidParameter", text)
        zones, own = set(row.inputs.get("zones") or ()), set(pool.get("availabilityZones") or ())
        if zones and own != zones:
            text = (
                f"proximity placement group {row.id} is in zone {', '.join(sorted(zones))}, the pool in {sorted(own)}"
            )
            raise CloudError("InvalidParameter", text)
