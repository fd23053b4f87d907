"""Ids, names, outputs, replacement, removal and functions of Google Cloud's types."""

import pytest

from gpucloud.sim.gcp.clusters import CLUSTER
from gpucloud.sim.gcp.functions import FUNCTIONS
from gpucloud.sim.gcp.iam import ACCOUNT, MEMBER
from gpucloud.sim.gcp.networks import FIREWALL, NETWORK, ROUTER, SUBNETWORK
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.gcp.package import PACKAGE, types
from gpucloud.sim.gcp.scheduling import POLICY
from gpucloud.sim.values import UNKNOWN, encode
from tests.sim.gcp.estate import GPU, ZONE
from tests.sim.servicer import Refused

COMPACT = {"collocation": "COLLOCATED"}


def test_ids_and_self_links(google):
    assert google.network.id == "projects/gpucloud-local/global/networks/main"
    assert google.subnetwork.id == "projects/gpucloud-local/regions/us-central1/subnetworks/nodes"
    assert google.cluster.id == "projects/gpucloud-local/locations/us-central1/clusters/train"
    assert google.network.outputs["selfLink"] == f"https://www.googleapis.com/compute/v1/{google.network.id}"
    assert google.cluster.outputs["selfLink"] == f"https://container.googleapis.com/v1/{google.cluster.id}"
    policy = google.cloud.create(POLICY, "near", {"name": "near", "groupPlacementPolicy": COMPACT})
    assert policy.id == "projects/gpucloud-local/regions/us-central1/resourcePolicies/near"
    assert google.reserve().id == "projects/gpucloud-local/zones/us-central1-a/reservations/kept"
    account = google.cloud.create(ACCOUNT, "nodes", {"accountId": "gpu-nodes"})
    email = "gpu-nodes@gpucloud-local.iam.gserviceaccount.com"
    assert account.id == f"projects/gpucloud-local/serviceAccounts/{email}"
    assert account.outputs["member"] == f"serviceAccount:{email}"
    role = {"project": "gpucloud-local", "role": "roles/viewer", "member": account.outputs["member"]}
    assert google.cloud.create(MEMBER, "viewer", role).id == f"gpucloud-local/roles/viewer/serviceAccount:{email}"


def test_the_project_is_the_resource_s_the_provider_s_or_the_local_cloud_s(google):
    other = google.cloud.create(NETWORK, "other", {"name": "a", "project": "mine", "autoCreateSubnetworks": False})
    assert other.id == "projects/mine/global/networks/a"
    google.cloud.call("Configure", "gcp:x", args=encode({"region": "us-central1", "project": "ours"}))
    assert google.cloud.create(NETWORK, "third", {"name": "b"}).id == "projects/ours/global/networks/b"


def test_a_zone_of_the_provider_gives_its_region(cloud):
    cloud.call("Configure", "gcp:x", args=encode({"zone": "us-east4-a"}))
    cloud.create(NETWORK, "main", {"name": "main"})
    assert "/regions/us-east4/" in cloud.create(ROUTER, "router", {"name": "r", "network": "main"}).id


def test_without_a_region_the_provider_s_own_words(cloud):
    cloud.call("Configure", "gcp:x", args=encode({}))
    cloud.create(NETWORK, "main", {"name": "main"})
    with pytest.raises(Refused, match="Cannot determine region: set in this resource, or set provider-level 'region'"):
        cloud.create(ROUTER, "router", {"name": "r", "network": "main"})
    with pytest.raises(Refused, match="Cannot determine location"):
        cloud.create(CLUSTER, "c", {"initialNodeCount": 1})


def test_settings_name_a_region_that_there_is():
    assert PACKAGE.check_settings({"region": "us-central1"}) == PACKAGE.check_settings({}) == []
    assert PACKAGE.check_settings({"region": UNKNOWN}) == []
    (refusal,) = PACKAGE.check_settings({"region": "us-centra1"})
    assert refusal.path == "region"


@pytest.mark.parametrize(("token", "lower"), [(NETWORK, True), (SUBNETWORK, True), (ROUTER, True), (FIREWALL, False)])
def test_names_are_given_as_the_provider_gives_them(cloud, token, lower):
    inputs = {"network": "default", "ipCidrRange": "10.0.0.0/20"} if token == SUBNETWORK else {}
    checked, _ = cloud.check(token, "GpuNet", inputs)
    assert checked["name"][:-7] == ("gpunet-" if lower else "GpuNet-")
    long, _ = cloud.check(token, "n" * 300, inputs)
    assert len(long["name"]) == (63 if lower else 255)


def test_a_pool_s_given_name_can_be_too_long_as_with_the_real_provider(google):
    assert google.cloud.check(NODE_POOL, "p" * 32, google.pool(name=None))[1] == []
    checked, ((path, reason),) = google.cloud.check(NODE_POOL, "p" * 40, google.pool(name=None))
    assert len(checked["name"]) == 48
    assert path == "name"
    assert "no longer than 40 characters" in reason


def test_a_firewall_s_given_name_keeps_its_capitals_and_is_refused_for_them(google):
    inputs = {"network": google.network.id, "allows": [{"protocol": "tcp"}], "sourceRanges": ["10.0.0.0/8"]}
    assert google.cloud.check(FIREWALL, "open", inputs)[1] == []
    ((path, _),) = google.cloud.check(FIREWALL, "Open", inputs)[1]
    assert path == "name"


def test_outputs_of_a_cluster(google):
    outputs = google.cluster.outputs
    assert outputs["endpoint"] == "train.us-central1.gke.local-cloud.invalid"
    assert outputs["masterAuth"]["clusterCaCertificate"]
    assert outputs["ipAllocationPolicy"]["clusterIpv4CidrBlock"] == outputs["clusterIpv4Cidr"] == "10.4.0.0/14"
    assert outputs["nodeLocations"] == ["us-central1-a", "us-central1-b", "us-central1-c"]
    assert outputs["masterVersion"].startswith("1.")
    labelled = google.cloud.create(CLUSTER, "b", google.cluster_inputs(name="b", resourceLabels={"team": "a"}))
    assert labelled.outputs["effectiveLabels"] == {"team": "a", "goog-pulumi-provisioned": "true"}


def test_outputs_of_a_pool(google):
    outputs = google.create(nodeLocations=[ZONE, "us-central1-b"]).outputs
    managers, groups = outputs["instanceGroupUrls"], outputs["managedInstanceGroupUrls"]
    assert [url.split("/")[8] for url in managers] == ["us-central1-a", "us-central1-b"]
    assert [url.replace("Managers", "s").replace("instanceGroupss", "instanceGroups") for url in managers] == groups
    assert outputs["version"] == google.cluster.outputs["masterVersion"]
    assert outputs["nodeConfig"]["machineType"] == GPU
    assert outputs["nodeConfig"]["diskSizeGb"] == 100


def test_a_preview_knows_inputs_and_not_what_the_cloud_computes(google):
    made = google.cloud.create(NODE_POOL, "seen", google.pool(name="seen"), preview=True)
    assert made.id == ""
    assert made.outputs["instanceGroupUrls"] is UNKNOWN
    assert made.outputs["nodeConfig"]["machineType"] == GPU


def replaces(google, made, **changes):
    answer = google.cloud.diff(made, {**made.inputs, **changes})
    return sorted(answer.replaces), sorted(answer.diffs)


def test_what_replaces_a_pool_and_what_does_not(google):
    made = google.create(placementPolicy={"type": "COMPACT"}, autoscaling={"minNodeCount": 0, "maxNodeCount": 4})
    config = made.inputs["nodeConfig"]
    assert replaces(google, made, nodeConfig={**config, "spot": True}) == (["nodeConfig"], ["nodeConfig"])
    assert replaces(google, made, nodeConfig={**config, "labels": {"a": "b"}}) == ([], ["nodeConfig"])
    assert replaces(google, made, nodeConfig={**config, "machineType": "a3-megagpu-8g"}) == ([], ["nodeConfig"])
    assert replaces(google, made, nodeConfig={**config, "kubeletConfig": {"podPidsLimit": 2048}})[0] == []
    assert replaces(google, made, initialNodeCount=3)[0] == ["initialNodeCount"]
    assert replaces(google, made, maxPodsPerNode=32)[0] == ["maxPodsPerNode"]
    assert replaces(google, made, autoscaling={"minNodeCount": 0, "maxNodeCount": 8})[0] == []
    assert replaces(google, made, nodeLocations=["us-central1-b"])[0] == []


def test_a_block_that_comes_or_goes_replaces_and_what_is_inside_may_not(google):
    made = google.create(placementPolicy={"type": "COMPACT"})
    gone = {key: value for key, value in made.inputs.items() if key != "placementPolicy"}
    assert google.cloud.diff(made, gone).replaces == ["placementPolicy"]
    assert replaces(google, made, placementPolicy={"type": "COMPACT", "policyName": "near"})[0] == ["placementPolicy"]


def test_an_object_that_comes_with_what_replaces_replaces(google):
    made = google.create()
    assert replaces(google, made, networkConfig={"enablePrivateNodes": True}) == ([], ["networkConfig"])
    assert replaces(google, made, networkConfig={"podRange": "pods"}) == (["networkConfig"], ["networkConfig"])
    affinity = {"consumeReservationType": "NO_RESERVATION"}
    config = {**made.inputs["nodeConfig"], "reservationAffinity": affinity}
    assert replaces(google, made, nodeConfig=config)[0] == ["nodeConfig"]


def test_a_list_that_google_keeps_as_a_set_has_no_order(google):
    made = google.create(nodeLocations=[ZONE, "us-central1-b"], config={"tags": ["a", "b"]})
    assert replaces(google, made, nodeLocations=["us-central1-b", ZONE]) == ([], [])


def test_a_named_resource_is_removed_before_it_is_made_anew(google):
    answer = google.cloud.diff(google.network, {**google.network.inputs, "mtu": 8896, "networkProfile": None})
    assert not answer.deleteBeforeReplace
    changed = google.cloud.diff(google.network, {**google.network.inputs, "description": "x"})
    assert list(changed.replaces) == ["description"]
    assert changed.deleteBeforeReplace


def test_deletion_protection_holds_until_it_is_set_to_false(google):
    inputs = google.cluster_inputs(name="kept", deletionProtection=None)
    made = google.cloud.create(CLUSTER, "kept", inputs)
    with pytest.raises(Refused, match="Cannot destroy cluster because deletion_protection is set to true"):
        google.cloud.delete(made)
    google.cloud.delete(google.cloud.update(made, {**inputs, "deletionProtection": False}))


def test_a_deletion_policy_prevents(google):
    made = google.create(deletionPolicy="PREVENT")
    with pytest.raises(Refused, match="without setting deletion_policy"):
        google.cloud.delete(made)
    google.cloud.delete(google.cloud.update(made, google.pool(deletionPolicy="DELETE")))


def test_a_network_in_use_stays(google):
    text = "Error 400: The network resource '.*main' is already being used by '.*nodes', resourceInUseByAnotherResource"
    with pytest.raises(Refused, match=text):
        google.cloud.delete(google.network)
    with pytest.raises(Refused, match=r"The subnetwork resource .*nodes' is already being used by '.*clusters/train'"):
        google.cloud.delete(google.subnetwork)
    for made in (google.cluster, google.subnetwork, google.network):
        google.cloud.delete(made)


def test_a_policy_in_use_stays(google):
    policy = google.cloud.create(POLICY, "near", {"name": "near", "groupPlacementPolicy": COMPACT})
    pool = google.create(placementPolicy={"type": "COMPACT", "policyName": "near"})
    with pytest.raises(Refused, match=r"The resource_policy resource .*near' is already being used by .*h100'"):
        google.cloud.delete(policy)
    google.cloud.delete(pool)
    google.cloud.delete(policy)


def test_a_cluster_takes_its_pools_with_it(google):
    google.create()
    google.cloud.delete(google.cluster)
    assert google.cloud.store.find("type = ?", NODE_POOL) == []
    assert google.cloud.store.db.execute("SELECT COUNT(*) FROM allocation").fetchone() == (0,)


def test_reading_by_id_alone(google):
    answer = google.cloud.read(google.cluster)
    assert answer.id == google.cluster.id


def test_functions(google):
    call = google.cloud.invoke
    assert call("gcp:organizations/getProject:getProject")["projectId"] == "gpucloud-local"
    assert call("gcp:organizations/getClientConfig:getClientConfig")["region"] == "us-central1"
    versions = call("gcp:container/getEngineVersions:getEngineVersions", location="us-central1", versionPrefix="1.34.")
    assert versions["latestMasterVersion"] == google.cluster.outputs["masterVersion"]
    google.reserve(count=4)
    found = call("gcp:compute/getReservation:getReservation", name="kept", zone=ZONE)
    assert (found["status"], found["specificReservations"][0]["count"]) == ("READY", 4)
    with pytest.raises(Refused, match="reservations/none' was not found"):
        call("gcp:compute/getReservation:getReservation", name="none", zone=ZONE)
    with pytest.raises(Refused, match="does not model the function gcp:compute/getImage:getImage"):
        call("gcp:compute/getImage:getImage")


def test_a_type_that_is_not_modelled_is_refused_by_name(google):
    with pytest.raises(
        Refused, match="does not model gcp:storage/bucket:Bucket; modelled: gcp:artifactregistry/repository:Rep"
    ):
        google.cloud.check("gcp:storage/bucket:Bucket", "b", {})
    assert len(types()) == 14
    assert len(FUNCTIONS) == 4
