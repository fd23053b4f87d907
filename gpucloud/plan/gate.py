"""The gate after a deployment: a Job for every pool that can be looked at, and the reason for each that cannot."""

from collections.abc import Sequence

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.own_images import own_images
from gpucloud.plan.gate_job import plan_check
from gpucloud.plan.gate_model import GatePlan
from gpucloud.plan.mirrors import mirrored
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.pod_resources import asked_layout
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.spec.gate import GateSpec
from gpucloud.spec.mirrors import MirrorSpec

GATE_NAMESPACE = "gpucloud-gate"


def plan_gate(  # noqa: PLR0913  # all that a gate follows from
    gate: GateSpec,
    pools: Sequence[NodePoolPlan],
    *,
    releases: Sequence[ReleasePlan] = (),
    mirrors: Sequence[MirrorSpec] = (),
    pull_secret: str | None = None,
    kubernetes_version: str | None = None,
    path: str = "gate",
) -> GatePlan:
    """The gate of a cluster with these pools, sorted by pool; images come from mirrors.

    `releases` are what brought driver and device plugin: another version of one runs the gate again, and so does
    another `kubernetes_version`, with which nodes and their drivers are replaced. `path` begins the paths of problems.
    Raises InvalidInputError for pools that nobody could look at, unless they are allowed to be skipped, and where
    nothing is left to look at.
    """
    skipped = {pool.name: reason for pool in pools if (reason := _reason(pool)) is not None}
    problems = skipped_problems(gate, skipped, [pool.name for pool in pools], path)
    if problems:
        raise InvalidInputError(problems)
    seen = sorted((pool for pool in pools if pool.name not in skipped), key=lambda pool: pool.name)
    vendors = {pool.name: accelerator(pool.machine.accelerator).vendor for pool in seen}
    checks = tuple(
        plan_check(
            pool,
            _image(gate, vendors[pool.name], mirrors),
            gate.deadline_seconds,
            releases=releases,
            pull_secret=pull_secret,
            kubernetes_version=kubernetes_version,
        )
        for pool in seen
    )
    return GatePlan(
        namespace=GATE_NAMESPACE,
        # AMD's device files are root's, which `restricted` does not let a pod be.
        pod_security="baseline" if "amd" in vendors.values() else "restricted",
        deadline_seconds=gate.deadline_seconds,
        checks=checks,
        skipped=tuple(sorted(skipped.items())),
    )


def reason_to_skip(name: str, nodes: int) -> str | None:
    """Why nobody can look at a pool with this accelerator that starts this many nodes; None where somebody can."""
    found = accelerator(name)
    if found.vendor != "nvidia" and not found.is_instinct:
        return f"the gate has no check for {name}"
    if nodes == 0:
        return "the pool starts at zero nodes"
    return None


def skipped_problems(gate: GateSpec, skipped: dict[str, str], pools: Sequence[str], path: str) -> list[Problem]:
    """What is wrong with a gate that skips these pools, by the reason for each."""
    if skipped.keys() >= set(pools):
        fix = "leave the gate out, or let a pool at zero keep a node (size.desired)"
        return [Problem(path, f"looks at no pool ({_told(skipped)}): it would be open without having seen a GPU", fix)]
    if gate.allow_skipped:
        return []
    fix = "set gate.allow_skipped, let a pool at zero keep a node (size.desired), or leave the gate out"
    return [
        Problem(path, f"cannot look at pool {pool} ({skipped[pool]}), and unseen is not passed", fix)
        for pool in sorted(skipped)
    ]


def _told(skipped: dict[str, str]) -> str:
    return "; ".join(f"{pool}: {skipped[pool]}" for pool in sorted(skipped))


def _reason(pool: NodePoolPlan) -> str | None:
    if pool.sharing is not None and pool.sharing.layout and not asked_layout(pool):
        return "its GPUs are cut in several ways on two NUMA nodes, and single-numa-node gives a pod those of one"
    return reason_to_skip(
        pool.machine.accelerator,
        max((max(offering.size.min, offering.size.desired) for offering in pool.offerings), default=0),
    )


def _image(gate: GateSpec, vendor: str, mirrors: Sequence[MirrorSpec]) -> str:
    own = gate.amd_image if vendor == "amd" else gate.nvidia_image
    return mirrored(own or own_images("gate")[vendor].reference, mirrors)
