"""Values that the kubelet takes for `nothing written`, and puts its default in their place."""

from collections.abc import Iterator, Mapping

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import STARTS

_DEFAULTS = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/v1beta1/defaults.go"
_COUNTS: Mapping[str, str] = {
    "eventBurst": "100",
    "kubeAPIBurst": "100",
    "maxOpenFiles": "1000000",
    "maxPods": "110",
    "nodeLeaseDurationSeconds": "40",
    "port": "10250",
    "registryBurst": "10",
}
_DURATIONS: Mapping[str, str] = {
    "cpuManagerReconcilePeriod": "10s",
    "evictionPressureTransitionPeriod": "5m",
    "fileCheckFrequency": "20s",
    "httpCheckFrequency": "20s",
    "imageMinimumGCAge": "2m",
    "nodeStatusUpdateFrequency": "10s",
    "runtimeRequestTimeout": "2m",
    "streamingConnectionIdleTimeout": "4h",
    "syncFrequency": "1m",
    "volumeStatsAggPeriod": "1m",
}


@rule("ignored", tuple(_COUNTS), _DEFAULTS)
def zero_counts_are_left_out(configuration: Configuration) -> Iterator[Problem]:
    """A written 0 means the default in these fields: `maxPods: 0` is 110 pods."""
    for field, default in _COUNTS.items():
        if configuration.written.get(field) == 0:
            yield Problem(field, f"0 means {default}, {STARTS}", f"leave it out, or write {default}")


@rule("ignored", tuple(_DURATIONS), _DEFAULTS)
def zero_durations_are_left_out(configuration: Configuration) -> Iterator[Problem]:
    """A written 0s means the default in these fields: `imageMinimumGCAge: 0s` is 2m."""
    for field, default in _DURATIONS.items():
        duration = configuration.written.get(field)
        if duration is not None and parse_duration(duration) == 0:
            yield Problem(field, f"{duration} means {default}, {STARTS}", f"leave it out, or write {default}")


RULES: tuple[Rule, ...] = (zero_counts_are_left_out, zero_durations_are_left_out)
