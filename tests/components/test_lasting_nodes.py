"""What must not happen to nodes that run: losing their version, their reservation, their routes or their zone."""

from gpucloud import ClusterSpec, EnvironmentSpec, GpuEnvironment
from tests.components.programs import cluster_ref, record_pool
from tests.components.recorder import record

RESERVED = {"type": "reserved", "reservation_id": "cr-0123456789abcdef0"}
PREFERENCE = {"capacityReservationPreference": "none"}


def _environment(*zones: str):
    pools = [{"name": f"p{zone[-1]}", "machine_type": "g5.xlarge", "zones": [zone]} for zone in zones]
    cluster = ClusterSpec.model_validate({"name": "c", "cloud": "aws", "region": "us-east-1", "node_pools": pools})
    return record(lambda: GpuEnvironment("e", EnvironmentSpec(name="e", clusters=(cluster,))) and None)


def _templates(record_):
    return {
        template.name.removeprefix("pool-us-east-1a-"): template.inputs.get("capacityReservationSpecification")
        for template in record_.of_type("LaunchTemplate")
    }


def test_on_demand_nodes_keep_out_of_a_reservation_beside_them():
    found = _templates(record_pool(capacity=[RESERVED, "on-demand", "spot"]))
    assert found["od"] == PREFERENCE
    assert found["spot"] is None
    assert found["reserved"]["capacityReservationTarget"] == {"capacityReservationId": "cr-0123456789abcdef0"}


def test_on_demand_nodes_alone_may_use_what_is_open():
    assert _templates(record_pool(capacity=["on-demand"])) == {"od": None}


def test_nodes_follow_the_control_planes_version():
    group = record_pool(ref=cluster_ref(kubernetes_version="1.34")).of_type("NodeGroup")[0]
    assert group.inputs["version"] == "1.34"
    assert "version" not in record_pool().of_type("NodeGroup")[0].inputs


def test_nodes_with_an_own_image_have_the_version_of_the_image():
    ref = cluster_ref(
        kubernetes_version="1.34", endpoint="https://e", certificate_authority="Y2E=", service_cidr="172.20.0.0/16"
    )
    image = {"family": "custom", "id": "ami-0123456789abcdef0"}
    assert "version" not in record_pool(ref=ref, image=image, driver_owner="host").of_type("NodeGroup")[0].inputs


def test_other_security_groups_of_the_cluster_reach_the_nodes():
    template = record_pool(ref=cluster_ref(security_group_ids=["sg-nodes"])).of_type("LaunchTemplate")[0]
    assert template.inputs["vpcSecurityGroupIds"] == ["sg-cluster", "sg-nodes"]


def test_a_pool_in_a_fourth_zone_leaves_the_system_nodes_alone():
    before, after = _environment("us-east-1a"), _environment("us-east-1a", "us-east-1d")
    assert before.one("NodeGroup", "e-c-system").inputs == after.one("NodeGroup", "e-c-system").inputs
    assert before.one("eks/cluster:Cluster").inputs == after.one("eks/cluster:Cluster").inputs


def test_the_cluster_waits_for_routes_and_the_operators_for_the_pools():
    found = _environment("us-east-1a")
    routes = {f"{route.type}::{route.name}" for route in found.of_type("ec2/route:Route")}
    assert routes
    assert routes <= set(found.one("eks/cluster:Cluster").dependencies)
    pools = {f"{group.type}::{group.name}" for group in found.of_type("NodeGroup") if "-pa-" in group.name}
    assert pools
    operators = [*found.of_type("Namespace"), *found.of_type("Release")]
    assert operators
    assert all(pools <= set(entry.dependencies) for entry in operators)
