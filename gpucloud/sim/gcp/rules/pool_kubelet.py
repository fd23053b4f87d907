"""Kubelet and Linux settings of a pool. Source of the ranges: tpgb website/docs/r/container_cluster.html.markdown."""

import re
from collections.abc import Iterator

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp.rules.reading import at, items, number, text
from gpucloud.sim.values import Inputs

_BAD = "badRequest"
_KUBELET = "nodeConfig.kubeletConfig"
_RANGES = {
    "containerLogMaxFiles": (2, 10),
    "evictionMaxPodGracePeriodSeconds": (0, 300),
    "imageGcHighThresholdPercent": (10, 85),
    "imageGcLowThresholdPercent": (10, 85),
    "maxParallelImagePulls": (2, 5),
    "podPidsLimit": (1024, 4194303),
    "shutdownGracePeriodSeconds": (10, 10000),
}
_LEAST_PERCENT = {
    "imagefsAvailable": 15,
    "imagefsInodesFree": 5,
    "nodefsAvailable": 10,
    "nodefsInodesFree": 5,
    "pidAvailable": 10,
}
_MOST_PERCENT, _MOST_RECLAIM = 50, 10
_MEBI = {"Ki": 1 / 1024, "Mi": 1, "Gi": 1024}
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1, "m": 60, "h": 3600}
_SYSCTLS = re.compile(r"kernel\.shm.*|kernel\.msg.*|kernel\.sem|fs\.mqueue\..*|net\..*")


def _quantity(value: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(Ki|Mi|Gi)", value)
    return float(found[1]) * _MEBI[found[2]] if found else None


def _duration(value: str) -> float | None:
    parts = re.findall(r"(\d+(?:\.\d+)?)(ns|us|µs|ms|s|m|h)", value)
    return sum(float(n) * _SECONDS[u] for n, u in parts) if parts and "".join(map("".join, parts)) == value else None


def _percent(value: str) -> float | None:
    found = re.fullmatch(r"(\d+(?:\.\d+)?)%", value)
    return float(found[1]) if found else None


def refuse_number_out_of_range(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a number outside the range that GKE takes for it."""
    for name, (low, high) in _RANGES.items():
        value = number(inputs, f"{_KUBELET}.{name}")
        if value is not None and not low <= value <= high:
            place = f"{_KUBELET}.{name}"
            yield Refusal(place, _BAD, f"Invalid value {value} for {name}: must be between {low} and {high}.")


def refuse_bad_image_thresholds(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a low threshold of image garbage collection that is not below the high one (kubelet validation)."""
    low = number(inputs, f"{_KUBELET}.imageGcLowThresholdPercent")
    high = number(inputs, f"{_KUBELET}.imageGcHighThresholdPercent")
    if low is not None and high is not None and low >= high:
        reason = f"image_gc_low_threshold_percent {low} must be less than image_gc_high_threshold_percent {high}."
        yield Refusal(f"{_KUBELET}.imageGcLowThresholdPercent", _BAD, reason)


def refuse_bad_log_size(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a container log size outside 10Mi to 500Mi."""
    value = text(inputs, f"{_KUBELET}.containerLogMaxSize")
    size = _quantity(value)
    if value and (size is None or not 10 <= size <= 500):  # noqa: PLR2004 - the documented range, in MiB
        reason = f"Invalid container_log_max_size {value!r}: must be between 10Mi and 500Mi."
        yield Refusal(f"{_KUBELET}.containerLogMaxSize", _BAD, reason)


def refuse_bad_durations(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse durations that do not read as such or are out of range."""
    ranges = {
        "cpuCfsQuotaPeriod": (1e-9, None),
        "imageMinimumGcAge": (0, 120),
        "imageMaximumGcAge": (1e-9, None),
        "crashLoopBackOff.maxContainerRestartPeriod": (1, 300),
    }
    for name, (low, high) in ranges.items():
        value = text(inputs, f"{_KUBELET}.{name}")
        seconds = _duration(value)
        if value and (seconds is None or seconds < low or (high is not None and seconds > high)):
            bounds = f"at most {high}s" if high else "a positive duration"
            yield Refusal(f"{_KUBELET}.{name}", _BAD, f"Invalid duration {value!r} for {name}: {bounds}.")


def refuse_bad_soft_eviction(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse soft eviction thresholds out of range, without a grace period, or grace periods without a threshold."""
    soft, grace = at(inputs, f"{_KUBELET}.evictionSoft") or {}, at(inputs, f"{_KUBELET}.evictionSoftGracePeriod") or {}
    for name, value in soft.items():
        if not isinstance(value, str):
            continue
        place = f"{_KUBELET}.evictionSoft.{name}"
        if name == "memoryAvailable":
            size = _quantity(value)
            if size is None or size < 100:  # noqa: PLR2004 - MiB, the hard threshold of GKE
                yield Refusal(place, _BAD, f"Invalid threshold {value!r}: a quantity of at least 100Mi.")
        else:
            share, least = _percent(value), _LEAST_PERCENT.get(name, 0)
            if share is None or not least <= share <= _MOST_PERCENT:
                yield Refusal(place, _BAD, f"Invalid threshold {value!r}: between {least}% and {_MOST_PERCENT}%.")
    for name in sorted({*soft} ^ {*grace}):
        reason = f"Each soft eviction threshold must have a grace period, and the reverse: {name} has one of both."
        yield Refusal(f"{_KUBELET}.evictionSoftGracePeriod", _BAD, reason)
    for name, value in grace.items():
        seconds = _duration(value) if isinstance(value, str) else 1
        if seconds is None or not 0 < seconds <= 300:  # noqa: PLR2004 - 5m
            place = f"{_KUBELET}.evictionSoftGracePeriod.{name}"
            yield Refusal(place, _BAD, f"Invalid grace period {value!r}: a positive duration of at most 5m.")


def refuse_bad_minimum_reclaim(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a minimum reclaim that is no percentage of at most 10%."""
    for name, value in (at(inputs, f"{_KUBELET}.evictionMinimumReclaim") or {}).items():
        share = _percent(value) if isinstance(value, str) else 1
        if share is None or not 0 < share <= _MOST_RECLAIM:
            place = f"{_KUBELET}.evictionMinimumReclaim.{name}"
            yield Refusal(place, _BAD, f"Invalid minimum reclaim {value!r}: a percentage of at most 10%.")


def refuse_unsafe_sysctls(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse unsafe sysctls outside the groups that GKE lets through."""
    for index, name in enumerate(items(inputs, f"{_KUBELET}.allowedUnsafeSysctls")):
        if not _SYSCTLS.fullmatch(str(name)):
            place = f"{_KUBELET}.allowedUnsafeSysctls[{index}]"
            reason = f"Unsafe sysctl {name!r} is in none of kernel.shm*, kernel.msg*, kernel.sem, fs.mqueue.*, net.*."
            yield Refusal(place, _BAD, reason)


def refuse_shutdown_period_without_spot(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a graceful shutdown on other than spot or preemptible nodes, and one shorter than its critical part."""
    whole = number(inputs, f"{_KUBELET}.shutdownGracePeriodSeconds")
    critical = number(inputs, f"{_KUBELET}.shutdownGracePeriodCriticalPodsSeconds")
    if whole is None and critical is None:
        return
    if at(inputs, "nodeConfig.spot") is not True and at(inputs, "nodeConfig.preemptible") is not True:
        reason = "shutdown_grace_period_seconds can only be set on node pools that use Spot VMs or Preemptible VMs."
        yield Refusal(f"{_KUBELET}.shutdownGracePeriodSeconds", _BAD, reason)
    if (critical or 0) > (whole or 0):
        reason = "shutdown_grace_period_critical_pods_seconds must not exceed shutdown_grace_period_seconds."
        yield Refusal(f"{_KUBELET}.shutdownGracePeriodCriticalPodsSeconds", _BAD, reason)


def refuse_negative_hugepages(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse fewer huge pages than none (API: HugepagesConfig)."""
    for name in ("hugepageSize1g", "hugepageSize2m"):
        place = f"nodeConfig.linuxNodeConfig.hugepagesConfig.{name}"
        if (number(inputs, place) or 0) < 0:
            yield Refusal(place, _BAD, f"Invalid value for {name}: must not be negative.")


INPUT_RULES = (
    refuse_number_out_of_range,
    refuse_bad_image_thresholds,
    refuse_bad_log_size,
    refuse_bad_durations,
    refuse_bad_soft_eviction,
    refuse_bad_minimum_reclaim,
    refuse_unsafe_sysctls,
    refuse_shutdown_period_without_spot,
    refuse_negative_hugepages,
)
