"""Network, control plane, system nodes and administrators of a cluster on GKE."""

import json

import pulumi
import pytest

from gpucloud.components.gcp_cluster import GcpCluster
from gpucloud.components.gcp_network import GcpNetwork
from gpucloud.gcp.identity import node_account_id
from gpucloud.spec import NetworkSpec
from tests.components.gcp_programs import H100_TCPXO, REGION, cluster_spec, pool_spec
from tests.components.recorder import record

ZONES = ["us-central1-a", "us-central1-b", "us-central1-c"]
OFFICE = "203.0.113.0/24"


def record_cluster(**changes):
    return record(lambda: GcpCluster("prod-train", cluster_spec(**changes), "network", "subnet") and None)


def cluster_of(**changes):
    return record_cluster(**changes).one("cluster:Cluster").inputs


# --- network ---


def record_network(**changes):
    return record(lambda: GcpNetwork("prod-train", NetworkSpec.model_validate(changes), REGION) and None)


def test_one_subnet_spans_the_region_with_ranges_for_pods_and_services():
    found = record_network()
    subnet = found.one("Subnetwork").inputs
    assert (subnet["region"], subnet["ipCidrRange"], subnet["privateIpGoogleAccess"]) == (REGION, "10.0.0.0/17", True)
    assert subnet["secondaryIpRanges"] == [
        {"ipCidrRange": "10.128.0.0/12", "rangeName": "pods"},
        {"ipCidrRange": "172.20.0.0/16", "rangeName": "services"},
    ]
    assert found.one("network:Network").inputs["autoCreateSubnetworks"] is False


def test_nodes_leave_by_the_regions_nat():
    found = record_network()
    nat = found.one("RouterNat").inputs
    assert nat["router"] == "prod-train-0000000"
    assert nat["sourceSubnetworkIpRangesToNat"] == "ALL_SUBNETWORKS_ALL_IP_RANGES"
    assert found.one("router:Router").inputs["region"] == REGION


# --- control plane ---


def test_the_control_plane_is_regional_and_its_first_pool_is_removed():
    found = cluster_of()
    assert (found["location"], found["nodeLocations"], found["name"]) == (REGION, ZONES, "prod-train")
    assert (found["removeDefaultNodePool"], found["initialNodeCount"]) == (True, 1)
    assert found["datapathProvider"] == "ADVANCED_DATAPATH"
    assert found["releaseChannel"] == {"channel": "REGULAR"}
    assert found["minMasterVersion"] == "1.34"
    assert found["workloadIdentityConfig"] == {"workloadPool": "project-1.svc.id.goog"}
    assert found["deletionProtection"] is False
    assert found["resourceLabels"] == {"team": "ml"}


def test_what_is_of_the_removed_pool_replaces_no_cluster():
    cluster = record_cluster().one("cluster:Cluster")
    assert cluster.ignore_changes == ("initialNodeCount", "nodeConfig")
    assert cluster.inputs["nodeConfig"]["serviceAccount"] == "prod-train-nodes@project-1.iam.gserviceaccount.com"


def test_pods_and_services_have_the_subnets_ranges():
    assert cluster_of()["ipAllocationPolicy"] == {
        "clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services",
    }  # fmt: skip


def test_the_api_is_private_unless_ranges_are_written():
    private = cluster_of()
    assert private["privateClusterConfig"] == {
        "enablePrivateEndpoint": True, "enablePrivateNodes": True, "masterIpv4CidrBlock": "172.16.0.0/28",
    }  # fmt: skip
    blocks = private["masterAuthorizedNetworksConfig"]["cidrBlocks"]
    assert [block["cidrBlock"] for block in blocks] == ["10.0.0.0/16"]
    public = cluster_of(access={"public_from": [OFFICE]})
    assert public["privateClusterConfig"]["enablePrivateEndpoint"] is False
    assert [block["cidrBlock"] for block in public["masterAuthorizedNetworksConfig"]["cidrBlocks"]] == [
        "10.0.0.0/16", OFFICE,
    ]  # fmt: skip
    assert public["masterAuthorizedNetworksConfig"]["gcpPublicCidrsAccessEnabled"] is False


def test_multi_networking_is_on_where_a_pool_has_networks():
    assert cluster_of()["enableMultiNetworking"] is False
    pool = pool_spec(machine_type=H100_TCPXO, fabric="tcpxo", capacity=["spot"]).model_dump(exclude_unset=True)
    assert cluster_of(node_pools=[pool])["enableMultiNetworking"] is True


def test_gke_measures_gpus_where_it_has_the_driver():
    assert cluster_of()["monitoringConfig"]["enableComponents"] == ["SYSTEM_COMPONENTS", "DCGM"]
    pool = pool_spec(driver_owner="operator", image={"family": "ubuntu"}).model_dump(exclude_unset=True)
    assert cluster_of(node_pools=[pool])["monitoringConfig"]["enableComponents"] == ["SYSTEM_COMPONENTS"]


def test_bare_metal_nodes_join_a_cluster_without_shielded_nodes():
    assert cluster_of()["enableShieldedNodes"] is True
    pool = {
        "name": "gb300", "machine_type": "a4x-maxgpu-4g-metal", "zones": ["us-central1-b"],
        "capacity": [{"type": "reserved", "reservation_id": "capacity"}],
    }  # fmt: skip
    assert cluster_of(kubernetes_version="1.35", node_pools=[pool])["enableShieldedNodes"] is False


# --- nodes and people ---


def test_system_nodes_are_a_pool_over_the_control_planes_zones():
    found = record_cluster()
    pool = found.one("nodePool:NodePool", "prod-train-system")
    assert pool.inputs["nodeLocations"] == ZONES
    assert pool.inputs["initialNodeCount"] == 1
    assert pool.inputs["autoscaling"] == {
        "locationPolicy": "BALANCED", "totalMaxNodeCount": 6, "totalMinNodeCount": 2,
    }  # fmt: skip
    assert pool.ignore_changes == ("initialNodeCount",)
    assert pool.inputs["nodeConfig"]["machineType"] == "n2-standard-4"


@pytest.mark.parametrize(
    ("size", "zones", "first"),
    [
        ({"min": 1, "desired": 1, "max": 1}, 1, 1),
        ({"min": 2, "desired": 2, "max": 2}, 2, 1),
        ({"min": 3, "desired": 4, "max": 9}, 3, 2),
        ({"min": 3, "desired": 4, "max": 5}, 3, 1),
        ({"min": 0, "desired": 0, "max": 3}, 3, 0),
    ],
)
def test_the_first_number_of_system_nodes_stays_within_the_maximum(size, zones, first):
    found = record_cluster(system_pool={"size": size}).one("nodePool:NodePool").inputs
    assert (len(found["nodeLocations"]), found["initialNodeCount"]) == (zones, first)
    assert len(found["nodeLocations"]) * found["initialNodeCount"] <= size["max"]


def test_nodes_have_an_account_with_the_least_roles_before_they_start():
    found = record_cluster()
    assert found.one("Account").inputs["accountId"] == "prod-train-nodes"
    members = found.of_type("IAMMember")
    assert [entry.inputs["role"] for entry in members] == [
        "roles/artifactregistry.reader", "roles/container.defaultNodeServiceAccount",
    ]  # fmt: skip
    assert {entry.key for entry in members} <= set(found.one("nodePool:NodePool").dependencies)


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("prod-train", "prod-train-nodes"),
        ("a" * 24, f"{'a' * 24}-nodes"),
        ("a-name-that-is-longer-than-google-takes", "a-name-that-is-lo-c26f9f-nodes"),
        ("a-name-that-is-longer-than-google-likes", "a-name-that-is-lo-9952e6-nodes"),
    ],
)
def test_the_accounts_name_fits_and_tells_clusters_apart(name, account):
    assert node_account_id(name) == account
    assert len(account) <= 30


def test_admins_have_the_projects_role():
    found = record_cluster(access={"admins": ["group:ml@example.com"]})
    (admin,) = (entry for entry in found.of_type("IAMMember") if "admin" in entry.inputs["role"])
    assert admin.inputs == {"member": "group:ml@example.com", "project": "project-1", "role": "roles/container.admin"}


# --- what the component gives ---


def test_the_kubeconfig_holds_no_secret_and_the_command_says_how_to_reach_the_api():
    given = {}

    def program():
        private = GcpCluster("private", cluster_spec(), "network", "subnet")
        public = GcpCluster("public", cluster_spec(access={"public_from": [OFFICE]}), "network", "subnet")
        pulumi.Output.all(private.kubeconfig, private.kubeconfig_command, public.kubeconfig_command).apply(
            lambda found: given.update(config=json.loads(found[0]), private=found[1], public=found[2])
        )
        given["ref"] = private.ref

    record(program)
    (cluster,) = given["config"]["clusters"]
    assert cluster["cluster"] == {"certificate-authority-data": "Q0E=", "server": "https://203.0.113.7"}
    (user,) = given["config"]["users"]
    assert user["user"].keys() == {"exec"}
    assert user["user"]["exec"]["command"] == "gke-gcloud-auth-plugin"
    start = "gcloud container clusters get-credentials"
    assert given["private"] == f"{start} private --region {REGION} --project project-1 --internal-ip"
    assert given["public"] == f"{start} public --region {REGION} --project project-1"
    assert given["ref"].region == REGION


def test_a_preview_declares_what_the_update_declares():
    def program():
        network = GcpNetwork("it", NetworkSpec(), REGION)
        GcpCluster("it", cluster_spec(), network.network_id, network.subnet_id)

    assert sorted(record(program, preview=True).resources) == sorted(record(program).resources)
