"""Cases of the rules about shutting down with grace."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case(
        "critical-pods-get-a-part-of-the-grace",
        True,
        configuration("shutdownGracePeriod: 30s\nshutdownGracePeriodCriticalPods: 31s\n"),
    ),
    Case("critical-pods-get-a-part-of-the-grace", True, configuration("shutdownGracePeriodCriticalPods: 10s\n")),
    Case(
        "critical-pods-get-a-part-of-the-grace",
        False,
        configuration("shutdownGracePeriod: 30s\nshutdownGracePeriodCriticalPods: 30s\n"),
    ),
    Case("shutdown-grace-is-a-second-or-none", True, configuration("shutdownGracePeriod: 999ms\n")),
    Case(
        "shutdown-grace-is-a-second-or-none",
        True,
        configuration("shutdownGracePeriod: 30s\nshutdownGracePeriodCriticalPods: -1s\n"),
    ),
    Case(
        "shutdown-grace-is-a-second-or-none",
        False,
        configuration("shutdownGracePeriod: 1s\nshutdownGracePeriodCriticalPods: 0s\n"),
    ),
    Case(
        "shutdown-grace-has-its-gate",
        True,
        configuration(
            "shutdownGracePeriod: 30s\n"
            "featureGates: {GracefulNodeShutdown: false, GracefulNodeShutdownBasedOnPodPriority: "
            "false, WindowsGracefulNodeShutdown: false}\n"
        ),
    ),
    Case("shutdown-grace-has-its-gate", False, configuration("shutdownGracePeriod: 30s\n")),
    Case(
        "shutdown-grace-is-said-once",
        True,
        configuration(
            "shutdownGracePeriod: 30s\n"
            "shutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: 10}]\n"
        ),
    ),
    Case(
        "shutdown-grace-is-said-once",
        False,
        configuration("shutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: 10}]\n"),
    ),
    Case(
        "shutdown-grace-is-said-once",
        False,
        configuration(
            "shutdownGracePeriod: 0s\n"
            "shutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: 10}]\n"
        ),
    ),
    Case(
        "grace-by-priority-has-its-gate",
        True,
        configuration(
            "shutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: 10}]\n"
            "featureGates: {GracefulNodeShutdownBasedOnPodPriority: false}\n"
        ),
    ),
    Case(
        "grace-by-priority-has-its-gate",
        False,
        configuration(
            "shutdownGracePeriodByPodPriority: []\nfeatureGates: {GracefulNodeShutdownBasedOnPodPriority: false}\n"
        ),
    ),
    Case(
        "grace-by-priority-is-not-negative",
        True,
        configuration("shutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: -10}]\n"),
    ),
    Case(
        "grace-by-priority-is-not-negative",
        False,
        configuration("shutdownGracePeriodByPodPriority: [{priority: 0, shutdownGracePeriodSeconds: 0}]\n"),
    ),
)
