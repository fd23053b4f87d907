"""What people write into a GPU stack that cannot work: all of it at once, each with path, consequence and fix."""

from typing import Any

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document

POOL = {"name": "p", "machine_type": "p5.48xlarge", "zones": ["us-east-1a"]}


def _problems(
    stack: dict[str, Any], cluster_fields: dict[str, Any] | None = None, **pool: Any
) -> dict[str, tuple[str, str]]:
    cluster = {
        "name": "c",
        "cloud": "aws",
        "region": "us-east-1",
        "kubernetes_version": "1.35",
        **(cluster_fields or {}),
    }
    document = {"name": "prod", "clusters": [{**cluster, "gpu_stack": stack, "node_pools": [{**POOL, **pool}]}]}
    with pytest.raises(InvalidInputError) as caught:
        plan_document(document)
    return {
        problem.path.removeprefix("clusters[c]."): (problem.problem, problem.fix) for problem in caught.value.problems
    }


@pytest.mark.parametrize(
    ("stack", "pool", "path", "words", "fix"),
    [
        ({"operator_version": "25.3.1"}, {}, "gpu_stack.operator_version", "CVE-2025-23266", "25.3.2"),
        (
            {"values": {"gpu-operator": {"nfd": {"enabled": True}}}},
            {},
            "gpu_stack.values[gpu-operator].nfd.enabled",
            "two owners",
            "leave it out",
        ),
        (
            {"values": {"gpu-operator": {"gpuCluster": {"deployCR": True}}}},
            {},
            "gpu_stack.values[gpu-operator].gpuCluster.deployCR",
            "ClusterPolicy and GPUCluster exclude each other",
            "allocation",
        ),
        ({"allocation": "dra"}, {}, "node_pools[p].size.min", "no claim ever makes the autoscaler", "1 or more"),
        (
            {},
            {"machine_type": "g4dn.xlarge", "sharing": {"type": "mig", "profile": "1g.5gb"}},
            "node_pools[p].sharing",
            "t4-16gb of g4dn.xlarge cannot be cut",
            "whole",
        ),
        (
            {},
            {"vram_limit": "24Gi", "sharing": {"type": "time-slicing", "replicas": 2}},
            "node_pools[p].vram_limit",
            "keeps no memory apart",
            "MIG or MPS",
        ),
        (
            {},
            {"sharing": {"type": "mps", "replicas": 60}},
            "node_pools[p].sharing.replicas",
            "48 clients at most",
            "48 or fewer",
        ),
        (
            {},
            {"sharing": {"type": "mps", "replicas": 4}, "compute_mode": "exclusive-process"},
            "node_pools[p].compute_mode",
            "MPS sets the mode of its GPUs itself",
            "leave compute_mode out",
        ),
    ],
)
def test_each_is_refused_by_its_path(
    stack: dict[str, Any], pool: dict[str, Any], path: str, words: str, fix: str
) -> None:
    found = _problems(stack, **pool)
    assert set(found) == {path}
    assert words in found[path][0]
    assert fix in found[path][1]


def test_all_of_them_are_said_at_once() -> None:
    values = {"gpu-operator": {"nfd": {"enabled": True}, "drivers": {"enabled": True}}, "gpu-operators": {"a": 1}}
    stack = {"operator_version": "25.3.1", "allocation": "dra", "values": values}
    found = _problems(stack, image={"family": "bottlerocket"}, sharing={"type": "mps", "replicas": 60})
    assert set(found) == {
        "gpu_stack.operator_version",
        "gpu_stack.values[gpu-operator].nfd.enabled",
        "gpu_stack.values[gpu-operator].drivers.enabled",
        "gpu_stack.values[gpu-operators]",
        "node_pools[p].driver_owner",
        "node_pools[p].sharing",
        "node_pools[p].sharing.replicas",
        "node_pools[p].size.min",
    }


def test_a_mirror_without_scheme_is_refused_beside_everything_else() -> None:
    mirrors = [{"registry": "nvcr.io", "endpoint": "mirror.example.com/nvcr"}]
    found = _problems({"operator_version": "25.3.1"}, {"mirrors": mirrors})
    assert set(found) == {"mirrors[0].endpoint", "gpu_stack.operator_version"}
    words, fix = found["mirrors[0].endpoint"]
    assert "has no scheme" in words
    assert fix == "write https://mirror.example.com/nvcr"
