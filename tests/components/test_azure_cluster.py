"""A cluster and its network on Azure: access, identity and roles, address ranges, system nodes, what goes where."""

import json
import subprocess
import sys
from importlib.metadata import version

import pulumi
import pytest

from gpucloud.azure.cluster import dns_prefix, dns_service_address
from gpucloud.components.azure_cluster import AzureCluster
from gpucloud.components.azure_network import AzureNetwork
from gpucloud.spec.cluster import NetworkSpec
from tests.components.azure_outputs import SUBSCRIPTION, id_of
from tests.components.azure_programs import REGION, RESERVATIONS, RESERVED, cluster_spec, pool_spec
from tests.components.recorder import record

GROUP = "00000000-1111-2222-3333-444444444444"
SUBNET = id_of("azure-native:network:Subnet", "theirs")
CONTRIBUTOR, NETWORK = "b24988ac-6180-42a0-ab88-20f7382dd24c", "4d97b98b-1d4f-4787-a291-c67834d212e7"
NEAR = "/subscriptions/other/resourceGroups/near/providers/Microsoft.Compute/proximityPlacementGroups/near"


def record_cluster(*, outbound=("20.0.0.1",), preview=False, pools=(), **changes):
    """Return what one cluster called `it` declares."""
    if pools:
        changes["node_pools"] = [pool_spec(**pool).model_dump(exclude_unset=True) for pool in pools]
    spec = cluster_spec(**changes)
    return record(lambda: AzureCluster("it", spec, "theirs", SUBNET, outbound) and None, preview=preview)


def cluster_of(**changes):
    return record_cluster(**changes).one("ManagedCluster").inputs


def roles_of(found):
    """Return role and scope of each assignment by name; the role is its definition's last part."""
    return {
        entry.name: (entry.inputs["roleDefinitionId"].rpartition("/")[2], entry.inputs["scope"])
        for entry in found.of_type("RoleAssignment")
    }


# --- access ---


def test_the_api_is_private_unless_ranges_are_written():
    assert cluster_of()["apiServerAccessProfile"] == {"enablePrivateCluster": True, "privateDNSZone": "system"}


def test_a_public_api_admits_the_ranges_and_the_nodes_own_address():
    access = cluster_of(access={"public_from": ["203.0.113.0/24"]})["apiServerAccessProfile"]
    assert access == {"enablePrivateCluster": False, "authorizedIPRanges": ["203.0.113.0/24", "20.0.0.1/32"]}


def test_an_api_for_everyone_has_no_ranges():
    access = cluster_of(access={"public_from": ["0.0.0.0/0"]}, outbound=())["apiServerAccessProfile"]
    assert access == {"enablePrivateCluster": False}


def test_ranges_that_would_lock_the_nodes_out_are_refused():
    with pytest.raises(pulumi.RunError, match="outbound_addresses"):
        record_cluster(access={"public_from": ["203.0.113.0/24"]}, outbound=())


def test_people_come_in_by_entra_alone():
    cluster = cluster_of(access={"admins": [GROUP]})
    assert cluster["disableLocalAccounts"] is True
    assert cluster["aadProfile"] == {"managed": True, "enableAzureRBAC": True, "adminGroupObjectIDs": [GROUP]}
    assert "adminGroupObjectIDs" not in cluster_of()["aadProfile"]


def test_who_creates_the_cluster_administers_it_and_stays_so():
    creator = record_cluster().one("RoleAssignment", "it-creator")
    assert creator.inputs["principalId"] == "my-object"
    assert "principalType" not in creator.inputs
    assert creator.ignore_changes == ("principalId",)


def test_pods_get_identities_by_the_clusters_issuer():
    cluster = cluster_of()
    assert cluster["oidcIssuerProfile"] == {"enabled": True}
    assert cluster["securityProfile"] == {"workloadIdentity": {"enabled": True}}


# --- identity and roles ---


def test_the_identity_may_use_the_subnet_before_the_cluster_is_made():
    found = record_cluster()
    assert roles_of(found)["it-subnet"] == (NETWORK, SUBNET)
    assert "azure-native:authorization:RoleAssignment::it-subnet" in found.one("ManagedCluster").dependencies
    assert found.one("RoleAssignment", "it-subnet").inputs["principalType"] == "ServicePrincipal"


def test_reservations_and_placements_of_its_pools_are_within_its_reach_each_group_once():
    other = {"type": "reserved", "reservation_id": RESERVATIONS.replace("Reserved", "reserved"), "zone": "3"}
    pools = [
        {"name": "one", "capacity": [RESERVED]},
        {"name": "two", "capacity": [other], "zones": ["3"]},
        {"name": "near", "placement": {"type": "existing", "name": NEAR}},
        {"name": "close", "placement": "cluster"},
    ]
    roles = roles_of(record_cluster(pools=pools))
    own = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/theirs"
    groups = {scope.lower() for role, scope in roles.values() if role == CONTRIBUTOR}
    assert groups == {
        "/subscriptions/other/resourcegroups/near",
        RESERVATIONS.split("/providers")[0].lower(),
        own.lower(),
    }
    assert len(roles) == 5


def test_a_role_is_defined_in_the_subscription_of_its_scope():
    pools = [{"placement": {"type": "existing", "name": NEAR}}]
    found = record_cluster(pools=pools).one("RoleAssignment", "it-near").inputs
    assert found["roleDefinitionId"].startswith("/subscriptions/other/")


# --- network, system nodes, upgrades ---


def test_the_overlay_has_its_own_ranges_and_leaves_by_the_nat_gateway():
    profile = cluster_of()["networkProfile"]
    assert (profile["networkPlugin"], profile["networkPluginMode"]) == ("azure", "overlay")
    assert (profile["networkDataplane"], profile["networkPolicy"]) == ("cilium", "cilium")
    assert profile["outboundType"] == "userAssignedNATGateway"
    assert (profile["serviceCidr"], profile["dnsServiceIP"]) == ("172.20.0.0/16", "172.20.0.10")
    assert profile["podCidr"] == "10.128.0.0/12"


def test_the_system_pool_lies_over_the_control_planes_zones():
    (pool,) = cluster_of(network={"zones": ["1", "3"]}, pools=[{"zones": ["3"]}])["agentPoolProfiles"]
    assert (pool["mode"], pool["availabilityZones"]) == ("System", ["1", "3"])
    assert (pool["minCount"], pool["count"], pool["maxCount"]) == (2, 2, 6)


def test_gpu_pools_do_not_stand_in_the_cluster():
    assert len(cluster_of(pools=[{"name": "one"}, {"name": "two"}])["agentPoolProfiles"]) == 1


def test_aks_changes_nodes_in_hours_that_are_said():
    schedules = record_cluster().of_type("MaintenanceConfiguration")
    assert {entry.inputs["configName"] for entry in schedules} == {
        "aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule",
    }  # fmt: skip


@pytest.mark.parametrize(("name", "prefix"), [("prod-train", "prod-train"), ("a.b_c-", "a-b-c"), ("x" * 60, "x" * 54)])
def test_the_dns_prefix_is_what_azure_takes(name, prefix):
    assert dns_prefix(name) == prefix


def test_dns_has_the_tenth_address():
    assert dns_service_address("10.1.0.0/20") == "10.1.0.10"


def test_the_network_has_one_way_out_and_one_subnet():
    found = record(lambda: AzureNetwork("it", NetworkSpec(), REGION, {"team": "ml"}) and None)
    subnet = found.one("Subnet").inputs
    assert subnet["addressPrefix"] == "10.0.0.0/17"
    assert subnet["natGateway"] == {"id": id_of("azure-native:network:NatGateway", "it")}
    assert subnet["defaultOutboundAccess"] is False
    assert found.one("PublicIPAddress").inputs["publicIPAllocationMethod"] == "Static"
    assert found.outputs["gpucloud:index:AzureNetwork::it"]["outbound_address"] == "20.0.0.1"


# --- what clients and pools get ---


def test_the_kubeconfig_holds_no_secret_of_what_aks_lists():
    seen = []

    def program():
        AzureCluster("it", cluster_spec(), "theirs", SUBNET).kubeconfig.apply(seen.append)

    record(program)
    (text,) = seen
    assert "not to be passed on" not in text
    config = json.loads(text)
    assert config["clusters"][0]["cluster"]["server"] == "https://a.azmk8s.example:443"
    assert config["users"][0]["user"]["exec"]["command"] == "kubelogin"


def test_the_reference_is_ready_for_pools():
    refs = []

    def program():
        ref = AzureCluster("it", cluster_spec(), "theirs", SUBNET).ref
        pulumi.Output.all(ref.cluster_name, ref.kubernetes_version).apply(lambda found: refs.append((ref, found)))

    record(program)
    ((ref, found),) = refs
    assert found == ["it00000000", "1.34"]
    assert (ref.region, ref.node_subnet_id, ref.tags) == (REGION, SUBNET, {"team": "ml"})


@pytest.mark.parametrize("access", [{}, {"public_from": ["203.0.113.0/24"]}])
def test_a_preview_works_when_nothing_of_the_network_is_known(access):
    def program():
        network = AzureNetwork("net", NetworkSpec(), REGION)
        AzureCluster(
            "it",
            cluster_spec(access=access),
            network.resource_group_name,
            network.node_subnet_id,
            [network.outbound_address],
        )

    assert sorted(record(program, preview=True).resources) == sorted(record(program).resources)


def test_resources_carry_no_old_names_and_the_sdks_version():
    found = record_cluster()
    declared = [entry for entry in found.resources.values() if entry.custom]
    assert {entry.aliases for entry in declared} == {0}
    assert {entry.version for entry in declared} == {version("pulumi_azure_native")}


def test_importing_azures_components_imports_no_other_clouds_sdk():
    code = """
import sys, warnings
import gpucloud.components.azure_cluster, gpucloud.components.azure_gpu_node_pool, gpucloud.components.azure_network
print(sorted(name for name in sys.modules if name in {'pulumi_aws', 'pulumi_gcp', 'pulumi_kubernetes'}))
"""
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
