"""Rates and bursts, and how often the kubelet does things."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_KUBELET = "k8s.io/kubernetes v1.36.3 pkg/kubelet/kubelet.go"
_SHORTEST_PERIOD, _USUAL_PERIOD, _LONGEST_PERIOD = 1_000_000, 100_000_000, 1_000_000_000
_RATES = ("eventBurst", "eventRecordQPS", "kubeAPIBurst", "kubeAPIQPS", "registryBurst", "registryPullQPS")
_UNCHECKED_DURATIONS = (
    "cpuManagerReconcilePeriod",
    "fileCheckFrequency",
    "httpCheckFrequency",
    "nodeStatusReportFrequency",
    "nodeStatusUpdateFrequency",
    "runtimeRequestTimeout",
)


@rule("kubelet", _RATES, _VALIDATION)
def rates_are_not_negative(configuration: Configuration) -> Iterator[Problem]:
    """Rates and bursts are 0 or more; 0 turns a rate's limit off and means the default for a burst."""
    for field in _RATES:
        rate = configuration.written.get(field)
        if rate is not None and rate < 0:
            yield Problem(field, f"{rate} is negative, {NO_START}", "write 0 or more")


@rule("kubelet", ("syncFrequency",), _KUBELET)
def pods_are_synced_in_time(configuration: Configuration) -> Iterator[Problem]:
    """The time between two looks at a pod is positive; 0s means 1m."""
    frequency = configuration.written.get("syncFrequency")
    if frequency is not None and parse_duration(frequency) < 0:
        yield Problem("syncFrequency", f"{frequency} is negative, {NO_START}", "write a duration such as 1m")


@rule("kubelet", ("nodeLeaseDurationSeconds",), _VALIDATION)
def node_lease_lasts(configuration: Configuration) -> Iterator[Problem]:
    """The node's lease lasts a second or more; 0 means 40."""
    seconds = configuration.written.get("nodeLeaseDurationSeconds")
    if seconds is not None and seconds < 0:
        yield Problem("nodeLeaseDurationSeconds", f"{seconds} is negative, {NO_START}", "write 1 or more, such as 40")


@rule("kubelet", ("cpuCFSQuotaPeriod", "featureGates"), _VALIDATION)
def cpu_quota_period_is_the_kernels(configuration: Configuration) -> Iterator[Problem]:
    """The period of CPU quotas is 1ms to 1s, and 100ms where the gate CustomCPUCFSQuotaPeriod is off."""
    period = configuration.values["cpuCFSQuotaPeriod"]
    nanoseconds = parse_duration(period)
    if configuration.gates.get("CustomCPUCFSQuotaPeriod", False):
        if not _SHORTEST_PERIOD <= nanoseconds <= _LONGEST_PERIOD:
            yield Problem("cpuCFSQuotaPeriod", f"{period} is not within 1ms and 1s, {NO_START}", "write such as 100ms")
    elif nanoseconds != _USUAL_PERIOD:
        yield Problem(
            "cpuCFSQuotaPeriod",
            f"{period} while the gate CustomCPUCFSQuotaPeriod is off, {NO_START}",
            "set featureGates.CustomCPUCFSQuotaPeriod: true, or leave it out",
        )


@rule("library", _UNCHECKED_DURATIONS, _KUBELET)
def unchecked_durations_are_not_negative(configuration: Configuration) -> Iterator[Problem]:
    """Durations that the kubelet does not check are not negative: it would spin, time out at once, or panic later."""
    for field in _UNCHECKED_DURATIONS:
        duration = configuration.written.get(field)
        if duration is not None and parse_duration(duration) < 0:
            yield Problem(field, f"{duration} is negative, which no validation refuses", "write a positive duration")


RULES: tuple[Rule, ...] = (
    rates_are_not_negative,
    pods_are_synced_in_time,
    node_lease_lasts,
    cpu_quota_period_is_the_kernels,
    unchecked_durations_are_not_negative,
)
