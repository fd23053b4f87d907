"""Names of AKS agent pools that end in a hash of what AKS fixes at their creation."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan import NodePoolPlan
from gpucloud.plan.configuration_hash import HASH_LENGTH
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.spec import NodePoolSpec

COMPUTE = "/subscriptions/0/resourceGroups/g/providers/Microsoft.Compute"
RESERVED = {"type": "reserved", "reservation_id": f"{COMPUTE}/capacityReservationGroups/a100", "zone": "2"}
STATIC = {"kubelet": {"cpuManagerPolicy": "static", "containerLogMaxSize": "50Mi"}}


def plan(cloud: Any = "azure", **changes: Any) -> NodePoolPlan:
    given = {
        "azure": {"machine_type": "Standard_NC24ads_A100_v4", "zones": ["2"]},
        "gcp": {"machine_type": "a2-ultragpu-1g", "zones": ["us-central1-a"]},
        "aws": {"machine_type": "p5.48xlarge", "zones": ["us-east-1a"]},
    }[cloud]
    region = {"azure": "swedencentral", "gcp": "us-central1", "aws": "us-east-1"}[cloud]
    spec = {"name": "a100", "size": {"min": 0, "desired": 1, "max": 2}, **given, **changes}
    return plan_single_pool(cloud, region, "train", NodePoolSpec.model_validate(spec))


def name(**changes: Any) -> str | None:
    return plan(**changes).offerings[0].physical_name


def test_a_pool_without_settings_keeps_the_name_that_it_was_given() -> None:
    assert name() == "a100o2"


def test_settings_of_the_kubelet_or_the_kernel_make_a_hash_of_three_characters() -> None:
    for settings in (STATIC, {"linux": {"sysctls": {"vm.max_map_count": 262144}}}):
        found = name(**settings) or ""
        assert found.startswith("a100o2")
        assert len(found) == len("a100o2") + HASH_LENGTH
        assert found.isalnum()
        assert found.islower()


@pytest.mark.parametrize(
    "change",
    [
        {"kubelet": {"cpuManagerPolicy": "none", "containerLogMaxSize": "50Mi"}},
        {"linux": {"transparent_hugepages": "madvise"}},
        {"driver_owner": "operator"},
        {"root_disk": {"size_gib": 512}},
        {"machine_type": "Standard_NC48ads_A100_v4"},
        {"sharing": {"type": "mig", "profile": "3g.40gb"}},
        {"placement": "cluster"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_aks_fixes_at_the_creation_of_a_pool_is_in_the_hash(change: dict[str, Any]) -> None:
    assert name(**{**STATIC, **change}) != name(**STATIC)


@pytest.mark.parametrize(
    "change",
    [
        {"labels": {"team": "a"}},
        {"taints": [{"key": "dedicated"}]},
        {"size": {"min": 1, "desired": 2, "max": 9}},
        {"kubelet": {"cpuManagerPolicy": "static", "containerLogMaxSize": "51200Ki"}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_aks_changes_in_place_and_other_words_for_the_same_are_not(change: dict[str, Any]) -> None:
    assert name(**{**STATIC, **change}) == name(**STATIC)


def test_a_reserved_offering_has_no_hash() -> None:
    pool = plan(**STATIC, capacity=[RESERVED, "on-demand"])
    reserved, on_demand = (offering.physical_name or "" for offering in pool.offerings)
    assert (reserved, on_demand[:6], len(on_demand)) == ("a100r2", "a100o2", 6 + HASH_LENGTH)


def test_the_other_clouds_have_none() -> None:
    assert plan("gcp", kubelet={"cpuManagerPolicy": "static"}).offerings[0].physical_name == "a100-a-od"
    assert plan("aws", kubelet={"maxPods": 60}).offerings[0].physical_name is None


def test_the_longest_name_has_room_for_the_hash() -> None:
    assert len(name(name="abcdefg", **STATIC) or "") == 12
    with pytest.raises(InvalidInputError, match="3 of them for a hash of its settings, where AKS takes 12"):
        plan(name="abcdefgh", **STATIC)
    assert len(name(name="abcdefghij", **STATIC, capacity=[RESERVED]) or "") == 12
