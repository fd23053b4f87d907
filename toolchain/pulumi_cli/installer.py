"""Pulumi's own installer."""

import json
import subprocess
from pathlib import Path

from toolchain.pulumi_cli.child_process import end_group
from toolchain.pulumi_cli.version import PINNED, ask_version
from toolchain.pulumi_cli.workplace import Say, Workplace

# Reaching the download site is a matter of seconds; the whole download (about 100 MB) may take minutes.
SECONDS_TO_REACH = 15
SECONDS_TO_INSTALL = 600
# The Automation API downloads and runs the installer's script, and has no limit of its own for either: hence a process
# of its own, which first finds out whether the site answers at all.
_SCRIPT = """
import sys, urllib.request
from pulumi.automation import PulumiCommand
from semver import VersionInfo
try:
    urllib.request.urlopen("https://get.pulumi.com/install.sh", timeout=float(sys.argv[3])).close()
except OSError as error:
    sys.exit(f"the download site does not answer: {error}")
try:
    PulumiCommand.install(root=sys.argv[1], version=VersionInfo.parse(sys.argv[2]))
except Exception as error:
    output = getattr(error, "output", b"") or b""
    sys.exit(f"{error}: {output.decode(errors='replace').strip()}")
"""


def find_installed(workplace: Workplace) -> Path | None:
    """Return the directory of what the installer left here earlier, or None."""
    program = _root(workplace) / "bin" / "pulumi"
    version = ask_version(program, workplace.environment) if program.is_file() else None
    return program.parent if version is not None and version >= PINNED else None


def install(workplace: Workplace, say: Say) -> Path | None:
    """Return the directory of a fresh installation, or None after saying why there is none."""
    say(
        f"no Pulumi command line on PATH: trying Pulumi's own installer for {PINNED} "
        f"(gives up after {SECONDS_TO_REACH} s when its download site does not answer)"
    )
    arguments = [str(workplace.python), "-c", _SCRIPT, str(_root(workplace)), str(PINNED), str(SECONDS_TO_REACH)]
    with subprocess.Popen(
        arguments,
        env=dict(workplace.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _, complaint = process.communicate(timeout=SECONDS_TO_INSTALL)
        except subprocess.TimeoutExpired:
            complaint = f"it was not done after {SECONDS_TO_INSTALL} s"
        finally:
            end_group(process)
    if process.returncode == 0 and (found := find_installed(workplace)) is not None:
        return found
    lines = [line for line in complaint.splitlines() if line.strip()]
    reason = lines[-1].strip() if lines else f"exit code {process.returncode}"
    say(f"Pulumi's own installer did not work: {reason}")
    _remember(workplace, reason)
    return None


def refused_before(workplace: Workplace) -> str | None:
    """Return why the installer did not work when it was last tried for this version, or None."""
    try:
        document = json.loads(_marker(workplace).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if isinstance(document, dict) and document.get("version") == str(PINNED):
        return str(document.get("reason", "no reason was kept"))
    return None


def _remember(workplace: Workplace, reason: str) -> None:
    marker = _marker(workplace)
    marker.parent.mkdir(parents=True, exist_ok=True)
    marker.write_text(json.dumps({"reason": reason, "version": str(PINNED)}, sort_keys=True) + "\n", encoding="utf-8")


def _marker(workplace: Workplace) -> Path:
    return workplace.made / "pulumi-installer-failed.json"


def _root(workplace: Workplace) -> Path:
    return workplace.made / "pulumi-install"
