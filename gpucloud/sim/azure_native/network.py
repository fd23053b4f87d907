"""Resource groups, virtual networks, subnets, NAT gateways and public addresses."""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import GROUP, at_path, key_of, make_uuid, name_in
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_NETWORK = "Microsoft.Network"


def _tracked(draft: Draft, kind: str) -> Inputs:
    """Return what every resource of the network API has."""
    return {
        "etag": f'W/"{make_uuid(draft, f"etag {draft.store.generation(draft.urn)}")}"',
        "name": name_in(draft.id),
        "provisioningState": "Succeeded",
        "resourceGuid": make_uuid(draft, "guid"),
        "type": f"{_NETWORK}/{kind}",
    }


def _group(draft: Draft) -> Inputs:
    return {
        "name": name_in(draft.id),
        "properties": {"provisioningState": "Succeeded"},
        "type": "Microsoft.Resources/resourceGroups",
    }


def _in_group(store: Store, row: Row) -> list[Row]:
    """Return what Azure removes together with a resource group: everything in it."""
    found = store.find("type LIKE 'azure-native:%' AND type <> ?", tokens.GROUP)
    return [other for other in found if str(other.inputs.get("resourceGroupName", "")).lower() == row.name]


def _in_network(store: Store, row: Row) -> list[Row]:
    """Return what Azure removes together with a virtual network: its subnets."""
    return store.find("type = ? AND parent = ?", tokens.SUBNET, row.name)


def _virtual_network(draft: Draft) -> Inputs:
    return {**_tracked(draft, "virtualNetworks"), "flowLogs": [], "virtualNetworkPeerings": []}


def _subnet(draft: Draft) -> Inputs:
    common = _tracked(draft, "virtualNetworks/subnets")
    del common["resourceGuid"]
    return {
        **common,
        "ipConfigurationProfiles": [],
        "ipConfigurations": [],
        "privateEndpoints": [],
        "purpose": "",
        "resourceNavigationLinks": [],
        "serviceAssociationLinks": [],
    }


def _gateway(draft: Draft) -> Inputs:
    subnets = [
        {"id": row.id}
        for row in draft.store.find("type = ?", tokens.SUBNET)
        if str((row.inputs.get("natGateway") or {}).get("id", "")).lower() == draft.id.lower()
    ]
    return {**_tracked(draft, "natGateways"), "subnets": subnets}


def _address(draft: Draft) -> Inputs:
    return {
        **_tracked(draft, "publicIPAddresses"),
        "ipAddress": f"203.0.113.{int(draft.digits(4, 'address'), 16) % 254 + 1}",  # RFC 5737: for documentation
        "ipConfiguration": {},
    }


RESOURCE_GROUP = ResourceType(
    tokens.GROUP,
    "Microsoft.Resources",
    "ResourceGroups_CreateOrUpdate",
    "ResourceGroups_CreateOrUpdate",
    "ResourceGroups_Delete",
    at_path(GROUP),
    _group,
    autoname=Autoname("resourceGroupName", form="suffix"),
    name_of=key_of("resourceGroupName"),
    goes_along=_in_group,
)
VIRTUAL_NETWORK = ResourceType(
    tokens.NETWORK,
    _NETWORK,
    "VirtualNetworks_CreateOrUpdate",
    "VirtualNetworks_CreateOrUpdate",
    "VirtualNetworks_Delete",
    at_path(f"{GROUP}/providers/{_NETWORK}/virtualNetworks/{{virtualNetworkName}}"),
    _virtual_network,
    defaults={"enableDdosProtection": False},
    autoname=Autoname("virtualNetworkName", form="suffix"),
    name_of=key_of("resourceGroupName", "virtualNetworkName"),
    parent_of=key_of("resourceGroupName"),
    goes_along=_in_network,
    volatile=frozenset({"etag"}),
)
SUBNET = ResourceType(
    tokens.SUBNET,
    _NETWORK,
    "Subnets_CreateOrUpdate",
    "Subnets_CreateOrUpdate",
    "Subnets_Delete",
    at_path(f"{GROUP}/providers/{_NETWORK}/virtualNetworks/{{virtualNetworkName}}/subnets/{{subnetName}}"),
    _subnet,
    defaults={"privateEndpointNetworkPolicies": "Disabled", "privateLinkServiceNetworkPolicies": "Enabled"},
    autoname=Autoname("subnetName", form="copy"),
    name_of=key_of("resourceGroupName", "virtualNetworkName", "subnetName"),
    parent_of=key_of("resourceGroupName", "virtualNetworkName"),
    volatile=frozenset({"etag"}),
    delete_before_replace=True,
)
NAT_GATEWAY = ResourceType(
    tokens.GATEWAY,
    _NETWORK,
    "NatGateways_CreateOrUpdate",
    "NatGateways_CreateOrUpdate",
    "NatGateways_Delete",
    at_path(f"{GROUP}/providers/{_NETWORK}/natGateways/{{natGatewayName}}"),
    _gateway,
    defaults={"idleTimeoutInMinutes": 4},
    autoname=Autoname("natGatewayName", form="suffix"),
    name_of=key_of("resourceGroupName", "natGatewayName"),
    parent_of=key_of("resourceGroupName"),
    volatile=frozenset({"etag"}),
)
PUBLIC_ADDRESS = ResourceType(
    tokens.ADDRESS,
    _NETWORK,
    "PublicIPAddresses_CreateOrUpdate",
    "PublicIPAddresses_CreateOrUpdate",
    "PublicIPAddresses_Delete",
    at_path(f"{GROUP}/providers/{_NETWORK}/publicIPAddresses/{{publicIpAddressName}}"),
    _address,
    defaults={
        "idleTimeoutInMinutes": 4,
        "publicIPAddressVersion": "IPv4",
        "publicIPAllocationMethod": "Dynamic",
        "sku": {"name": "Basic", "tier": "Regional"},
    },
    autoname=Autoname("publicIpAddressName", form="suffix"),
    name_of=key_of("resourceGroupName", "publicIpAddressName"),
    parent_of=key_of("resourceGroupName"),
    volatile=frozenset({"etag"}),
)

TYPES = (RESOURCE_GROUP, VIRTUAL_NETWORK, SUBNET, NAT_GATEWAY, PUBLIC_ADDRESS)
