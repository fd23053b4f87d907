"""The zones of the control plane stay: EKS takes none later that it was not created with."""

from gpucloud import ClusterSpec, NetworkSpec, NodePoolSpec
from gpucloud.plan.environment import plan_cluster


def _zones(*pools, zones=()):
    cluster = ClusterSpec(
        name="c",
        cloud="aws",
        region="us-east-1",
        network=NetworkSpec(zones=zones),
        node_pools=[
            NodePoolSpec(name=f"p{index}", machine_type="g5.xlarge", zones=used) for index, used in enumerate(pools)
        ],
    )
    return plan_cluster(cluster).network


def test_a_pool_in_a_fourth_zone_moves_nothing():
    before, after = _zones(["us-east-1a"]), _zones(["us-east-1a"], ["us-east-1d"])
    assert before.control_plane_zones == after.control_plane_zones == ("us-east-1a", "us-east-1b", "us-east-1c")
    assert [subnet.zone for subnet in after.subnets] == ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d"]


def test_zones_added_at_the_end_move_nothing():
    zones = ("us-east-1d", "us-east-1c", "us-east-1b")
    before = _zones(["us-east-1d"], zones=zones)
    after = _zones(["us-east-1d"], zones=(*zones, "us-east-1a"))
    assert before.control_plane_zones == after.control_plane_zones == tuple(sorted(zones))
