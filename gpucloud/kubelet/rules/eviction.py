"""Rules about eviction: signals, thresholds, grace periods and what to reclaim at least."""

import math
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from gpucloud.errors import Problem
from gpucloud.facts.tables import nearest_names
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.eviction import (
    DEFAULT_EVICTION_HARD,
    SIGNALS,
    Threshold,
    hard_evictions,
    parse_reclaim,
    parse_threshold,
)
from gpucloud.kubelet.rule import Rule, rule

_HELPERS = "k8s.io/kubernetes v1.36.3 pkg/kubelet/eviction/helpers.go"
_SERVER = "k8s.io/kubernetes v1.36.3 cmd/kubelet/app/server.go"
_HARD, _SOFT = "evictionHard", "evictionSoft"
_GRACE, _RECLAIM = "evictionSoftGracePeriod", "evictionMinimumReclaim"
_THRESHOLDS = (_HARD, _SOFT)
_ALL = (_HARD, _SOFT, _GRACE, _RECLAIM)
# Set by the kubelet itself from the thresholds of nodefs or imagefs, whatever is written.
_OVERWRITTEN = frozenset({"containerfs.available", "containerfs.inodesFree"})


@rule("kubelet", _ALL, _HELPERS)
def eviction_signals_are_known(configuration: Configuration) -> Iterator[Problem]:
    """All four maps take the same signals, a grace period without its threshold too."""
    for field in _ALL:
        for signal in configuration.values.get(field) or ():
            if signal not in SIGNALS:
                near = nearest_names(signal, SIGNALS)
                yield Problem(
                    _path(field, signal),
                    f"unsupported eviction signal {signal!r}, the kubelet would not start",
                    f"use {', '.join(near or sorted(SIGNALS))}",
                )


@rule("kubelet", _THRESHOLDS, _HELPERS)
def eviction_thresholds_are_amounts_or_shares(configuration: Configuration) -> Iterator[Problem]:
    """A threshold is a quantity above zero or a percentage up to 100; the literal 0% and 100% disable it."""
    for field in _THRESHOLDS:
        for signal, _, error in _read(configuration.values.get(field), parse_threshold):
            if error:
                yield Problem(
                    _path(field, signal),
                    f"{error}, the kubelet would not start",
                    "write a quantity such as 1Gi, a percentage such as 10%, or 0% to disable it",
                )


@rule("kubelet", (_GRACE,), _HELPERS)
def eviction_grace_periods_are_durations(configuration: Configuration) -> Iterator[Problem]:
    """A grace period is a duration with its unit, not below zero; days are no unit."""
    for signal, _, error in _read(configuration.values.get(_GRACE), _grace_period):
        if error:
            yield Problem(
                _path(_GRACE, signal), f"{error}, the kubelet would not start", "write a duration such as 1m30s or 24h"
            )


@rule("kubelet", (_RECLAIM,), _HELPERS)
def eviction_minimum_reclaims_are_amounts_or_shares(configuration: Configuration) -> Iterator[Problem]:
    """What to reclaim at least is a quantity of zero or more, or a percentage above zero."""
    for signal, _, error in _read(configuration.values.get(_RECLAIM), parse_reclaim):
        if error:
            yield Problem(
                _path(_RECLAIM, signal),
                f"{error}, the kubelet would not start",
                "write a quantity such as 500Mi or a percentage such as 5%",
            )


@rule("kubelet", (_SOFT, _GRACE), _HELPERS)
def soft_evictions_have_grace_periods(configuration: Configuration) -> Iterator[Problem]:
    """Every soft threshold needs its grace period, unless it is disabled."""
    grace: Mapping[str, str] = configuration.values.get(_GRACE) or {}
    for signal, threshold, error in _read(configuration.values.get(_SOFT), parse_threshold):
        if signal not in grace and threshold is not None and not error:
            yield Problem(
                _path(_GRACE, signal),
                f"grace period must be specified for the soft eviction threshold {signal}, the kubelet would not start",
                f"add {signal}: 1m30s, or remove {_SOFT}[{signal}]",
            )


@rule("ignored", (_SOFT, _GRACE), _HELPERS)
def grace_periods_have_soft_evictions(configuration: Configuration) -> Iterator[Problem]:
    """A grace period without its soft threshold does nothing."""
    soft: Mapping[str, str] = configuration.values.get(_SOFT) or {}
    for signal in configuration.written.get(_GRACE) or ():
        if signal in SIGNALS and signal not in soft:
            yield Problem(
                _path(_GRACE, signal),
                f"has no effect, {_SOFT} has no {signal}",
                f"add {signal} to {_SOFT}, or remove the grace period",
            )


@rule("ignored", (_HARD, _SOFT, _RECLAIM), _HELPERS)
def minimum_reclaims_have_thresholds(configuration: Configuration) -> Iterator[Problem]:
    """What to reclaim at least, of a signal without a threshold, does nothing."""
    soft: Mapping[str, str] = configuration.values.get(_SOFT) or {}
    hard = hard_evictions(configuration)
    for signal in configuration.written.get(_RECLAIM) or ():
        if signal in SIGNALS - _OVERWRITTEN and signal not in soft and signal not in hard:
            yield Problem(
                _path(_RECLAIM, signal),
                f"has no effect, neither {_HARD} nor {_SOFT} has {signal}",
                f"add {signal} to {_HARD}, or remove it",
            )


@rule("ignored", (_HARD, _SOFT), f"{_HELPERS} UpdateContainerFsThresholds")
def container_file_system_has_no_threshold_of_its_own(configuration: Configuration) -> Iterator[Problem]:
    """The kubelet overwrites thresholds of containerfs by those of nodefs or imagefs, whichever it is on."""
    for field in _THRESHOLDS:
        for signal in _OVERWRITTEN.intersection(configuration.written.get(field) or ()):
            yield Problem(
                _path(field, signal),
                "is overwritten by the threshold of nodefs or imagefs",
                f"set {signal.replace('container', 'node')} and {signal.replace('container', 'image')} instead",
            )


@rule("library", (_HARD, _SOFT), _HELPERS)
def soft_evictions_come_before_hard_ones(configuration: Configuration) -> Iterator[Problem]:
    """A soft threshold below the hard one is never reached: pods are killed at once, without the grace period."""
    if not configuration.values.get(_SOFT):
        return
    hard = {signal: threshold for signal, threshold, _ in _read(hard_evictions(configuration), parse_threshold)}
    for signal, soft, _ in _read(configuration.values.get(_SOFT), parse_threshold):
        limit = hard.get(signal)
        if soft is None or limit is None or signal in _OVERWRITTEN:
            continue
        sizes = _comparable(configuration, signal, soft, limit)
        if sizes and sizes[0] <= sizes[1]:
            yield Problem(
                _path(_SOFT, signal),
                f"{configuration.values[_SOFT][signal]} is not above the hard threshold "
                f"{hard_evictions(configuration)[signal]}: pods are killed before the grace period begins",
                f"raise it above {hard_evictions(configuration)[signal]}",
            )


@rule("library", (_HARD, "mergeDefaultEvictionSettings"), f"{_SERVER} loadConfigFile")
def hard_evictions_keep_the_other_defaults(configuration: Configuration) -> Iterator[Problem]:
    """Writing one hard threshold removes the defaults of all others, unless they are to be merged.

    Those of imagefs are not missed where nodefs has its own: on one file system both measure the same, and the nodes of
    EKS, AKS and GKE ship without them.
    """
    written = configuration.written.get(_HARD)
    if written is None:
        return
    hard = hard_evictions(configuration)
    missing = [
        signal
        for signal in DEFAULT_EVICTION_HARD
        if signal not in hard and signal.replace("imagefs", "nodefs") not in hard
    ]
    if missing:
        yield Problem(
            _HARD,
            f"has no {', '.join(missing)}: their defaults no longer hold, and nothing is evicted for them",
            "add "
            + ", ".join(f"{signal}: {DEFAULT_EVICTION_HARD[signal]}" for signal in missing)
            + (", or set mergeDefaultEvictionSettings: true" if configuration.minor > 32 else ""),  # noqa: PLR2004
        )


@rule("library", _ALL, f"{_HELPERS} parsePercentage")
def eviction_percentages_are_numbers(configuration: Configuration) -> Iterator[Problem]:
    """`NaN%` passes every check of the kubelet, and counts as an enormous negative amount; so does more than all."""
    for field in (_HARD, _SOFT, _RECLAIM):
        parse = parse_reclaim if field == _RECLAIM else parse_threshold
        for signal, threshold, _ in _read(configuration.values.get(field), parse):
            share = threshold.share if threshold else None
            if share is not None and (math.isnan(share) or share > 1):
                yield Problem(
                    _path(field, signal),
                    f"{configuration.values[field][signal]!r} is no share of anything",
                    "write a percentage from 0% to 100%",
                )


def _read(
    written: Mapping[str, str] | None, parse: Callable[[str], Threshold | None]
) -> Iterator[tuple[str, Threshold | None, str]]:
    """Each entry of a map as (signal, what it says, why it cannot be read)."""
    for signal, text in (written or {}).items():
        try:
            yield signal, parse(text), ""
        except ValueError as error:
            yield signal, None, str(error)


def _grace_period(text: str) -> None:
    if parse_duration(text) < 0:
        raise ValueError(f"{text!r} is below zero")


def _comparable(
    configuration: Configuration, signal: str, soft: Threshold, hard: Threshold
) -> tuple[Fraction, Fraction] | None:
    """Two thresholds in one unit; None where one is a share of a capacity that nobody described."""
    machine = configuration.machine
    if capacity := {"memory.available": machine.memory, "nodefs.available": machine.ephemeral_storage}.get(signal):
        return soft.of(capacity), hard.of(capacity)
    if soft.amount is not None and hard.amount is not None:
        return soft.amount, hard.amount
    if soft.share is not None and hard.share is not None and not math.isnan(soft.share) and not math.isnan(hard.share):
        return Fraction(soft.share), Fraction(hard.share)
    return None


def _path(field: str, signal: str) -> str:
    return f"{field}[{signal}]"


RULES: tuple[Rule, ...] = (
    eviction_signals_are_known,
    eviction_thresholds_are_amounts_or_shares,
    eviction_grace_periods_are_durations,
    eviction_minimum_reclaims_are_amounts_or_shares,
    soft_evictions_have_grace_periods,
    grace_periods_have_soft_evictions,
    minimum_reclaims_have_thresholds,
    container_file_system_has_no_threshold_of_its_own,
    soft_evictions_come_before_hard_ones,
    hard_evictions_keep_the_other_defaults,
    eviction_percentages_are_numbers,
)
