"""Virtual networks, subnets, NAT gateways and public addresses.

Sources: Azure, "Virtual network frequently asked questions" (sizes of subnets), "Azure NAT Gateway resource" (zones,
addresses), "Public IP addresses" (a Standard one is static); codes Netcfg… as Microsoft.Network answers them.
"""

from collections.abc import Iterator

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import find_by_id, find_by_key, key_of
from gpucloud.sim.azure_native.rules.cluster_network import Network, read_range, subnet_blocks
from gpucloud.sim.azure_native.rules.pool import is_known
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs, has_unknown

_SMALLEST_SUBNET = 29
_network_key = key_of("resourceGroupName", "virtualNetworkName")


def refuse_bad_address_space(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a virtual network without ranges, and ranges that are none or overlap."""
    space = inputs.get("addressSpace")
    if has_unknown(space):
        return
    blocks = (space or {}).get("addressPrefixes") or []
    if not blocks:
        yield Refusal("addressSpace", "InvalidRequestFormat", "a virtual network needs addressSpace.addressPrefixes")
    for index, block in enumerate(blocks):
        found = read_range(block)
        where = f"addressSpace.addressPrefixes[{index}]"
        if found is None and ":" not in str(block):
            yield Refusal(where, "InvalidCIDRNotation", f"The address prefix {block} has an invalid CIDR notation.")
        others = [read_range(other) for other in blocks[:index]]
        if found is not None and any(other is not None and found.overlaps(other) for other in others):
            yield Refusal(where, "NetcfgOverlappingAddressSpace", f"{block} overlaps another address prefix")


def refuse_bad_subnet(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a subnet without a range, with both spellings of it, with one that is none or smaller than /29."""
    single, several = inputs.get("addressPrefix"), inputs.get("addressPrefixes")
    if not is_known(single) or has_unknown(several):
        return
    if (single is None) == (not several):
        text = "a subnet needs either addressPrefix or addressPrefixes"
        yield Refusal("addressPrefix", "InvalidRequestFormat", text)
    for block in subnet_blocks(inputs):
        found = read_range(block)
        if found is None and ":" not in block:
            text = f"The address prefix {block} has an invalid CIDR notation."
            yield Refusal("addressPrefix", "InvalidCIDRNotation", text)
        elif found is not None and found.prefixlen > _SMALLEST_SUBNET:
            yield Refusal("addressPrefix", "InvalidRequestFormat", f"the smallest subnet is /29, not {block}")


def refuse_bad_gateway(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a NAT gateway without a SKU, and one over several zones: this API version has no StandardV2."""
    sku = inputs.get("sku")
    name = sku.get("name") if isinstance(sku, dict) else None
    if sku is None or (isinstance(sku, dict) and name is None):
        yield Refusal("sku", "InvalidRequestFormat", "a NAT gateway needs sku.name: Standard")
    zones = inputs.get("zones")
    if isinstance(zones, list) and len(zones) > 1:
        text = "a Standard NAT gateway is in one zone or in none"
        yield Refusal("zones", "InvalidParameter", text)


def refuse_bad_address(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a Standard public address that is not static, and a Basic one: retired on 2025-09-30."""
    sku = inputs.get("sku")
    name = sku.get("name", "Basic") if isinstance(sku, dict) else "Basic" if sku is None else None
    method = inputs.get("publicIPAllocationMethod", "Dynamic")
    if name == "Basic":
        text = "Basic public IP addresses are retired; set sku.name to Standard"
        yield Refusal("sku.name", "InvalidParameter", text)
    elif name is not None and is_known(name, method) and method != "Static":
        text = f"{name} sku publicIp must have AllocationMethod set to Static."
        yield Refusal("publicIPAllocationMethod", "InvalidParameter", text)


def _space(draft: Draft) -> list[Network]:
    row = find_by_key(draft.store, tokens.NETWORK, _network_key(draft.inputs))
    blocks = ((row.inputs.get("addressSpace") or {}).get("addressPrefixes") or []) if row is not None else []
    return [block for block in map(read_range, blocks) if block is not None]


def refuse_subnet_outside(draft: Draft) -> None:
    """Refuse a subnet outside of its virtual network, and one that overlaps another subnet of it."""
    name, network = draft.inputs.get("subnetName"), draft.inputs.get("virtualNetworkName")
    blocks = [block for block in map(read_range, subnet_blocks(draft.inputs)) if block is not None]
    space = _space(draft)
    for block in blocks:
        if not any(block.subnet_of(whole) for whole in space):
            raise CloudError(
                "NetcfgInvalidSubnet",
                f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of "
                f"virtual network '{network}'.",
            )
    for other in draft.store.find(
        "type = ? AND parent = ? AND urn <> ?", draft.type, _network_key(draft.inputs), draft.urn
    ):
        taken = [block for block in map(read_range, subnet_blocks(other.inputs)) if block is not None]
        if any(block.overlaps(one) for block in blocks for one in taken):
            raise CloudError(
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet "
                f"in virtual network '{network}'.",
            )


def refuse_basic_address_of_gateway(draft: Draft) -> None:
    """Refuse a NAT gateway with an address that is not Standard or not in its zone."""
    for reference in draft.inputs.get("publicIpAddresses") or ():
        row = find_by_id(draft.store, reference.get("id"), tokens.ADDRESS)
        if row is None:
            continue
        wanted = str((draft.inputs.get("sku") or {}).get("name"))
        have = str((row.inputs.get("sku") or {}).get("name"))
        if wanted != have:
            raise CloudError(
                "InvalidParameter", f"a {wanted} NAT gateway needs a {wanted} public IP address; {row.id} is {have}"
            )
        zones, own = set(draft.inputs.get("zones") or ()), set(row.inputs.get("zones") or ())
        if zones and own and not zones <= own:
            raise CloudError(
                "InvalidParameter", f"{row.id} is not in zone {', '.join(sorted(zones))} of its NAT gateway"
            )
