"""Pydantic's findings as the library's problems: a path with names in it, what follows, what to do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from gpucloud.errors import Problem
from gpucloud.facts.tables import nearest_names
from gpucloud.spec.cluster import EnvironmentSpec

Location = tuple[int | str, ...]

_FIXES: Mapping[str, str] = {
    "missing": "add it",
    "string_pattern_mismatch": "use only the characters that the pattern allows",
    "string_too_long": "shorten it",
    "literal_error": "use one of the values named",
    "string_type": "write it as text (YAML: in quotes)",
    "union_tag_not_found": "say which `type` it is",
}
# Pydantic's own words speak of Python; a person wrote YAML.
_TEXTS: Mapping[str, str] = {
    "missing": "a required key is missing, nothing can be planned without it",
    "too_short": "is empty, nothing can be planned",
    "string_type": "is not text",
    "tuple_type": "is not a list",
    "dict_type": "is not a mapping of keys",
    "model_type": "is not a mapping of keys",
    "model_attributes_type": "is not a mapping of keys",
    "union_tag_not_found": "says no type that is known",
}
# The step by which pydantic says that it means a mapping's key and not its value.
_KEY_STEP = "[key]"
_NAMED_BY_KEY = frozenset({"labels", "tags"})


def problems_of(findings: Iterable[ErrorDetails], document: Any) -> list[Problem]:
    """One problem for each finding, its path spelt with the names of clusters and pools instead of their positions."""
    return [_problem(detail, document) for detail in findings]


def split_findings(findings: Iterable[ErrorDetails]) -> list[ErrorDetails]:
    """Findings with one for each key where a validator could only raise one for all (the kubelet block)."""
    split: list[ErrorDetails] = []
    for detail in findings:
        keys: Mapping[str, str] = detail.get("ctx", {}).get("keys", {})
        split += [{**detail, "loc": (*detail["loc"], key), "msg": text} for key, text in keys.items()]
        if not keys:
            split.append(detail)
    return split


def _problem(detail: ErrorDetails, document: Any) -> Problem:
    path, kind = path_of(detail["loc"], document), detail["type"]
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return Problem(path, "unknown key, it would have no effect", _nearest_key(detail["loc"]))
    if kind == "union_tag_invalid":
        tag, known = context.get("tag"), str(context.get("expected_tags")).replace("'", "")
        return Problem(path, f"no type is called {tag}", f"use one of {known}")
    text = _TEXTS.get(kind) or str(detail["msg"]).removeprefix("Value error, ")
    return Problem(path, text, str(context.get("fix") or _FIXES.get(kind, "correct the value")))


def path_of(location: Location, document: Any) -> str:
    """The path of a place in a document: `clusters[train].node_pools[h100].zones[1]`; tags of unions are left out."""
    path, here = "", document
    by_key = False
    for step in location:
        if step == _KEY_STEP:
            continue
        if by_key:
            path, by_key, here = f"{path}[{step}]", False, None
        elif isinstance(step, int):
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
            by_key = step in _NAMED_BY_KEY
    return path or "document"


def _nearest_key(location: Location) -> str:
    model = _model_at(location[:-1])
    near = nearest_names(str(location[-1]), model.model_fields) if model else ()
    return f"remove it, or did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "remove it"


def _model_at(location: Location) -> type[BaseModel] | None:
    """The model whose keys stand at a location: fields, lists of models, and the tag that chooses one of a union."""
    models: tuple[type[BaseModel], ...] = (EnvironmentSpec,)
    for step in location:
        if isinstance(step, int):
            continue
        tagged = tuple(
            model for model in models if "type" in model.model_fields and model.model_fields["type"].default == step
        )
        fields = [model.model_fields[step] for model in models if step in model.model_fields]
        models = tagged or tuple(model for field in fields for model in _models_in(field.annotation))
    return models[0] if len(models) == 1 else None


def _models_in(annotation: Any) -> tuple[type[BaseModel], ...]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return (annotation,)
    return tuple(model for part in get_args(annotation) for model in _models_in(part))
