"""Rules about versions that a person chooses for the GPU stack."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.advisories import advisories_against, floor_version
from gpucloud.facts.charts import chart
from gpucloud.spec.cluster import ClusterSpec

_OPERATOR = "gpu-operator"


def operator_has_no_known_hole(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A version of NVIDIA's operator with a published advisory against it or the toolkit that it brings."""
    written = cluster.gpu_stack.operator_version if cluster.gpu_stack is not None else None
    against = advisories_against(_OPERATOR, written) if written is not None else ()
    if against:
        identifiers = ", ".join(name for entry in against for name in entry.identifiers)
        pinned = chart(_OPERATOR).version.removeprefix("v")
        yield Problem(
            f"{path}.gpu_stack.operator_version",
            f"GPU Operator {written} has {identifiers}: {against[-1].consequence}",
            f"take {floor_version(_OPERATOR)} or later, or leave it out: {pinned}",
        )
