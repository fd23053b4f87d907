"""Cases of the rules about rates and periods."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("rates-are-not-negative", True, configuration("eventBurst: -1\n")),
    Case("rates-are-not-negative", True, configuration("eventRecordQPS: -1\n")),
    Case("rates-are-not-negative", True, configuration("kubeAPIBurst: -1\n")),
    Case("rates-are-not-negative", True, configuration("kubeAPIQPS: -1\n")),
    Case("rates-are-not-negative", True, configuration("registryBurst: -1\n")),
    Case("rates-are-not-negative", True, configuration("registryPullQPS: -1\n")),
    Case(
        "rates-are-not-negative",
        False,
        configuration("eventBurst: 0\neventRecordQPS: 0\nkubeAPIQPS: 50\nregistryPullQPS: 20\nregistryBurst: 40\n"),
    ),
    Case("pods-are-synced-in-time", True, configuration("syncFrequency: -1m\n")),
    Case("pods-are-synced-in-time", False, configuration("syncFrequency: 0s\n")),
    Case("node-lease-lasts", True, configuration("nodeLeaseDurationSeconds: -1\n")),
    Case("node-lease-lasts", False, configuration("nodeLeaseDurationSeconds: 0\n")),
    Case("cpu-quota-period-is-the-kernels", True, configuration("cpuCFSQuotaPeriod: 999us\n")),
    Case("cpu-quota-period-is-the-kernels", True, configuration("cpuCFSQuotaPeriod: 1001ms\n")),
    Case("cpu-quota-period-is-the-kernels", True, configuration("cpuCFSQuotaPeriod: 0s\n")),
    Case("cpu-quota-period-is-the-kernels", False, configuration("cpuCFSQuotaPeriod: 5ms\n")),
    Case("cpu-quota-period-is-the-kernels", True, configuration("cpuCFSQuotaPeriod: 5ms\n"), kubernetes="1.34"),
    Case("cpu-quota-period-is-the-kernels", False, configuration("cpuCFSQuotaPeriod: 100ms\n"), kubernetes="1.34"),
    Case("unchecked-durations-are-not-negative", True, configuration("fileCheckFrequency: -20s\n")),
    Case(
        "unchecked-durations-are-not-negative",
        False,
        configuration("fileCheckFrequency: 20s\nruntimeRequestTimeout: 15m\n"),
    ),
)
