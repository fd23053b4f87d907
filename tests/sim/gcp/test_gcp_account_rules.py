"""Rules over what is already there: one case that passes, one that fails."""

import pytest

from gpucloud.sim import control
from gpucloud.sim.gcp.clusters import CLUSTER
from gpucloud.sim.gcp.iam import ACCOUNT, MEMBER
from gpucloud.sim.gcp.networks import FIREWALL, NAT, NETWORK, ROUTER, SUBNETWORK
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.gcp.scheduling import POLICY
from tests.sim.gcp.estate import GPU, KEY, REGION, SECONDARY, ZONE
from tests.sim.servicer import Refused

MEGA, ULTRA = "a3-megagpu-8g", "a3-ultragpu-8g"
ROCE = "projects/gpucloud-local/global/networkProfiles/us-central1-b-vpc-roce"
COMPACT = {"placementPolicy": {"type": "COMPACT"}}


def spec(machine, networks, **more):
    return {"config": {"machineType": machine}, "networkConfig": {"additionalNodeNetworkConfigs": networks}, **more}


def ultra(networks, zone="us-central1-b"):
    return {**spec(ULTRA, networks), "nodeLocations": [zone], "initialNodeCount": 0}


def specific(*names, **config):
    affinity = {"consumeReservationType": "SPECIFIC_RESERVATION", "key": KEY, "values": list(names)}
    return {"config": {"reservationAffinity": affinity, **config}}


def cluster(google, name="second", **changes):
    return google.cloud.create(CLUSTER, name, google.cluster_inputs(name=name, **changes))


def subnetwork(google, name="more", **changes):
    inputs = {"name": name, "network": google.network.id, "ipCidrRange": "10.1.0.0/20", **changes}
    return google.cloud.create(SUBNETWORK, name, inputs)


# --- node pools: place and networks ---


def test_a_pool_needs_its_cluster(google):
    google.create()
    with pytest.raises(Refused, match=r"googleapi: Error 404: Not found: .*none\., notFound"):
        google.create("other", cluster="projects/gpucloud-local/locations/us-central1/clusters/none")


def test_a_pool_is_found_by_the_name_of_its_cluster_and_location(google):
    made = google.create(cluster="train", location=REGION)
    assert made.id == f"{google.cluster.id}/nodePools/h100"


def test_zones_are_in_the_region_of_the_cluster(google):
    google.create(nodeLocations=["us-central1-b"])
    with pytest.raises(Refused, match="does not exist in region"):
        google.create("other", nodeLocations=["us-east4-a"])


def test_a_zone_has_the_machine_type(google):
    google.create(nodeLocations=["us-central1-b"], config={"machineType": ULTRA}, initialNodeCount=0)
    with pytest.raises(Refused, match='Machine type "a3-ultragpu-8g" is not available in zone "us-central1-a"'):
        google.create("other", config={"machineType": ULTRA}, initialNodeCount=0)


def test_compact_placement_needs_one_zone_also_where_the_cluster_gives_them(google):
    google.create(**COMPACT)
    with pytest.raises(Refused, match="single zone, not in 3"):
        google.create("other", nodeLocations=None, **COMPACT)


def test_a_placement_policy_must_be_there(google):
    google.cloud.create(POLICY, "near", {"name": "near", "groupPlacementPolicy": {"collocation": "COLLOCATED"}})
    google.create(placementPolicy={"type": "COMPACT", "policyName": "near"})
    with pytest.raises(Refused, match="'far' was not found in region 'us-central1'"):
        google.create("other", placementPolicy={"type": "COMPACT", "policyName": "far"})


def test_a4x_needs_a_placement_policy(google):
    google.cloud.create(POLICY, "rack", {"name": "rack", "workloadPolicy": {"type": "HIGH_THROUGHPUT"}})
    inputs = {"config": {"machineType": "a4x-highgpu-4g"}, "initialNodeCount": 0}
    google.create(placementPolicy={"type": "COMPACT", "policyName": "rack"}, **inputs)
    with pytest.raises(Refused, match="requires a placement policy"):
        google.create("other", **inputs)


def test_machine_types_have_a_least_version_of_gke(google):
    old = cluster(google, minMasterVersion="1.32.1-gke.1000000")
    inputs = {"config": {"machineType": "a4-highgpu-8g"}, "nodeLocations": ["us-central1-b"], "initialNodeCount": 0}
    google.create(**inputs)
    with pytest.raises(Refused, match=r"Machine type a4-highgpu-8g requires GKE version 1\.32\.1-gke\.1729000"):
        google.create("other", cluster=old.id, **inputs)


def test_flex_start_has_a_least_version_of_gke(google):
    old = cluster(google, minMasterVersion="1.31.1-gke.1000000")
    config = {"flexStart": True, "reservationAffinity": {"consumeReservationType": "NO_RESERVATION"}}
    inputs = {"config": config, "management": {"autoRepair": False}, "initialNodeCount": 0}
    google.create(**inputs)
    with pytest.raises(Refused, match=r"requires GKE version 1\.32\.2-gke\.1652000 or later"):
        google.create("other", cluster=old.id, **inputs)


DRANET = {"networkConfig": {"acceleratorNetworkProfile": "auto"}}


def test_dranet_needs_a_new_version(google):
    old = cluster(google, minMasterVersion="1.34.1-gke.1829000")
    google.create(**DRANET)
    with pytest.raises(Refused, match=r"require GKE version 1\.34\.1-gke\.1829001 or later"):
        google.create("other", cluster=old.id, **DRANET)


def test_dranet_needs_dataplane_v2(google):
    legacy = cluster(google, datapathProvider="LEGACY_DATAPATH", enableMultiNetworking=False)
    with pytest.raises(Refused, match="Accelerator network profiles require Dataplane V2"):
        google.create(cluster=legacy.id, **DRANET)


def test_dranet_needs_a_machine_type_with_a_fabric(google):
    with pytest.raises(Refused, match="g2-standard-8 does not support accelerator network profiles"):
        google.create(config={"machineType": "g2-standard-8"}, **DRANET)


def test_dranet_makes_its_networks_itself(google):
    networks = {"acceleratorNetworkProfile": "auto", "additionalNodeNetworkConfigs": google.networks(4)}
    with pytest.raises(Refused, match="additional ones exclude it"):
        google.create(networkConfig=networks)


def test_dranet_has_one_profile(google):
    with pytest.raises(Refused, match="auto is the only one"):
        google.create(networkConfig={"acceleratorNetworkProfile": "roce"})


def test_additional_networks_need_multi_networking(google):
    plain = cluster(google, enableMultiNetworking=False)
    networks = google.networks(4)
    google.create(**spec(GPU, networks))
    with pytest.raises(Refused, match="require multi-networking to be enabled"):
        google.create("other", cluster=plain.id, **spec(GPU, networks))


@pytest.mark.parametrize(("machine", "count"), [(GPU, 4), (MEGA, 8)])
def test_additional_networks_are_as_many_as_the_machine_type_takes(google, machine, count):
    networks = google.networks(count + 1)
    google.create(**spec(machine, networks[:count]))
    with pytest.raises(Refused, match=f"takes {count} additional networks, got {count + 1}"):
        google.create("other", **spec(machine, networks))


def test_additional_networks_must_be_there(google):
    networks = google.networks(4)
    with pytest.raises(Refused, match="Network 'none' does not exist"):
        google.create(**spec(GPU, [*networks[:3], {"network": "none", "subnetwork": "gpu-3"}]))
    with pytest.raises(Refused, match="Subnetwork 'none' does not exist in region us-central1"):
        google.create(**spec(GPU, [*networks[:3], {"network": "gpu-3", "subnetwork": "none"}]))
    with pytest.raises(Refused, match='is not valid for Network "gpu-3"'):
        google.create(**spec(GPU, [*networks[:3], {"network": "gpu-3", "subnetwork": "gpu-0"}]))


def test_additional_networks_differ_from_each_other_and_from_the_cluster_s(google):
    networks = google.networks(4)
    with pytest.raises(Refused, match="needs a subnetwork of its own"):
        google.create(**spec(GPU, [*networks[:3], networks[0]]))
    with pytest.raises(Refused, match="is the network of the cluster itself"):
        google.create(**spec(GPU, [*networks[:3], {"network": "main", "subnetwork": "nodes"}]))


def test_an_rdma_network_carries_eight_subnetworks_in_the_pool_s_zone(google):
    pair = google.networks(1, "plain")
    rdma = google.networks(8, "rdma", ROCE)
    google.create(**ultra([*pair, *rdma]))


def test_an_rdma_network_of_another_zone_is_refused(google):
    other = ROCE.replace("central1-b", "central1-a")
    networks = [*google.networks(1, "plain"), *google.networks(8, "rdma", other)]
    with pytest.raises(Refused, match="only allows resource creation in location us-central1-a, not us-central1-b"):
        google.create(**ultra(networks))


def test_plain_networks_do_not_take_the_place_of_rdma(google):
    with pytest.raises(Refused, match="takes 8 subnetworks of one RDMA network, got 0"):
        google.create(**ultra(google.networks(9)))


# --- node pools: upkeep, taints ---


def test_a_release_channel_keeps_upgrades_and_repair(google):
    regular = cluster(google, releaseChannel={"channel": "REGULAR"})
    off = {"management": {"autoUpgrade": False, "autoRepair": True}}
    google.create(**off)
    with pytest.raises(Refused, match="cannot be false when release_channel REGULAR is set"):
        google.create("other", cluster=regular.id, **off)


def test_nodes_are_no_newer_than_the_control_plane_and_two_minors_older_at_most(google):
    google.create(version="1.32.5-gke.1")
    with pytest.raises(Refused, match="must not be greater than the control plane"):
        google.create("newer", version="1.35.1-gke.1")
    with pytest.raises(Refused, match="too old"):
        google.create("older", version="1.31.1-gke.1")


def test_pods_per_node(google):
    google.create(maxPodsPerNode=8)
    with pytest.raises(Refused, match="between 8 and 256"):
        google.create("other", maxPodsPerNode=257)


def gpu_taint(value):
    return {"config": {"taints": [{"key": "nvidia.com/gpu", "value": value, "effect": "NO_SCHEDULE"}]}}


def test_the_taint_of_gke_is_added_where_there_are_other_nodes(google):
    alone = google.create("alone")
    assert alone.outputs["nodeConfig"]["effectiveTaints"] == []
    google.create("system", config={"machineType": "e2-standard-4"})
    beside = google.create("beside")
    assert beside.outputs["nodeConfig"]["effectiveTaints"] == [
        {"effect": "NO_SCHEDULE", "key": "nvidia.com/gpu", "value": "present"}
    ]


def test_a_second_taint_of_that_key_is_refused_and_the_same_one_is_not(google):
    google.create("first", **gpu_taint("true"))  # no other nodes: GKE adds none
    google.create("system", config={"machineType": "e2-standard-4"})
    same = google.create("same", **gpu_taint("present"))
    assert len(same.outputs["nodeConfig"]["effectiveTaints"]) == 1
    with pytest.raises(Refused, match=r"Found more than one taint with key nvidia.com/gpu and effect NO_SCHEDULE"):
        google.create("other", **gpu_taint("true"))


# --- node pools: reservations, quotas ---


def test_a_named_reservation_is_used_up(google):
    google.reserve(count=2)
    google.create(**specific("kept"))
    text = (
        r'Error 429: .*"kept" is insufficient for node pool "other" at zone "us-central1-a": required 2 and short of 2'
    )
    with pytest.raises(Refused, match=text):
        google.create("other", **specific("kept"))


def test_a_named_reservation_must_be_in_each_zone(google):
    google.reserve()
    google.create(**specific("projects/gpucloud-local/reservations/kept/reservationBlocks/b1"))
    with pytest.raises(
        Refused, match="Could not find the given reservation with the following name: kept in zone us-central1-b"
    ):
        google.create("other", nodeLocations=[ZONE, "us-central1-b"], **specific("kept"))


def test_a_reservation_fits_the_machine_type(google):
    google.reserve(machine_type=MEGA)
    with pytest.raises(Refused, match="is for a3-megagpu-8g, the node pool for a3-highgpu-8g"):
        google.create(**specific("kept"))
    google.create(**specific("kept", machineType=MEGA))


def test_a_reservation_fits_the_attached_accelerators(google):
    attached = [{"acceleratorType": "nvidia-tesla-t4", "acceleratorCount": 2}]
    properties = {"machineType": "n1-standard-8", "guestAccelerators": attached}
    google.reserve(specificReservation={"count": 4, "instanceProperties": properties})
    two = specific("kept", machineType="n1-standard-8", guestAccelerators=[{"type": "nvidia-tesla-t4", "count": 2}])
    one = specific("kept", machineType="n1-standard-8", guestAccelerators=[{"type": "nvidia-tesla-t4", "count": 1}])
    google.create(**two)
    with pytest.raises(Refused, match="they are incompatible"):
        google.create("other", **one)


def test_a_reservation_for_everybody_is_not_named(google):
    google.reserve(specificReservationRequired=False)
    with pytest.raises(Refused, match="specific_reservation_required is false"):
        google.create(**specific("kept"))


def test_a_reservation_that_is_not_active_yet_takes_pools_of_no_nodes(google):
    control.add_reservation(google.cloud.root, "future", GPU, ZONE, 0)
    google.create(initialNodeCount=0, **specific("future"))
    with pytest.raises(Refused, match="required 2 and short of 2"):
        google.create("other", **specific("future"))


def test_a_quota_counts_gpus_of_a_kind_in_the_region(google):
    control.set_quota(google.cloud.root, REGION, "NVIDIA_H100_GPUS", 24)
    google.create()
    google.create("spot", config={"spot": True})
    text = r"Error 403: Insufficient regional quota .* \"NVIDIA_H100_GPUS\": request requires '16.0' and is short '8.0'"
    with pytest.raises(Refused, match=text):
        google.create("other")


def test_networks_have_a_quota_of_the_project(google):
    control.set_quota(google.cloud.root, REGION, "NETWORKS", 2)
    google.cloud.create(NETWORK, "second", {"name": "second"})
    with pytest.raises(Refused, match=r"Error 403: Quota 'NETWORKS' exceeded\.  Limit: 2\.0 globally\., quotaExceeded"):
        google.cloud.create(NETWORK, "third", {"name": "third"})


def test_a_policy_that_only_provisions_needs_a_reservation(google):
    policy = {"type": "HIGH_THROUGHPUT", "acceleratorTopology": "1x72", "acceleratorTopologyMode": "PROVISION_ONLY"}
    google.cloud.create(POLICY, "rack", {"name": "rack", "workloadPolicy": policy})
    google.reserve()
    placed = {"placementPolicy": {"type": "COMPACT", "policyName": "rack"}}
    google.create(**placed, **specific("kept"))
    with pytest.raises(Refused, match="PROVISION_ONLY requires SPECIFIC_RESERVATION"):
        google.create("other", **placed)


# --- clusters ---


def test_a_cluster_is_in_a_location_that_there_is(google):
    cluster(google, "zonal", location=ZONE, nodeLocations=["us-central1-b"])
    with pytest.raises(Refused, match='Location "us-central9" does not exist'):
        cluster(google, "nowhere", location="us-central9")
    with pytest.raises(Refused, match="must not name its own zone"):
        cluster(google, "twice", location=ZONE, nodeLocations=[ZONE])
    with pytest.raises(Refused, match='Location "us-east4-a" does not exist in region'):
        cluster(google, "outside", nodeLocations=["us-east4-a"])


def test_the_workload_pool_is_of_the_project(google):
    with pytest.raises(Refused, match=r"currently only 'gpucloud-local\.svc\.id\.goog' is"):
        cluster(google, workloadIdentityConfig={"workloadPool": "other.svc.id.goog"})


def test_network_and_subnetwork_of_a_cluster_must_be_there_and_belong_together(google):
    google.cloud.create(NETWORK, "other", {"name": "other", "autoCreateSubnetworks": False})
    cluster(google)
    with pytest.raises(Refused, match='Network "none" does not exist'):
        cluster(google, "a", network="none")
    with pytest.raises(Refused, match='Subnetwork "none" does not exist in region "us-central1"'):
        cluster(google, "b", subnetwork="none")
    with pytest.raises(Refused, match='is not valid for Network "other"'):
        cluster(google, "c", network="other")
    with pytest.raises(Refused, match='Network "main" uses manual subnet mode'):
        cluster(google, "d", subnetwork=None, ipAllocationPolicy=None)


def test_a_cluster_without_a_network_is_in_the_default_one(google):
    made = cluster(google, network=None, subnetwork=None, ipAllocationPolicy=None)
    assert made.outputs["network"] == "default"


def test_secondary_ranges_must_be_there(google):
    with pytest.raises(Refused, match='Pod secondary range "x" does not exist in network "main", subnetwork "nodes"'):
        cluster(google, ipAllocationPolicy={"clusterSecondaryRangeName": "x"})
    with pytest.raises(Refused, match='Services secondary range "x" does not exist'):
        cluster(google, ipAllocationPolicy={"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "x"})
    with pytest.raises(Refused, match="cannot be for both"):
        cluster(google, ipAllocationPolicy={"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "pods"})


def private(block):
    return {"privateClusterConfig": {"enablePrivateNodes": True, "masterIpv4CidrBlock": block}}


def test_the_range_of_the_control_plane_overlaps_nothing(google):
    cluster(google, **private("172.31.0.0/28"))
    for block in ("10.0.1.0/28", "10.4.0.0/28", "172.31.0.0/28"):
        with pytest.raises(Refused, match="overlaps with an existing network"):
            cluster(google, "other", **private(block))


def test_a_control_plane_is_not_downgraded(google):
    google.cloud.update(google.cluster, google.cluster_inputs(name="train", minMasterVersion="1.34"))
    with pytest.raises(Refused, match=r"cannot be downgraded to 1\.33"):
        google.cloud.update(google.cluster, google.cluster_inputs(name="train", minMasterVersion="1.33"))


# --- networks, accounts, names ---


def test_ranges_of_a_network_do_not_overlap(google):
    subnetwork(google)
    for block in ("10.0.8.0/24", "10.5.0.0/20"):
        text = rf"Invalid IPCidrRange: {block} conflicts with existing subnetwork 'nodes' in region 'us-central1'\."
        with pytest.raises(Refused, match=text):
            subnetwork(google, "other", ipCidrRange=block)
    with pytest.raises(Refused, match="conflicts with another range"):
        subnetwork(
            google,
            "self",
            ipCidrRange="10.9.0.0/20",
            secondaryIpRanges=[{**SECONDARY[0], "ipCidrRange": "10.9.0.0/24"}],
        )


def test_a_range_grows_and_does_not_shrink(google):
    made = subnetwork(google, ipCidrRange="10.1.0.0/20")
    grown = google.cloud.update(made, {**made.inputs, "ipCidrRange": "10.1.0.0/19"})
    with pytest.raises(Refused, match="can only be expanded"):
        google.cloud.update(grown, {**made.inputs, "ipCidrRange": "10.1.0.0/24"})


def test_subnetworks_of_an_rdma_network_are_in_its_region(google):
    rdma = google.cloud.create(
        NETWORK, "rdma", {"name": "rdma", "autoCreateSubnetworks": False, "networkProfile": ROCE}
    )
    subnetwork(google, "here", network=rdma.id)
    with pytest.raises(Refused, match="only allows resource creation in location us-central1-b"):
        subnetwork(google, "there", network=rdma.id, region="us-east4", ipCidrRange="10.2.0.0/20")


@pytest.mark.parametrize(
    ("token", "inputs"),
    [
        (SUBNETWORK, {"ipCidrRange": "10.64.0.0/20"}),
        (ROUTER, {}),
        (FIREWALL, {"allows": [{"protocol": "tcp"}], "sourceRanges": ["10.0.0.0/8"]}),
    ],
)
def test_a_network_must_be_there(google, token, inputs):
    google.cloud.create(token, "good", {"network": google.network.outputs["selfLink"], **inputs})
    with pytest.raises(
        Refused, match=r"Error 404: The resource 'projects/gpucloud-local/global/networks/none' was not found"
    ):
        google.cloud.create(token, "bad", {"network": "none", **inputs})


NAT_INPUTS = {
    "natIpAllocateOption": "AUTO_ONLY",
    "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
}


def test_a_nat_needs_its_router_and_is_alone_for_all_subnetworks(google):
    router = google.cloud.create(ROUTER, "router", {"name": "router", "network": google.network.id})
    made = google.cloud.create(NAT, "nat", {"name": "nat", "router": router.outputs["name"], **NAT_INPUTS})
    assert made.id == "gpucloud-local/us-central1/router/nat"
    with pytest.raises(Refused, match="routers/none' was not found"):
        google.cloud.create(NAT, "other", {"router": "none", **NAT_INPUTS})
    with pytest.raises(Refused, match="already for all subnetworks"):
        google.cloud.create(NAT, "second", {"router": "router", **NAT_INPUTS})


def test_a_member_of_the_project_must_be_there(google):
    account = google.cloud.create(ACCOUNT, "nodes", {"accountId": "gpu-nodes"})
    role = {"project": "gpucloud-local", "role": "roles/container.defaultNodeServiceAccount"}
    google.cloud.create(MEMBER, "good", {"member": account.outputs["member"], **role})
    google.cloud.create(MEMBER, "user", {"member": "user:a@example.com", **role})
    with pytest.raises(Refused, match=r"Service account none@.* does not exist"):
        google.cloud.create(
            MEMBER, "bad", {"member": "serviceAccount:none@gpucloud-local.iam.gserviceaccount.com", **role}
        )


def test_reservations_are_of_zones_that_have_the_machines(google):
    google.reserve()
    with pytest.raises(Refused, match="Machine type 'a3-ultragpu-8g' is not available in zone 'us-central1-a'"):
        google.reserve(name="other", machine_type=ULTRA)
    with pytest.raises(Refused, match="'zones/us-central1-z' was not found"):
        google.reserve("us-central1-z")


def test_a_name_is_taken_once(google):
    google.create()
    with pytest.raises(Refused, match=r"resource - projects/gpucloud-local/.*/nodePools/h100 - already exists"):
        google.cloud.create(NODE_POOL, "again", google.pool())
    with pytest.raises(
        Refused,
        match="Error 409: The resource 'projects/gpucloud-local/global/networks/main' already exists, alreadyExists",
    ):
        google.cloud.create(NETWORK, "again", {"name": "main"})
    with pytest.raises(Refused, match=r"Error 409: Already exists: .*train"):
        google.cloud.create(CLUSTER, "again", google.cluster_inputs(name="train"))
