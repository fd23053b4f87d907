"""A Pulumi installation on PATH."""

import os
import shutil
from pathlib import Path

from toolchain.pulumi_cli.version import OLDEST, ask_version
from toolchain.pulumi_cli.workplace import Say, Workplace

LANGUAGE_HOST = "pulumi-language-python"


def find_on_path(workplace: Workplace, say: Say) -> Path | None:
    """Return the directory of the installation on PATH, or None after saying why the one that is there is not used.

    It is used as it is: its version is at least 3.230 and it has its own language host for Python, beside it or on
    PATH. A `pulumi` that is a link is followed, because the engine looks beside the real file. What the project made
    itself is not an installation, even when its folder is on PATH.
    """
    path = _path_of_others(workplace)
    found = shutil.which("pulumi", path=path)
    if found is None:
        return None
    program = Path(found)
    version = ask_version(program, workplace.environment)
    if version is None:
        say(f"{program} is not used: it does not say its version")
        return None
    if version < OLDEST:
        say(f"{program} is not used: it is {version}, older than {OLDEST}")
        return None
    beside = (program.with_name(LANGUAGE_HOST), program.resolve().with_name(LANGUAGE_HOST))
    if not any(host.is_file() for host in beside) and shutil.which(LANGUAGE_HOST, path=path) is None:
        say(f"{program} is not used: it has no {LANGUAGE_HOST}, neither beside it nor on PATH")
        return None
    return program.parent


def _path_of_others(workplace: Workplace) -> str:
    entries = workplace.environment.get("PATH", "").split(os.pathsep)
    made = workplace.made.resolve()
    return os.pathsep.join(entry for entry in entries if entry and not Path(entry).resolve().is_relative_to(made))
