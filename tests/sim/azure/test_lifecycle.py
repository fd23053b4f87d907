"""Names, ids, locations, replacement and removal of Azure's resources."""

import pytest

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.package import types
from tests.sim.azure.estate import PLAIN
from tests.sim.servicer import Refused

NAMED = {"resourceGroupName": "gpu"}
SUBSCRIPTION = "/subscriptions/00000000-0000-0000-0000-000000000000"
STATIC = {**NAMED, "sku": {"name": "Standard"}, "publicIPAllocationMethod": "Static"}


def test_ids_are_those_of_azure_with_its_spelling(azure):
    assert azure.group.id == f"{SUBSCRIPTION}/resourceGroups/gpu"
    assert azure.subnet.id == (
        f"{SUBSCRIPTION}/resourceGroups/gpu/providers/Microsoft.Network/virtualNetworks/net/subnets/nodes"
    )
    cluster = f"{SUBSCRIPTION}/resourcegroups/gpu/providers/Microsoft.ContainerService/managedClusters/train"
    assert azure.cluster.id == cluster
    assert azure.create().id == f"{cluster}/agentPools/h100"
    assert azure.identity.id.startswith(f"{SUBSCRIPTION}/resourcegroups/gpu/providers/Microsoft.ManagedIdentity/")
    assert azure.grant(azure.group.id).id.startswith(f"{azure.group.id}/providers/Microsoft.Authorization/")


def test_the_subscription_is_the_providers(cloud):
    import asyncio

    from pulumi.runtime.proto import provider_pb2

    from gpucloud.sim.values import encode
    from tests.sim.servicer import Context

    provider = cloud.providers["azure-native"]
    settings = provider_pb2.ConfigureRequest(args=encode({"subscriptionId": "mine", "location": "westeurope"}))
    asyncio.run(provider.Configure(settings, Context("test")))
    made = cloud.create(tokens.GROUP, "gpu", {})
    assert made.id.startswith("/subscriptions/mine/resourceGroups/gpu")
    assert made.outputs["location"] == "westeurope"
    assert cloud.invoke("azure-native:authorization:getClientConfig")["subscriptionId"] == "mine"


def test_names_are_given_as_azure_native_gives_them(azure):
    names = {
        tokens.ADDRESS: (STATIC, "publicIpAddressName"),
        tokens.SUBNET: ({**NAMED, "virtualNetworkName": "net", "addressPrefix": "10.0.64.0/24"}, "subnetName"),
        tokens.POOL: ({**NAMED, "resourceName": "train", "vmSize": PLAIN}, "agentPoolName"),
        tokens.ASSIGNMENT: (
            {
                "principalId": "p",
                "scope": azure.group.id,
                "roleDefinitionId": "/providers/Microsoft.Authorization/roleDefinitions/x",
            },
            "roleAssignmentName",
        ),
    }
    given = {token: azure.cloud.check(token, "mypool", inputs)[0][name] for token, (inputs, name) in names.items()}
    assert given[tokens.ADDRESS].startswith("mypool")
    assert len(given[tokens.ADDRESS]) == len("mypool") + 8
    assert given[tokens.SUBNET] == given[tokens.POOL] == "mypool"
    assert len(given[tokens.ASSIGNMENT]) == 36
    again = azure.cloud.check(tokens.ADDRESS, "mypool", STATIC)[0]["publicIpAddressName"]
    assert again == given[tokens.ADDRESS]


def test_a_random_name_lets_the_successor_come_first(azure):
    made = azure.cloud.create(tokens.ADDRESS, "ip", STATIC)
    answer = azure.cloud.diff(made, {**STATIC, "location": "westus"})
    assert (list(answer.replaces), answer.deleteBeforeReplace) == (["location"], False)
    named = azure.cloud.create(tokens.ADDRESS, "named", {**STATIC, "publicIpAddressName": "named"})
    assert azure.cloud.diff(named, {**named.inputs, "location": "westus"}).deleteBeforeReplace


@pytest.mark.parametrize(
    ("name", "value", "replaced"),
    [
        ("dnsPrefix", "other", ["dnsPrefix"]),
        ("location", "westus", ["location"]),
        ("networkProfile", {"serviceCidr": "10.251.0.0/16"}, ["networkProfile"]),
        ("networkProfile", {"advancedNetworking": {"enabled": True}}, []),
        ("kubernetesVersion", "1.35", []),
        ("tags", {"team": "x"}, []),
        ("autoUpgradeProfile", {"upgradeChannel": "patch"}, []),
    ],
)
def test_a_cluster_is_replaced_for_what_azure_native_says(azure, name, value, replaced):
    before = azure.cluster.inputs
    changed = {**before.get(name, {}), **value} if isinstance(value, dict) else value
    answer = azure.cloud.diff(azure.cluster, {**before, name: changed})
    assert list(answer.replaces) == replaced


def test_outputs_of_a_cluster(azure):
    outputs = azure.cluster.outputs
    assert outputs["nodeResourceGroup"] == "MC_gpu_train_swedencentral"
    assert outputs["fqdn"].endswith(".hcp.swedencentral.azmk8s.local-cloud.invalid")
    assert outputs["oidcIssuerProfile"]["issuerURL"].startswith("https://swedencentral.oic.prod-aks.azure.com/")
    kubelet = outputs["identityProfile"]["kubeletidentity"]
    assert kubelet["resourceId"].endswith(
        "/MC_gpu_train_swedencentral/providers/Microsoft.ManagedIdentity/userAssignedIdentities/train-agentpool"
    )
    assert outputs["identity"]["userAssignedIdentities"][azure.identity.id]["principalId"]
    assert outputs["type"] == "Microsoft.ContainerService/managedClusters"
    assert outputs["azureApiVersion"] == "2025-09-01"
    assert outputs["agentPoolProfiles"][0]["provisioningState"] == "Succeeded"


def test_a_given_identity_of_the_nodes_is_kept(azure):
    given = {"kubeletidentity": {"resourceId": azure.identity.id}}
    inputs = {**azure.cluster.inputs, "resourceName": "other", "identityProfile": given}
    made = azure.cloud.create(tokens.CLUSTER, "other", inputs)
    kubelet = made.outputs["identityProfile"]["kubeletidentity"]
    assert kubelet["clientId"] == azure.identity.outputs["clientId"]
    assert kubelet["objectId"] == azure.identity.outputs["principalId"]


def test_a_spot_pool_has_the_taint_and_the_label_of_spot(azure):
    made = azure.create(scaleSetPriority="Spot", nodeTaints=["a=b:NoSchedule"])
    assert made.outputs["nodeTaints"] == ["a=b:NoSchedule", "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]
    assert made.outputs["nodeLabels"] == {"kubernetes.azure.com/scalesetpriority": "spot"}
    assert made.outputs["type"] == "Microsoft.ContainerService/managedClusters/agentPools"


def test_a_preview_knows_what_is_given_and_no_more(azure):
    from gpucloud.sim.values import UNKNOWN

    previewed = azure.cloud.create(tokens.POOL, "h100", azure.pool(), preview=True)
    assert previewed.outputs["vmSize"] == azure.pool()["vmSize"]
    assert previewed.outputs["provisioningState"] is UNKNOWN
    cluster = azure.cloud.create(tokens.CLUSTER, "next", {**azure.cluster.inputs, "resourceName": "n"}, preview=True)
    assert cluster.outputs["oidcIssuerProfile"]["issuerURL"] is UNKNOWN
    assert cluster.outputs["identity"] is cluster.outputs["agentPoolProfiles"] is UNKNOWN
    changed = {**azure.cluster.inputs, "identity": {"type": "SystemAssigned"}}
    assert azure.cloud.update(azure.cluster, changed, preview=True).outputs["identity"] is UNKNOWN
    same = azure.cloud.update(azure.cluster, azure.cluster.inputs, preview=True)
    assert same.outputs["identity"] == azure.cluster.outputs["identity"]


def test_what_is_in_use_stays(azure):
    cloud = azure.cloud
    pool = azure.create()
    address = cloud.create(tokens.ADDRESS, "ip", STATIC)
    nat = {**NAMED, "natGatewayName": "nat", "sku": {"name": "Standard"}, "publicIpAddresses": [{"id": address.id}]}
    gateway = cloud.create(tokens.GATEWAY, "nat", nat)
    cloud.update(azure.subnet, {**azure.subnet.inputs, "natGateway": {"id": gateway.id}})
    placement = cloud.create(tokens.PLACEMENT, "near", NAMED)
    near = azure.create("near", proximityPlacementGroupID=placement.id)
    group = azure.reserve()
    refused = {
        "InUseSubnetCannotBeDeleted": azure.subnet,
        "Subnet nodes is in use": azure.network,
        "PublicIPAddressCannotBeDeleted": address,
        "NAT gateway .* is in use by subnet": gateway,
        "Proximity placement group .* is in use": placement,
        "Capacity reservation group .* is in use": group,
    }
    for text, made in refused.items():
        with pytest.raises(Refused, match=text):
            cloud.delete(made)
    reservation = next(made for made in cloud.made if made.token == tokens.RESERVATION)
    for made in (pool, near, placement, reservation, group, azure.cluster, azure.subnet, gateway, address):
        cloud.delete(made)
    for made in (azure.network, azure.identity, azure.group):
        cloud.delete(made)
    assert cloud.store.find("type LIKE 'azure-native:%'") == []


def test_the_last_system_pool_stays_a_system_pool(azure):
    cpu = {"vmSize": PLAIN, "gpuProfile": None, "availabilityZones": None, "mode": "System"}
    second = azure.create("second", **cpu)
    changed = azure.cloud.update(second, {**second.inputs, "mode": "User"})
    again = azure.cloud.update(changed, {**second.inputs, "mode": "System"})
    row = azure.cloud.store.find("type = ?", tokens.CLUSTER)[0]
    with azure.cloud.store.write():
        azure.cloud.store.change(row.seq, "active", {**row.inputs, "agentPoolProfiles": []}, row.outputs, [])
    text = "at least one system agent pool"
    with pytest.raises(Refused, match=text):
        azure.cloud.update(again, {**second.inputs, "mode": "User"})
    with pytest.raises(Refused, match=text):
        azure.cloud.delete(again)


def test_a_group_takes_everything_in_it_along(azure):
    azure.create()
    azure.cloud.create(tokens.GROUP, "other", {"resourceGroupName": "other", "location": "westus"})
    azure.cloud.delete(azure.group)
    left = azure.cloud.store.find("type LIKE 'azure-native:%'")
    assert [row.name for row in left] == ["other"]


def test_a_network_takes_its_free_subnets_along(azure):
    named = {**NAMED, "virtualNetworkName": "free"}
    network = azure.cloud.create(
        tokens.NETWORK, "free", {**named, "addressSpace": {"addressPrefixes": ["10.9.0.0/16"]}}
    )
    azure.cloud.create(tokens.SUBNET, "free", {**named, "subnetName": "free", "addressPrefix": "10.9.0.0/24"})
    azure.cloud.delete(network)
    assert [row.name for row in azure.cloud.store.find("type = ?", tokens.SUBNET)] == ["gpu/net/nodes"]


def test_a_cluster_takes_its_pools_along(azure):
    azure.create()
    maintenance = {**NAMED, "resourceName": "train", "configName": "default"}
    azure.cloud.create(tokens.MAINTENANCE, "default", {**maintenance, "timeInWeek": [{"day": "Sunday"}]})
    azure.cloud.delete(azure.cluster)
    assert azure.cloud.store.find("type IN (?, ?)", tokens.POOL, tokens.MAINTENANCE) == []
    assert azure.cloud.store.db.execute("SELECT COUNT(*) FROM allocation").fetchone()[0] == 0


def test_a_resource_does_not_move(azure):
    made = azure.cloud.create(tokens.PLACEMENT, "near", {**NAMED, "proximityPlacementGroupName": "near"})
    with pytest.raises(Refused, match=r"InvalidResourceLocation.*already exists in location 'swedencentral'"):
        azure.cloud.update(made, {**made.inputs, "location": "westus"})
    azure.cloud.update(made, {**made.inputs, "location": "Sweden Central"})


def test_a_killed_server_goes_on_where_it_was(azure):
    made = azure.create()
    again = azure.cloud.again()
    assert again.read(made).id == made.id


@pytest.mark.parametrize("token", types())
def test_no_type_is_missing_a_part(token):
    kind = types()[token]
    assert kind.autoname is not None
    assert kind.service.startswith("Microsoft.")
    assert kind.create_call.split("_")[0] == kind.delete_call.split("_")[0]


def test_types_that_are_not_modelled_are_refused_by_name(cloud):
    with pytest.raises(Refused, match="does not model azure-native:compute:VirtualMachine"):
        cloud.problems("azure-native:compute:VirtualMachine", {})
