"""Enumerations, ranges, patterns and exclusions of the provider's schemas, from `limits.csv`.

Texts: terraform-plugin-sdk v2 helper/validation and schema.go (conflicting attributes, exactly one attribute).
"""

import re
from collections.abc import Callable, Iterable, Iterator

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp.rules.reading import at, every, is_unknown
from gpucloud.sim.gcp.tables import limits_of
from gpucloud.sim.values import Inputs, Json


def table_rule(token: str) -> Callable[[Inputs], Iterable[Refusal]]:
    """Return the rule that holds inputs of a type against every row of the table."""

    def check(inputs: Inputs) -> Iterator[Refusal]:
        for path, limit, value in limits_of(token):
            if limit in {"conflicts", "exactly_one_of"}:
                yield from _exclusion(inputs, path, limit, value.split("|"))
                continue
            for where, found, _ in every(path, inputs):
                for item in found if isinstance(found, list) else [found]:
                    problem = _problem(limit, value, item)
                    if problem:
                        yield Refusal(where, "", f"expected {where} {problem}")

    return check


def _exclusion(inputs: Inputs, path: str, limit: str, others: list[str]) -> Iterator[Refusal]:
    parent = path.rpartition(".")[0]
    if parent and not isinstance(at(inputs, parent), dict):
        return
    if limit == "conflicts":
        present = [other for other in others if at(inputs, other) is not None]
        if at(inputs, path) is not None and present:
            yield Refusal(path, "", f'"{path}": conflicts with {", ".join(present)}')
        return
    given = [other for other in others if at(inputs, other) is not None]
    if len(given) != 1 and path == others[0] and not any(is_unknown(inputs, other) for other in others):
        specified = f"but {','.join(given)} were specified" if given else "but none was"
        yield Refusal(
            path, "", f'"{path}": only one of {",".join(others)} can be specified and one must be, {specified}'
        )


def _problem(limit: str, value: str, found: Json) -> str:
    if found is None or found == "":
        return ""
    match limit:
        case "enum" if str(found) not in value.split("|"):
            quoted = " ".join(f'"{word}"' for word in value.split("|"))
            return f"to be one of [{quoted}], got {found}"
        case "min" if isinstance(found, int | float) and found < float(value):
            return f"to be at least ({value}), got {found}"
        case "max" if isinstance(found, int | float) and found > float(value):
            return f"to be at most ({value}), got {found}"
        case "pattern" if not re.search(value, str(found)):
            return f"to match regular expression {value!r}, got {found}"
        case _:
            return ""
