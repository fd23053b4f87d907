"""A pool that holds accelerators back, in a whole environment."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document
from gpucloud.plan.node_pool import plan_single_pool
from tests.plan.pools import pool_on


def _environment(*pools: dict[str, Any]) -> dict[str, Any]:
    plain = {"machine_type": "p5.48xlarge", "zones": ["us-east-1a"]}
    cluster = {"name": "c", "cloud": "aws", "region": "us-east-1", "node_pools": [plain | pool for pool in pools]}
    return {"name": "e", "clusters": [cluster]}


H100 = {"name": "h100", "size": {"min": 1, "desired": 3, "max": 4}}


def test_a_taint_makes_a_second_pool_of_whole_nodes():
    held = {"by": "taint", "share": 0.25, "key": "team", "value": "infra"}
    rest, tainted = plan_document(_environment({**H100, "held_back": held})).clusters[0].node_pools
    assert (rest.name, tainted.name) == ("h100", "h100-held")
    sizes = [pool.offerings[0].size for pool in (rest, tainted)]
    assert [(size.min, size.desired, size.max) for size in sizes] == [(0, 2, 3), (1, 1, 1)]
    assert ("team", "infra") in {(taint.key, taint.value) for taint in tainted.taints}
    assert "team" not in {taint.key for taint in rest.taints}


def test_a_quota_and_a_queue_are_objects_of_the_cluster():
    quota = {"by": "quota", "count": 8, "namespaces": ["a", "b"]}
    found = plan_document(_environment({**H100, "held_back": quota})).clusters[0].manifests
    limits = {entry.namespace: entry.spec["hard"] for entry in found if entry.kind == "ResourceQuota"}
    assert limits == {name: {"requests.nvidia.com/gpu": "12"} for name in ("a", "b")}
    queue = {"by": "kueue", "count": 8, "queue": "everybody"}
    kinds = {
        entry.kind: entry.spec
        for entry in plan_document(_environment({**H100, "held_back": queue})).clusters[0].manifests
    }
    assert kinds["ResourceFlavor"] == {"nodeLabels": {"gpucloud.io/pool": "h100"}}
    assert kinds["ClusterQueue"]["resourceGroups"][0]["flavors"][0]["resources"][0]["nominalQuota"] == 24


@pytest.mark.parametrize(
    ("sharing", "rest"),
    [
        ({"sharing": {"type": "mig", "profile": "1g.10gb"}}, 24 * 7),
        ({"sharing": {"type": "mps", "replicas": 4}}, 24 * 4),
        # Chosen by the memory: halves of 40 GB.
        ({"vram_limit": "24Gi"}, 24 * 2),
    ],
)
def test_objects_of_the_cluster_count_parts_of_accelerators(sharing: dict[str, Any], rest: int):
    """8 of 32 GPUs are held back, whatever each of the others counts as."""
    quota = {"by": "quota", "count": 8, "namespaces": ["a"]}
    made = plan_document(_environment({**H100, **sharing, "held_back": quota})).clusters[0].manifests
    limits = {entry.namespace: entry.spec["hard"] for entry in made if entry.kind == "ResourceQuota"}
    assert limits == {"a": {"requests.nvidia.com/gpu": str(rest)}}
    queue = {"by": "kueue", "share": 0.25, "queue": "everybody"}
    kinds = {
        entry.kind: entry.spec
        for entry in plan_document(_environment({**H100, **sharing, "held_back": queue})).clusters[0].manifests
    }
    assert kinds["ClusterQueue"]["resourceGroups"][0]["flavors"][0]["resources"][0]["nominalQuota"] == rest


def test_a_quota_beside_another_pool_with_the_same_accelerators_is_refused():
    quota = {"by": "quota", "count": 8, "namespaces": ["a"]}
    with pytest.raises(InvalidInputError, match=r"node_pools\[h100\]\.held_back: a quota counts nvidia.com/gpu"):
        plan_document(_environment({**H100, "held_back": quota}, {"name": "other", "size": {"max": 1}}))


def test_a_component_of_one_pool_says_that_it_needs_the_cluster():
    spec = pool_on("aws", size={"max": 4}, held_back={"by": "taint", "count": 1, "key": "team"})
    with pytest.raises(InvalidInputError, match="held_back: needs a pool or objects of the cluster"):
        plan_single_pool("aws", "us-east-1", "x", spec)


def test_accelerators_are_not_reserved_by_the_kubelet():
    reserved = {"kubelet": {"kubeReserved": {"nvidia.com/gpu": "1"}}}
    with pytest.raises(InvalidInputError, match=r"kubelet\.kubeReserved.*held_back"):
        plan_document(_environment({**H100, **reserved}))
