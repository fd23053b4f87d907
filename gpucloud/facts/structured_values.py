"""How platforms write kubelet values that are lists, maps or one command-line flag, and how to read them back."""

from collections.abc import Callable, Mapping
from typing import Any

from gpucloud.facts.kubelet_fields import kubelet_field

Write = Callable[[Any, tuple[str, ...]], Any]
Read = Callable[[Any, str], Any]
"""Takes what was written and the KubeletConfiguration key, gives the key's value."""


def _same(value: Any, _: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _truth_text(value: Any, _: tuple[str, ...]) -> str:
    if not isinstance(value, bool):
        raise ValueError(f"takes true or false, not {value}")  # noqa: TRY004 what is not taken is a ValueError
    return _word(value)


def _tracing(value: Any, _: tuple[str, ...]) -> Any:
    rate = value.get("samplingRatePerMillion") if isinstance(value, Mapping) else None
    return value if rate is None else {**value, "samplingRatePerMillion": str(rate)}


def _read_tracing(written: Any, _: str) -> Any:
    rate = written.get("samplingRatePerMillion")
    return written if rate is None else {**written, "samplingRatePerMillion": int(rate)}


def _enabled_options(value: Any, known: tuple[str, ...]) -> list[str]:
    """Options that are on; one that is off, or unknown here, cannot be said."""
    wrong = sorted(f"{name}={state}" for name, state in value.items() if name not in known or state != "true")
    if wrong:
        raise ValueError(f"takes {', '.join(f'{name}=true' for name in known)} only, not {', '.join(wrong)}")
    return sorted(value)


def _numa_tables(value: Any, _: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    tables: dict[str, dict[str, Any]] = {}
    for entry in value:
        limits = dict(entry.get("limits") or {})
        if set(limits) != {"memory"}:
            raise ValueError(f"takes memory only, not {', '.join(sorted(limits)) or 'nothing'}")
        tables[str(entry.get("numaNode", 0))] = {"enabled": True, "memory": limits["memory"]}
    return dict(sorted(tables.items()))


def _read_numa_tables(written: Any, _: str) -> list[dict[str, Any]]:
    return [
        {"numaNode": int(node), "limits": {"memory": table["memory"]}}
        for node, table in sorted(written.items(), key=lambda pair: int(pair[0]))
        if table["enabled"]
    ]


def _flag(value: Any, known: tuple[str, ...]) -> str:
    text = _word(value)
    if known and text not in known:
        raise ValueError(f"takes {' or '.join(known)}, not {text}")
    return text


def _read_flag(written: str, field: str) -> Any:
    found = kubelet_field(field)
    match found.kind if found else "":
        case "a whole number":
            return int(written)
        case "true or false":
            return written == "true"
        case _:
            return written


def _flag_list(value: Any, _: tuple[str, ...]) -> str:
    return ",".join(value)


def _flag_map(value: Any, _: tuple[str, ...]) -> str:
    return ",".join(f"{key}={_word(entry)}" for key, entry in sorted(value.items()))


def _read_flag_map(written: str, field: str) -> dict[str, Any]:
    found = kubelet_field(field)
    pairs = dict(pair.split("=", 1) for pair in written.split(",") if pair)
    if found is not None and found.kind == "a map of true or false":
        return {key: entry == "true" for key, entry in pairs.items()}
    return dict(pairs)


def _flag_thresholds(value: Any, _: tuple[str, ...]) -> str:
    return ",".join(f"{signal}<{threshold}" for signal, threshold in sorted(value.items()))


def _flag_numa(value: Any, _: tuple[str, ...]) -> str:
    return ";".join(
        f"{entry.get('numaNode', 0)}:{_flag_map(entry.get('limits') or {}, ())}"
        for entry in sorted(value, key=lambda entry: entry.get("numaNode", 0))
    )


def _read_flag_numa(written: str, _: str) -> list[dict[str, Any]]:
    found = []
    for part in written.split(";"):
        node, _, limits = part.partition(":")
        found.append({"numaNode": int(node), "limits": dict(pair.split("=", 1) for pair in limits.split(","))})
    return found


def _word(value: Any) -> str:
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


STRUCTURED: Mapping[str, tuple[Write, Read]] = {
    "any": (_same, _same),
    "truth-text": (_truth_text, lambda written, _: written == "true"),
    "tracing": (_tracing, _read_tracing),
    "enabled-options": (_enabled_options, lambda written, _: dict.fromkeys(written, "true")),
    "numa-tables": (_numa_tables, _read_numa_tables),
    "flag": (_flag, _read_flag),
    "flag-list": (_flag_list, lambda written, _: written.split(",") if written else []),
    "flag-map": (_flag_map, _read_flag_map),
    "flag-thresholds": (
        _flag_thresholds,
        lambda written, _: dict(pair.split("<", 1) for pair in written.split(",") if pair),
    ),
    "flag-numa": (_flag_numa, _read_flag_numa),
}
