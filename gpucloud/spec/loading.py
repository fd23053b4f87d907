"""A document from YAML, JSON or Python, as it stands there."""

import importlib
import json
import sys
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.spec.problems import problems_of, split_findings

_MERGE = "tag:yaml.org,2002:merge"


class _UniqueKeyLoader(yaml.SafeLoader):
    """YAML without a key twice in one mapping: the second would silently replace the first."""

    def construct_mapping(
        self, node: yaml.MappingNode, deep: bool = False
    ) -> dict[Hashable, Any]:  # PyYAML's signature
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if key_node.tag == _MERGE:
                continue  # `<<: *other`: what stands here wins over what is merged, which is YAML's rule
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, Hashable):
                raise yaml.constructor.ConstructorError(None, None, "a key is a list or a mapping", key_node.start_mark)
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
    except UnicodeDecodeError:
        raise InvalidInputError([Problem(source, "is not UTF-8 text", "save it as UTF-8")]) from None
    return _parse_json(text, source) if path.suffix == ".json" else parse_text(text, source)


def parse_text(text: str, name: str = "document") -> Any:
    """The document that YAML text holds (JSON is YAML); `name` is what an error calls it."""
    try:
        return yaml.load(text, Loader=_UniqueKeyLoader)  # noqa: S506  # a SafeLoader
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        problem = getattr(error, "problem", None) or str(error)
        raise InvalidInputError([Problem(place, f"not valid YAML: {problem}", "correct the file")]) from None
    except RecursionError:
        raise InvalidInputError([Problem(name, "is nested too deep to be read", "correct the file")]) from None


def _parse_json(text: str, name: str) -> Any:
    """What JSON text holds; YAML would refuse its tabs."""
    try:
        return json.loads(text, object_pairs_hook=_unique_keys)
    except json.JSONDecodeError as error:
        problem = Problem(f"{name}:{error.lineno}:{error.colno}", f"not valid JSON: {error.msg}", "correct the file")
        raise InvalidInputError([problem]) from None
    except (KeyError, RecursionError) as error:
        text = error.args[0] if isinstance(error, KeyError) else "it is nested too deep"
        raise InvalidInputError([Problem(name, f"not valid JSON: {text}", "correct the file")]) from None


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise KeyError(f"the key {key!r} stands twice")
        found[key] = value
    return found


def _call(module: str, attribute: str) -> Any:
    """What the callable returns; models that it could not build are problems of the input like any other."""
    source = f"{module}:{attribute}"
    if str(Path.cwd()) not in sys.path:
        sys.path.insert(0, str(Path.cwd()))
    try:
        found: Callable[[], Any] = getattr(importlib.import_module(module), attribute)
    except (ImportError, AttributeError, TypeError, ValueError) as error:  # the last two: no module's name
        raise InvalidInputError([Problem(source, str(error), "name a callable that exists")]) from None
    if not callable(found):
        raise InvalidInputError([Problem(source, "is no callable", "name a function that returns the environment")])
    try:
        return found()
    except ValidationError as error:
        problems = problems_of(split_findings(error.errors(include_url=False)), None)
        raise InvalidInputError(
            [Problem(f"{source}: {error.title}.{entry.path}", entry.problem, entry.fix) for entry in problems]
        ) from None
