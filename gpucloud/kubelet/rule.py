"""A rule about kubelet configurations, and what it finds."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration

Level = Literal["kubelet", "ignored", "library"]
"""`kubelet`: it would not start. `ignored`: it starts and does not do what the file says. `library`: it starts and does
what nobody can want; this library refuses it."""

Find = Callable[[Configuration], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One problem of one configuration: the rule's name, the field's path, what follows, what to do."""

    rule: str
    path: str
    problem: str
    fix: str
    level: Level

    @property
    def message(self) -> str:
        """What follows and what to do, in one line."""
        return f"{self.problem}; {self.fix}"


@dataclass(frozen=True, slots=True)
class Rule:
    """A named function from a configuration to its problems.

    Attributes:
        name: The function's name with dashes; it says what holds where nothing is wrong.
        level: What becomes of a kubelet that breaks it.
        fields: The keys of KubeletConfiguration that it judges, for whoever asks about a key.
        source: Where the kubelet (or this library) does so.
        find: The function; the paths of its problems are those of the configuration, as in
            `reservedMemory[0].limits.memory`.
    """

    name: str
    level: Level
    fields: tuple[str, ...]
    source: str
    find: Find

    def findings(self, configuration: Configuration) -> Iterator[Finding]:
        """What the rule finds, under its name."""
        for problem in self.find(configuration):
            yield Finding(self.name, problem.path, problem.problem, problem.fix, self.level)


def rule(level: Level, fields: tuple[str, ...], source: str) -> Callable[[Find], Rule]:
    """Make a rule of a function, named after it."""

    def make(find: Find) -> Rule:
        return Rule(find.__name__.replace("_", "-"), level, fields, source, find)

    return make
