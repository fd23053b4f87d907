"""`gpucloud stack`: the charts of the GPU stack."""

from dataclasses import asdict

import typer

from gpucloud.cli.printing import Format, FormatOption, print_json, print_table
from gpucloud.facts.advisories import advisories
from gpucloud.facts.charts import charts

stack_app = typer.Typer(
    name="stack",
    help="The GPU stack: operators and plugins that make accelerators usable by pods.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_COMPONENTS = ("gpu-operator", "nvidia-container-toolkit")


@stack_app.callback()
def stack() -> None:
    """Keep `lock` a command of its own name."""


@stack_app.command()
def lock(output: FormatOption = Format.TABLE) -> None:
    """Print the one version of each chart that is installed, and below which versions advisories hold.

    JSON has the sources, too: compare it between two versions of gpucloud to see what an upgrade brings.

    Example: gpucloud stack lock --format json
    """
    known = [entry for component in _COMPONENTS for entry in advisories(component)]
    if output is Format.JSON:
        print_json({"charts": [asdict(entry) for entry in charts()], "advisories": [asdict(entry) for entry in known]})
        return
    rows = [(entry.name, entry.version, entry.app_version, entry.repository) for entry in charts()]
    print_table(("chart", "version", "installs", "repository"), rows, title="Charts")
    floors = [(entry.component, f"below {entry.fixed_in}", ", ".join(entry.identifiers)) for entry in known]
    print_table(
        ("component", "versions", "advisories"),
        floors,
        title="Advisories; a document that names such an operator version is refused",
    )
