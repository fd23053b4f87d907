"""Networks, subnetworks, NAT and firewall rules.

Sources: Compute Engine API v1, Network, Subnetwork, Router; VPC, "Subnets" for sizes of ranges; tpgb
resource_compute_firewall.go for firewall sources; GoogleCloudPlatform/cloud-image-tests pull request 537 for the form
of a network profile.
"""

import ipaddress
import re
from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.gcp.networks import NAT, NETWORK, PROFILE_MTU, SUBNETWORK, find_network
from gpucloud.sim.gcp.places import find_project, find_region, region_of, short, zones_of
from gpucloud.sim.gcp.quotas import limit_of
from gpucloud.sim.gcp.rules.reading import at, items, number, text
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

_INVALID = "invalid"
_LARGEST, _SMALLEST = 4, 29
_MTU = (1300, 8896)
_PROFILE = re.compile(
    r"(?:https://www\.googleapis\.com/compute/[a-z0-9]+/)?projects/[^/]+/global/networkProfiles/"
    r"([a-z]+-[a-z]+[0-9]+-[a-z])-(vpc-roce|vpc-roce-metal|vpc-falcon)"
)


def _blocks(inputs: Inputs) -> Iterator[tuple[str, str]]:
    if text(inputs, "ipCidrRange"):
        yield "ipCidrRange", text(inputs, "ipCidrRange")
    for index, item in enumerate(items(inputs, "secondaryIpRanges")):
        if text(item, "ipCidrRange"):
            yield f"secondaryIpRanges[{index}].ipCidrRange", text(item, "ipCidrRange")


def refuse_bad_ranges(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse ranges that are no IPv4 networks, have bits of hosts, or are not between /4 and /29."""
    for place, block in _blocks(inputs):
        try:
            network = ipaddress.IPv4Network(block)
        except ValueError as error:
            yield Refusal(place, _INVALID, f"Invalid value for field '{place}': '{block}'. {error}")
            continue
        if not _LARGEST <= network.prefixlen <= _SMALLEST:
            reason = f"Invalid value for field '{place}': '{block}'. The range must be between /{_LARGEST} and /29."
            yield Refusal(place, _INVALID, reason)


def refuse_subnetwork_without_range(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a subnetwork of addresses that has no range (API: Subnetwork.ipCidrRange)."""
    others = ("ipCidrRange", "ipCollection", "reservedInternalRange")
    if text(inputs, "stackType") != "IPV6_ONLY" and all(inputs.get(name) is None for name in others):
        yield Refusal("ipCidrRange", "required", "Required field 'resource.ipCidrRange' not specified")


def refuse_range_names_twice(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse two secondary ranges of one name (API: SubnetworkSecondaryRange.rangeName is unique in the subnetwork)."""
    names = [text(item, "rangeName") for item in items(inputs, "secondaryIpRanges")]
    for index, name in enumerate(names):
        if name and name in names[:index]:
            place = f"secondaryIpRanges[{index}].rangeName"
            yield Refusal(place, _INVALID, f"Duplicate secondary range name {name!r}.")


def refuse_bad_network(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an MTU out of range, a malformed profile, and what an RDMA network cannot be."""
    mtu, profile = number(inputs, "mtu"), text(inputs, "networkProfile")
    if mtu is not None and not _MTU[0] <= mtu <= _MTU[1]:
        yield Refusal("mtu", _INVALID, f"Invalid value for field 'resource.mtu': '{mtu}'. Must be 1300 to 8896.")
    if not profile:
        return
    found = _PROFILE.fullmatch(profile)
    if found is None:
        reason = f"Invalid value for field 'resource.networkProfile': '{profile}'. The URL is malformed."
        yield Refusal("networkProfile", _INVALID, reason)
    elif zones_of(region_of(found[1])) and found[1] not in zones_of(region_of(found[1])):
        yield Refusal("networkProfile", "notFound", f"The resource '{profile}' was not found")
    if inputs.get("autoCreateSubnetworks", True) is True:
        yield Refusal("autoCreateSubnetworks", _INVALID, "A network with a network profile must be in custom mode.")
    if mtu is not None and mtu != PROFILE_MTU:
        reason = f"Invalid value for field 'resource.mtu': '{mtu}'. Networks with this profile have {PROFILE_MTU}."
        yield Refusal("mtu", _INVALID, reason)


def refuse_network_beyond_quota(draft: Draft) -> None:
    """Refuse a network beyond the quota NETWORKS of the project (Compute Engine, "Allocation quotas")."""
    limit, project = limit_of(draft.store, "", "NETWORKS"), find_project(draft)
    rows = draft.store.find("type = ? AND urn <> ?", NETWORK, draft.urn)
    if draft.previous is None and sum(row.id.startswith(f"projects/{project}/") for row in rows) >= limit:
        raise CloudError("quotaExceeded", f"Quota 'NETWORKS' exceeded.  Limit: {limit}.0 globally.")


def refuse_overlapping_subnetwork(draft: Draft) -> None:
    """Refuse a range that overlaps one of the same network."""
    network = find_network(draft, draft.inputs.get("network", ""))
    own = draft.previous.id if draft.previous else ""
    taken = [(row, block) for row in _subnetworks(draft, network) if row.id != own for _, block in _blocks(row.inputs)]
    mine: list[str] = []
    for place, block in _blocks(draft.inputs):
        wanted = ipaddress.IPv4Network(block)
        for row, other in taken:
            if wanted.overlaps(ipaddress.IPv4Network(other)):
                where = f"subnetwork '{short(row.id)}' in region '{row.id.split('/')[3]}'"
                raise CloudError(_INVALID, f"Invalid IPCidrRange: {block} conflicts with existing {where}.")
        if any(wanted.overlaps(ipaddress.IPv4Network(other)) for other in mine):
            raise CloudError(_INVALID, f"Invalid IPCidrRange: {block} ({place}) conflicts with another range.")
        mine.append(block)


def _subnetworks(draft: Draft, network: Row | None) -> list[Row]:
    rows = draft.store.find("type = ? AND status = 'active'", SUBNETWORK)
    return [row for row in rows if network is not None and short(str(row.inputs["network"])) == short(network.id)]


def refuse_subnetwork_outside_profile(draft: Draft) -> None:
    """Refuse a subnetwork of an RDMA network outside the region of its profile's zone."""
    network = find_network(draft, draft.inputs.get("network", ""))
    profile = short(str((network.inputs if network else {}).get("networkProfile") or ""))
    if profile and region_of(profile.partition("-vpc-")[0]) != find_region(draft):
        zone = profile.partition("-vpc-")[0]
        reason = f"Network profile {profile} only allows resource creation in location {zone}."
        raise CloudError(_INVALID, reason)


def refuse_shrunken_range(draft: Draft) -> None:
    """Refuse a primary range that does not contain the one before (API: subnetworks.expandIpCidrRange)."""
    before = str(draft.previous.inputs.get("ipCidrRange") or "") if draft.previous else ""
    after = str(draft.inputs.get("ipCidrRange") or "")
    if before and after and not ipaddress.IPv4Network(before).subnet_of(ipaddress.IPv4Network(after)):
        raise CloudError(_INVALID, f"Cannot shrink range {before} to {after}: a range can only be expanded.")


def refuse_nat_without_addresses(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse manual addresses without any, any with automatic ones, and subnetworks that do not fit the option."""
    option, source = text(inputs, "natIpAllocateOption"), text(inputs, "sourceSubnetworkIpRangesToNat")
    given = at(inputs, "natIps") or at(inputs, "initialNatIps")
    if option == "MANUAL_ONLY" and inputs.get("natIps") is None and not given:
        yield Refusal("natIps", _INVALID, "At least one NAT IP must be given with MANUAL_ONLY.")
    if option == "AUTO_ONLY" and given:
        yield Refusal("natIps", _INVALID, "NAT IPs cannot be given with AUTO_ONLY.")
    if text(inputs, "type") in {"", "PUBLIC"} and "natIpAllocateOption" not in inputs:
        yield Refusal("natIpAllocateOption", "required", "A public NAT needs nat_ip_allocate_option.")
    if source == "LIST_OF_SUBNETWORKS" and not inputs.get("subnetworks"):
        yield Refusal("subnetworks", _INVALID, "LIST_OF_SUBNETWORKS needs at least one subnetwork.")
    if source and source != "LIST_OF_SUBNETWORKS" and inputs.get("subnetworks"):
        yield Refusal("subnetworks", _INVALID, f"Subnetworks cannot be listed with {source}.")


def refuse_second_nat_of_all(draft: Draft) -> None:
    """Refuse a second NAT for all subnetworks of a router (API: Router.nats: only one may be for all)."""
    source = "sourceSubnetworkIpRangesToNat"
    if draft.inputs.get(source) == "LIST_OF_SUBNETWORKS":
        return
    for row in draft.store.find("type = ? AND parent = ? AND urn <> ?", NAT, short(draft.inputs["router"]), draft.urn):
        if row.inputs.get(source) != "LIST_OF_SUBNETWORKS" and f"/{find_region(draft)}/" in row.id:
            raise CloudError(_INVALID, f"NAT {short(row.id)} of this router is already for all subnetworks.")


def refuse_ingress_without_source(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an ingress rule that names no source (tpgb resource_compute_firewall.go, a check of its own)."""
    names = ("sourceTags", "sourceRanges", "sourceServiceAccounts")
    if text(inputs, "direction") != "EGRESS" and all(inputs.get(name) is None for name in names):
        reason = "one of source_tags, source_ranges, or source_service_accounts must be defined"
        yield Refusal("sourceRanges", "", reason)


def refuse_bad_firewall_blocks(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse source and destination ranges that are no networks."""
    for name in ("sourceRanges", "destinationRanges"):
        for index, block in enumerate(items(inputs, name)):
            try:
                ipaddress.ip_network(str(block))
            except ValueError as error:
                reason = f"Invalid value for field 'resource.{name}[{index}]': '{block}'. {error}"
                yield Refusal(f"{name}[{index}]", _INVALID, reason)
