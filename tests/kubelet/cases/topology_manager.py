"""Cases of the rules about the topology manager's options."""

from tests.kubelet.case import Case, configuration

RESTRICTED = "topologyManagerPolicy: restricted\n"
NINE_NODES = '{"sockets": 1, "numa": 1, "cores": 72, "threads": 1, "cpulessNuma": 8}'


def _options(written: str, *, before: str = RESTRICTED, machine: str = "") -> str:
    return configuration(f"{before}topologyManagerPolicyOptions: {{{written}}}\n", machine=machine)


CASES: tuple[Case, ...] = (
    Case(
        "topology-manager-options-are-enabled",
        True,
        _options("", before="featureGates: {TopologyManagerPolicyOptions: false}\n"),
        kubernetes="1.31",
    ),
    Case("topology-manager-options-are-enabled", False, _options(""), kubernetes="1.31"),
    Case("topology-manager-options-are-known", True, _options('prefer-closest-numa: "true"')),
    Case("topology-manager-options-are-known", False, _options('prefer-closest-numa-nodes: "true"')),
    Case("topology-manager-options-are-known", False, _options('prefer-closest-numa: "true"', before="")),
    Case(
        "topology-manager-options-have-their-gate",
        True,
        _options(
            'max-allowable-numa-nodes: "9"',
            before=RESTRICTED + "featureGates: {TopologyManagerPolicyBetaOptions: false}\n",
        ),
        kubernetes="1.34",
    ),
    Case("topology-manager-options-have-their-gate", False, _options('max-allowable-numa-nodes: "9"'), "1.34"),
    Case(
        "topology-manager-options-have-their-gate",
        False,
        _options(
            'max-allowable-numa-nodes: "9"',
            before=RESTRICTED + "featureGates: {TopologyManagerPolicyBetaOptions: false}\n",
        ),
    ),
    Case("closest-numa-nodes-option-is-true-or-false", True, _options('prefer-closest-numa-nodes: "yes"')),
    Case("closest-numa-nodes-option-is-true-or-false", False, _options('prefer-closest-numa-nodes: "0"')),
    Case("allowable-numa-nodes-option-is-a-number", True, _options('max-allowable-numa-nodes: "7"')),
    Case("allowable-numa-nodes-option-is-a-number", True, _options('max-allowable-numa-nodes: "many"')),
    Case("allowable-numa-nodes-option-is-a-number", True, _options('max-allowable-numa-nodes: "9.0"')),
    Case("allowable-numa-nodes-option-is-a-number", False, _options('max-allowable-numa-nodes: "+08"')),
    Case("allowable-numa-nodes-option-is-a-number", False, _options('max-allowable-numa-nodes: "7"', before="")),
    Case("numa-nodes-are-not-too-many", True, configuration(RESTRICTED, machine=NINE_NODES)),
    Case("numa-nodes-are-not-too-many", True, _options('max-allowable-numa-nodes: "8"', machine=NINE_NODES)),
    Case("numa-nodes-are-not-too-many", False, _options('max-allowable-numa-nodes: "9"', machine=NINE_NODES)),
    Case("numa-nodes-are-not-too-many", False, configuration("topologyManagerScope: pod\n", machine=NINE_NODES)),
    Case("topology-manager-options-have-a-policy", True, _options('max-allowable-numa-nodes: "16"', before="")),
    Case("topology-manager-options-have-a-policy", False, _options('max-allowable-numa-nodes: "16"')),
    Case(
        "closest-numa-nodes-have-a-choice",
        True,
        _options('prefer-closest-numa-nodes: "true"', before="topologyManagerPolicy: single-numa-node\n"),
    ),
    Case("closest-numa-nodes-have-a-choice", False, _options('prefer-closest-numa-nodes: "true"')),
    Case(
        "closest-numa-nodes-have-a-choice",
        False,
        _options('prefer-closest-numa-nodes: "false"', before="topologyManagerPolicy: single-numa-node\n"),
    ),
)
