"""Cloud x node image x driver owner x sharing x allocation: a consistent stack or a typed refusal, nothing else."""

import itertools
from typing import Any

import pytest
import yaml

from gpucloud.errors import InvalidInputError
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import NodePoolPlan, plan_document
from gpucloud.plan.model import ClusterPlan

# A GPU with MIG and one without, on each cloud: machine type, region, zone.
MACHINES: dict[Cloud, tuple[tuple[str, str, str], ...]] = {
    "aws": (("p4de.24xlarge", "us-east-1", "us-east-1a"), ("g4dn.12xlarge", "us-east-1", "us-east-1a")),
    "azure": (
        ("Standard_NC24ads_A100_v4", "swedencentral", "2"),
        ("Standard_NC4as_T4_v3", "swedencentral", "2"),
    ),
    "gcp": (("a2-ultragpu-8g", "us-central1", "us-central1-a"), ("g2-standard-24", "us-central1", "us-central1-a")),
}
FAMILIES: dict[Cloud, tuple[str, ...]] = {
    "aws": ("al2023", "bottlerocket", "custom"),
    "azure": ("ubuntu", "azure-linux"),
    "gcp": ("cos", "ubuntu"),
}
OWNERS = ("vendor", "operator", "host")
SHARING: dict[str, dict[str, Any]] = {
    "whole": {},
    "mig": {"sharing": {"type": "mig", "profile": "1g.10gb"}},
    "mig-half": {"sharing": {"type": "mig", "profile": "3g.40gb"}},
    "layout": {"sharing": {"type": "mig", "layout": {"1g.10gb": 2, "2g.20gb": 1, "3g.40gb": 1}}},
    "layout-too-large": {"sharing": {"type": "mig", "layout": {"1g.10gb": 8}}},
    "slices": {"sharing": {"type": "time-slicing", "replicas": 4}},
    "mps": {"sharing": {"type": "mps", "replicas": 4}},
    "mps-too-many": {"sharing": {"type": "mps", "replicas": 49}},
    "sure-of-8": {"vram_limit": "8Gi"},
    "slices-sure-of-8": {"vram_limit": "8Gi", "sharing": {"type": "time-slicing", "replicas": 4}},
    "vgpu": {"sharing": {"type": "vgpu"}},
}
# What nobody can have, whatever the cloud.
NEVER = {"layout-too-large", "mps-too-many", "slices-sure-of-8", "vgpu"}
ALLOCATION = ("device-plugin", "dra")
# What each image or managed cluster brings by itself where it owns the driver; written here once more, from the
# platforms' own documents, and not taken from the planner.
BY_THE_CLOUD = {
    "al2023": {"driver", "toolkit"},
    "bottlerocket": {"driver", "toolkit", "advertiser"},
    "azure": {"driver", "toolkit"},
    "gcp": {"driver", "toolkit", "advertiser"},
}
GPUS = {"p4de.24xlarge": 8, "g4dn.12xlarge": 4, "a2-ultragpu-8g": 8, "g2-standard-24": 2}
PARTS = {"mig": 7, "mig-half": 2, "layout": 4, "slices": 4, "mps": 4}
MATRIX = [
    (cloud, machine, family, owner, sharing, allocation)
    for cloud, machines in MACHINES.items()
    for machine, family, owner, sharing, allocation in itertools.product(
        machines, FAMILIES[cloud], OWNERS, SHARING, ALLOCATION
    )
]


def _outcome(  # noqa: PLR0917  # a point of the matrix
    cloud: Cloud, machine: tuple[str, str, str], family: str, owner: str, sharing: str, allocation: str
) -> ClusterPlan | list[str]:
    """The plan, or the paths of a refusal; any other error is a third outcome, and fails the test."""
    name, region, zone = machine
    image = {"family": family, **({"id": "ami-0123456789abcdef0"} if family == "custom" else {})}
    pool = {
        "name": "p",
        "machine_type": name,
        "zones": [zone],
        "image": image,
        "driver_owner": owner,
        "size": {"min": 1, "desired": 1, "max": 2},
        "taints": [{"key": "team", "value": "a"}, {"key": "drain", "effect": "NoExecute"}],
        "capacity": ["on-demand", "spot"],
        **SHARING[sharing],
    }
    cluster = {
        "name": "c",
        "cloud": cloud,
        "region": region,
        "kubernetes_version": "1.35",
        "gpu_stack": {"allocation": allocation},
        "node_pools": [pool],
    }
    try:
        return plan_document({"name": "prod", "clusters": [cluster]}).clusters[0]
    except InvalidInputError as error:
        problems = error.problems
    assert problems
    for problem in problems:
        assert problem.path.startswith("clusters[c].")
        assert problem.problem
        assert problem.fix
    return [problem.path for problem in problems]


def test_the_matrix_is_large_enough() -> None:
    assert len(MATRIX) >= 500
    assert len(set(MATRIX)) == len(MATRIX)


def _ids(entry: Any) -> str:
    return entry[0] if isinstance(entry, tuple) else str(entry)


@pytest.mark.parametrize(("cloud", "machine", "family", "owner", "sharing", "allocation"), MATRIX, ids=_ids)
def test_one_consistent_stack_or_a_refusal(  # noqa: PLR0917  # a point of the matrix
    cloud: Cloud, machine: tuple[str, str, str], family: str, owner: str, sharing: str, allocation: str
) -> None:
    found = _outcome(cloud, machine, family, owner, sharing, allocation)
    if isinstance(found, list):
        return
    (pool,) = found.node_pools
    values = {release.chart: release.values for release in found.releases}
    brought = [f"the cloud's {part}" for part in _by_the_cloud(cloud, family, owner, pool)]
    if owner == "host":
        brought.append("the image's driver")
    operator = values.get("gpu-operator")
    if operator is not None and dict(pool.labels).get("nvidia.com/gpu.deploy.operands") != "false":
        switches = {"driver": "driver", "toolkit": "toolkit", "advertiser": "devicePlugin"}
        off = {"driver": "driver", "toolkit": "container-toolkit", "advertiser": "device-plugin"}
        labels = dict(pool.labels)
        switches = {
            part: key for part, key in switches.items() if labels.get(f"nvidia.com/gpu.deploy.{off[part]}") != "false"
        }
        brought += [f"the operator's {part}" for part, key in switches.items() if operator[key]["enabled"]]
    dra = values.get("dra-driver-nvidia-gpu")
    if dra is not None:
        brought.append("the DRA driver's advertiser")
    for part in ("driver", "toolkit", "advertiser"):
        assert len([entry for entry in brought if entry.endswith(f" {part}")]) == 1, (part, brought)
    assert (dra is not None) == (allocation == "dra")
    own = "nvidia.com/mig-1g.10gb" if sharing == "layout" else "nvidia.com/gpu"
    counted = {key for key in dict(pool.node_resources) if key.startswith("nvidia.com/")}
    assert (own in counted) == (allocation == "device-plugin")
    assert ("nvidia.com/gpu" in counted) == (allocation == "device-plugin" and sharing != "layout")
    if dra is not None:
        root = "/run/nvidia/driver" if operator is not None and operator["driver"]["enabled"] else "/"
        assert dra["nvidiaDriverRoot"] == root
    _tolerates_all(pool, operator, dra)
    _shares_once(cloud, machine[0], sharing, pool, operator)


def _by_the_cloud(cloud: Cloud, family: str, owner: str, pool: NodePoolPlan) -> set[str]:
    if owner != "vendor":
        return set()
    parts = BY_THE_CLOUD[family if cloud == "aws" else cloud]
    without_plugin = dict(pool.labels).get("gke-no-default-nvidia-gpu-device-plugin") == "true"
    return set() if without_plugin else parts


def _tolerates_all(pool: NodePoolPlan, operator: Any, dra: Any) -> None:
    lists = [dra["kubeletPlugin"]["tolerations"]] if dra is not None else []
    if operator is not None:
        lists += [operator["daemonsets"]["tolerations"]]
        lists += [operator["node-feature-discovery"]["worker"]["tolerations"]]
    taints = {(taint.key, taint.value, taint.effect) for taint in pool.taints}
    taints |= {(taint.key, taint.value, taint.effect) for entry in pool.offerings for taint in entry.taints}
    assert {"team", "drain", "nvidia.com/gpu"} <= {key for key, _, _ in taints}
    for tolerations in lists:
        for key, value, effect in taints:
            assert any(
                entry["key"] == key
                and entry["effect"] == effect
                and (entry["operator"] == "Exists" or entry.get("value") == value)
                for entry in tolerations
            )


def _shares_once(cloud: Cloud, machine: str, sharing: str, pool: NodePoolPlan, operator: Any) -> None:
    """Whoever advertises the devices is told how they are shared, and nobody else."""
    labels = dict(pool.labels)
    assert sharing not in NEVER
    chosen = labels.get("nvidia.com/device-plugin.config")
    if chosen is not None:
        assert operator["devicePlugin"]["enabled"]
        assert chosen in operator["devicePlugin"]["config"]["data"]
    by_label = {"slices", "mps", "layout"}
    assert (chosen is not None) == (sharing in by_label and pool.software.device_plugin == "operator")
    cut = pool.sharing is not None and pool.sharing.way == "mig"
    assert ("nvidia.com/mig.config" in labels) == (cloud == "aws" and cut)
    if cut and operator is not None:
        _one_cuts(cloud, labels, operator)
    if sharing in PARTS and machine in GPUS:
        assert pool.machine.devices_per_node == GPUS[machine] * PARTS[sharing]
    if sharing == "whole":
        assert pool.sharing is None


def _one_cuts(cloud: Cloud, labels: dict[str, str], operator: Any) -> None:
    """The cloud cuts the GPUs, or the operator's MIG manager does, which then knows the name in the label."""
    manager = operator["migManager"]
    assert (manager.get("enabled", True) is False) == (cloud == "azure")
    if "config" in manager:
        known = yaml.safe_load(manager["config"]["data"]["config.yaml"])["mig-configs"]
        assert {labels["nvidia.com/mig.config"], manager["config"]["default"]} == set(known)


def test_each_dimension_has_values_that_plan_and_values_that_do_not() -> None:
    """A planner that refuses everything would pass the test above."""
    planned = [entry for entry in MATRIX if isinstance(_outcome(*entry), ClusterPlan)]
    assert len(planned) >= 100
    names = {str(value) for entry in planned for value in entry}
    wanted = {*MACHINES, *OWNERS, *ALLOCATION, *itertools.chain(*FAMILIES.values())}
    assert wanted <= names
    assert {entry[4] for entry in planned} == SHARING.keys() - NEVER
    # Clouds cannot be planned with an image's own driver but on EKS.
    assert {(entry[0], entry[3]) for entry in planned if entry[3] == "host"} == {("aws", "host")}
