"""The choice between the ways to a Pulumi command line."""

from pathlib import Path

from gpucloud.errors import ToolchainError
from toolchain.pulumi_cli import go_build, installer, on_path
from toolchain.pulumi_cli.version import OLDEST, PINNED
from toolchain.pulumi_cli.workplace import Say, Workplace

# Forces one way: path, installer or build.
WAY_VARIABLE = "GPUCLOUD_PULUMI"
WAYS = ("path", "installer", "build")


def find_pulumi(workplace: Workplace, say: Say) -> Path:
    """Return the directory that holds a `pulumi` with a Python language host; made here when there is none.

    In this order: on PATH; what was installed or built here earlier; Pulumi's own installer, once per version (that it
    failed is remembered, so that it is not tried at every `make`); a build from the Go module. The variable
    GPUCLOUD_PULUMI forces one of path, installer, build, and then also retries the installer.
    """
    forced = workplace.environment.get(WAY_VARIABLE, "")
    match forced:
        case "":
            found = _find_any(workplace, say)
        case "path":
            found = on_path.find_on_path(workplace, say)
        case "installer":
            found = installer.find_installed(workplace) or installer.install(workplace, say)
        case "build":
            found = go_build.find_built(workplace) or go_build.build(workplace, say)
        case _:
            raise ToolchainError(f"{WAY_VARIABLE}: {forced!r} is no way to get Pulumi; set one of {', '.join(WAYS)}")
    if found is None:
        raise ToolchainError(_none_text(forced))
    return found


def _find_any(workplace: Workplace, say: Say) -> Path | None:
    here = on_path.find_on_path(workplace, say) or installer.find_installed(workplace) or go_build.find_built(workplace)
    if here is not None:
        return here
    reason = installer.refused_before(workplace)
    if reason is None:
        found = installer.install(workplace, say)
        if found is not None:
            return found
    else:
        say(f"Pulumi's own installer is not tried again ({WAY_VARIABLE}=installer does): {reason}")
    return go_build.build(workplace, say)


def _none_text(forced: str) -> str:
    tried = f" by the way that {WAY_VARIABLE}={forced} forces" if forced else ""
    return (
        f"there is no Pulumi command line here, and none could be made{tried}; do one of these: "
        f"(1) install Pulumi {OLDEST} or later and have it on PATH, "
        f"(2) give this machine a network, so that Pulumi's own installer can fetch {PINNED}, "
        "(3) install Go 1.26 or later and have it on PATH (with a module proxy or a filled module cache), "
        f"so that {PINNED} is built from its Go module"
    )
