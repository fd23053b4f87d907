"""Any values that a platform takes come back from what it is given, equal in meaning, and give the same bytes twice."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from gpucloud.facts.kubelet_fields import kubelet_field
from gpucloud.facts.kubelet_platforms import (
    KUBELET_PLATFORMS,
    KubeletPlatform,
    KubeletSetting,
    kubelet_setting,
    kubelet_settings,
    platform_takes,
)
from gpucloud.facts.setting_values import MAP, ValueForm, duration_seconds, percent_of, quantity_bytes
from gpucloud.kubelet.delivery import read_for, render_for

WORDS = st.from_regex(r"\A[a-z][a-z0-9.-]{0,12}[a-z0-9]\Z")
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=20)
QUANTITIES = st.builds("{}{}".format, st.integers(1, 5000), st.sampled_from(["", "Ki", "Mi", "Gi", "k", "M"]))
DURATIONS = st.builds("{}{}".format, st.integers(1, 900), st.sampled_from(["ms", "s", "m", "h"]))
SIGNALS = st.sampled_from(["memory.available", "nodefs.available", "nodefs.inodesFree", "pid.available"])
THRESHOLDS = st.one_of(QUANTITIES, st.integers(0, 100).map("{}%".format))
MAPS = {
    "cpuManagerPolicyOptions": st.just({"full-pcpus-only": "true"}),
    "evictionHard": st.dictionaries(SIGNALS, THRESHOLDS, min_size=1),
    "evictionMinimumReclaim": st.dictionaries(SIGNALS, THRESHOLDS, min_size=1),
    "evictionSoft": st.dictionaries(SIGNALS, THRESHOLDS, min_size=1),
    "evictionSoftGracePeriod": st.dictionaries(SIGNALS, DURATIONS, min_size=1),
    "kubeReserved": st.dictionaries(st.sampled_from(["cpu", "memory", "pid"]), QUANTITIES, min_size=1),
    "systemReserved": st.dictionaries(st.sampled_from(["cpu", "memory", "pid"]), QUANTITIES, min_size=1),
}
RESERVED = st.dictionaries(st.integers(0, 15), QUANTITIES, min_size=1).map(
    lambda found: [{"numaNode": node, "limits": {"memory": found[node]}} for node in sorted(found)]
)
OBJECTS: dict[str, st.SearchStrategy[Any]] = {
    "crashLoopBackOff": st.fixed_dictionaries({"maxContainerRestartPeriod": DURATIONS}),
    "reservedMemory": RESERVED,
    "tracing": st.fixed_dictionaries({"endpoint": WORDS, "samplingRatePerMillion": st.integers(0, 10**6)}),
}
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "true or false": st.booleans(),
    "a whole number": st.integers(0, 10**6),
    "a number": st.floats(0, 1),
    "text": TEXT,
    "a duration such as 10s": DURATIONS,
    "a quantity such as 10Mi": QUANTITIES,
    "a map of text": st.dictionaries(WORDS, WORDS, min_size=1),
    "a map of true or false": st.dictionaries(WORDS, st.booleans(), min_size=1),
    "a map of lists of text": st.dictionaries(WORDS, st.lists(WORDS, min_size=1), min_size=1),
    "a list of text": st.lists(WORDS, min_size=1),
    "a list of whole numbers": st.lists(st.integers(0, 1000), min_size=1),
}
OF_FIELDS = {**MAPS, **OBJECTS}


def values_of(setting: KubeletSetting, field: str) -> st.SearchStrategy[Any]:
    """Values inside the limits of one setting's form."""
    form = setting.form
    if form.kind in BY_LIMITS:
        return BY_LIMITS[form.kind](form)
    if form.kind == MAP:
        prefix = f"{field}["
        members = [row for row in kubelet_settings(platform_of(setting)) if row.field.startswith(prefix)]
        each = {row.field.removeprefix(prefix).removesuffix("]"): values_of(row, row.field) for row in members}
        return st.fixed_dictionaries({}, optional=each).filter(bool)
    if form.values and field not in MAPS:
        return st.sampled_from(form.values)
    known = kubelet_field(field)
    assert known is not None
    return OF_FIELDS[field] if field in OF_FIELDS else KINDS[known.kind]


def numbers(form: ValueForm) -> st.SearchStrategy[Any]:
    return st.integers(int(form.minimum.strip(">") or 0), int(form.maximum or 10**6))


def durations(form: ValueForm) -> st.SearchStrategy[Any]:
    least = int(duration_seconds(form.minimum.strip(">") or "0s") * 1000) + form.minimum.startswith(">")
    return st.integers(least, int(duration_seconds(form.maximum or "24h") * 1000)).map("{}ms".format)


def seconds(form: ValueForm) -> st.SearchStrategy[Any]:
    if form.values:
        return st.sampled_from([f"{value}s" for value in form.values])
    least, most = duration_seconds(form.minimum or "0s"), duration_seconds(form.maximum or "24h")
    return st.integers(int(least), int(most)).map("{}s".format)


def quantities(form: ValueForm) -> st.SearchStrategy[Any]:
    least, most = quantity_bytes(form.minimum.strip(">") or "1Mi"), quantity_bytes(form.maximum or "1Ti")
    return st.integers(max(1, int(least) // 2**20), int(most) // 2**20).map("{}Mi".format)


def percentages(form: ValueForm) -> st.SearchStrategy[Any]:
    least, most = percent_of(form.minimum.strip(">") or "0%"), percent_of(form.maximum or "100%")
    return st.integers(int(least) + form.minimum.startswith(">"), int(most)).map("{}%".format)


BY_LIMITS: dict[str, Callable[[ValueForm], st.SearchStrategy[Any]]] = {
    "int": numbers,
    "number-text": numbers,
    "duration": durations,
    "seconds": seconds,
    "quantity": quantities,
    "mebibytes": lambda _: st.integers(1, 4096).map("{}Mi".format),
    "percent": percentages,
    "choice": lambda form: st.sampled_from([int(pair.split("=")[0]) for pair in form.values]),
    "sysctl-patterns": lambda form: st.lists(st.sampled_from(form.values), min_size=1, unique=True),
}


def platform_of(setting: KubeletSetting) -> KubeletPlatform:
    return next(platform for platform in KUBELET_PLATFORMS if platform == setting.platform)


def configurations(platform: KubeletPlatform) -> st.SearchStrategy[dict[str, Any]]:
    each = {}
    for field in platform_takes(platform):
        setting, known = kubelet_setting(platform, field), kubelet_field(field)
        assert setting is not None
        assert known is not None
        if field in OBJECTS or known.kind in KINDS:
            each[field] = values_of(setting, field)
    return st.fixed_dictionaries({}, optional=each)


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
@settings(
    deadline=None,
    max_examples=12,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=st.data())
def test_values_come_back(platform: KubeletPlatform, data: st.DataObject) -> None:
    values = data.draw(configurations(platform))
    delivered = render_for(platform, values)
    again = render_for(platform, dict(reversed(list(values.items()))))
    assert delivered == again
    assert list(delivered.documents) == sorted(delivered.documents)
    assert read_for(delivered) == (values, {})


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
def test_nothing_is_delivered_of_nothing(platform: KubeletPlatform) -> None:
    assert not render_for(platform, {}).documents
    assert read_for(render_for(platform, {})) == ({}, {})
