"""A pool's place and its additional networks: DRANET, multi-networking, RDMA.

Sources: toolkit main.tf:559-566 and gpu_direct.tf for DRANET and the number of networks; API:
AdditionalNodeNetworkConfig, Cluster.enableMultiNetworking; GKE, "Set up multi-network support for Pods"; Compute
Engine, "Network profiles": an RDMA network is for one zone.
"""

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.identifiers import find_row
from gpucloud.sim.gcp.launch import find_machine_of
from gpucloud.sim.gcp.machines import version_floors, version_key, zone_has
from gpucloud.sim.gcp.networks import find_network, find_subnetwork
from gpucloud.sim.gcp.node_pools import find_cluster, find_zones
from gpucloud.sim.gcp.places import find_project, region_of, short, zones_of
from gpucloud.sim.gcp.rules.reading import at, items, text
from gpucloud.sim.gcp.scheduling import POLICY
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row

_BAD = "badRequest"


def refuse_zones_outside_location(draft: Draft) -> None:
    """Refuse zones outside the cluster's region, and a machine type that a zone does not have."""
    cluster = find_cluster(draft)
    location = str(cluster.outputs.get("location", "")) if cluster else ""
    for zone in items(draft.inputs, "nodeLocations"):
        known = zones_of(region_of(location)) if location else ()
        if known and zone not in known:
            raise CloudError(_BAD, f'Location "{zone}" does not exist in region "{region_of(location)}".')
    name = text(draft.inputs, "nodeConfig.machineType")
    for zone in find_zones(draft) if name else ():
        if not zone_has(zone, find_machine_of(draft.inputs)):
            raise CloudError(_BAD, f'Machine type "{name}" is not available in zone "{zone}".')


def refuse_compact_without_one_zone(draft: Draft) -> None:
    """Refuse compact placement where the zones of the cluster are several and the pool names none."""
    if text(draft.inputs, "placementPolicy.type") != "COMPACT":
        return
    zones = find_zones(draft)
    if len(zones) != 1:
        reason = f"Compact placement is only available for node pools operating in a single zone, not in {len(zones)}."
        raise CloudError(_BAD, reason)


def refuse_version_below_floor(draft: Draft) -> None:
    """Refuse a machine type, flex-start or DRANET on a GKE version that does not have it (facts: floors of GKE)."""
    cluster = find_cluster(draft)
    if cluster is None:
        return
    version = text(draft.inputs, "version") or str(cluster.outputs.get("masterVersion", ""))
    floors = version_floors(find_machine_of(draft.inputs))
    wanted = {"machine-type": "machine type " + text(draft.inputs, "nodeConfig.machineType")}
    if at(draft.inputs, "nodeConfig.flexStart") is True:
        wanted["flex-start"] = "flex start on this machine type"
    for capability, what in wanted.items():
        least = _floor(floors.get(capability, ()), version)
        if least and version_key(version) < version_key(least):
            raise CloudError(
                _BAD, f"{what[:1].upper()}{what[1:]} requires GKE version {least} or later, not {version}."
            )


def _floor(versions: tuple[str, ...], version: str) -> str:
    """Return the floor of the version's own minor, else the lowest one."""
    minor = version_key(version)[:2]
    return next((v for v in versions if version_key(v)[:2] == minor), versions[0] if versions else "")


def refuse_bad_dranet(draft: Draft) -> None:
    """Refuse the accelerator network profile where version, datapath or machine type do not carry it."""
    profile = text(draft.inputs, "networkConfig.acceleratorNetworkProfile")
    cluster = find_cluster(draft)
    if not profile or cluster is None:
        return
    if profile != "auto":
        raise CloudError(_BAD, f"Invalid accelerator network profile {profile!r}: auto is the only one.")
    floors = version_floors(find_machine_of(draft.inputs)).get("dranet", ())
    if not floors:
        name = text(draft.inputs, "nodeConfig.machineType")
        raise CloudError(_BAD, f"Machine type {name} does not support accelerator network profiles.")
    version = str(cluster.outputs.get("masterVersion", ""))
    if version_key(version) < version_key(floors[0]):
        reason = f"Accelerator network profiles require GKE version {floors[0]} or later, not {version}."
        raise CloudError(_BAD, reason)
    if not _has_dataplane_v2(cluster):
        raise CloudError(_BAD, "Accelerator network profiles require Dataplane V2 (datapath ADVANCED_DATAPATH).")
    if items(draft.inputs, "networkConfig.additionalNodeNetworkConfigs"):
        raise CloudError(_BAD, "An accelerator network profile makes its networks itself: additional ones exclude it.")


def _has_dataplane_v2(cluster: Row) -> bool:
    return cluster.outputs.get("datapathProvider") == "ADVANCED_DATAPATH"


def refuse_bad_additional_networks(draft: Draft) -> None:
    """Refuse additional networks without multi-networking, unknown ones, and those that do not fit the machine type."""
    configs = items(draft.inputs, "networkConfig.additionalNodeNetworkConfigs")
    cluster = find_cluster(draft)
    if not configs or cluster is None:
        return
    if not cluster.outputs.get("enableMultiNetworking"):
        raise CloudError(_BAD, "Additional node networks require multi-networking to be enabled on the cluster.")
    if not _has_dataplane_v2(cluster):
        raise CloudError(_BAD, "Multi-networking requires Dataplane V2 (datapath provider ADVANCED_DATAPATH).")
    machine = find_machine_of(draft.inputs, whole=True)
    if machine is not None and machine.accelerator and len(configs) != machine.additional_networks:
        name = text(draft.inputs, "nodeConfig.machineType")
        reason = f"Machine type {name} takes {machine.additional_networks} additional networks, got {len(configs)}."
        raise CloudError(_BAD, reason)
    region = region_of(str(cluster.outputs.get("location", "")))
    networks = [_find_pair(draft, config, region) for config in configs]
    own = find_network(draft, cluster.outputs.get("network", ""))
    if own is not None and own.id in [network.id for network, _ in networks]:
        raise CloudError(_BAD, f"Additional network {short(own.id)} is the network of the cluster itself.")
    _refuse_bad_profiles(draft, networks, machine.rdma_subnets if machine else 0)


def _find_pair(draft: Draft, config: dict[str, str], region: str) -> tuple[Row, Row]:
    network = find_network(draft, config.get("network", ""))
    if network is None:
        raise CloudError("notFound", f"Network {config.get('network', '')!r} does not exist.")
    subnetwork = find_subnetwork(draft, config.get("subnetwork", ""), region)
    if subnetwork is None or f"/regions/{region}/" not in subnetwork.id:
        raise CloudError("notFound", f"Subnetwork {config.get('subnetwork', '')!r} does not exist in region {region}.")
    if find_network(draft, subnetwork.inputs.get("network", "")) != network:
        raise CloudError(_BAD, f'Subnetwork "{subnetwork.id}" is not valid for Network "{short(network.id)}".')
    return network, subnetwork


def _refuse_bad_profiles(draft: Draft, pairs: list[tuple[Row, Row]], rdma_subnets: int) -> None:
    subnetworks = [subnetwork.id for _, subnetwork in pairs]
    if len(set(subnetworks)) != len(subnetworks):
        raise CloudError(_BAD, "Each additional network needs a subnetwork of its own.")
    plain = [network.id for network, _ in pairs if not network.inputs.get("networkProfile")]
    if len(set(plain)) != len(plain):
        raise CloudError(_BAD, "Interfaces of one node must be in different networks, except in RDMA networks.")
    rdma = [network for network, _ in pairs if network.inputs.get("networkProfile")]
    if len(rdma) != rdma_subnets or len({network.id for network in rdma}) > 1:
        reason = f"The machine type takes {rdma_subnets} subnetworks of one RDMA network, got {len(rdma)}."
        raise CloudError(_BAD, reason)
    for network in rdma[:1]:
        zone = short(str(network.inputs["networkProfile"])).partition("-vpc-")[0]
        if find_zones(draft) != [zone]:
            zones = ", ".join(find_zones(draft))
            reason = (
                f"Network profile of {short(network.id)} only allows resource creation in location {zone}, not {zones}."
            )
            raise CloudError(_BAD, reason)


def refuse_missing_placement(draft: Draft) -> None:
    """Refuse a machine type that comes only under a compact or workload policy without one (facts)."""
    machine = find_machine_of(draft.inputs, whole=True)
    if machine is not None and machine.placement_required and at(draft.inputs, "placementPolicy") is None:
        name = text(draft.inputs, "nodeConfig.machineType")
        raise CloudError(_BAD, f"Machine type {name} requires a placement policy with a workload policy.")


def refuse_provision_only_without_reservation(draft: Draft) -> None:
    """Refuse a workload policy that only provisions without a specific reservation (toolkit main.tf precondition)."""
    name, cluster = text(draft.inputs, "placementPolicy.policyName"), find_cluster(draft)
    region = region_of(str(cluster.outputs["location"])) if cluster else ""
    policy = find_row(draft.store, POLICY, name, find_project(draft), region) if name else None
    mode = text(policy.inputs if policy else {}, "workloadPolicy.acceleratorTopologyMode")
    kind = text(draft.inputs, "nodeConfig.reservationAffinity.consumeReservationType")
    if mode == "PROVISION_ONLY" and kind != "SPECIFIC_RESERVATION":
        reason = "Accelerator topology mode PROVISION_ONLY requires SPECIFIC_RESERVATION reservation affinity."
        raise CloudError(_BAD, reason)


ACCOUNT_RULES = (
    refuse_provision_only_without_reservation,
    refuse_zones_outside_location,
    refuse_compact_without_one_zone,
    refuse_version_below_floor,
    refuse_bad_dranet,
    refuse_bad_additional_networks,
    refuse_missing_placement,
)
