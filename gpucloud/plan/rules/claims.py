"""Rules about ready-made claims: the templates that a stack puts into namespaces."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from gpucloud.errors import Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_labels import driver_names
from gpucloud.facts.machine_types import MachineType
from gpucloud.plan.rules.team_namespaces import is_a_teams
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.node_pool import NodePoolSpec


def templates_need_claims(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Beside the device plugin nobody publishes devices, so pods with such a claim would wait for ever."""
    stack = cluster.gpu_stack
    if stack is not None and stack.claims is not None and stack.allocation != "dra":
        yield Problem(
            f"{path}.gpu_stack.claims",
            f"allocation is `{stack.allocation}`, no device would ever meet a claim",
            "set allocation to `dra`, or leave claims out",
        )


def template_namespaces_are_of_teams(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Each is named once, and none is an operator's or Kubernetes' own: those are open to privileged pods."""
    if cluster.gpu_stack is None or cluster.gpu_stack.claims is None:
        return
    names = cluster.gpu_stack.claims.namespaces
    for index, name in enumerate(names):
        here = f"{path}.gpu_stack.claims.namespaces[{index}]"
        if name in names[:index]:
            yield Problem(here, f"{name} stands twice, both would make the same templates", "name it once")
        elif not is_a_teams(name):
            yield Problem(
                here, f"{name} is of operators, whose pods may do what a team's may not", "name a team's namespace"
            )


def templates_have_devices(
    cluster: ClusterSpec, path: str, pools: Sequence[tuple[NodePoolSpec, MachineType]]
) -> Iterator[Problem]:
    """A class needs the name that the driver gives the GPU; of other vendors the stack has no driver for claims."""
    if cluster.gpu_stack is None or cluster.gpu_stack.claims is None or len(pools) < len(cluster.node_pools):
        return
    here = f"{path}.gpu_stack.claims"
    nvidia = [(pool, machine) for pool, machine in pools if accelerator(machine.accelerator).vendor == "nvidia"]
    if not nvidia:
        yield Problem(here, "no pool has NVIDIA GPUs, and nothing else can be claimed", "leave claims out")
    for pool, machine in nvidia:
        part = Fraction(machine.accelerator_fraction)
        if not driver_names(accelerator(machine.accelerator), cluster.cloud, part):
            yield Problem(
                here,
                f"no source says what the driver calls the GPUs of pool {pool.name} ({machine.name}), "
                "so no class can select them",
                "take another machine type, or leave claims out and select devices by a claim of your own",
            )
