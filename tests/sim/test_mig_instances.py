"""MIG instances of the local cloud: what its nodes count, and that a plan's own words make them count what it says."""

from typing import Any

import pytest
import yaml

from gpucloud.plan import plan_document
from gpucloud.sim.kubernetes.clusters import AKS
from gpucloud.sim.kubernetes.mig_instances import counted, instances_of
from gpucloud.sim.kubernetes.shared_devices import division_of
from gpucloud.sim.store import Row

H100 = "h100-sxm-80gb"
MIXED = {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}
GROUP = Row(0, "aws:eks/nodeGroup:NodeGroup", "", "", "", "", "", "active", True, {}, {}, [])


def _operator(entries: Any, **manager: Any) -> dict[str, Any]:
    file = {"version": "v1", "mig-configs": {"ours": entries}}
    config = {"name": "ours", "create": True, "data": {"config.yaml": yaml.safe_dump(file)}}
    return {"migManager": {"config": config, **manager}}


def _entry(instances: dict[str, int], devices: Any = "all", **more: Any) -> dict[str, Any]:
    return {"devices": devices, "mig-enabled": True, "mig-devices": instances, **more}


@pytest.mark.parametrize(
    ("cut", "strategy", "counts"),
    [
        ([MIXED, MIXED], "mixed", {"mig-1g.10gb": 4, "mig-2g.20gb": 2, "mig-3g.40gb": 2}),
        ([{"1g.10gb+me": 1}, None], "mixed", {"gpu": 1, "mig-1g.10gb.me": 1}),
        ([{"1g.10gb": 7}, {"1g.10gb": 7}], "single", {"gpu": 14}),
        # The plugin fails where instances are unlike, or a GPU is whole.
        ([MIXED, MIXED], "single", {"gpu": 0}),
        ([{"1g.10gb": 7}, None], "single", {"gpu": 0}),
        ([{"1g.10gb": 7}, {}], "single", {"gpu": 0}),
        ([MIXED, MIXED], "none", {"gpu": 2}),
    ],
)
def test_instances_count_as_the_strategy_says(cut: list[Any], strategy: str, counts: dict[str, int]) -> None:
    assert counted(cut, strategy, H100) == {f"nvidia.com/{key}": value for key, value in counts.items()}


@pytest.mark.parametrize(
    ("entries", "cut"),
    [
        ([_entry(MIXED)], [MIXED, MIXED]),
        ([_entry(MIXED, [1]), _entry({"7g.80gb": 1}, [0])], [{"7g.80gb": 1}, MIXED]),
        ([_entry(MIXED, [1])], [None, MIXED]),
        # The last one wins.
        ([_entry(MIXED), {"devices": [0], "mig-enabled": False}], [None, MIXED]),
        ([_entry({"1g.10gb": 4}, **{"device-filter": ["0x20B010DE"]}), _entry(MIXED, [0])], [MIXED, None]),
        ([_entry({"1g.10gb": 7}, **{"device-filter": "0x233010DE"})], [{"1g.10gb": 7}, {"1g.10gb": 7}]),
        # What does not fit is undone.
        ([_entry({"1g.10gb": 8})], [{}, {}]),
        ([_entry({"4g.40gb": 1, "2g.20gb": 2})], [{}, {}]),
        ([_entry({"1g.5gb": 1})], [{}, {}]),
    ],
)
def test_the_managers_file_is_followed(entries: Any, cut: list[Any]) -> None:
    assert instances_of(_operator(entries), "ours", H100, 2) == cut


def test_a_file_of_ones_own_takes_the_place_of_all_others() -> None:
    assert instances_of({}, "all-1g.10gb", H100, 1) == [{"1g.10gb": 7}]
    assert instances_of(_operator([_entry(MIXED)]), "all-1g.10gb", H100, 1) == [None]
    assert instances_of(_operator([_entry(MIXED)]), None, H100, 1) == [None]
    assert instances_of(_operator([_entry(MIXED)], enabled=False), "ours", H100, 1) == [None]


@pytest.mark.parametrize(
    ("mig", "plugin", "counts"),
    [
        # The operator's own word wins over the node's file, and its chart has one.
        ({}, "mixed", {"nvidia.com/gpu": 0}),
        ({"mig": {"strategy": "mixed"}}, "single", {"nvidia.com/mig-3g.40gb": 1, "nvidia.com/mig-4g.40gb": 1}),
        ({"mig": {"strategy": ""}}, "mixed", {"nvidia.com/mig-3g.40gb": 1, "nvidia.com/mig-4g.40gb": 1}),
        ({"mig": {"strategy": ""}}, None, {"nvidia.com/gpu": 1}),
    ],
)
def test_the_strategy_is_the_operators_or_the_nodes(mig: Any, plugin: str | None, counts: dict[str, int]) -> None:
    text = f"version: v1\nflags:\n  migStrategy: {plugin}\n" if plugin else "version: v1\n"
    config = {"devicePlugin": {"config": {"default": "whole", "data": {"whole": text}}}}
    operator = {**_operator([_entry({"4g.40gb": 1, "3g.40gb": 1})]), **config, **mig}
    labels = {"nvidia.com/mig.config": "ours"}
    assert division_of("aws", GROUP, labels, H100, 1, operator).counts == counts


POOLS: list[tuple[str, Any]] = [
    ("p5.48xlarge", {"type": "mig", "layout": MIXED}),
    ("p4de.24xlarge", {"type": "mig", "layout": {"4g.40gb": 1, "1g.10gb+me": 1, "1g.10gb": 2}}),
    (
        "p5.48xlarge",
        {
            "type": "mig",
            "layout": [
                {"gpus": [0, 1, 2], "instances": {"7g.80gb": 1}},
                {"gpus": [3, 4, 5, 6, 7], "instances": {"1g.20gb": 4}},
            ],
        },
    ),
    ("g7e.24xlarge", {"type": "mig", "layout": {"2g.48gb": 1, "1g.24gb": 2}}),
    ("p5.48xlarge", {"type": "mig", "profile": "1g.10gb"}),
    ("p4d.24xlarge", {"type": "mig", "profile": "1g.10gb"}),
    ("p5.48xlarge", {"type": "mps", "replicas": 3}),
    ("p4d.24xlarge", {"type": "time-slicing", "replicas": 5}),
    ("p5en.48xlarge", "whole"),
]


@pytest.mark.parametrize("pools", [POOLS, POOLS[:1], POOLS[4:], POOLS[4:6], POOLS[::2]], ids=len)
def test_nodes_count_what_their_plan_says(pools: list[tuple[str, Any]]) -> None:
    """The local cloud reads labels and values alone: a plan whose parts disagree would count something else there."""
    named = [
        {"name": f"p{index}", "machine_type": machine, "zones": ["us-east-1a"], "sharing": sharing}
        for index, (machine, sharing) in enumerate(pools)
    ]
    cluster = {"name": "c", "cloud": "aws", "region": "us-east-1", "kubernetes_version": "1.35", "node_pools": named}
    plan = plan_document({"name": "prod", "clusters": [cluster]}).clusters[0]
    (values,) = (dict(release.values) for release in plan.releases if release.chart == "gpu-operator")
    for pool in plan.node_pools:
        found = division_of(
            "aws", GROUP, dict(pool.labels), pool.machine.accelerator, pool.gpus_per_node, values
        ).counts
        planned = {key: int(value) for key, value in pool.node_resources if key.startswith("nvidia.com/")}
        assert found == planned, pool.name


def test_aks_cuts_and_the_manager_is_not_there() -> None:
    group = Row(0, AKS, "", "", "", "", "", "active", True, {}, {"gpuInstanceProfile": "MIG1g"}, [])
    assert division_of("azure", group, {}, H100, 8, {"migManager": {"enabled": False}}).counts == {"nvidia.com/gpu": 56}
