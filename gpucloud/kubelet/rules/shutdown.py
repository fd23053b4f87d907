"""Shutting a node down with grace."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/nodeshutdown/nodeshutdown_manager.go"
_PERIODS = ("shutdownGracePeriod", "shutdownGracePeriodCriticalPods")
_BY_PRIORITY = "shutdownGracePeriodByPodPriority"
_SECOND = 1_000_000_000


def _nanoseconds(configuration: Configuration, field: str) -> int:
    return parse_duration(configuration.written.get(field) or "0s")


@rule("kubelet", (*_PERIODS, "featureGates"), _VALIDATION)
def critical_pods_get_a_part_of_the_grace(configuration: Configuration) -> Iterator[Problem]:
    """The critical pods' period is the end of the whole one, so it is no longer."""
    if not configuration.gates.get("GracefulNodeShutdown", False):
        return
    whole, critical = (configuration.written.get(field) or "0s" for field in _PERIODS)
    if parse_duration(critical) > parse_duration(whole):
        yield Problem(
            _PERIODS[1] if _PERIODS[1] in configuration.written else _PERIODS[0],
            f"shutdownGracePeriodCriticalPods {critical} is longer than shutdownGracePeriod {whole}, {NO_START}",
            "make shutdownGracePeriod the sum of both",
        )


@rule("kubelet", (*_PERIODS, "featureGates"), _VALIDATION)
def shutdown_grace_is_a_second_or_none(configuration: Configuration) -> Iterator[Problem]:
    """A period of grace is 0s or at least 1s."""
    if not configuration.gates.get("GracefulNodeShutdown", False):
        return
    for field in _PERIODS:
        period = _nanoseconds(configuration, field)
        if period != 0 and period < _SECOND:
            yield Problem(field, f"{configuration.written[field]} is below 1s, {NO_START}", "write 0s, or 1s or more")


@rule("kubelet", (*_PERIODS, "featureGates"), _VALIDATION)
def shutdown_grace_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """A period of grace needs the gate GracefulNodeShutdown, on by default."""
    if configuration.gates.get("GracefulNodeShutdown", False):
        return
    for field in _PERIODS:
        if _nanoseconds(configuration, field) > 0:
            yield Problem(
                field,
                f"set while the gate GracefulNodeShutdown is off, {NO_START}",
                f"leave featureGates.GracefulNodeShutdown out, or {field}",
            )


@rule("kubelet", (_BY_PRIORITY, *_PERIODS, "featureGates"), _VALIDATION)
def shutdown_grace_is_said_once(configuration: Configuration) -> Iterator[Problem]:
    """Grace is given by priority or by the two periods, not by both."""
    if not configuration.written.get(_BY_PRIORITY):
        return
    if not configuration.gates.get("GracefulNodeShutdownBasedOnPodPriority", False):
        return
    if any(_nanoseconds(configuration, field) > 0 for field in _PERIODS):
        yield Problem(_BY_PRIORITY, f"set next to shutdownGracePeriod, {NO_START}", "write one of the two")


@rule("kubelet", (_BY_PRIORITY, "featureGates"), _VALIDATION)
def grace_by_priority_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """Grace by priority needs the gate GracefulNodeShutdownBasedOnPodPriority, on by default."""
    if not configuration.written.get(_BY_PRIORITY):
        return
    if not configuration.gates.get("GracefulNodeShutdownBasedOnPodPriority", False):
        yield Problem(
            _BY_PRIORITY,
            f"set while the gate GracefulNodeShutdownBasedOnPodPriority is off, {NO_START}",
            f"leave featureGates.GracefulNodeShutdownBasedOnPodPriority out, or {_BY_PRIORITY}",
        )


@rule("library", (_BY_PRIORITY,), _MANAGER)
def grace_by_priority_is_not_negative(configuration: Configuration) -> Iterator[Problem]:
    """Seconds of grace are 0 or more; no validation looks at those by priority."""
    for index, entry in enumerate(configuration.written.get(_BY_PRIORITY) or ()):
        seconds = entry.get("shutdownGracePeriodSeconds")
        if seconds is not None and seconds < 0:
            path = f"{_BY_PRIORITY}[{index}].shutdownGracePeriodSeconds"
            yield Problem(path, f"{seconds} is negative, {STARTS}", "write 0 or more")


RULES: tuple[Rule, ...] = (
    critical_pods_get_a_part_of_the_grace,
    shutdown_grace_is_a_second_or_none,
    shutdown_grace_has_its_gate,
    shutdown_grace_is_said_once,
    grace_by_priority_has_its_gate,
    grace_by_priority_is_not_negative,
)
