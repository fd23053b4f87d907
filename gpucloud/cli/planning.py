"""`gpucloud plan`, `gpucloud schema` and `gpucloud pools`."""

import json
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from gpucloud.cli.printing import BAD_INPUT, Format, FormatOption, print_json, print_table
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.plan import EnvironmentPlan, NodePoolPlan, plan_document, plan_to_document
from gpucloud.plan.gate_model import GatePlan
from gpucloud.plan.network_model import NetworkPlan
from gpucloud.plan.sharing_model import SharingPlan
from gpucloud.plan.stock import parse_offerings
from gpucloud.plan.trainer_model import TrainerPlan
from gpucloud.spec.loading import read_document
from gpucloud.spec.schema import environment_schema


def plan(
    spec: Annotated[str, typer.Argument(help="FILE.yaml, FILE.json or module:callable.")],
    unavailable: Annotated[
        list[str] | None,
        typer.Option(help="Plan as if this were out of stock: MACHINE_TYPE/ZONE/CAPACITY_TYPE. Repeatable."),
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Print every decision of an environment, or everything that is wrong with it (exit code 2).

    Example: gpucloud plan stacks/environments/prod.yaml --unavailable p5.48xlarge/us-east-1a/reserved
    """
    decided = plan_document(read_document(spec), parse_offerings(unavailable or [], "--unavailable"))
    if output is Format.JSON:
        print_json(plan_to_document(decided))
        return
    _print_plan(decided)


def _print_plan(decided: EnvironmentPlan) -> None:
    for cluster in decided.clusters:
        typer.echo(
            f"{decided.name} / {cluster.name}: {cluster.cloud} {cluster.region}, "
            f"Kubernetes {cluster.kubernetes_version}"
        )
        typer.echo(_wrapped(_network_line(cluster.network)))
        system = cluster.system_pool
        typer.echo(f"  system nodes {system.machine_type}, {system.size.min} to {system.size.max}")
        for mirror in cluster.managed_mirrors:
            typer.echo(_wrapped(f"mirror of {mirror.registry} made by the stack: {mirror.endpoint}"))
        for release in cluster.releases:
            typer.echo(f"  release {release.name} {release.version} in {release.namespace}")
        for pool in cluster.node_pools:
            typer.echo(_wrapped(_pool_line(pool)))
        for line in (*_gate_lines(cluster.gate), *_trainer_lines(cluster.trainer)):
            typer.echo(_wrapped(line))
        rows = [
            (
                pool.name,
                offering.order + 1,
                offering.zone,
                offering.capacity_type,
                offering.physical_name or "",
                offering.size.min,
                offering.size.desired,
                offering.size.max,
                offering.size.desired * pool.machine.devices_per_node,
                "close" if offering.close_placement else "",
            )
            for pool in cluster.node_pools
            for offering in pool.offerings
        ]
        columns = ("pool", "try", "zone", "capacity", "called", "min", "now", "max", "devices", "placed")
        print_table(columns, rows)


def _gate_lines(gate: GatePlan | None) -> Iterator[str]:
    """What makes an update fail after the GPU stack, and what it does not see."""
    if gate is None:
        return
    jobs = ", ".join(check.name for check in gate.checks)
    yield f"gate: an update fails unless {jobs} complete within {gate.deadline_seconds} s"
    for pool, reason in gate.skipped:
        yield f"gate: pool {pool} is skipped, {reason}"


def _trainer_lines(trainer: TrainerPlan | None) -> Iterator[str]:
    """What a TrainJob may name, and which pools it does not reach."""
    if trainer is None:
        return
    for pool, runtime in trainer.runtimes:
        yield f"trainer: jobs on pool {pool} name the runtime {runtime}"
    for pool, reason in trainer.without:
        yield f"trainer: pool {pool} has no runtime, {reason}"


def _left(resource: str, amount: str) -> str:
    """`191.45 CPUs` or `2046 GiB`, rounded down."""
    size = parse_quantity(amount)
    return f"{float(size):g} CPUs" if resource == "cpu" else f"{int(size / 2**30)} GiB"


def _pool_line(pool: NodePoolPlan) -> str:
    """What a pool's nodes are: one machine type, whatever the zone."""
    machine = pool.machine
    cut = f" {_shared(pool.sharing)}" if pool.sharing else ""
    fraction = (
        f"{machine.accelerator_fraction} of a" if machine.accelerator_fraction != "1" else f"{pool.gpus_per_node} x"
    )
    networks = f" over {len(pool.networks)} networks of its own" if pool.networks else ""
    fabric = f", {_fabric(pool)}{networks}" if pool.fabric != "none" else ""
    driver = {"cloud": "the cloud's driver", "operator": "the operator's driver", "host": "the image's driver"}
    owner = driver[pool.software.driver]
    pods = (
        f"; a node leaves pods {' and '.join(_left(*entry) for entry in pool.allocatable)}" if pool.allocatable else ""
    )
    return f"pool {pool.name}: {machine.machine_type} ({fraction} {machine.accelerator}{cut}){fabric}, {owner}{pods}"


def _shared(sharing: SharingPlan) -> str:
    """`in 7 x 1g.10gb each`, what each GPU is cut into, or by how many pods each is shared."""
    if sharing.layout:
        cuts = [
            (group.gpus, " + ".join(f"{count} x {name}" for name, count in group.instances)) for group in sharing.layout
        ]
        if len(cuts) == 1:
            return f"in {cuts[0][1]} each"
        return "; ".join(f"GPU {','.join(map(str, gpus))} in {instances}" for gpus, instances in cuts)
    if sharing.profile is not None:
        return f"in {sharing.parts_per_gpu} x {sharing.profile} each"
    return f"each for {sharing.replicas} pods by {'MPS' if sharing.way == 'mps' else 'time slicing'}"


def _network_line(network: NetworkPlan) -> str:
    """Where nodes live and how they leave: a subnet a zone with NAT gateways, or one for the region."""
    if network.subnets:
        zones = tuple(subnet.zone for subnet in network.subnets)
        nat = "every zone" if network.nat_zones == zones else ", ".join(network.nat_zones)
        return f"network {network.cidr} over {', '.join(zones)}; NAT in {nat}"
    zones = network.control_plane_zones
    over = f"; system nodes over {', '.join(zones)}" if zones else ""
    return f"network {network.cidr}: nodes {network.node_cidr}, pods {network.pod_cidr}{over}"


def _fabric(pool: NodePoolPlan) -> str:
    cards = sum(interface.kind == "fabric" for interface in pool.interfaces)
    return f"{cards} x {pool.fabric}" if cards else pool.fabric


def _wrapped(text: str) -> str:
    return textwrap.fill(text, 100, initial_indent="  ", subsequent_indent="    ", break_on_hyphens=False)


def schema() -> None:
    """Print the JSON Schema of the environment document, for editors.

    Example: gpucloud schema > environment.schema.json
    """
    print_json(environment_schema())


def pools(
    source: Annotated[
        str, typer.Argument(help="A file with `pulumi stack output --json`, or - for standard input.")
    ] = "-",
    output: FormatOption = Format.TABLE,
) -> None:
    """Print the node pools of a stack from its outputs.

    Example: pulumi stack output --json --stack dev | gpucloud pools
    """
    try:
        outputs = json.loads(sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8"))
        rows: list[dict[str, Any]] = outputs["pools"]
        _check_pools(rows)
        if output is Format.TABLE:
            pools_table(rows)
            return
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        text = error.strerror if isinstance(error, OSError) else error.args[0] if error.args else error
        typer.echo(f"{source}: holds no pools ({text}); give the JSON of `pulumi stack output --json`", err=True)
        raise typer.Exit(BAD_INPUT) from None
    print_json(rows)


def _check_pools(rows: Sequence[Mapping[str, Any]]) -> None:
    missing = sorted({column for row in rows for column in _POOL_KEYS if column not in row})
    if missing:
        raise KeyError(f"a pool has no {', '.join(missing)}")


_POOL_KEYS = (
    "accelerator",
    "accelerators",
    "accelerators_per_node",
    "capacity",
    "cluster",
    "machine_type",
    "nodes",
    "pool",
    "zones",
)


def pools_table(rows: Sequence[Mapping[str, Any]]) -> None:
    """A table of the pools that a stack put out; JSON makes whole numbers of Pulumi's floats look like both."""
    columns = ("cluster", "pool", "nodes", "devices", "machine type", "accelerator", "from", "zones in order")
    cells = [
        (
            row["cluster"],
            row["pool"],
            f"{row['nodes']:g}",
            f"{row['accelerators']:g}",
            row["machine_type"],
            f"{row['accelerators_per_node']:g} x {row['accelerator']}",
            ", ".join(row["capacity"]),
            ", ".join(row["zones"]),
        )
        for row in rows
    ]
    print_table(columns, cells)
