"""Unlike MIG instances: what is accepted, what a node then counts, and what operator and nodes are told."""

from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.device_mig import mig_profile, mig_profiles
from gpucloud.facts.machine_types import machine_type
from gpucloud.facts.mig_placements import mig_placements
from gpucloud.plan import NodePoolPlan, plan_document
from gpucloud.plan.impact import impact
from gpucloud.plan.model import ClusterPlan
from gpucloud.plan.output import plan_to_document
from gpucloud.spec import Mig, MigGroup

MIXED = {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}


def _pool(sharing: Any, machine: str = "p5.48xlarge", name: str = "p", **fields: Any) -> dict[str, Any]:
    return {"name": name, "machine_type": machine, "zones": ["us-east-1a"], "sharing": sharing, **fields}


def _document(*pools: dict[str, Any], **fields: Any) -> dict[str, Any]:
    cluster = {"name": "c", "cloud": "aws", "region": "us-east-1", "kubernetes_version": "1.35", "node_pools": pools}
    return {"name": "prod", "clusters": [{**cluster, **fields}]}


def _cluster(*pools: dict[str, Any], **fields: Any) -> ClusterPlan:
    return plan_document(_document(*pools, **fields)).clusters[0]


def _cut(layout: Any) -> dict[str, Any]:
    return {"type": "mig", "layout": layout}


def _plan(layout: Any, machine: str = "p5.48xlarge") -> NodePoolPlan:
    return _cluster(_pool(_cut(layout), machine)).node_pools[0]


def _operator(cluster: ClusterPlan) -> Any:
    return next(release for release in cluster.releases if release.chart == "gpu-operator").values


def _devices(pool: NodePoolPlan) -> dict[str, str]:
    return {key: value for key, value in pool.node_resources if key.startswith("nvidia.com/")}


@pytest.mark.parametrize(
    ("layout", "machine", "devices"),
    [
        (MIXED, "p5.48xlarge", {"mig-1g.10gb": "16", "mig-2g.20gb": "8", "mig-3g.40gb": "8"}),
        ({"1g.10gb": 7}, "p5.48xlarge", {"mig-1g.10gb": "56"}),
        ({"1g.10gb+me": 1, "3g.40gb": 1}, "p5.4xlarge", {"mig-1g.10gb.me": "1", "mig-3g.40gb": "1"}),
        ({"2g.48gb-me": 1, "1g.24gb-me": 2}, "g7e.12xlarge", {"mig-1g.24gb-me": "4", "mig-2g.48gb-me": "2"}),
        (
            [{"gpus": [0, 1, 2, 3], "instances": {"1g.10gb": 7}}, {"gpus": [4, 5, 6, 7], "instances": MIXED}],
            "p4de.24xlarge",
            {"mig-1g.10gb": "36", "mig-2g.20gb": "4", "mig-3g.40gb": "4"},
        ),
    ],
)
def test_a_node_counts_each_profile_under_its_own_name(layout: Any, machine: str, devices: dict[str, str]) -> None:
    pool = _plan(layout, machine)
    assert _devices(pool) == {f"nvidia.com/{key}": value for key, value in devices.items()}
    assert pool.machine.devices_per_node == sum(int(value) for value in devices.values())
    assert pool.gpus_per_node == machine_type("aws", machine).accelerator_count
    # The autoscaler would wait for nvidia.com/gpu on nodes with this label, which never comes.
    assert "k8s.amazonaws.com/accelerator" not in dict(pool.labels)


@st.composite
def layouts(draw: st.DrawFn) -> tuple[str, dict[str, int]]:
    name = draw(st.sampled_from(["p4d.24xlarge", "p4de.24xlarge", "p5.48xlarge", "p5en.48xlarge", "g7e.48xlarge"]))
    profiles = sorted(profile.name for profile in mig_profiles(machine_type("aws", name).accelerator))
    some = st.dictionaries(st.sampled_from(profiles), st.integers(1, 8), min_size=1, max_size=4)
    return name, draw(some)


@given(layouts(), st.randoms())
def test_what_is_accepted_fits_and_the_order_of_keys_is_nothing(wish: tuple[str, dict[str, int]], random: Any) -> None:
    machine, layout = wish
    keys = list(layout)
    random.shuffle(keys)
    shuffled = {key: layout[key] for key in keys}
    accelerator = machine_type("aws", machine).accelerator
    pool, problems = _tried(layout, machine)
    assert (pool, problems) == _tried(shuffled, machine)
    if pool is None:
        assert {problem.path.partition(".sharing.")[2] for problem in problems} == {"layout[0].instances"}
        return
    places = mig_placements(accelerator)
    room = max(start + place.size for place in places.values() for start in place.starts)
    assert sum(places[name].size * count for name, count in layout.items()) <= room
    slices = sum(mig_profile(accelerator, name).compute_slices * count for name, count in layout.items())
    assert slices <= max(profile.compute_slices for profile in mig_profiles(accelerator))
    assert all(count <= mig_profile(accelerator, name).max_instances for name, count in layout.items())
    assert sum(int(count) for count in _devices(pool).values()) == 8 * sum(layout.values())


def _tried(layout: dict[str, int], machine: str) -> tuple[NodePoolPlan | None, tuple[Problem, ...]]:
    try:
        return _plan(layout, machine), ()
    except InvalidInputError as error:
        return None, error.problems


def test_one_layout_has_one_name_however_it_is_written() -> None:
    ways: list[Any] = [
        MIXED,
        [{"instances": MIXED}],
        [{"gpus": list(range(8)), "instances": MIXED}],
        [
            {"gpus": [7, 6, 5, 4], "instances": MIXED},
            {"gpus": [0, 1, 2, 3], "instances": dict(reversed(MIXED.items()))},
        ],
    ]
    labels = {dict(_plan(way).labels)["nvidia.com/mig.config"] for way in ways}
    (label,) = labels
    assert label.startswith("layout-")
    assert len(label) == len("layout-") + 8
    other = [{"gpus": [0], "instances": {"7g.80gb": 1}}, {"gpus": [1, 2, 3, 4, 5, 6, 7], "instances": MIXED}]
    assert dict(_plan(other).labels)["nvidia.com/mig.config"] != label
    assert Mig.model_validate({"layout": MIXED}) == Mig(layout=(MigGroup(instances=MIXED),))


def test_each_pool_of_a_cluster_keeps_its_own_way() -> None:
    """Equal instances stay nvidia.com/gpu beside unlike ones, and MPS is possible, which no plugin has with `mixed`."""
    layout, equal, old = _pool(_cut(MIXED)), {"type": "mig", "profile": "1g.10gb"}, "p4d.24xlarge"
    others = [
        _pool(equal, name="equal"),
        _pool(equal, old, name="old"),
        _pool({"type": "mps", "replicas": 3}, name="mps"),
        _pool("whole", name="whole"),
    ]
    cluster = _cluster(layout, *others)
    assert [_devices(pool) for pool in cluster.node_pools if pool.name != "p"] == [
        {"nvidia.com/gpu": "56"},
        {"nvidia.com/gpu": "24"},
        {"nvidia.com/gpu": "32"},
        {"nvidia.com/gpu": "8"},
    ]
    alone = {pool.name: pool for pool in _cluster(*others).node_pools}
    assert {pool.name: pool for pool in cluster.node_pools if pool.name != "p"} == alone
    values = _operator(cluster)
    assert values["mig"] == {"strategy": ""}
    files = {name: yaml.safe_load(text) for name, text in values["devicePlugin"]["config"]["data"].items()}
    assert files["whole"] == {"version": "v1", "flags": {"migStrategy": "single"}}
    assert files["mig-mixed"] == {"version": "v1", "flags": {"migStrategy": "mixed"}}
    assert "flags" not in files["mps-3"]
    labels = {pool.name: dict(pool.labels) for pool in cluster.node_pools}
    assert labels["p"]["nvidia.com/device-plugin.config"] == "mig-mixed"
    assert "nvidia.com/device-plugin.config" not in labels["equal"]
    config = yaml.safe_load(values["migManager"]["config"]["data"]["config.yaml"])
    assert config["version"] == "v1"
    everywhere = {"devices": "all", "mig-enabled": True}
    assert config["mig-configs"] == {
        "all-disabled": [{"devices": "all", "mig-enabled": False}],
        # Four on an A100 with 40 GB, seven on an H100: one name, told apart by the cards.
        "all-1g.10gb": [
            {**everywhere, "mig-devices": {"1g.10gb": 4}, "device-filter": ["0x20B010DE"]},
            {**everywhere, "mig-devices": {"1g.10gb": 7}, "device-filter": ["0x233010DE"]},
        ],
        labels["p"]["nvidia.com/mig.config"]: [{**everywhere, "mig-devices": MIXED}],
    }
    assert values["migManager"]["config"]["default"] == "all-disabled"
    assert {"name": "WITH_REBOOT", "value": "true"} in values["migManager"]["env"]


def test_the_manager_starts_again_when_its_file_changes() -> None:
    def env(layout: Any) -> Any:
        return _operator(_cluster(_pool(_cut(layout))))["migManager"]["env"]

    assert env(MIXED) == env(dict(reversed(MIXED.items())))
    assert env(MIXED) != env({"1g.10gb": 7})


def test_groups_are_told_by_index() -> None:
    groups = [{"gpus": [4, 5, 6, 7], "instances": {"7g.80gb": 1}}, {"gpus": [0, 1, 2, 3], "instances": MIXED}]
    cluster = _cluster(_pool(_cut(groups)))
    config = yaml.safe_load(_operator(cluster)["migManager"]["config"]["data"]["config.yaml"])["mig-configs"]
    (name,) = config.keys() - {"all-disabled"}
    assert config[name] == [
        {"devices": [0, 1, 2, 3], "mig-enabled": True, "mig-devices": MIXED},
        {"devices": [4, 5, 6, 7], "mig-enabled": True, "mig-devices": {"7g.80gb": 1}},
    ]
    document = plan_to_document(plan_document(_document(_pool(_cut(groups)))))
    (pool,) = document["clusters"][0]["node_pools"]
    assert pool["sharing"]["layout"][1] == {"gpus": [4, 5, 6, 7], "instances": {"7g.80gb": 1}}


def test_equal_instances_alone_leave_the_manager_its_own_configurations() -> None:
    values = _operator(_cluster(_pool({"type": "mig", "profile": "1g.10gb"})))
    assert values["mig"] == {"strategy": "single"}
    assert values["migManager"] == {"env": [{"name": "WITH_REBOOT", "value": "true"}]}


def test_where_aks_cuts_the_manager_does_not() -> None:
    """It labels nodes without a label `all-disabled`, and would join again what AKS has cut."""
    pool = {
        "name": "p",
        "machine_type": "Standard_ND96isr_H100_v5",
        "zones": ["regional"],
        "sharing": {"type": "mig", "profile": "1g.10gb"},
    }
    cluster = _cluster(pool, cloud="azure", region="swedencentral")
    assert _operator(cluster)["migManager"] == {"enabled": False}
    assert _operator(cluster)["mig"] == {"strategy": "single"}


def test_claims_count_instances_and_no_plugin_is_told() -> None:
    size = {"min": 1, "desired": 1}
    cluster = _cluster(_pool(_cut(MIXED), size=size), gpu_stack={"allocation": "dra"})
    values = _operator(cluster)
    assert values["mig"] == {"strategy": "mixed"}
    assert "config" not in values["devicePlugin"]
    (pool,) = cluster.node_pools
    assert _devices(pool) == {}
    assert pool.machine.devices_per_node == 32


def test_a_change_of_the_layout_cuts_the_same_nodes_again() -> None:
    size = {"min": 2, "desired": 2, "max": 4}
    old, new = (plan_document(_document(_pool(_cut(layout), size=size))) for layout in (MIXED, {"1g.10gb": 7}))
    (change,) = (change for change in impact(old, new).changes if change.field == "sharing.layout")
    assert (change.effect, change.old) == (
        "in-place",
        [{"gpus": [*range(8)], "instances": [[*row] for row in MIXED.items()]}],
    )
    assert "cuts the GPUs again" in change.reason


@pytest.mark.parametrize(
    ("layout", "says"),
    [
        ({"1g.5gb": 8}, "8 x 1g.5gb, a GPU has 7"),
        ({"1g.5gb": 6, "2g.10gb": 1}, "take 8 compute slices, a GPU has 7"),
        ({"3g.20gb": 2, "1g.5gb": 1}, "take 9 memory slices, a GPU has 8"),
        ({"1g.6gb": 1}, "has no MIG profile 1g.6gb"),
    ],
)
def test_an_a100_has_seven_slices_and_says_what_is_too_much(layout: dict[str, int], says: str) -> None:
    with pytest.raises(InvalidInputError, match=says) as caught:
        _plan(layout, "p4d.24xlarge")
    assert all(problem.fix for problem in caught.value.problems)


@pytest.mark.parametrize("fields", [{}, {"profile": "1g.10gb", "layout": MIXED}, {"layout": {}}, {"layout": []}])
def test_gpus_are_cut_in_exactly_one_way(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _cluster(_pool({"type": "mig", **fields}))
    assert all("sharing" in problem.path and problem.fix for problem in caught.value.problems)


def test_a_configuration_of_ones_own_in_a_label_is_refused() -> None:
    """The label is the library's, and its own file would not have that configuration."""
    with pytest.raises(InvalidInputError, match=r"labels\[nvidia.com/mig.config\]"):
        _cluster(_pool(_cut(MIXED), labels={"nvidia.com/mig.config": "custom-mig"}))
