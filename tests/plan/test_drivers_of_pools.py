"""Several driver owners and versions in one cluster: who brings what to which pool, and what it cannot have."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan import ClusterPlan, plan_document
from gpucloud.plan.images import pulled_images
from gpucloud.plan.nvidia_driver import default_driver_version

OWN_IMAGE = {"family": "custom", "id": "ami-0123456789abcdef0"}
EKS = {"machine_type": "p5.48xlarge", "zones": ["us-east-1a"], "size": {"min": 1, "desired": 1}}
AKS = {"machine_type": "Standard_NC24ads_A100_v4", "zones": ["2"], "size": {"min": 1, "desired": 1}}
PLACES = {"aws": ("us-east-1", EKS), "azure": ("swedencentral", AKS)}
OPERATED = {"driver_owner": "operator", "image": OWN_IMAGE}


def _document(cloud: str, *pools: dict[str, Any], stack: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    region, machine = PLACES[cloud]
    nodes = [{"name": f"p{index}", **machine, **pool} for index, pool in enumerate(pools)]
    cluster = {"name": "c", "cloud": cloud, "region": region, "node_pools": nodes, "gpu_stack": stack or {}, **fields}
    return {"name": "e", "clusters": [cluster]}


def _plan(cloud: str, *pools: dict[str, Any], **fields: Any) -> ClusterPlan:
    return plan_document(_document(cloud, *pools, **fields)).clusters[0]


def _operator(plan: ClusterPlan) -> Any:
    return next(release.values for release in plan.releases if release.chart == "gpu-operator")


def _drivers(plan: ClusterPlan) -> dict[str, Any]:
    return {entry.name: entry.spec for entry in plan.manifests if entry.kind == "NVIDIADriver"}


def _kept_off(plan: ClusterPlan, pool: str) -> set[str]:
    labels = next(dict(entry.labels) for entry in plan.node_pools if entry.name == pool)
    prefix = "nvidia.com/gpu.deploy."
    return {key.removeprefix(prefix) for key, value in labels.items() if key.startswith(prefix) and value == "false"}


def test_a_node_that_has_its_driver_is_left_alone_beside_one_that_gets_it() -> None:
    plan = _plan("aws", {}, OPERATED)
    assert _operator(plan)["driver"] == {"enabled": True}
    assert _operator(plan)["toolkit"]["enabled"] is True
    assert _kept_off(plan, "p0") == {"driver", "container-toolkit"}
    assert _kept_off(plan, "p1") == set()
    assert _drivers(plan) == {}


def test_bottlerocket_counts_its_own_devices_beside_nodes_whose_devices_the_operator_counts() -> None:
    plan = _plan("aws", {}, {"image": {"family": "bottlerocket"}})
    assert _operator(plan)["devicePlugin"]["enabled"] is True
    assert _kept_off(plan, "p0") == {"driver", "container-toolkit"}
    assert _kept_off(plan, "p1") == {"driver", "container-toolkit", "device-plugin"}


def test_another_pool_changes_nothing_on_the_nodes_of_the_first() -> None:
    alone, beside = _plan("aws", {}), _plan("aws", {}, OPERATED)
    assert alone.node_pools[0] == beside.node_pools[0]


def test_drivers_of_two_versions_have_an_object_each() -> None:
    plan = _plan("aws", {**OPERATED, "driver_version": "580.126.09"}, OPERATED, {})
    assert _operator(plan)["driver"] == {
        "enabled": True,
        "nvidiaDriverCRD": {"enabled": True, "deployDefaultCR": False},
    }
    drivers = _drivers(plan)
    assert {name: spec["version"] for name, spec in drivers.items()} == {
        "p0": "580.126.09",
        "p1": default_driver_version(),
    }
    assert {name: spec["nodeSelector"] for name, spec in drivers.items()} == {
        name: {"gpucloud.io/pool": name} for name in drivers
    }
    assert [entry["key"] for entry in drivers["p0"]["tolerations"]] == ["nvidia.com/gpu"]


def test_two_distributions_have_an_object_each_too() -> None:
    """The operator's own configuration is for one distribution."""
    own = {"driver_owner": "operator"}
    plan = _plan("azure", {**own, "image": {"family": "ubuntu"}}, {**own, "image": {"family": "azure-linux"}})
    assert set(_drivers(plan)) == {"p0", "p1"}


def test_the_operators_runtime_is_called_as_akss_own_where_a_pool_has_that() -> None:
    plan = _plan("azure", {"driver_owner": "operator"}, {})
    assert _operator(plan)["operator"]["runtimeClass"] == "nvidia-container-runtime"
    assert _operator(plan)["toolkit"]["enabled"] is True
    assert "operator" not in _operator(_plan("azure", {"driver_owner": "operator"}))


def test_drivers_of_pools_come_from_the_mirror_with_the_secret() -> None:
    mirrors = [{"registry": "nvcr.io", "endpoint": "https://m.example.com/nv"}]
    pools = ({**OPERATED, "driver_version": "580.126.09"}, OPERATED)
    plan = _plan("aws", *pools, stack={"pull_secret": "own"}, mirrors=mirrors)
    spec = _drivers(plan)["p0"]
    assert spec["repository"] == "m.example.com/nv/nvidia"
    assert spec["manager"]["repository"] == "m.example.com/nv/nvidia/cloud-native"
    assert (spec["imagePullSecrets"], spec["manager"]["imagePullSecrets"]) == (["own"], ["own"])
    listed = {entry.reference for entry in pulled_images(plan)}
    assert "m.example.com/nv/nvidia/driver:580.126.09-<os>" in listed


@pytest.mark.parametrize(
    ("stack", "path"),
    [
        ({"allocation": "dra"}, r"clusters\[c\]\.gpu_stack\.allocation: the DRA driver looks in one place .*p0.*p1"),
        ({"operator_version": "26.3.3"}, r"clusters\[c\]\.node_pools\[p1\]\.driver_version: is not given"),
    ],
)
def test_what_one_cluster_cannot_have(stack: dict[str, Any], path: str) -> None:
    first = {} if "allocation" in stack else {**OPERATED, "driver_version": "580.126.09"}
    document = _document("aws", first, OPERATED, stack=stack, kubernetes_version="1.35")
    with pytest.raises(InvalidInputError, match=path):
        plan_document(document)


def test_what_it_can_have_beside_these() -> None:
    alike = ({**OPERATED, "driver_version": "580.126.09"}, {**OPERATED, "driver_version": "580.126.09"})
    assert _drivers(_plan("aws", *alike, stack={"operator_version": "26.3.3"})) == {}
    assert _plan("aws", OPERATED, OPERATED, stack={"allocation": "dra"}, kubernetes_version="1.35")


def test_values_of_the_one_driver_are_refused_where_there_are_several() -> None:
    values = {"gpu-operator": {"driver": {"kernelModuleType": "open"}}}
    one, other = {**OPERATED, "driver_version": "580.126.09"}, OPERATED
    assert _operator(_plan("aws", one, one, stack={"values": values}))["driver"]["kernelModuleType"] == "open"
    with pytest.raises(InvalidInputError, match=r"values\[gpu-operator\]\.driver: the pools' drivers differ"):
        plan_document(_document("aws", one, other, stack={"values": values}))


def test_the_pinned_operator_is_known_however_it_is_written() -> None:
    pools = ({**OPERATED, "driver_version": "580.126.09"}, OPERATED)
    assert len(_drivers(_plan("aws", *pools, stack={"operator_version": "v26.7.0"}))) == 2


def test_images_of_drivers_are_those_that_the_pools_pull() -> None:
    own = {"driver_owner": "operator"}
    ubuntu, azure = (
        {**own, "image": {"family": "ubuntu"}, "driver_version": "580.126.09"},
        {
            **own,
            "image": {"family": "azure-linux"},
        },
    )
    found = {entry.reference for entry in pulled_images(_plan("azure", ubuntu, azure)) if "/driver:" in entry.reference}
    assert found == {
        "nvcr.io/nvidia/driver:580.126.09-ubuntu22.04",
        "nvcr.io/nvidia/driver:580.126.09-ubuntu24.04",
        f"nvcr.io/nvidia/driver:{default_driver_version()}-<os>",
    }


def _amd(*versions: str | None) -> dict[str, Any]:
    pool = {"machine_type": "Standard_ND96isr_MI300X_v5", "zones": ["regional"], "driver_owner": "operator"}
    pools = [{"name": f"p{index}", **pool, "driver_version": version} for index, version in enumerate(versions)]
    stack = {"amd_driver_image": "registry.example.com/amd/driver"}
    cluster = {"name": "c", "cloud": "azure", "region": "westus", "node_pools": pools, "gpu_stack": stack}
    return {"name": "e", "clusters": [cluster]}


def test_amds_operator_has_one_driver_for_an_accelerator() -> None:
    (config,) = (
        entry for entry in plan_document(_amd("7.0.2", "7.0.2")).clusters[0].manifests if entry.kind == "DeviceConfig"
    )
    assert config.spec["driver"]["version"] == "7.0.2"
    with pytest.raises(
        InvalidInputError, match=r"node_pools\[p1\]\.driver_version: owner and version differ from pool p0"
    ):
        plan_document(_amd("7.0.2", None))
    with pytest.raises(InvalidInputError, match=r"580\.126\.09 is no version of a driver for mi300x"):
        plan_document(_amd("580.126.09"))
