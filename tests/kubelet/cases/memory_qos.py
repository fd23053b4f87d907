"""Cases of the rules about memory of pods by class."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("memory-throttling-is-a-share", True, configuration("memoryThrottlingFactor: 0\n")),
    Case("memory-throttling-is-a-share", True, configuration("memoryThrottlingFactor: 1.1\n")),
    Case("memory-throttling-is-a-share", False, configuration("memoryThrottlingFactor: 1\n")),
    Case("memory-throttling-has-its-gate", True, configuration("memoryThrottlingFactor: 0.8\n")),
    Case(
        "memory-throttling-has-its-gate",
        False,
        configuration("memoryThrottlingFactor: 0.8\nfeatureGates: {MemoryQoS: true}\n"),
    ),
    Case("memory-reservation-policy-is-known", True, configuration("memoryReservationPolicy: Tiered\n")),
    Case("memory-reservation-policy-is-known", False, configuration("memoryReservationPolicy: None\n")),
    Case("tiered-reservation-has-its-gate", True, configuration("memoryReservationPolicy: TieredReservation\n")),
    Case(
        "tiered-reservation-has-its-gate",
        False,
        configuration("memoryReservationPolicy: TieredReservation\nfeatureGates: {MemoryQoS: true}\n"),
    ),
)
