"""Cases of the rules about waiting after crashes."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case(
        "crash-loops-wait-a-second-to-five-minutes",
        True,
        configuration("crashLoopBackOff: {maxContainerRestartPeriod: 999ms}\n"),
    ),
    Case(
        "crash-loops-wait-a-second-to-five-minutes",
        True,
        configuration("crashLoopBackOff: {maxContainerRestartPeriod: 301s}\n"),
    ),
    Case(
        "crash-loops-wait-a-second-to-five-minutes",
        False,
        configuration("crashLoopBackOff: {maxContainerRestartPeriod: 300s}\n"),
    ),
    Case("crash-loops-wait-a-second-to-five-minutes", False, configuration("crashLoopBackOff: {}\n")),
    Case(
        "crash-loop-wait-has-its-gate",
        True,
        configuration(
            "crashLoopBackOff: {maxContainerRestartPeriod: 60s}\nfeatureGates: {KubeletCrashLoopBackOffMax: false}\n"
        ),
    ),
    Case("crash-loop-wait-has-its-gate", False, configuration("featureGates: {KubeletCrashLoopBackOffMax: false}\n")),
)
