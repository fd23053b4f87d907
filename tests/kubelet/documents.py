"""KubeletConfigurations whose fields are mostly of their kinds, at every depth, made from the table of fields."""

from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

from gpucloud.facts.kubelet_fields import kubelet_fields, nested_field, nested_fields

_WORDS = (
    *("", "x", "é", "none", "None", "static", "Static", "restricted", "single-numa-node", "pod", "text", "json", "/a/"),
    *("LimitedSwap", "0-3", "10Mi", "-1", "1.35", "NoSchedule", "Webhook", "unix:///a", "://", "VersionTLS13", "::1"),
    *("TieredReservation", "NeverVerifyAllowlistedImages", "pods", "system-reserved", "net.*", "a:1", "a/*"),
)
_DURATIONS = ("0s", "1ns", "-1s", "1s", "5m", "300s", "1d", "")
_QUANTITIES = ("0", "-1", "1n", "100m", "1Gi", "2664Mi", "5%", "0%", "1e30", "x", "", "true", "8")
_KEYS = (
    *("cpu", "memory", "ephemeral-storage", "pid", "hugepages-1Gi", "memory.available", "nodefs.available", "x"),
    *("full-pcpus-only", "align-by-socket", "max-allowable-numa-nodes", "prefer-closest-numa-nodes"),
)
_GATES = ("MemoryQoS", "NodeSwap", "GracefulNodeShutdown", "AllAlpha", "AllBeta", "CPUManagerPolicyAlphaOptions", "X")
_NUMBERS = (-1, 0, 1, 2, 3, 32, 100, 65535, 65536, 2**31 - 1, 2**31, 2**32)
_ODD = st.sampled_from((None, True, 1, 1.5, "x", [], [None], {}, {"x": None}))
_BY_KIND: Mapping[str, st.SearchStrategy[Any]] = {
    "true or false": st.booleans(),
    "a whole number": st.sampled_from(_NUMBERS),
    "a number": st.sampled_from((0, 0.5, 1, 1.1, -1)),
    "text": st.sampled_from(_WORDS),
    "a time": st.sampled_from(("2026-01-01T00:00:00Z", "")),
    "a duration such as 10s": st.sampled_from(_DURATIONS),
    "a duration or nanoseconds": st.sampled_from((*_DURATIONS, 5, -5)),
    "a quantity such as 10Mi": st.sampled_from((*_QUANTITIES, 5)),
    "a map of quantities": st.dictionaries(st.sampled_from(_KEYS), st.sampled_from((*_QUANTITIES, 5)), max_size=3),
    "a map of text": st.dictionaries(st.sampled_from(_KEYS), st.sampled_from((*_QUANTITIES, "1m")), max_size=3),
    "a map of true or false": st.dictionaries(st.sampled_from(_GATES), st.booleans(), max_size=2),
    "a map of lists of text": st.dictionaries(st.sampled_from(_KEYS), st.lists(st.sampled_from(_WORDS)), max_size=1),
    "a list of text": st.lists(st.sampled_from(_WORDS), max_size=3),
    "a list of whole numbers": st.lists(st.sampled_from((0, 23, 29, 70000)), max_size=3),
}


def _value(path: str) -> st.SearchStrategy[Any]:
    field = nested_field(path)
    kind = field.kind if field else "an object"
    if kind in _BY_KIND:
        return st.one_of(_BY_KIND[kind], _BY_KIND[kind], _BY_KIND[kind], _ODD)
    head = f"{path}[]." if kind == "a list of objects" else f"{path}."
    parts = sorted(
        {known.path[len(head) :].partition(".")[0] for known in nested_fields() if known.path.startswith(head)}
    )
    inner = st.fixed_dictionaries({}, optional={part.removesuffix("[]"): _value(head + part) for part in parts})
    return st.one_of(st.lists(inner, max_size=2) if kind == "a list of objects" else inner, _ODD)


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Documents of up to six fields."""
    values = {field.name: _value(field.name) for field in kubelet_fields()}
    return st.lists(st.sampled_from(sorted(values)), max_size=6, unique=True).flatmap(
        lambda names: st.fixed_dictionaries({name: values[name] for name in names})
    )
