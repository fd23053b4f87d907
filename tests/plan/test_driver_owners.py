"""Driver, container toolkit and device plugin have exactly one owner each, whoever it is, or the pool is refused."""

import itertools
from typing import Any

from hypothesis import given, settings, strategies as st

from gpucloud.errors import InvalidInputError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import machine_types
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.facts.zones import zone_offers
from gpucloud.plan import NodePoolPlan, plan_document
from gpucloud.plan.model import ClusterPlan
from tests.plan.pools import HOMES

CLOUDS: tuple[Cloud, ...] = ("aws", "azure", "gcp")
ANY_FAMILY = (None, "al2023", "bottlerocket", "custom", "ubuntu", "azure-linux", "cos")
FAMILIES: dict[Cloud, tuple[str, ...]] = {
    "aws": ("al2023", "bottlerocket", "custom"),
    "azure": ("ubuntu", "azure-linux"),
    "gcp": ("cos", "ubuntu"),
}
ZONES: dict[Cloud, str] = {"aws": "us-east-1a", "azure": "regional", "gcp": "us-central1-b"}
OWNERS = ("vendor", "operator", "host")
VERSIONS = (None, "default", "latest", "580.126.09")
SHARING = ("whole", *({"type": "mig", "profile": profile} for profile in ("1g.10gb", "1g.20gb", "3g.40gb", "1g.23gb")))
TAINTS = (
    [],
    [{"key": "team", "value": "a"}],
    [{"key": "team", "effect": "NoExecute"}, {"key": "nvidia.com/gpu", "value": "mine", "effect": "NoExecute"}],
)
# One of each accelerator and fraction that the zone may have: sizes of one family differ in nothing that is drawn here.
SOLD = {
    cloud: tuple(
        {
            (entry.accelerator, entry.accelerator_fraction): entry
            for entry in machine_types(cloud)
            if zone_offers(cloud, HOMES[cloud]["region"], ZONES[cloud], entry.name) is not False
        }.values()
    )
    for cloud in CLOUDS
}
# What each image or managed cluster brings by itself, written down once more than in the planner.
IN_IMAGE = {
    ("aws", "al2023"): {"driver", "toolkit"},
    ("aws", "bottlerocket"): {"driver", "toolkit", "device_plugin"},
    ("azure", "ubuntu"): {"driver", "toolkit"},
    ("azure", "azure-linux"): {"driver", "toolkit"},
    ("gcp", "cos"): {"driver", "toolkit", "device_plugin"},
    ("gcp", "ubuntu"): {"driver", "toolkit", "device_plugin"},
}
PARTS = {"driver": "driver", "toolkit": "toolkit", "device_plugin": "devicePlugin"}
# What keeps a part of the operator's off a node (NVIDIA/gpu-operator v26.7.0, controllers/state_manager.go).
LABELS = {
    "driver": "nvidia.com/gpu.deploy.driver",
    "toolkit": "nvidia.com/gpu.deploy.container-toolkit",
    "device_plugin": "nvidia.com/gpu.deploy.device-plugin",
}


def _owners(cloud: Cloud, family: str | None) -> tuple[str, ...]:
    match cloud, family:
        case "aws", "custom":
            return ("operator", "host")
        case ("aws", _) | ("gcp", None | "cos"):
            return ("vendor",)
        case _:
            return ("vendor", "operator")


@st.composite
def pools(draw: st.DrawFn, cloud: Cloud, name: str) -> dict[str, Any]:
    machine = draw(st.sampled_from(SOLD[cloud]))
    # Most draws are what a person could mean: a draw of everything would be refused nearly always.
    plausible = draw(st.integers(0, 4)) > 0
    family = draw(st.sampled_from((None, *FAMILIES[cloud]) if plausible else ANY_FAMILY))
    image = {} if family is None else {"family": family, **({"id": "ami-01234567"} if family == "custom" else {})}
    capacity = draw(st.sampled_from(sorted({*machine.capacity_types} - {"reserved", "capacity-block"}) or ["spot"]))
    return {
        "name": name,
        "machine_type": machine.name,
        "zones": [ZONES[cloud]],
        "capacity": [capacity],
        "image": image,
        "driver_owner": draw(st.sampled_from(_owners(cloud, family) if plausible else OWNERS)),
        "driver_version": draw(st.sampled_from((None, None, None, *VERSIONS) if plausible else VERSIONS)),
        "sharing": draw(st.sampled_from(("whole", "whole", "whole", *SHARING[:3]) if plausible else SHARING)),
        "gpu_taint": draw(st.booleans()) or cloud == "gcp",
        "taints": draw(st.sampled_from(TAINTS)),
    }


@st.composite
def clusters(draw: st.DrawFn, most: int = 1) -> dict[str, Any]:
    cloud = draw(st.sampled_from(CLOUDS))
    return _document(cloud, [draw(pools(cloud, f"p{index}")) for index in range(draw(st.integers(1, most)))])


def _document(cloud: Cloud, node_pools: list[dict[str, Any]]) -> dict[str, Any]:
    cluster = {
        "name": "one",
        "cloud": cloud,
        "region": HOMES[cloud]["region"],
        "kubernetes_version": "1.35",
        "node_pools": node_pools,
        "gpu_stack": {"amd_driver_image": "registry.example.com/amd/driver"},
    }
    return {"name": "prod", "clusters": [cluster]}


def _plan(document: dict[str, Any]) -> ClusterPlan | None:
    try:
        return plan_document(document).clusters[0]
    except InvalidInputError as error:
        problems = error.problems
    assert problems
    assert all(problem.path and problem.problem and problem.fix for problem in problems)
    return None


def _from_the_cloud(pool: NodePoolPlan) -> set[str]:
    """The parts that are on a node before any operator comes, from what its flags say."""
    if pool.driver_owner == "host":
        return {"driver"}
    return IN_IMAGE[pool.cloud, pool.image.family] if pool.driver_owner == "vendor" else set()


def _from_an_operator(cluster: ClusterPlan, pool: NodePoolPlan) -> set[str]:
    """The parts that a release of the cluster brings to the nodes of a pool."""
    releases = {release.name: release.values for release in cluster.releases}
    known = accelerator(pool.machine.accelerator)
    labels = dict(pool.labels)
    if known.vendor == "nvidia" and "gpu-operator" in releases:
        if labels.get("nvidia.com/gpu.deploy.operands") == "false":
            return set()
        kept_off = {part for part, key in LABELS.items() if labels.get(key) == "false"}
        values = releases["gpu-operator"]
        brings = {part for part, key in PARTS.items() if values[key]["enabled"]} - kept_off
        if values["driver"].get("nvidiaDriverCRD", {}).get("enabled"):
            drivers = [entry for entry in cluster.manifests if entry.kind == "NVIDIADriver"]
            chosen = [entry for entry in drivers if entry.spec["nodeSelector"].items() <= labels.items()]
            assert len(chosen) <= 1, "two drivers of the operator's for one node"
            brings -= set() if chosen else {"driver"}
        return brings
    if known.is_instinct and "amd-gpu-operator" in releases:
        (config,) = [entry for entry in cluster.manifests if entry.name == pool.machine.accelerator]
        brings = {"toolkit"}  # its plugin hands devices to containers, no toolkit is needed: nobody else brings one
        brings |= {"driver"} if config.spec["driver"]["enable"] else set()
        return brings | ({"device_plugin"} if config.spec["devicePlugin"]["enableDevicePlugin"] else set())
    return set()


@given(clusters())
@settings(max_examples=400, deadline=None)
def test_one_owner_of_each_part_or_a_refusal(document):
    cluster = _plan(document)
    if cluster is None:
        return
    (pool,) = cluster.node_pools
    known = accelerator(pool.machine.accelerator)
    owners = {part: getattr(pool.software, part) for part in PARTS}
    if known.vendor == "nvidia" or known.is_instinct:
        here, there = _from_the_cloud(pool), _from_an_operator(cluster, pool)
        assert here | there == set(PARTS), "a part without an owner"
        assert not here & there, "a part with two owners"
        assert {part for part, owner in owners.items() if owner == "operator"} == there
        assert {part for part, owner in owners.items() if owner != "operator"} == here
    assert ("host" in owners.values()) == (pool.driver_owner == "host")
    assert (pool.software.driver == "operator") == (pool.driver_owner == "operator")


@given(clusters(most=3))
@settings(max_examples=400, deadline=None)
def test_pools_of_one_cluster_do_not_disturb_each_other(document):
    """One operator serves them all: its values must be right for every pool that it reaches."""
    cluster = _plan(document)
    if cluster is None:
        return
    for pool in cluster.node_pools:
        known = accelerator(pool.machine.accelerator)
        if known.vendor == "nvidia" or known.is_instinct:
            here, there = _from_the_cloud(pool), _from_an_operator(cluster, pool)
            assert here | there == set(PARTS), pool.name
            assert not here & there, pool.name


def _tolerates(toleration: dict[str, str], key: str, value: str, effect: str) -> bool:
    """Kubernetes' own rule (k8s.io/api core/v1 Toleration.ToleratesTaint)."""
    if toleration.get("effect") not in {None, effect} or toleration.get("key") not in {None, key}:
        return False
    return toleration.get("operator") == "Exists" or toleration.get("value", "") == value


@given(clusters(most=3))
@settings(max_examples=400, deadline=None)
def test_operators_tolerate_every_taint_of_the_nodes_that_they_serve(document):
    cluster = _plan(document)
    if cluster is None:
        return
    releases = {release.name: release.values for release in cluster.releases}
    for pool in cluster.node_pools:
        lists: list[list[dict[str, str]]] = []
        known = accelerator(pool.machine.accelerator)
        if known.vendor == "nvidia" and _from_an_operator(cluster, pool):
            lists = [
                releases["gpu-operator"]["daemonsets"]["tolerations"],
                releases["gpu-operator"]["node-feature-discovery"]["worker"]["tolerations"],
            ]
        if known.is_instinct and _from_an_operator(cluster, pool):
            (config,) = [entry for entry in cluster.manifests if entry.name == pool.machine.accelerator]
            lists = [
                config.spec["devicePlugin"]["devicePluginTolerations"],
                config.spec["metricsExporter"]["tolerations"],
            ]
        taints = {(taint.key, taint.value, taint.effect) for taint in pool.taints}
        taints |= {(taint.key, taint.value, taint.effect) for entry in pool.offerings for taint in entry.taints}
        for tolerations in lists:
            for taint in taints:
                assert any(_tolerates(toleration, *taint) for toleration in tolerations), (tolerations, taint)


@given(clusters())
@settings(max_examples=200, deadline=None)
def test_the_version_of_the_driver_goes_where_its_owner_reads_it(document):
    cluster = _plan(document)
    if cluster is None or cluster.node_pools[0].software.driver_version is None:
        return
    (pool,) = cluster.node_pools
    version = document["clusters"][0]["node_pools"][0]["driver_version"]
    assert pool.software.driver_version == version
    if version in {"default", "latest"}:
        assert (pool.cloud, pool.driver_owner) == ("gcp", "vendor")
        assert cluster.releases == ()
    elif accelerator(pool.machine.accelerator).vendor == "nvidia":
        (release,) = [entry for entry in cluster.releases if entry.name == "gpu-operator"]
        assert release.values["driver"]["version"] == version
    else:
        (config,) = [entry for entry in cluster.manifests if entry.kind == "DeviceConfig"]
        assert config.spec["driver"]["version"] == version


def test_the_draws_reach_every_combination_that_is_accepted():
    """Properties that only ever see refusals would prove nothing: each of these is one that plans."""
    accepted = [
        ("aws", "p5.48xlarge", "al2023", "vendor"),
        ("aws", "p5.48xlarge", "bottlerocket", "vendor"),
        ("aws", "p5.48xlarge", "custom", "operator"),
        ("aws", "p5.48xlarge", "custom", "host"),
        ("azure", "Standard_NC24ads_A100_v4", "ubuntu", "vendor"),
        ("azure", "Standard_NC24ads_A100_v4", "ubuntu", "operator"),
        ("azure", "Standard_NC24ads_A100_v4", "azure-linux", "vendor"),
        ("azure", "Standard_NC24ads_A100_v4", "azure-linux", "operator"),
        ("azure", "Standard_ND96isr_MI300X_v5", "ubuntu", "operator"),
        ("gcp", "a3-megagpu-8g", "cos", "vendor"),
        ("gcp", "a3-megagpu-8g", "ubuntu", "vendor"),
        ("gcp", "a3-megagpu-8g", "ubuntu", "operator"),
    ]
    for cloud in CLOUDS:
        machines = sorted({entry[1] for entry in accepted if entry[0] == cloud})
        for machine, family, owner in itertools.product(machines, ANY_FAMILY[1:], OWNERS):
            image = {"family": family, **({"id": "ami-01234567"} if family == "custom" else {})}
            pool = {
                "name": "p",
                "machine_type": machine,
                "zones": [ZONES[cloud]],
                "image": image,
                "driver_owner": owner,
            }
            assert (_plan(_document(cloud, [pool])) is not None) == ((cloud, machine, family, owner) in accepted)
