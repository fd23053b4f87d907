"""Images from mirrors: no reference names the registry any more, whoever wrote it; nodes are told what they take."""

import tomllib
from typing import Any

import pytest
import yaml

from gpucloud.facts.charts import chart_values
from gpucloud.facts.images import images
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import plan_document, plan_environment
from gpucloud.plan.hosts_toml import hosts_toml
from gpucloud.plan.images import pulled_images
from gpucloud.plan.mirror_model import MirrorPlan
from gpucloud.plan.model import ClusterPlan
from tests.plan.pools import cluster_on, environment, pool_on
from tests.plan.test_values_paths import ASKED, CLAIMED, MI300X, SPECS, unknown_paths

REGISTRIES = sorted({image.registry for image in images()})
MIRRORS = [{"registry": name, "endpoint": f"https://mirror.example.com/{name}"} for name in REGISTRIES]
DOCUMENTS = {
    **{path.parent.name: yaml.safe_load(path.read_text("utf-8")) for path in SPECS},
    "amd": MI300X,
    "dra": CLAIMED,
    **{f"asked-{number}": document for number, document in enumerate(ASKED)},
}


def _plans(document: Any, **fields: Any) -> tuple[ClusterPlan, ...]:
    clusters = [{**cluster, **fields} for cluster in document["clusters"]]
    return plan_document({**document, "clusters": clusters}).clusters


def _one(**fields: Any) -> ClusterPlan:
    return _plans(CLAIMED, **fields)[0]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_with_a_mirror_for_each_nothing_comes_from_a_registry_itself(name: str) -> None:
    before = [entry for cluster in _plans(DOCUMENTS[name]) for entry in pulled_images(cluster)]
    mirrored = _plans(DOCUMENTS[name], mirrors=MIRRORS)
    after = [entry for cluster in mirrored for entry in pulled_images(cluster)]
    assert [entry.reference for entry in after] == [f"mirror.example.com/{entry.reference}" for entry in before]
    assert [entry.digest for entry in after] == [entry.digest for entry in before]
    for cluster in mirrored:
        for release in cluster.releases:
            try:
                known = chart_values(release.chart, release.version)
            except LookupError:
                continue
            assert unknown_paths(release, known) == []


def test_the_scenarios_pull_images_of_every_chart() -> None:
    found = {entry.chart for name in DOCUMENTS for plan in _plans(DOCUMENTS[name]) for entry in pulled_images(plan)}
    # The gate's image comes with no chart.
    assert found - {""} == {image.chart for image in images()}


def test_an_image_of_a_persons_own_comes_from_the_mirror_of_its_registry() -> None:
    values = {"gpu-operator": {"toolkit": {"repository": "ghcr.io/own", "version": "v9"}, "dcgm": {"enabled": True}}}
    stack = {"allocation": "dra", "values": values}
    plan = _one(gpu_stack=stack, mirrors=[{"registry": "ghcr.io", "endpoint": "https://m.example.com"}])
    release = next(entry for entry in plan.releases if entry.chart == "gpu-operator")
    assert "validator" not in release.values
    found = {entry.component: entry.reference for entry in pulled_images(plan)}
    assert found["dcgm"].startswith("nvcr.io/nvidia/cloud-native/dcgm:")
    # EKS's image has the toolkit: what is off is neither pulled nor named.
    assert "toolkit" not in found
    assert release.values["toolkit"]["repository"] == "ghcr.io/own"


def test_every_image_that_can_be_is_pulled_with_the_secret() -> None:
    plan = _one(gpu_stack={"allocation": "dra", "pull_secret": "nvcr"})
    values = {release.chart: release.values for release in plan.releases}
    assert values["gpu-operator"]["operator"]["imagePullSecrets"] == ["nvcr"]
    assert values["gpu-operator"]["node-feature-discovery"]["imagePullSecrets"] == [{"name": "nvcr"}]
    assert values["dra-driver-nvidia-gpu"]["imagePullSecrets"] == [{"name": "nvcr"}]
    assert plan.pull_secret == "nvcr"


def test_amds_pods_have_mirror_and_secret_in_their_own_resource() -> None:
    stack = {"amd_driver_image": "registry.example.com/amd/driver", "pull_secret": "own"}
    plan = _plans(MI300X, gpu_stack=stack, mirrors=[{"registry": "docker.io", "endpoint": "https://m.example.com"}])[0]
    config = next(entry for entry in plan.manifests if entry.kind == "DeviceConfig").spec
    assert config["devicePlugin"]["devicePluginImage"] == "m.example.com/rocm/k8s-device-plugin:latest"
    assert config["commonConfig"]["initContainerImage"] == "m.example.com/library/busybox:1.36"
    assert config["commonConfig"]["imageRegistrySecrets"] == [{"name": "own"}]
    # What the operator builds is the person's own repository, no image of a registry with a mirror.
    assert config["driver"]["image"] == "registry.example.com/amd/driver"


@pytest.mark.parametrize(
    ("cloud", "fields", "tags"),
    [
        ("aws", {"image": {"family": "custom", "id": "ami-0123456789abcdef0"}}, {"595.91.07-<os>"}),
        ("gcp", {"image": {"family": "ubuntu"}}, {"595.91.07-ubuntu22.04", "595.91.07-ubuntu24.04"}),
        (
            "gcp",
            {"image": {"family": "ubuntu"}, "driver_version": "580.1.2"},
            {"580.1.2-ubuntu22.04", "580.1.2-ubuntu24.04"},
        ),
    ],
)
def test_a_driver_of_the_operator_has_the_nodes_distribution_in_its_tag(
    cloud: Cloud, fields: dict[str, Any], tags: set[str]
) -> None:
    plan = plan_environment(environment(cluster_on(cloud, pool_on(cloud, driver_owner="operator", **fields))))
    assert {entry.tag for entry in pulled_images(plan.clusters[0]) if entry.component == "driver"} == tags


def test_a_version_that_nobody_has_read_leaves_tags_open() -> None:
    plan = _one(gpu_stack={"operator_version": "26.3.3", "allocation": "dra"})
    found = {entry.component: entry for entry in pulled_images(plan) if entry.chart == "gpu-operator"}
    assert found["operator"].tag is None
    assert found["operator"].digest == ""
    assert found["operator"].reference == "nvcr.io/nvidia/gpu-operator"


def test_nodes_are_told_of_those_mirrors_alone_that_are_for_them() -> None:
    mirrors = [
        {"registry": "quay.io", "endpoint": "https://m.example.com/quay", "on_nodes": True},
        {"registry": "nvcr.io", "endpoint": "https://m.example.com/nvcr"},
        {"registry": "docker.io", "endpoint": "https://m.example.com", "on_nodes": True},
    ]
    pool = _one(mirrors=mirrors).node_pools[0]
    assert [entry.registry for entry in pool.mirrors] == ["docker.io", "quay.io"]


@pytest.mark.parametrize(
    ("mirror", "server", "host", "more"),
    [
        (MirrorPlan("docker.io", "https://m.example.com"), "registry-1.docker.io", "https://m.example.com", {}),
        (
            MirrorPlan("nvcr.io", "https://m.example.com:5000/a/b"),
            "nvcr.io",
            "https://m.example.com:5000/v2/a/b",
            {"override_path": True},
        ),
    ],
)
def test_hosts_toml_asks_the_mirror_before_the_registry(
    mirror: MirrorPlan, server: str, host: str, more: dict[str, bool]
) -> None:
    read_back = tomllib.loads(hosts_toml(mirror))
    assert read_back == {
        "server": f"https://{server}",
        "host": {host: {"capabilities": ["pull", "resolve"], **more}},
    }
