"""Memory of pods by class: throttling and reservation with cgroup v2."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_POLICIES = ("None", "TieredReservation")


@rule("kubelet", ("memoryThrottlingFactor",), _VALIDATION)
def memory_throttling_is_a_share(configuration: Configuration) -> Iterator[Problem]:
    """The factor is above 0 and at most 1, whether or not the gate MemoryQoS uses it."""
    factor = configuration.written.get("memoryThrottlingFactor")
    if factor is not None and not 0 < factor <= 1:
        yield Problem("memoryThrottlingFactor", f"{factor} is not above 0 and up to 1, {NO_START}", "write such as 0.9")


@rule("ignored", ("memoryThrottlingFactor", "featureGates"), _VALIDATION)
def memory_throttling_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """Throttling is behind the gate MemoryQoS; without it the factor is read and left."""
    if configuration.written.get("memoryThrottlingFactor") is None or configuration.gates.get("MemoryQoS", False):
        return
    yield Problem(
        "memoryThrottlingFactor",
        f"unused while the gate MemoryQoS is off, {STARTS}",
        "set featureGates.MemoryQoS: true, or leave it out",
    )


@rule("kubelet", ("memoryReservationPolicy",), _VALIDATION)
def memory_reservation_policy_is_known(configuration: Configuration) -> Iterator[Problem]:
    """The policy is None or TieredReservation."""
    policy = configuration.written.get("memoryReservationPolicy")
    if policy and policy not in _POLICIES:
        yield Problem(
            "memoryReservationPolicy", f"{policy!r} is no policy, {NO_START}", "write None or TieredReservation"
        )


@rule("kubelet", ("memoryReservationPolicy", "featureGates"), _VALIDATION)
def tiered_reservation_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """TieredReservation needs the gate MemoryQoS, off by default."""
    if configuration.gates.get("MemoryQoS", False):
        return
    if configuration.written.get("memoryReservationPolicy") == "TieredReservation":
        yield Problem(
            "memoryReservationPolicy",
            f"TieredReservation while the gate MemoryQoS is off, {NO_START}",
            "set featureGates.MemoryQoS: true, or write None",
        )


RULES: tuple[Rule, ...] = (
    memory_throttling_is_a_share,
    memory_throttling_has_its_gate,
    memory_reservation_policy_is_known,
    tiered_reservation_has_its_gate,
)
