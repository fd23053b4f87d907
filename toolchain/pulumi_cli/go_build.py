"""The Pulumi command line, built from its Go module."""

import os
import shutil
import subprocess
import time
from pathlib import Path

from toolchain.go_compile import CompileOrder, compile_program, go_environment
from toolchain.pulumi_cli.language_host import put_beside
from toolchain.pulumi_cli.version import PINNED, ask_version
from toolchain.pulumi_cli.workplace import Say, Workplace

PACKAGE = "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
SDK_MODULE = "github.com/pulumi/pulumi/sdk/v3"
VERSION_VARIABLE = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version"


def find_built(workplace: Workplace) -> Path | None:
    """Return the directory of what was built here earlier, with its language host brought up to date, or None."""
    directory = workplace.made / "bin"
    if not (directory / "pulumi").is_file() or ask_version(directory / "pulumi", workplace.environment) != PINNED:
        return None
    return directory if put_beside(directory, workplace, sdk=None) else None


def build(workplace: Workplace, say: Say) -> Path | None:
    """Return the directory of a fresh build, or None after saying why there is none.

    Nothing half-made is left: the program is built under another name and gets its own when it is complete.
    """
    go = shutil.which("go", path=workplace.environment.get("PATH", ""))
    if go is None:
        say("the Pulumi command line is not built: there is no Go on PATH")
        return None
    directory = workplace.made / "bin"
    directory.mkdir(parents=True, exist_ok=True)
    half_made = directory / f".pulumi-{os.getpid()}"
    started = time.monotonic()
    say(f"building the Pulumi command line {PINNED} from its Go module: about 4 minutes on 2 cores, once")
    try:
        complaint = _compile(go, half_made, workplace, say)
        if complaint is None and ask_version(half_made, workplace.environment) != PINNED:
            complaint = f"what was built does not say that it is {PINNED}"
        if complaint is None:
            sdk = _module_directory(go, workplace)
            if put_beside(directory, workplace, sdk=sdk):
                half_made.replace(directory / "pulumi")
                say(f"built {directory / 'pulumi'} in {time.monotonic() - started:.0f} s")
                return directory
            complaint = "the SDK's module lacks the scripts of the Python language host"
    finally:
        half_made.unlink(missing_ok=True)
    say(f"the Pulumi command line could not be built: {complaint}")
    return None


def _compile(go: str, target: Path, workplace: Workplace, say: Say) -> str | None:
    return compile_program(
        go,
        CompileOrder(
            module=workplace.go_module,
            package=PACKAGE,
            target=target,
            flags=("-tags", "osusergo,grpcnotrace"),
            ldflags=f"-s -w -X {VERSION_VARIABLE}=v{PINNED}",
        ),
        workplace.environment,
        say,
    )


def _module_directory(go: str, workplace: Workplace) -> Path:
    answer = subprocess.run(
        [go, "list", "-mod=readonly", "-m", "-f", "{{.Dir}}", SDK_MODULE],
        cwd=workplace.go_module,
        env=go_environment(workplace.environment),
        capture_output=True,
        text=True,
        check=True,
    )
    return Path(answer.stdout.strip())
