"""Pydantic's findings as the library's problems: a path with names in it, what follows, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from gpucloud.errors import Problem
from gpucloud.facts.tables import nearest_names
from gpucloud.spec.cluster import ClusterSpec, EnvironmentSpec
from gpucloud.spec.node_pool import NodePoolSpec

Location = tuple[int | str, ...]

_FIXES: Mapping[str, str] = {
    "missing": "add it",
    "string_pattern_mismatch": "use only the characters that the pattern allows",
    "string_too_long": "shorten it",
    "literal_error": "use one of the values named",
    "union_tag_invalid": "use one of the types named",
    "union_tag_not_found": "say which `type` it is",
}
_LISTS_OF_NAMED: Mapping[str, type[BaseModel]] = {"clusters": ClusterSpec, "node_pools": NodePoolSpec}


def problems_of(findings: Iterable[ErrorDetails], document: Any) -> list[Problem]:
    """One problem for each finding, its path spelt with the names of clusters and pools instead of their positions."""
    return [_problem(detail, document) for detail in findings]


def _problem(detail: ErrorDetails, document: Any) -> Problem:
    path = path_of(detail["loc"], document)
    context = detail.get("ctx", {})
    if detail["type"] == "extra_forbidden":
        return Problem(path, "unknown key, it would have no effect", _nearest_key(detail["loc"]))
    text = str(detail["msg"]).removeprefix("Value error, ")
    if detail["type"] == "missing":
        text = "a required key is missing, nothing can be planned without it"
    return Problem(path, text, str(context.get("fix") or _FIXES.get(detail["type"], "correct the value")))


def path_of(location: Location, document: Any) -> str:
    """The path of a place in a document: `clusters[train].node_pools[h100].zones[1]`; tags of unions are left out."""
    path, here = "", document
    for step in location:
        if isinstance(step, int):
            here = here[step] if isinstance(here, Sequence) and step < len(here) else None
            name = here.get("name") if isinstance(here, Mapping) else None
            path += f"[{name if isinstance(name, str) else step}]"
        elif isinstance(here, Mapping) and step not in here and here.get("type") == step:
            continue  # pydantic puts the tag of a discriminated union into the location
        elif isinstance(here, str):
            continue  # a word that stands for a tagged mapping: `spot`
        else:
            here = here.get(step) if isinstance(here, Mapping) else None
            path += f".{step}" if path else step
    return path or "document"


def _nearest_key(location: Location) -> str:
    model = _model_at(location[:-1])
    near = nearest_names(str(location[-1]), model.model_fields) if model else ()
    return f"remove it, or did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "remove it"


def _model_at(location: Location) -> type[BaseModel] | None:
    """The model whose keys stand at a location, following fields and the two lists of named documents."""
    model: type[BaseModel] | None = EnvironmentSpec
    for step in location:
        if isinstance(step, int):
            continue
        if model is None or step not in model.model_fields:
            return None
        annotation = model.model_fields[step].annotation
        model = _LISTS_OF_NAMED.get(str(step)) or (
            annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
        )
    return model
