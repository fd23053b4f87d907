"""`gpucloud stack verify`: the gate after a deployment."""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from gpucloud.cli.chosen_cluster import chosen_cluster
from gpucloud.cli.cluster_reading import ClusterReader
from gpucloud.cli.printing import FAILED, Format, FormatOption, print_json, print_table
from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan.gpu_stack import operator_namespace
from gpucloud.plan.model import ClusterPlan
from gpucloud.verify import CHECKS, Verdict, judge, passes

_POLL_SECONDS = 15


def verify(  # the options of a command
    spec: Annotated[str, typer.Argument(help="FILE.yaml, FILE.json or module:callable.")],
    cluster: Annotated[str, typer.Option(help="Name of the cluster; not needed where the document has one.")] = "",
    kubeconfig: Annotated[Path | None, typer.Option(help="Left out: as kubectl finds it.")] = None,
    context: Annotated[str | None, typer.Option(help="Of the kubeconfig; left out: its current one.")] = None,
    pool: Annotated[str | None, typer.Option(help="Look at this pool alone.")] = None,
    wait: Annotated[int, typer.Option(min=0, help="Seconds to try again for, while nodes and operators start.")] = 0,
    allow_skipped: Annotated[
        list[str] | None, typer.Option(help="Let this check be skipped. Repeatable.", metavar="CHECK")
    ] = None,
    output: FormatOption = Format.TABLE,
) -> None:
    """Judge a live cluster against its plan: nodes, devices, labels, taints, driver, fabric, operands, metrics.

    Exit code 1 where anything is wrong, and where a check could not look: `skipped` is no pass, unless
    --allow-skipped names the check. It only reads, with the credentials of your kubeconfig.

    Example: gpucloud stack verify stacks/environments/prod.yaml --cluster train --wait 900
    """
    allowed = frozenset(allow_skipped or [])
    unknown = sorted(allowed - set(CHECKS))
    if unknown:
        fix = f"use {', '.join(CHECKS)}"
        raise InvalidInputError([Problem("--allow-skipped", f"there is no check {name}", fix) for name in unknown])
    plan = chosen_cluster(spec, cluster, pool)
    reader = ClusterReader(kubeconfig, context)
    namespaces = sorted({release.namespace for release in plan.releases})
    metrics_of = operator_namespace() if operator_namespace() in namespaces else None
    until = time.monotonic() + wait
    while True:
        verdicts = judge(plan, reader.read(namespaces, metrics_of), pool)
        opens = passes(verdicts, allowed)
        left = until - time.monotonic()
        if opens or left <= 0:
            break
        late = sorted({verdict.check for verdict in verdicts if verdict.outcome in {"fail", "skipped"}})
        typer.echo(f"not yet: {', '.join(late)}; {left:.0f} s left", err=True)
        time.sleep(min(_POLL_SECONDS, left))
    _print(plan, verdicts, allowed, opens, output)
    if not opens:
        raise typer.Exit(FAILED)


def _print(
    plan: ClusterPlan, verdicts: tuple[Verdict, ...], allowed: frozenset[str], opens: bool, output: Format
) -> None:
    if output is Format.JSON:
        print_json(
            {
                "cluster": plan.name,
                "passes": opens,
                "allowed_skipped": sorted(allowed),
                "verdicts": [asdict(verdict) for verdict in verdicts],
            }
        )
        return
    rows = [(entry.subject, entry.check, entry.outcome, _finding(entry)) for entry in verdicts]
    print_table(("of", "check", "verdict", "finding"), rows)
    counts = {name: sum(entry.outcome == name for entry in verdicts) for name in ("pass", "fail", "skipped")}
    said = ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    typer.echo(f"{plan.name}: the gate {'opens' if opens else 'stays closed'} ({said or 'nothing was looked at'})")


def _finding(entry: Verdict) -> str:
    return f"{entry.finding}; {entry.fix}" if entry.outcome in {"fail", "skipped"} and entry.fix else entry.finding
