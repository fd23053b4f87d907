"""GKE clusters.

Sources: tpgb resource_container_cluster.go (names, master range); API: Cluster; terraform-provider-google issues 7895
(subnetwork of another network) and cilium.io issue 764 (custom mode without a subnetwork) for texts.
"""

import ipaddress
import re
from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.gcp.machines import version_key
from gpucloud.sim.gcp.networks import find_network, find_subnetwork
from gpucloud.sim.gcp.places import find_location, find_project, is_zone, region_of, short, zones_of
from gpucloud.sim.gcp.rules.reading import at, items, text
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

_BAD = "badRequest"
_LONGEST = 40
_MASTER_PREFIX = 28
_VERSION = re.compile(r"latest|-|\d+\.\d+(\.\d+(-gke\.\d+)?)?")


def refuse_bad_cluster_name(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a name of more than 40 characters, with others than a-z, 0-9 and hyphens, or not from a letter."""
    name = text(inputs, "name")
    if len(name) > _LONGEST:
        yield Refusal("name", "", '"name" cannot be longer than 40 characters')
    if name and not re.fullmatch(r"[a-z0-9-]+", name):
        yield Refusal("name", "", '"name" can only contain lowercase letters, numbers and hyphens')
    elif name and not re.match(r"[a-z]", name):
        yield Refusal("name", "", '"name" must start with a letter')
    elif name.endswith("-"):
        yield Refusal("name", "", '"name" must end with a number or a letter')


def refuse_cluster_without_nodes(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a cluster that starts without a node (API: a cluster is made with a pool, which a program may remove)."""
    given = (inputs.get(name) for name in ("initialNodeCount", "nodePools", "enableAutopilot"))
    if not any(given):
        yield Refusal("initialNodeCount", _BAD, "Cluster.initial_node_count must be greater than zero.")


def refuse_bad_version(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a version that is none (GKE, "Specifying cluster version": 1.X, 1.X.Y, 1.X.Y-gke.N, latest)."""
    version = text(inputs, "minMasterVersion")
    if version and not _VERSION.fullmatch(version):
        yield Refusal("minMasterVersion", _BAD, f'Master version "{version}" is unsupported.')


def refuse_multi_networking_without_dataplane_v2(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse multi-networking without Dataplane V2 (GKE, "Set up multi-network support for Pods": requirements)."""
    if inputs.get("enableMultiNetworking") is True and "datapathProvider" in {*inputs, "datapathProvider"}:
        provider = at(inputs, "datapathProvider")
        known = provider is not None or "datapathProvider" not in inputs
        if known and provider != "ADVANCED_DATAPATH":
            reason = "Multi-networking requires Dataplane V2: datapath_provider must be ADVANCED_DATAPATH."
            yield Refusal("datapathProvider", _BAD, reason)


def refuse_network_policy_with_dataplane_v2(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse the Calico network policy with Dataplane V2 (API: NetworkPolicy; tpgb docs of datapath_provider)."""
    if text(inputs, "datapathProvider") == "ADVANCED_DATAPATH" and at(inputs, "networkPolicy.enabled") is True:
        yield Refusal(
            "networkPolicy.enabled",
            _BAD,
            "Enabling NetworkPolicy for clusters with DatapathProvider=ADVANCED_DATAPATH is not allowed.",
        )


def refuse_bad_private_cluster(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a control plane range other than /28, and private nodes with routes in place of VPC addresses."""
    private = at(inputs, "privateClusterConfig")
    if not isinstance(private, dict):
        return
    block = text(private, "masterIpv4CidrBlock")
    try:
        prefix = ipaddress.IPv4Network(block).prefixlen if block else _MASTER_PREFIX
    except ValueError:
        prefix = 0
    if prefix != _MASTER_PREFIX:
        reason = f'expected "master_ipv4_cidr_block" to contain a network Value with 28 significant bits, got: {block}'
        yield Refusal("privateClusterConfig.masterIpv4CidrBlock", "", reason)
    if text(inputs, "networkingMode") == "ROUTES" and private.get("enablePrivateNodes") is True:
        yield Refusal("privateClusterConfig", _BAD, "Cannot create a private cluster without VPC-native networking.")


def refuse_bad_ranges(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a range by name with one by block (tpgb resource_container_cluster.go: each conflicts with the other)."""
    for name in ("cluster", "services"):
        ranges = at(inputs, "ipAllocationPolicy") or {}
        if ranges.get(f"{name}SecondaryRangeName") and ranges.get(f"{name}Ipv4CidrBlock"):
            place = f"ipAllocationPolicy.{name}Ipv4CidrBlock"
            yield Refusal(place, "", f'"{place}": conflicts with ipAllocationPolicy.{name}SecondaryRangeName')


def refuse_unknown_location(draft: Draft) -> None:
    """Refuse a location that is no region or zone, and zones of nodes outside it."""
    location = find_location(draft)
    known = zones_of(region_of(location))
    if not known or (is_zone(location) and location not in known):
        raise CloudError(_BAD, f'Location "{location}" does not exist.')
    outside = [zone for zone in items(draft.inputs, "nodeLocations") if zone not in known]
    if outside:
        raise CloudError(_BAD, f'Location "{outside[0]}" does not exist in region "{region_of(location)}".')
    if is_zone(location) and location in items(draft.inputs, "nodeLocations"):
        raise CloudError(_BAD, f"node_locations of a zonal cluster must not name its own zone {location}.")


def refuse_foreign_workload_pool(draft: Draft) -> None:
    """Refuse a workload pool that is not of the cluster's project (API: WorkloadIdentityConfig.workloadPool)."""
    pool, expected = text(draft.inputs, "workloadIdentityConfig.workloadPool"), f"{find_project(draft)}.svc.id.goog"
    if pool and pool != expected:
        raise CloudError(_BAD, f"Workload pool {pool!r} is not supported: currently only {expected!r} is.")


def _find_own_subnetwork(draft: Draft) -> Row | None:
    return find_subnetwork(draft, draft.inputs.get("subnetwork", ""), region_of(find_location(draft)))


def refuse_bad_subnetwork(draft: Draft) -> None:
    """Refuse a network or subnetwork that there is not, of another network, or of another region."""
    reference = str(draft.inputs.get("network") or "default")
    network, wanted = find_network(draft, reference), draft.inputs.get("subnetwork")
    if network is None and short(reference) != "default":
        raise CloudError("notFound", f'Network "{short(reference)}" does not exist.')
    if network is not None and not wanted and network.inputs.get("autoCreateSubnetworks") is False:
        reason = f'Network "{short(network.id)}" uses manual subnet mode and requires specifying a subnetwork.'
        raise CloudError(_BAD, reason)
    if not wanted:
        return
    region, found = region_of(find_location(draft)), _find_own_subnetwork(draft)
    if found is None or f"/regions/{region}/" not in found.id:
        raise CloudError("notFound", f'Subnetwork "{short(str(wanted))}" does not exist in region "{region}".')
    if short(str(found.inputs["network"])) != short(reference):
        raise CloudError(_BAD, f'Subnetwork "{found.id}" is not valid for Network "{short(reference)}".')


def refuse_unknown_ranges(draft: Draft) -> None:
    """Refuse secondary ranges that the subnetwork does not have, and one for both pods and services."""
    ranges, subnetwork = at(draft.inputs, "ipAllocationPolicy") or {}, _find_own_subnetwork(draft)
    names = {kind: text(ranges, f"{kind}SecondaryRangeName") for kind in ("cluster", "services")}
    have = [item["rangeName"] for item in (subnetwork.inputs.get("secondaryIpRanges") or [] if subnetwork else [])]
    words = {"cluster": "Pod", "services": "Services"}
    for kind, name in names.items():
        if name and subnetwork is not None and name not in have:
            where = f'network "{short(str(subnetwork.inputs["network"]))}", subnetwork "{short(subnetwork.id)}"'
            raise CloudError(_BAD, f'{words[kind]} secondary range "{name}" does not exist in {where}.')
    if names["cluster"] and names["cluster"] == names["services"]:
        raise CloudError(_BAD, f'Secondary range "{names["cluster"]}" cannot be for both pods and services.')


def refuse_overlapping_master_range(draft: Draft) -> None:
    """Refuse a control plane range that overlaps the subnetwork's ranges or another cluster's control plane."""
    block = text(draft.inputs, "privateClusterConfig.masterIpv4CidrBlock")
    subnetwork = _find_own_subnetwork(draft)
    if not block or subnetwork is None:
        return
    taken = [str(subnetwork.inputs.get("ipCidrRange") or "")]
    taken += [str(item.get("ipCidrRange") or "") for item in subnetwork.inputs.get("secondaryIpRanges") or []]
    for row in draft.store.find("type = ? AND urn <> ?", draft.type, draft.urn):
        if short(str(row.inputs.get("network"))) == short(str(draft.inputs.get("network"))):
            taken.append(text(row.inputs, "privateClusterConfig.masterIpv4CidrBlock"))
    for other in filter(None, taken):
        if ipaddress.IPv4Network(block).overlaps(ipaddress.IPv4Network(other)):
            raise CloudError(_BAD, f"The given master_ipv4_cidr {block} overlaps with an existing network {other}.")


def refuse_older_version(draft: Draft) -> None:
    """Refuse a control plane of an older minor version than it has (GKE, "Manually upgrading": no minor downgrade)."""
    wanted = text(draft.inputs, "minMasterVersion")
    have = str(draft.previous.outputs.get("masterVersion", "")) if draft.previous else ""
    if have and re.match(r"\d", wanted) and version_key(wanted)[:2] < version_key(have)[:2]:
        raise CloudError(_BAD, f"Master cannot be downgraded to {wanted}: it is at {have}.")


INPUT_RULES = (
    refuse_bad_cluster_name,
    refuse_cluster_without_nodes,
    refuse_bad_version,
    refuse_multi_networking_without_dataplane_v2,
    refuse_network_policy_with_dataplane_v2,
    refuse_bad_private_cluster,
    refuse_bad_ranges,
)
ACCOUNT_RULES = (
    refuse_unknown_location,
    refuse_foreign_workload_pool,
    refuse_bad_subnetwork,
    refuse_unknown_ranges,
    refuse_overlapping_master_range,
    refuse_older_version,
)
