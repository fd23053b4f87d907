"""Cases of the rules about zeros that mean a default."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("zero-counts-are-left-out", True, configuration("maxPods: 0\n")),
    Case("zero-counts-are-left-out", True, configuration("registryBurst: 0\n")),
    Case("zero-counts-are-left-out", False, configuration("maxPods: 110\nregistryPullQPS: 0\npodsPerCore: 0\n")),
    Case("zero-durations-are-left-out", True, configuration("imageMinimumGCAge: 0s\n")),
    Case("zero-durations-are-left-out", False, configuration("imageMaximumGCAge: 0s\nshutdownGracePeriod: 0s\n")),
)
