"""What `import gpucloud` costs, against `import pydantic` and against Python itself."""

import json
import subprocess
import sys

from benchmarks.measure import Say, figure, interleaved, ratio
from benchmarks.rows import Row

_STATEMENTS = {"python": "pass", "pydantic": "import pydantic", "gpucloud": "import gpucloud"}
# What one of our own imports must never bring: the engine's SDK, and any cloud's.
_HEAVY = ("pulumi", "grpc", "google.protobuf", "pydantic", "boto3", "botocore")
_LIST_MODULES = """
import json, sys
before = set(sys.modules)
{statement}
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def run(*, quick: bool, say: Say) -> list[Row]:
    """Whole processes, started one after another; modules are those that the statement adds."""
    rounds = 3 if quick else 15
    say(f"import: {rounds} rounds of {len(_STATEMENTS)} processes")
    interleaved({name: lambda text=text: _python(text) for name, text in _STATEMENTS.items()}, 1)  # fills the caches
    taken = interleaved({name: lambda text=text: _python(text) for name, text in _STATEMENTS.items()}, rounds)
    rows = [
        Row("import", f"python -c '{statement}'", figure(taken[name]).scaled(1000), "ms", note=_modules(statement))
        for name, statement in _STATEMENTS.items()
    ]
    ours = figure(taken["gpucloud"]).scaled(1000)
    return [
        *rows,
        Row("import", "gpucloud", ours, "ms", ratio(taken["gpucloud"], taken["pydantic"]), "pydantic", "≤ 1.5"),
        Row("import", "gpucloud", ours, "ms", ratio(taken["gpucloud"], taken["python"]), "python"),
    ]


def modules_loaded(statement: str) -> list[str]:
    """The modules that a statement adds to a fresh Python, sorted."""
    found: list[str] = json.loads(_python(_LIST_MODULES.format(statement=statement)))
    return found


def _modules(statement: str) -> str:
    loaded = modules_loaded(statement)
    heavy = [
        name
        for name in _HEAVY
        if any(module == name or module.startswith((f"{name}.", f"{name}_")) for module in loaded)
    ]
    return f"{len(loaded)} modules; SDKs and pydantic among them: {', '.join(heavy) or 'none'}"


def _python(text: str) -> str:
    return subprocess.run([sys.executable, "-c", text], check=True, capture_output=True, text=True).stdout
