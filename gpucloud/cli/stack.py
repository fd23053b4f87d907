"""`gpucloud stack`: the charts of the GPU stack."""

from dataclasses import asdict
from typing import Annotated

import typer

from gpucloud.cli.printing import Format, FormatOption, print_json, print_table
from gpucloud.cli.stack_pod import pod
from gpucloud.cli.stack_verify import verify
from gpucloud.facts.advisories import advisories
from gpucloud.facts.charts import charts
from gpucloud.facts.images import images as known_images
from gpucloud.facts.own_images import all_own_images
from gpucloud.plan import plan_document
from gpucloud.plan.images import PulledImage, pulled_images
from gpucloud.plan.seccomp import seccomp_profile
from gpucloud.spec.loading import read_document

stack_app = typer.Typer(
    name="stack",
    help="The GPU stack: operators and plugins that make accelerators usable by pods.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
stack_app.command()(verify)
stack_app.command()(pod)
_COMPONENTS = ("gpu-operator", "nvidia-container-toolkit")


@stack_app.command()
def lock(output: FormatOption = Format.TABLE) -> None:
    """Print the one version of each chart that is installed, and below which versions advisories hold.

    JSON has the sources and the images with their digests, too: compare it between two versions of gpucloud to see what
    an upgrade brings.

    Example: gpucloud stack lock --format json
    """
    known = [entry for component in _COMPONENTS for entry in advisories(component)]
    if output is Format.JSON:
        print_json(
            {
                "charts": [asdict(entry) for entry in charts()],
                "images": [asdict(entry) for entry in known_images()],
                "own_images": [asdict(entry) for entry in all_own_images()],
                "advisories": [asdict(entry) for entry in known],
            }
        )
        return
    rows = [(entry.name, entry.version, entry.kubernetes, entry.repository) for entry in charts()]
    print_table(("chart", "version", "Kubernetes", "repository"), rows, title="Charts")
    floors = [(entry.component, f"below {entry.fixed_in}", ", ".join(entry.identifiers)) for entry in known]
    print_table(
        ("component", "versions", "advisories"),
        floors,
        title="Advisories; a document that names such an operator version is refused",
    )


@stack_app.command()
def images(
    spec: Annotated[str, typer.Argument(help="FILE.yaml, FILE.json or module:callable.")],
    output: FormatOption = Format.TABLE,
) -> None:
    """Print every container image that the GPU stacks of an environment pull, named as nodes pull it.

    What a registry mirror has to hold: `mirrors` of the document are applied. A tag with <os> goes with the
    distribution of an own node image; a digest is given where a source says that of the tag.

    Example: gpucloud stack images stacks/environments/prod.yaml --format json
    """
    clusters = plan_document(read_document(spec)).clusters
    if output is Format.JSON:
        rows = [{"cluster": cluster.name, **_image(entry)} for cluster in clusters for entry in pulled_images(cluster)]
        print_json(rows)
        return
    for cluster in clusters:
        found: dict[tuple[str, str], list[str]] = {}
        for entry in pulled_images(cluster):
            found.setdefault((entry.reference, entry.release), []).append(entry.component)
        typer.echo(f"{cluster.name}: {len({reference for reference, _ in found})} images")
        for (reference, release), components in sorted(found.items()):
            typer.echo(f"  {reference}")
            typer.echo(f"      {release}: {', '.join(components)}")


def _image(entry: PulledImage) -> dict[str, str | None]:
    return {**asdict(entry), "reference": entry.reference}


@stack_app.command()
def seccomp() -> None:
    """Print the seccomp profile for pods on GPUs, as JSON: what CUDA, NCCL and UCX need, and nothing else.

    Nodes have profiles below /var/lib/kubelet/seccomp; a pod names one by
    securityContext.seccompProfile: {type: Localhost, localhostProfile: gpucloud.json}.

    Example: gpucloud stack seccomp > gpucloud.json
    """
    print_json(seccomp_profile())
