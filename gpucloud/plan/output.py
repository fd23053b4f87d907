"""A plan as plain JSON values: what `gpucloud plan` prints and what goldens hold."""

import dataclasses
import json
from collections.abc import Mapping
from typing import Any

from gpucloud.plan.model import EnvironmentPlan


def plan_to_document(plan: EnvironmentPlan) -> dict[str, Any]:
    """Mappings, lists, text and numbers in the plan's own order; pairs of key and value become mappings."""
    document = _plain(plan)
    assert isinstance(document, dict)  # noqa: S101  # a dataclass becomes a mapping
    return document


def plan_to_json(plan: EnvironmentPlan) -> str:
    """JSON text of a plan, the same bytes for equal plans, with a newline at its end."""
    return json.dumps(plan_to_document(plan), indent=2, ensure_ascii=False) + "\n"


_PAIRS = frozenset({"instances", "labels", "node_resources", "runtimes", "skipped", "tags", "without"})


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: dict(entry) if field.name in _PAIRS else _plain(entry)
            for field in dataclasses.fields(value)
            for entry in (getattr(value, field.name),)
        }
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_plain(entry) for entry in value]
    return value
