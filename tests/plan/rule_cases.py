"""One case that passes and one that fails for every rule about pools that EKS has, too."""

from gpucloud.plan import Offering
from tests.plan.pools import EAST
from tests.plan.rule_case import Case

CUSTOM = {"family": "custom", "id": "ami-0123456789abcdef0"}
BLOCK = {"type": "capacity-block", "reservation_id": "cr-block"}
RESERVED = {"type": "reserved", "reservation_id": "cr-odcr", "zone": "us-east-1a"}
GIB = 2**30


def _taints(count: int) -> list[dict[str, str]]:
    return [{"key": f"taint-{index}"} for index in range(count)]


POOL_CASES: dict[str, Case] = {
    "zones_are_in_the_region": Case(
        {"zones": EAST}, {"zones": ("us-east-1a", "us-east-1g", "us-west-2a")}, ("zones[1]", "zones[2]")
    ),
    "zones_are_named_once": Case(
        {"zones": EAST[:3]}, {"zones": ("us-east-1a", "us-east-1b", "us-east-1a")}, ("zones[2]",)
    ),
    "zones_offer_the_machine_type": Case(
        {"machine_type": "p5.48xlarge"}, {"machine_type": "trn2.3xlarge"}, ("zones[0]", "zones[1]")
    ),
    "capacity_type_is_sold": Case(
        {"capacity": (BLOCK, "on-demand", "spot", RESERVED)},
        {"machine_type": "g5.xlarge", "capacity": ("spot", BLOCK)},
        ("capacity[1]",),
    ),
    "reservation_has_a_zone_of_the_pool": Case(
        {"zones": EAST[:1], "capacity": (BLOCK, RESERVED)},
        {"capacity": (BLOCK, {**RESERVED, "zone": "us-east-1c"}, RESERVED)},
        ("capacity[0].zone", "capacity[1].zone"),
    ),
    "capacity_entries_differ": Case(
        {"capacity": (RESERVED, {**RESERVED, "reservation_id": "cr-other"}, "spot")},
        {"capacity": ("spot", RESERVED, "on-demand", "spot", {**RESERVED, "count": 3})},
        ("capacity[3]", "capacity[4]"),
    ),
    "capacity_block_starts_empty": Case(
        {"zones": EAST[:1], "capacity": (BLOCK, "spot"), "size": {"max": 4}},
        {"zones": EAST[:1], "capacity": (BLOCK, "spot"), "size": {"min": 1, "desired": 2, "max": 4}},
        ("size.min", "size.desired"),
    ),
    "nodes_have_somewhere_to_go": Case(
        {"capacity": ({**RESERVED, "count": 2}, "spot"), "size": {"desired": 5, "max": 8}},
        {"capacity": ({**RESERVED, "count": 2}, "spot"), "size": {"desired": 5, "max": 8}, "zones": EAST[:1]},
        ("capacity",),
        frozenset({Offering("p5.48xlarge", "us-east-1a", "spot")}),
    ),
    "close_placement_is_not_forced_on_a_reservation": Case(
        {"capacity": (RESERVED, "spot"), "placement": "cluster"},
        {"capacity": (RESERVED,), "placement": "cluster"},
        ("placement",),
    ),
    "fabric_exists_on_the_machine_type": Case(
        {"machine_type": "g5.8xlarge", "fabric": "efa"}, {"machine_type": "g5.4xlarge", "fabric": "efa"}, ("fabric",)
    ),
    "local_drives_exist": Case(
        {"machine_type": "g6.12xlarge", "local_nvme": "raid10"},
        {"machine_type": "g6.8xlarge", "local_nvme": "raid10"},
        ("local_nvme",),
    ),
    "bottlerocket_cannot_make_raid10": Case(
        {"image": {"family": "bottlerocket"}, "local_nvme": "raid0"},
        {"image": {"family": "bottlerocket"}, "local_nvme": "mount"},
        ("local_nvme",),
    ),
    "driver_has_exactly_one_owner": Case(
        {"driver_owner": "host", "image": CUSTOM}, {"driver_owner": "operator"}, ("driver_owner",)
    ),
    "image_knows_the_accelerator": Case(
        {"machine_type": "inf2.xlarge"},
        {"machine_type": "inf2.xlarge", "image": {"family": "bottlerocket"}},
        ("image",),
    ),
    "driver_version_is_the_vendors": Case(
        {"machine_type": "g5.xlarge", "driver_owner": "operator", "image": CUSTOM, "driver_version": "580.126.09"},
        {"machine_type": "g5.xlarge", "driver_owner": "operator", "image": CUSTOM, "driver_version": "7.0.2"},
        ("driver_version",),
    ),
    "operator_knows_the_accelerator": Case(
        {"machine_type": "g5.xlarge", "driver_owner": "operator", "image": CUSTOM},
        {"machine_type": "g4ad.xlarge", "driver_owner": "operator", "image": CUSTOM},
        ("driver_owner",),
    ),
    "legacy_driver_is_not_forced_open": Case(
        {"machine_type": "g4dn.xlarge", "driver_owner": "operator", "image": CUSTOM},
        {"machine_type": "p3.2xlarge", "driver_owner": "operator", "image": CUSTOM},
        ("driver_owner",),
    ),
    "driver_knows_the_accelerator": Case(
        {
            "machine_type": "p6-b200.48xlarge",
            "driver_owner": "operator",
            "image": CUSTOM,
            "driver_version": "570.133.20",
        },
        {
            "machine_type": "p6-b200.48xlarge",
            "driver_owner": "operator",
            "image": CUSTOM,
            "driver_version": "570.124.06",
        },
        ("driver_version",),
    ),
    # 55 characters fit: 63 of CreateNodegroup less a dash and seven of Pulumi's; `-us-east-1a-od` takes 14.
    "node_group_names_fit": Case({}, {"capacity": ("spot",)}, ("name",), prefix="n" * (55 - 14)),
    # `k8s.io/cluster-autoscaler/node-template/label/` has 46 characters and `…/taint/` as many.
    "labels_fit_into_tags": Case(
        {"labels": {f"{'p' * 70}/{'k' * 11}": ""}, "taints": [{"key": f"{'p' * 70}/{'k' * 11}"}]},
        {"labels": {f"{'p' * 70}/{'k' * 12}": ""}, "taints": [{"key": "a"}, {"key": f"{'p' * 70}/{'k' * 12}"}]},
        (f"labels[{'p' * 70}/{'k' * 12}]", "taints[1].key"),
    ),
    "labels_are_not_the_librarys": Case(
        {"labels": {"pool": "x", "example.com/pool": "y"}},
        {"labels": {"gpucloud.io/mine": "x", "k8s.amazonaws.com/accelerator": "y"}},
        ("labels[gpucloud.io/mine]", "labels[k8s.amazonaws.com/accelerator]"),
    ),
    "labels_are_not_reserved": Case(
        {
            "labels": {
                "node.kubernetes.io/role": "x",
                "team.kubelet.kubernetes.io/role": "x",
                "notkubernetes.io/role": "x",
                "kubernetes.io.example.com/role": "x",
                "k8s.io": "x",
            },
            "taints": [{"key": "node-role.kubernetes.io/gpu"}],
        },
        {
            "labels": {
                "kubernetes.io/role": "x",
                "node-role.kubernetes.io/gpu": "",
                "mynode.kubernetes.io/role": "x",
                "autoscaling.k8s.io/role": "x",
                "k8s.io/role": "x",
                "eks.amazonaws.com/role": "x",
                "nodes.eks.amazonaws.com/role": "x",
            }
        },
        (
            "labels[kubernetes.io/role]",
            "labels[node-role.kubernetes.io/gpu]",
            "labels[mynode.kubernetes.io/role]",
            "labels[autoscaling.k8s.io/role]",
            "labels[k8s.io/role]",
            "labels[eks.amazonaws.com/role]",
            "labels[nodes.eks.amazonaws.com/role]",
        ),
    ),
    "taints_differ": Case(
        {"taints": [{"key": "a"}, {"key": "a", "effect": "NoExecute"}]},
        {"taints": [{"key": "a"}, {"key": "b"}, {"key": "a", "value": "x"}]},
        ("taints[2]",),
    ),
    # EKS takes 50 taints, and the accelerator's own is one of them.
    "taints_fit_into_a_node_group": Case({"taints": _taints(49)}, {"taints": _taints(50)}, ("taints",)),
    "even_spread_has_a_node_for_every_zone": Case(
        {"spread": "even", "size": {"max": 2}}, {"spread": "even", "size": {"max": 1}}, ("size.max",)
    ),
    "even_spread_finds_room_in_every_zone": Case(
        {
            "spread": "even",
            "size": {"desired": 5, "max": 6},
            "capacity": ({**RESERVED, "count": 3}, {**RESERVED, "reservation_id": "cr-2", "zone": EAST[1], "count": 2}),
        },
        {
            "spread": "even",
            "size": {"desired": 5, "max": 6},
            "capacity": ({**RESERVED, "count": 1}, {**RESERVED, "reservation_id": "cr-2", "zone": EAST[1], "count": 9}),
        },
        ("capacity",),
    ),
}
