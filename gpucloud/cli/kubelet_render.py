"""`gpucloud kubelet render`: a pool's kubelet configuration as its platform, or another, takes it."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from gpucloud.cli.kubelet_machine import find_machine_type
from gpucloud.cli.printing import Format, FormatOption, print_json
from gpucloud.errors import InvalidInputError, Problem, UnknownNameError
from gpucloud.facts.kubelet_platforms import KubeletPlatform, unsupported
from gpucloud.facts.kubelet_profiles import KubeletProfile
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.delivery import Delivered, render_for
from gpucloud.plan import EnvironmentPlan, NodePoolPlan, plan_document
from gpucloud.plan.kubelet import profile_on
from gpucloud.plan.kubelet_platform import kubelet_platform
from gpucloud.spec.loading import read_document


def render(
    spec: Annotated[str | None, typer.Argument(help="FILE.yaml, FILE.json or module:callable.")] = None,
    pool: Annotated[
        str | None, typer.Option("--pool", help="The node pool; CLUSTER/POOL where two clusters have one.")
    ] = None,
    target: Annotated[
        KubeletPlatform | None, typer.Option("--target", help="The platform to write for; left out, the pool's own.")
    ] = None,
    profile: Annotated[
        KubeletProfile | None, typer.Option("--profile", help="A profile on a --machine, without any document.")
    ] = None,
    machine: Annotated[str | None, typer.Option("--machine", help="The machine type for --profile.")] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Print kubelet and kernel settings as a platform takes them: those of a pool, or a profile's on a machine type.

    What the target has no field for is refused with what it has instead, never dropped; only a profile leaves it out.

    Example: gpucloud kubelet render stacks/environments/prod.yaml --pool h100 --target kubeadm

    Example: gpucloud kubelet render --profile training --machine p5.48xlarge --target nodeadm
    """
    if spec is not None and pool is not None and profile is None and machine is None:
        chosen = _pool(plan_document(read_document(spec)), pool)
        platform = target or kubelet_platform(chosen.cloud, chosen.image.family)
        linux = chosen.linux.settings if chosen.linux else {}
        delivered = _delivered(platform, chosen.kubelet, linux, f"{pool}.kubelet.")
    elif spec is None and pool is None and profile is not None and machine is not None:
        kind = find_machine_type(machine)
        platform = target or kubelet_platform(kind.cloud, "al2023")
        delivered = _delivered(platform, profile_on(profile, platform, kind), {}, "")
    else:
        raise InvalidInputError(
            [
                Problem(
                    "kubelet render",
                    "it is not clear what to print",
                    "give SPEC and --pool, or --profile and --machine",
                )
            ]
        )
    if output is Format.JSON:
        print_json({"platform": platform, "documents": dict(delivered.documents)})
        return
    if not delivered.documents:
        typer.echo(f"# nothing: the pool leaves its kubelets as {platform} makes them")
    for name, document in delivered.documents.items():
        typer.echo(f"# {name}")
        if isinstance(document, str):
            typer.echo(document)
        else:
            print_json(document)


def _delivered(platform: KubeletPlatform, values: Mapping[str, Any], linux: Mapping[str, Any], path: str) -> Delivered:
    problems = unsupported(platform, values)
    if problems:
        raise InvalidInputError(
            [Problem(f"{path}{problem.path}", problem.problem, problem.fix) for problem in problems]
        )
    return render_for(platform, values, linux)


def _pool(plan: EnvironmentPlan, name: str) -> NodePoolPlan:
    known = {f"{cluster.name}/{pool.name}": pool for cluster in plan.clusters for pool in cluster.node_pools}
    meant = [full for full in known if name in {full, full.partition("/")[2]}]
    if len(meant) > 1:
        raise InvalidInputError([Problem("--pool", f"{name} is in several clusters", f"use {' or '.join(meant)}")])
    if not meant:
        raise UnknownNameError(
            "node pool", name, nearest_names(name, [*known, *(full.partition("/")[2] for full in known)])
        )
    return known[meant[0]]
