"""Sharing accelerators among pods: what a node then counts, who is told, and how much memory a pod is sure of."""

from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from gpucloud.errors import InvalidInputError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import machine_types
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.facts.zones import zone_offers
from gpucloud.plan import NodePoolPlan, plan_document
from gpucloud.plan.model import ClusterPlan
from tests.plan.pools import HOMES

ZONES: dict[Cloud, str] = {"aws": "us-east-1a", "azure": "regional", "gcp": "us-central1-b"}


def _cluster(cloud: Cloud, *pools: dict[str, Any]) -> ClusterPlan:
    named = [{"name": f"p{index}", "zones": [ZONES[cloud]], **pool} for index, pool in enumerate(pools)]
    region = HOMES[cloud]["region"]
    cluster = {"name": "c", "cloud": cloud, "region": region, "kubernetes_version": "1.35", "node_pools": named}
    return plan_document({"name": "prod", "clusters": [cluster]}).clusters[0]


def _pool(cloud: Cloud, **fields: Any) -> NodePoolPlan:
    return _cluster(cloud, fields).node_pools[0]


@pytest.mark.parametrize(
    ("cloud", "machine_type", "profile", "devices"),
    [
        # 3g.20gb is too small, and 7g.40gb would be the whole GPU.
        ("aws", "p4d.24xlarge", None, 8),
        ("aws", "p4de.24xlarge", "3g.40gb", 16),
        ("aws", "p5.48xlarge", "3g.40gb", 16),
        ("azure", "Standard_ND96isr_H100_v5", "3g.40gb", 16),
        ("gcp", "a3-ultragpu-8g", "1g.35gb", 32),
    ],
)
def test_the_smallest_profile_that_guarantees_24_gib(
    cloud: Cloud, machine_type: str, profile: str | None, devices: int
) -> None:
    pool = _pool(cloud, machine_type=machine_type, vram_limit="24Gi", capacity=["spot"])
    assert (pool.sharing.profile if pool.sharing else None, pool.machine.devices_per_node) == (profile, devices)


SOLD = {
    cloud: [
        entry
        for entry in machine_types(cloud)
        if accelerator(entry.accelerator).vendor == "nvidia"
        and zone_offers(cloud, HOMES[cloud]["region"], ZONES[cloud], entry.name) is not False
    ]
    for cloud in ZONES
}


@st.composite
def wishes(draw: st.DrawFn) -> tuple[Cloud, dict[str, Any]]:
    cloud = draw(st.sampled_from(sorted(SOLD)))
    entry = draw(st.sampled_from(SOLD[cloud]))
    capacity = sorted({*entry.capacity_types} - {"reserved", "capacity-block"}) or ["on-demand"]
    return cloud, {
        "machine_type": entry.name,
        "capacity": [draw(st.sampled_from(capacity))],
        "vram_limit": f"{draw(st.integers(1, 200))}Gi",
    }


@given(wishes())
def test_a_pod_is_sure_of_the_memory_or_the_pool_is_refused(wish: tuple[Cloud, dict[str, Any]]) -> None:
    cloud, fields = wish
    gib = int(fields["vram_limit"].removesuffix("Gi"))
    machine = next(entry for entry in SOLD[cloud] if entry.name == fields["machine_type"])
    found = accelerator(machine.accelerator)
    try:
        pool = _pool(cloud, **fields)
    except InvalidInputError as error:
        # A GPU that is large enough by 8 % is never refused for its memory.
        if any(problem.path.endswith("vram_limit") for problem in error.problems):
            assert gib * 1024 > found.memory_mib * 0.91 * min(1, _part(machine.accelerator_fraction))
        return
    each = pool.sharing.parts_per_gpu if pool.sharing else 1
    assert gib * 1024 * each <= found.memory_mib * min(1, _part(machine.accelerator_fraction)) * 1.03
    assert pool.sharing is None or pool.sharing.way == "mig"


def _part(fraction: str) -> float:
    above, _, below = fraction.partition("/")
    return int(above) / int(below or 1)


def test_each_pool_of_a_cluster_has_its_own_way() -> None:
    ways: list[dict[str, Any]] = [
        {"type": "mps", "replicas": 3},
        {"type": "time-slicing", "replicas": 4},
        {"type": "mig", "profile": "1g.10gb"},
        {"type": "whole"},
        {"type": "time-slicing", "replicas": 4},
        {"type": "mps", "memory_limit": "10Gi"},
    ]
    cluster = _cluster("aws", *({"machine_type": "p5.48xlarge", "sharing": way} for way in ways))
    labels = [dict(pool.labels) for pool in cluster.node_pools]
    chosen = [entry.get("nvidia.com/device-plugin.config") for entry in labels]
    assert chosen == ["mps-3", "time-slicing-4", None, None, "time-slicing-4", "mps-7"]
    assert [entry.get("nvidia.com/mig.config") for entry in labels] == [None, None, "all-1g.10gb", None, None, None]
    assert [pool.machine.devices_per_node for pool in cluster.node_pools] == [24, 32, 56, 8, 32, 56]
    values = next(release for release in cluster.releases if release.chart == "gpu-operator").values
    config = values["devicePlugin"]["config"]
    assert set(config["data"]) == {"whole", *filter(None, chosen)}
    assert config["default"] == "whole"
    files = {name: yaml.safe_load(text) for name, text in config["data"].items()}
    assert files["whole"] == {"version": "v1"}
    gpus = [{"name": "nvidia.com/gpu", "replicas": 3}]
    assert files["mps-3"] == {"version": "v1", "sharing": {"mps": {"resources": gpus}}}
    slices = files["time-slicing-4"]["sharing"]["timeSlicing"]
    assert slices == {"failRequestsGreaterThanOne": True, "resources": [{**gpus[0], "replicas": 4}]}
    assert dict(cluster.node_pools[1].node_resources)["nvidia.com/gpu"] == "32"


def test_without_sharing_the_plugin_is_told_nothing() -> None:
    release = _cluster("aws", {"machine_type": "g5.xlarge"}).releases[0]
    assert "config" not in release.values["devicePlugin"]


@pytest.mark.parametrize("fields", [{}, {"replicas": 2, "memory_limit": "4Gi"}, {"replicas": 1}, {"memory_limit": "4"}])
def test_mps_is_counted_in_one_way(fields: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _pool("aws", machine_type="g5.xlarge", sharing={"type": "mps", **fields})
    assert all("sharing" in problem.path for problem in caught.value.problems)


def test_a_label_of_the_plugin_is_the_librarys() -> None:
    with pytest.raises(InvalidInputError, match=r"labels\[nvidia.com/device-plugin.config\]"):
        _pool("aws", machine_type="g5.xlarge", labels={"nvidia.com/device-plugin.config": "mine"})
