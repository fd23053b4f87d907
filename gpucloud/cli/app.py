"""The command `gpucloud`."""

import sys

import typer

from gpucloud.cli.catalogue_accelerators import accelerators
from gpucloud.cli.catalogue_machines import machine_types
from gpucloud.cli.impact import impact_command
from gpucloud.cli.kubelet import kubelet_app
from gpucloud.cli.planning import plan, pools, schema
from gpucloud.cli.printing import BAD_INPUT, FAILED, print_error
from gpucloud.cli.sim import sim_app
from gpucloud.cli.stack import stack_app
from gpucloud.errors import GpuCloudError, InvalidInputError, UnknownNameError

app = typer.Typer(
    name="gpucloud",
    help="GPU node pools on several clouds from one typed description.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(accelerators)
app.command("machine-types")(machine_types)
app.command()(schema)
app.command()(plan)
app.command()(pools)
app.command("impact")(impact_command)
app.add_typer(kubelet_app, name="kubelet")
app.add_typer(sim_app, name="sim")
app.add_typer(stack_app, name="stack")


def main() -> None:
    """Run the command line; what the library refuses is printed without a traceback.

    Exit codes: 0 success, 1 something failed, 2 the input is wrong.
    """
    try:
        app()
    except (InvalidInputError, UnknownNameError) as error:
        print_error(error)
        sys.exit(BAD_INPUT)
    except GpuCloudError as error:
        print_error(error)
        sys.exit(FAILED)
