"""The commands of `gpucloud kubelet`."""

import typer

from gpucloud.cli.kubelet_admit import admit
from gpucloud.cli.kubelet_explain import explain
from gpucloud.cli.kubelet_render import render
from gpucloud.cli.kubelet_validate import validate

kubelet_app = typer.Typer(
    help="Kubelet configurations: rendered, judged by the kubelet's own rules, explained.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
kubelet_app.command()(render)
kubelet_app.command()(validate)
kubelet_app.command()(explain)
kubelet_app.command()(admit)
