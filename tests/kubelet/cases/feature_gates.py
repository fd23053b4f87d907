"""Cases of the rules about feature gates."""

from tests.kubelet.case import Case, configuration


def _gates(gates: str) -> str:
    return configuration(f"featureGates: {{{gates}}}\n")


CASES: tuple[Case, ...] = (
    Case("feature-gates-are-known", True, _gates("MemoryManger: true")),
    Case("feature-gates-are-known", True, _gates("MemoryManager: true")),
    Case("feature-gates-are-known", True, _gates("CPUManager: true")),
    Case("feature-gates-are-known", True, _gates("TopologyManager: true")),
    Case("feature-gates-are-known", True, _gates("KubeletDropInConfig: true")),
    Case("feature-gates-are-known", True, _gates("kubeletCrashLoopBackOffMax: true")),
    Case("feature-gates-are-known", True, _gates("KubeletCrashLoopBackOffMax: true"), kubernetes="1.31"),
    Case("feature-gates-are-known", False, _gates("MemoryManager: true"), kubernetes="1.31"),
    Case("feature-gates-are-known", False, _gates("AllAlpha: false, AllBeta: true, MemoryQoS: false")),
    Case("feature-gates-keep-locked-defaults", True, _gates("NodeLogQuery: false")),
    Case("feature-gates-keep-locked-defaults", True, _gates("NodeSwap: false")),
    Case("feature-gates-keep-locked-defaults", False, _gates("NodeSwap: true, GracefulNodeShutdown: true")),
    Case("feature-gates-have-what-they-need", True, _gates("DRADeviceTaintRules: true, DRADeviceTaints: false")),
    Case("feature-gates-have-what-they-need", False, _gates("DRADeviceTaintRules: true, DRADeviceTaints: true")),
    Case("feature-gates-have-what-they-need", True, _gates("GracefulNodeShutdown: false")),
    Case(
        "feature-gates-have-what-they-need",
        True,
        _gates("GracefulNodeShutdown: false, GracefulNodeShutdownBasedOnPodPriority: false"),
    ),
    Case(
        "feature-gates-have-what-they-need",
        False,
        _gates(
            "GracefulNodeShutdown: false, GracefulNodeShutdownBasedOnPodPriority: false, "
            "WindowsGracefulNodeShutdown: false"
        ),
    ),
    Case("feature-gates-have-what-they-need", False, configuration("maxPods: 110\n")),
)
