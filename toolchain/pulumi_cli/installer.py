"""Pulumi's own installer."""

import json
import subprocess
from pathlib import Path

from toolchain.pulumi_cli.child_process import end_group
from toolchain.pulumi_cli.version import PINNED, ask_version
from toolchain.pulumi_cli.workplace import Say, Workplace

# Reaching the download site is a matter of seconds; the whole download (about 100 MB) may take minutes.
SECONDS_TO_REACH = 15.0
SECONDS_TO_INSTALL = 600.0
# Looking up a host's name knows no limit, nor does the Automation API for its downloads: each is a process of its own.
_REACH = """
import sys, urllib.request
try:
    urllib.request.urlopen("https://get.pulumi.com/install.sh").close()
except OSError as error:
    sys.exit(f"the download site does not answer: {error}")
"""
_INSTALL = """
import sys
from pulumi.automation import PulumiCommand
from semver import VersionInfo
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
        f"(gives up after {SECONDS_TO_REACH:.0f} s when its download site does not answer)"
    )
    complaint = _run(workplace, [_REACH], SECONDS_TO_REACH)
    if complaint is None:
        say(f"its download site answers: fetching about 100 MB (gives up after {SECONDS_TO_INSTALL:.0f} s)")
        complaint = _run(workplace, [_INSTALL, str(_root(workplace)), str(PINNED)], SECONDS_TO_INSTALL)
    if complaint is None:
        if (found := find_installed(workplace)) is not None:
            return found
        complaint = f"what it left does not say that it is {PINNED}"
    say(f"Pulumi's own installer did not work: {complaint}")
    _remember(workplace, complaint)
    return None


def _run(workplace: Workplace, script: list[str], seconds: float) -> str | None:
    with subprocess.Popen(
        [str(workplace.python), "-c", *script],
        env=dict(workplace.environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _, errors = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            return f"it was not done after {seconds:g} s"
        finally:
            end_group(process)
    if process.returncode == 0:
        return None
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {process.returncode}"


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
