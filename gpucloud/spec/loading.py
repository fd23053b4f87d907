"""A document from YAML, JSON or Python, and as much of a faulty one as can still be judged."""

import importlib
import sys
from collections.abc import Callable, Hashable, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.spec.cluster import EnvironmentSpec
from gpucloud.spec.problems import Location, problems_of

_LEFT_BY_CUTS = frozenset({"missing", "too_short"})


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML without a key twice in one mapping: the second would silently replace the first."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:  # PyYAML's signature
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)  # PyYAML has no types here
            if key in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key!r} stands twice", key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep)


def read_document(source: str) -> Any:
    """What a `FILE.yaml`, a `FILE.json` or a `module:callable` holds, unjudged: mappings, or an EnvironmentSpec.

    Raises InvalidInputError where the file or the callable is not there or cannot be read.
    """
    module, separator, attribute = source.partition(":")
    if separator and not Path(source).exists() and not module.endswith((".yaml", ".yml", ".json")):
        return _call(module, attribute)
    path = Path(source)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise InvalidInputError(
            [Problem(source, f"cannot be read: {error.strerror}", "name a YAML or JSON file, or module:callable")]
        ) from None
    return parse_text(text, source)


def parse_text(text: str, name: str = "document") -> Any:
    """The document that YAML text holds (JSON is YAML); `name` is what an error calls it."""
    try:
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problem = getattr(error, "problem", None) or str(error)
        raise InvalidInputError([Problem(place, f"not valid YAML: {problem}", "correct the file")]) from None


def _call(module: str, attribute: str) -> Any:
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found: Callable[[], Any] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError) as error:
        raise InvalidInputError([Problem(f"{module}:{attribute}", str(error), "name a callable that exists")]) from None
    return found()


def load_environment(document: Any) -> tuple[EnvironmentSpec | None, list[Problem]]:
    """The environment that a document describes, and every problem of its form.

    Where there are problems, what is wrong is cut out and the rest is still returned, so that rules which need a whole
    environment can find their own problems in the same run; None where nothing is left.
    """
    if isinstance(document, EnvironmentSpec):
        return document, []
    if not isinstance(document, Mapping):
        problem = Problem("document", "not a mapping, nothing can be planned", "begin with `name:` and `clusters:`")
        return None, [problem]
    problems: list[Problem] = []
    rest: Any = _copy(document)
    while True:
        try:
            return EnvironmentSpec.model_validate(rest), problems
        except ValidationError as error:
            details = _own_findings(error)
        # What is missing in a later round is missing because it was cut.
        reported = [detail for detail in details if not problems or detail["type"] not in _LEFT_BY_CUTS]
        problems += [problem for problem in problems_of(reported, rest) if problem not in problems]
        places = {_removable(rest, detail["loc"]) for detail in details}
        if () in places:
            return None, problems
        for place in sorted(places, key=_position, reverse=True):
            _remove(rest, place)


def _own_findings(error: ValidationError) -> list[ErrorDetails]:
    """Findings without those that only say that a list lost the entries which were found wrong themselves."""
    details = error.errors(include_url=False)
    places = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(place) > len(detail["loc"]) and place[: len(detail["loc"])] == detail["loc"] for place in places)
    ]


def _copy(value: Any) -> Any:
    """Mappings and lists copied, everything else shared."""
    if isinstance(value, Mapping):
        return {key: _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list | tuple) else value


def _removable(document: Any, location: Location) -> Location:
    """The part of a location that exists in the document: a union's tag and a missing key do not."""
    here, place = document, []
    for step in location:
        in_mapping = isinstance(here, dict) and step in here
        in_list = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if in_mapping or in_list:
            place.append(step)
            here = here[step]
    return tuple(place)


def _position(place: Location) -> tuple[tuple[bool, int, str], ...]:
    """Order by which later entries of a list, and inner places, come after earlier and outer ones."""
    return tuple((isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in place)


def _remove(document: Any, place: Location) -> None:
    here = document
    for step in place[:-1]:
        here = here[step]
    del here[place[-1]]
