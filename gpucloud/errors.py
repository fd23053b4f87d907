"""Every error that the library raises on purpose, as one tree.

    GpuCloudError
    ├── InvalidInputError      a person's document cannot be built; carries every Problem at once
    ├── UnknownNameError       a name that is in no table; carries the nearest names
    ├── TargetMismatchError    a stack for the local cloud met a real one, or the reverse
    ├── LocalCloudError        the local cloud cannot start, stop or answer
    └── ToolchainError         a program that the project needs is neither here nor to be had

A component turns an InvalidInputError into `pulumi.RunError`, so that the engine prints its text without a traceback.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong with an input: where it stands, what follows from it, what to do.

    Printed as the command line prints it: `path: problem; fix`.
    """

    path: str
    problem: str
    fix: str

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}; {self.fix}" if self.fix else f"{self.path}: {self.problem}"


class GpuCloudError(Exception):
    """Raise one of the subclasses; catch this one to catch whatever the library refuses."""


class InvalidInputError(GpuCloudError, ValueError):
    """Raise when a document cannot be built; it lists all problems, sorted by path, one a line."""

    def __init__(self, problems: "tuple[Problem, ...] | list[Problem]") -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class UnknownNameError(GpuCloudError, LookupError):
    """Raise when a name is in no table of facts; `nearest` holds the closest names, best first."""

    def __init__(self, kind: str, name: str, nearest: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.name = name
        self.nearest = nearest
        hint = f"; nearest: {', '.join(nearest)}" if nearest else ""
        super().__init__(f"no {kind} is called {name!r}{hint}")


class TargetMismatchError(GpuCloudError):
    """Raise before the first resource when a stack's target and what would answer it differ."""


class LocalCloudError(GpuCloudError):
    """Raise when the local cloud cannot start, stop or answer; the text says what to do."""


class ToolchainError(GpuCloudError):
    """Raise when a needed program is neither here nor to be had; the text names each way to get it."""
