"""What Azure refuses of networks, addresses, placement, reservations and roles: a case that passes, cases that fail."""

import pytest

from gpucloud.sim.azure_native import tokens
from tests.sim.azure.estate import PLAIN
from tests.sim.servicer import Refused

NAMED = {"resourceGroupName": "gpu"}
OTHERS_PASSING = {
    "network": (tokens.NETWORK, {**NAMED, "addressSpace": {"addressPrefixes": ["10.0.0.0/16", "10.1.0.0/16"]}}),
    "subnet": (tokens.SUBNET, {**NAMED, "virtualNetworkName": "net", "addressPrefix": "10.0.32.0/29"}),
    "gateway": (tokens.GATEWAY, {**NAMED, "sku": {"name": "Standard"}, "zones": ["1"]}),
    "address": (tokens.ADDRESS, {**NAMED, "sku": {"name": "Standard"}, "publicIPAllocationMethod": "Static"}),
    "placement": (tokens.PLACEMENT, {**NAMED, "zones": ["1"], "intent": {"vmSizes": [PLAIN]}}),
    "reservation": (
        tokens.RESERVATION,
        {**NAMED, "capacityReservationGroupName": "g", "zones": ["2"], "sku": {"name": PLAIN, "capacity": 1}},
    ),
    "assignment": (
        tokens.ASSIGNMENT,
        {
            "principalId": "p",
            "scope": "/subscriptions/s",
            "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/x",
            "roleAssignmentName": "00000000-0000-0000-0000-000000000001",
        },
    ),
}
OTHERS_FAILING = {
    "no address space": (tokens.NETWORK, {"addressSpace": None}, "addressSpace", "needs addressSpace"),
    "an address space": (
        tokens.NETWORK,
        {"addressSpace": {"addressPrefixes": ["10.0.0.0/33"]}},
        "addressSpace.addressPrefixes[0]",
        "InvalidCIDRNotation",
    ),
    "spaces that overlap": (
        tokens.NETWORK,
        {"addressSpace": {"addressPrefixes": ["10.0.0.0/16", "10.0.1.0/24"]}},
        "addressSpace.addressPrefixes[1]",
        "overlaps",
    ),
    "no range": (tokens.SUBNET, {"addressPrefix": None}, "addressPrefix", "either addressPrefix or"),
    "two ranges": (tokens.SUBNET, {"addressPrefixes": ["10.0.0.0/24"]}, "addressPrefix", "either addressPrefix or"),
    "a range": (tokens.SUBNET, {"addressPrefix": "10.0.0.0"}, "addressPrefix", "smallest subnet is /29"),
    "no CIDR": (tokens.SUBNET, {"addressPrefix": "ten"}, "addressPrefix", "InvalidCIDRNotation"),
    "another SKU": (tokens.GATEWAY, {"sku": {"name": "StandardV2"}}, "sku.name", "none of Standard"),
    "no SKU": (tokens.GATEWAY, {"sku": None}, "sku", "needs sku.name"),
    "a Standard gateway over zones": (tokens.GATEWAY, {"zones": ["1", "2"]}, "zones", "in one zone or in none"),
    "minutes": (tokens.GATEWAY, {"idleTimeoutInMinutes": 3}, "idleTimeoutInMinutes", "is too low"),
    "a Basic address": (tokens.ADDRESS, {"sku": None}, "sku.name", "retired"),
    "a dynamic address": (
        tokens.ADDRESS,
        {"publicIPAllocationMethod": "Dynamic"},
        "publicIPAllocationMethod",
        "AllocationMethod set to Static",
    ),
    "placement over zones": (tokens.PLACEMENT, {"zones": ["1", "2"]}, "zones", "only one availability zone"),
    "placement for nothing": (tokens.PLACEMENT, {"intent": None}, "intent", "needs intent.vmSizes"),
    "a reservation of nothing": (tokens.RESERVATION, {"sku": {"name": PLAIN}}, "sku", "sku.capacity"),
    "a reservation of no size": (
        tokens.RESERVATION,
        {"sku": {"name": "Standard_X", "capacity": 1}},
        "sku.name",
        "is not valid",
    ),
    "a size without reservations": (
        tokens.RESERVATION,
        {"sku": {"name": "Standard_ND96isr_H100_v5", "capacity": 1}},
        "sku.name",
        "does not support on-demand capacity reservation",
    ),
    "a reservation over zones": (tokens.RESERVATION, {"zones": ["1", "2"]}, "zones", "in one zone or in none"),
    "a role": (tokens.ASSIGNMENT, {"roleDefinitionId": "Contributor"}, "roleDefinitionId", "does not match"),
    "no GUID": (tokens.ASSIGNMENT, {"roleAssignmentName": "x"}, "roleAssignmentName", "InvalidRoleAssignmentId"),
    "a principal": (tokens.ASSIGNMENT, {"principalType": "Robot"}, "principalType", "none of User"),
    "a missing principal": (tokens.ASSIGNMENT, {"principalId": None}, "principalId", "missing required property"),
}
BY_TYPE = dict(reversed(OTHERS_PASSING.values()))


@pytest.mark.parametrize(("token", "inputs"), OTHERS_PASSING.values(), ids=OTHERS_PASSING)
def test_the_rest_passes(azure, token, inputs):
    assert azure.cloud.problems(token, inputs) == []


@pytest.mark.parametrize(("token", "changes", "where", "text"), OTHERS_FAILING.values(), ids=OTHERS_FAILING)
def test_the_rest_is_refused(azure, token, changes, where, text):
    merged = {key: value for key, value in {**BY_TYPE[token], **changes}.items() if value is not None}
    found = azure.cloud.problems(token, merged)
    assert any(path == where and text in reason for path, reason in found), found


def test_a_location_comes_from_the_group_and_is_missing_without_one(azure):
    given = {"resourceGroupName": "gpu", "resourceName": "x"}
    checked, failures = azure.cloud.check(tokens.IDENTITY, "x", given)
    assert (checked["location"], failures) == ("swedencentral", [])
    _, failures = azure.cloud.check(tokens.IDENTITY, "x", {**given, "resourceGroupName": "other"})
    assert "pulumi config set azure-native:location" in failures[0][1]


def create_subnet(azure, name, block):
    inputs = {**NAMED, "virtualNetworkName": "net", "subnetName": name, "addressPrefix": block}
    return azure.cloud.create(tokens.SUBNET, name, inputs)


def test_subnets_are_inside_their_network_and_apart(azure):
    create_subnet(azure, "apart", "10.0.16.0/24")
    with pytest.raises(Refused, match="NetcfgInvalidSubnet"):
        create_subnet(azure, "outside", "10.1.0.0/24")
    with pytest.raises(Refused, match="NetcfgSubnetRangesOverlap"):
        create_subnet(azure, "over", "10.0.1.0/24")


def test_a_gateway_takes_addresses_of_its_own_kind_and_zone(azure):
    _, static = OTHERS_PASSING["address"]
    address = azure.cloud.create(tokens.ADDRESS, "ip", {**static, "zones": ["2"]})
    gateway = {**NAMED, "natGatewayName": "nat", "publicIpAddresses": [{"id": address.id.upper()}]}
    with pytest.raises(Refused, match="is not in zone 1"):
        azure.cloud.create(tokens.GATEWAY, "nat", {**gateway, "sku": {"name": "Standard"}, "zones": ["1"]})
    azure.cloud.create(tokens.GATEWAY, "nat", {**gateway, "sku": {"name": "Standard"}, "zones": ["2"]})


def test_a_role_is_given_once(azure):
    azure.grant(azure.group.id)
    with pytest.raises(Refused, match="RoleAssignmentExists"):
        azure.cloud.create(tokens.ASSIGNMENT, "again", {**azure.cloud.made[-1].inputs, "roleAssignmentName": None})
