"""Workplaces with fake programs on PATH: what the toolchain would find on other machines."""

from pathlib import Path

from toolchain.pulumi_cli.version import PINNED
from toolchain.pulumi_cli.workplace import Workplace

NO_NETWORK = 'echo "the download site does not answer: no network" >&2\nexit 1'
# The Automation API's installer, as far as its caller sees it: first asked -c SCRIPT, then -c SCRIPT ROOT VERSION.
INSTALLS = f"""
[ -n "$3" ] || exit 0
/bin/mkdir -p "$3/bin"
printf '#!/bin/sh\\necho v{PINNED}\\n' > "$3/bin/pulumi"
/bin/chmod 755 "$3/bin/pulumi"
"""


def write_program(path: Path, body: str) -> Path:
    """Return the path of an executable shell script after writing it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def fake_workplace(root: Path, *, python: str = NO_NETWORK, **variables: str) -> Workplace:
    """Return a repository with an empty `bin` as its whole PATH, and a Python that does what `python` says."""
    (root / "toolchain" / "pulumi").mkdir(parents=True)
    (root / "bin").mkdir()
    interpreter = write_program(root / "venv" / "python", python)
    return Workplace(root=root, environment={"PATH": str(root / "bin"), **variables}, python=interpreter)


def put_pulumi(directory: Path, version: str, *, with_host: bool = True) -> None:
    """Put a `pulumi` that says a version into a directory, and a language host beside it."""
    write_program(directory / "pulumi", f"echo {version}")
    if with_host:
        write_program(directory / "pulumi-language-python", "exit 0")


def put_go(workplace: Workplace, *, builds: str = f"v{PINNED}", complaint: str = "") -> Path:
    """Put a `go` on PATH that knows `build` and `list`; returns the file in which it keeps its arguments."""
    sdk = workplace.root / "module-cache" / "sdk"
    for folder, name in (("cmd", "pulumi-language-python-exec"), ("dist", "pulumi-resource-pulumi-python")):
        (sdk / "python" / folder).mkdir(parents=True)
        (sdk / "python" / folder / name).write_text(f"# {name}\n", encoding="utf-8")
    log = workplace.root / "go-arguments"
    write_program(
        workplace.root / "bin" / "go",
        f"""
        echo "$@" >> "{log}"
        if [ "$1" = list ]; then echo "{sdk}"; exit 0; fi
        echo "go: downloading example.com/module v1.0.0" >&2
        echo "example.com/module/package" >&2
        while [ "$1" != -o ]; do shift; done
        printf '#!/bin/sh\\necho {builds}\\n' > "$2"
        /bin/chmod 755 "$2"
        if [ -n "{complaint}" ]; then echo "{complaint}" >&2; exit 1; fi
        """,
    )
    return log
