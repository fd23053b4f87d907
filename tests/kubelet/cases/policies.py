"""Cases of the rules about words that are one of a few."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("topology-manager-policy-is-known", True, configuration("topologyManagerPolicy: single-numa\n")),
    Case("topology-manager-policy-is-known", True, configuration("topologyManagerPolicy: Restricted\n")),
    Case("topology-manager-policy-is-known", False, configuration("topologyManagerPolicy: single-numa-node\n")),
    Case("topology-manager-policy-is-known", False, configuration("topologyManagerPolicy: ''\n")),
    Case("topology-manager-scope-is-known", True, configuration("topologyManagerScope: node\n")),
    Case("topology-manager-scope-is-known", False, configuration("topologyManagerScope: pod\n")),
    Case("hairpin-mode-is-known", True, configuration("hairpinMode: veth\n")),
    Case("hairpin-mode-is-known", False, configuration("hairpinMode: none\n")),
    Case("change-detection-is-known", True, configuration("configMapAndSecretChangeDetectionStrategy: Poll\n")),
    Case("change-detection-is-known", False, configuration("configMapAndSecretChangeDetectionStrategy: Cache\n")),
    Case("hidden-metrics-are-of-the-previous-minor", True, configuration("showHiddenMetricsForVersion: '1.36'\n")),
    Case(
        "hidden-metrics-are-of-the-previous-minor",
        True,
        configuration("showHiddenMetricsForVersion: '1.35'\n"),
        kubernetes="1.35",
    ),
    Case("hidden-metrics-are-of-the-previous-minor", False, configuration("showHiddenMetricsForVersion: '1.35'\n")),
    Case("kubelet-keeps-running", True, configuration("runOnce: true\n")),
    Case("kubelet-keeps-running", False, configuration("runOnce: true\n"), kubernetes="1.31"),
    Case("kubelet-keeps-running", False, configuration("runOnce: false\n")),
)
