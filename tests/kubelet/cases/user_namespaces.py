"""Cases of the rules about IDs of pods in user namespaces."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("ids-come-in-whole-units", True, configuration("userNamespaces: {idsPerPod: 65535}\n")),
    Case("ids-come-in-whole-units", True, configuration("userNamespaces: {idsPerPod: 100000}\n")),
    Case("ids-come-in-whole-units", True, configuration("userNamespaces: {idsPerPod: 4294967296}\n")),
    Case("ids-come-in-whole-units", False, configuration("userNamespaces: {idsPerPod: 131072}\n")),
    Case("ids-come-in-whole-units", False, configuration("userNamespaces: {}\n")),
    Case("pods-find-ids", True, configuration("maxPods: 65536\n")),
    Case("pods-find-ids", False, configuration("maxPods: 65535\n")),
    Case("pods-find-ids", True, configuration("userNamespaces: {idsPerPod: 196608}\n")),
    Case("pods-find-ids", True, configuration("userNamespaces: {idsPerPod: 67108864}\n")),
    Case("pods-find-ids", False, configuration("userNamespaces: {idsPerPod: 33554432}\n")),
    Case(
        "pods-find-ids",
        False,
        configuration("maxPods: 65536\nfeatureGates: {UserNamespacesSupport: false}\n"),
        kubernetes="1.35",
    ),
)
