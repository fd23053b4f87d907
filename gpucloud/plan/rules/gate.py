"""Rules about the gate after a deployment."""

from collections.abc import Iterator

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.plan.gate import reason_to_skip, skipped_problems
from gpucloud.plan.machine import choose_machine_type
from gpucloud.spec.cluster import ClusterSpec


def gate_sees_every_pool(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A gate that counts what it could not see as passed opens for nodes that nobody looked at (NVIDIA/aicr#640)."""
    gate = cluster.gpu_stack.gate if cluster.gpu_stack is not None else None
    if gate is None or cluster.gpu_stack is None:
        return
    skipped: dict[str, str] = {}
    known: list[str] = []
    for pool in cluster.node_pools:
        try:
            machine = choose_machine_type(cluster.cloud, pool, cluster.region)
        except UnknownNameError:
            continue
        known.append(pool.name)
        reason = reason_to_skip(machine.accelerator, max(pool.size.min, pool.size.desired))
        if reason is not None:
            skipped[pool.name] = reason
    if known:
        yield from skipped_problems(gate, skipped, known, f"{path}.gpu_stack.gate")
