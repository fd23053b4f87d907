"""What a change of each field of a plan does: every field has a row for every cloud, and no row is about nothing."""

import dataclasses
from collections.abc import Iterator
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import pytest

from gpucloud.facts.change_effects import (
    CHANGE_PLATFORMS,
    EFFECTS,
    ChangeEffect,
    ChangePlatform,
    change_effect,
    change_effects,
)
from gpucloud.facts.kubelet_fields import kubelet_field
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.linux_model import LinuxPlan
from gpucloud.plan.model import ClusterPlan, EnvironmentPlan, NodePoolPlan, OfferingPlan, ShardPlan

CLOUDS: tuple[Cloud, ...] = get_args(Cloud)
ROOTS = {
    "environment": EnvironmentPlan,
    "cluster": ClusterPlan,
    "pool": NodePoolPlan,
    "shard": ShardPlan,
    "offering": OfferingPlan,
}
# Compared as a whole: what they hold has no name of its own.
WHOLE = {"pool.interfaces", "pool.sharing.layout", "pool.taints", "offering.taints", "pool.networks.subnets"}
STATE_KEYS = ("cpuManagerPolicy", "cpuManagerPolicyOptions", "reservedSystemCPUs", "memoryManagerPolicy")


def dataclass_of(hint: Any) -> type | None:
    """The dataclass that a field is, may be, or holds."""
    if dataclasses.is_dataclass(hint):
        return hint if isinstance(hint, type) else None
    if get_origin(hint) in {UnionType, Union, tuple}:
        return next((found for entry in get_args(hint) if (found := dataclass_of(entry))), None)
    return None


def fields_of(kind: type, path: str) -> Iterator[str]:
    for name, hint in get_type_hints(kind).items():
        inner, below = dataclass_of(hint), f"{path}.{name}"
        if inner in ROOTS.values():
            continue
        if inner is None or below in WHOLE:
            yield below
        else:
            yield from fields_of(inner, below)


FIELDS = tuple(found for root, kind in ROOTS.items() for found in fields_of(kind, root))


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("path", FIELDS)
def test_every_field_of_a_plan_has_an_effect_on_every_cloud(path: str, cloud: Cloud) -> None:
    assert change_effect(cloud, path).effect in EFFECTS


def test_a_field_without_a_row_is_not_passed_over() -> None:
    @dataclasses.dataclass
    class Grown:
        colour: str

    (path,) = fields_of(Grown, "pool")
    with pytest.raises(KeyError, match=r"pool\.colour"):
        change_effect("aws", path)


@pytest.mark.parametrize("row", change_effects(), ids=lambda row: f"{row.platform} {row.path} {row.when}")
def test_every_row_is_about_a_field_and_has_a_reason_and_a_source(row: ChangeEffect) -> None:
    key = row.path.removeprefix("pool.kubelet.")
    assert row.path in FIELDS or kubelet_field(key) is not None
    assert row.platform in CHANGE_PLATFORMS
    assert row.when in {"", "own-image"}
    assert row.effect in EFFECTS
    assert row.reason
    assert row.source
    allowed = {"true", "false", "unless-reserved", "by-name"} if row.effect == "replaces" else {""}
    assert row.create_before_delete in allowed


@pytest.mark.parametrize("platform", CHANGE_PLATFORMS)
def test_every_platform_says_what_a_change_of_kubelet_and_kernel_does(platform: ChangePlatform) -> None:
    expected = {
        "ack": "kubelet-restart", "aws": "rolls-nodes", "azure": "replaces", "gcp": "rolls-nodes",
        "karpenter": "rolls-nodes", "kubeadm": "kubelet-restart", "tke": "replaces",
    }[platform]  # fmt: skip
    linux = (f"pool.linux.{field.name}" for field in dataclasses.fields(LinuxPlan))
    for path in ("pool.kubelet.podPidsLimit", *(f"pool.kubelet.{key}" for key in STATE_KEYS), *linux):
        assert change_effect(platform, path).effect == expected


@pytest.mark.parametrize("platform", CHANGE_PLATFORMS)
@pytest.mark.parametrize("key", STATE_KEYS)
def test_a_policy_that_meets_the_old_nodes_says_what_to_do_about_their_state(
    platform: ChangePlatform, key: str
) -> None:
    found = change_effect(platform, f"pool.kubelet.{key}")
    assert ("delete" in found.reason) == (found.effect == "kubelet-restart")


def test_pods_per_node_replace_on_gke_alone() -> None:
    assert change_effect("gcp", "pool.kubelet.maxPods").effect == "replaces"
    assert change_effect("aws", "pool.kubelet.maxPods").effect == "rolls-nodes"


def test_labels_of_an_own_image_are_user_data() -> None:
    assert change_effect("aws", "pool.labels").effect == "in-place"
    assert change_effect("aws", "pool.labels", own_image=True).effect == "rolls-nodes"
    assert change_effect("gcp", "pool.labels", own_image=True).effect == "in-place"
