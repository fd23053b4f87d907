"""How long a container that keeps crashing waits at most."""

from collections.abc import Iterator
from typing import Any

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_PATH = "crashLoopBackOff.maxContainerRestartPeriod"
_MILLISECOND = 1_000_000
_SHORTEST, _LONGEST = 1_000, 300_000


def _period(configuration: Configuration) -> Any:
    return (configuration.written.get("crashLoopBackOff") or {}).get("maxContainerRestartPeriod")


@rule("kubelet", ("crashLoopBackOff", "featureGates"), _VALIDATION)
def crash_loops_wait_a_second_to_five_minutes(configuration: Configuration) -> Iterator[Problem]:
    """The longest wait before a restart is 1s to 300s, of which the kubelet counts whole milliseconds."""
    period = _period(configuration)
    if period is None or not configuration.gates.get("KubeletCrashLoopBackOffMax", False):
        return
    nanoseconds = parse_duration(period)
    milliseconds = abs(nanoseconds) // _MILLISECOND * (1 if nanoseconds >= 0 else -1)
    if not _SHORTEST <= milliseconds <= _LONGEST:
        yield Problem(_PATH, f"{period} is not within 1s and 300s, {NO_START}", "write such as 60s")


@rule("kubelet", ("crashLoopBackOff", "featureGates"), _VALIDATION)
def crash_loop_wait_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """The field needs the gate KubeletCrashLoopBackOffMax, on by default since 1.35."""
    if _period(configuration) is not None and not configuration.gates.get("KubeletCrashLoopBackOffMax", False):
        yield Problem(
            _PATH,
            f"set while the gate KubeletCrashLoopBackOffMax is off, {NO_START}",
            "set featureGates.KubeletCrashLoopBackOffMax: true, or leave crashLoopBackOff out",
        )


RULES: tuple[Rule, ...] = (crash_loops_wait_a_second_to_five_minutes, crash_loop_wait_has_its_gate)
