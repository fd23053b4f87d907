"""Cases of the rules about the CPU manager."""

from tests.kubelet.case import Case, configuration

STATIC = "cpuManagerPolicy: static\nkubeReserved: {cpu: 100m}\n"
ALPHA = "featureGates: {CPUManagerPolicyAlphaOptions: true}\n"
FOUR_SOCKETS = '{"sockets": 4, "numa": 2}'


def _options(written: str, *, before: str = STATIC) -> str:
    return configuration(f"{before}cpuManagerPolicyOptions: {{{written}}}\n")


CASES: tuple[Case, ...] = (
    Case("cpu-manager-policy-is-known", True, configuration("cpuManagerPolicy: Static\nkubeReserved: {cpu: 100m}\n")),
    Case("cpu-manager-policy-is-known", True, configuration("cpuManagerPolicy: dynamic\n")),
    Case("cpu-manager-policy-is-known", False, configuration(STATIC)),
    Case("cpu-manager-policy-is-known", False, configuration("cpuManagerPolicy: none\n")),
    Case("static-cpu-policy-has-a-reservation", True, configuration("cpuManagerPolicy: static\n")),
    Case(
        "static-cpu-policy-has-a-reservation",
        True,
        configuration('cpuManagerPolicy: static\nkubeReserved: {cpu: "0"}\nsystemReserved: {memory: 1Gi}\n'),
    ),
    Case(
        "static-cpu-policy-has-a-reservation",
        False,
        configuration("cpuManagerPolicy: static\nsystemReserved: {cpu: 1n}\n"),
    ),
    Case(
        "static-cpu-policy-has-a-reservation",
        False,
        configuration('cpuManagerPolicy: static\nreservedSystemCPUs: "0,96"\n'),
    ),
    Case("none-cpu-policy-has-no-options", True, _options('full-pcpus-only: "false"', before="")),
    Case(
        "none-cpu-policy-has-no-options",
        True,
        _options('strict-cpu-reservation: "true"', before="cpuManagerPolicy: none\n"),
    ),
    Case("none-cpu-policy-has-no-options", False, _options("", before="")),
    Case("none-cpu-policy-has-no-options", False, _options('full-pcpus-only: "true"')),
    Case(
        "cpu-manager-options-are-enabled",
        True,
        _options('full-pcpus-only: "true"', before=STATIC + "featureGates: {CPUManagerPolicyOptions: false}\n"),
        kubernetes="1.32",
    ),
    Case("cpu-manager-options-are-enabled", False, _options('full-pcpus-only: "true"'), kubernetes="1.32"),
    Case("cpu-manager-options-are-known", True, _options('full-pcpu-only: "true"')),
    Case("cpu-manager-options-are-known", True, _options('strict-cpu-reservation: "true"'), kubernetes="1.31"),
    Case("cpu-manager-options-are-known", False, _options('strict-cpu-reservation: "true"')),
    Case("cpu-manager-options-have-their-gate", True, _options('distribute-cpus-across-cores: "false"')),
    Case(
        "cpu-manager-options-have-their-gate",
        True,
        _options(
            'distribute-cpus-across-numa: "true"',
            before=STATIC + "featureGates: {CPUManagerPolicyBetaOptions: false}\n",
        ),
    ),
    Case("cpu-manager-options-have-their-gate", True, _options('distribute-cpus-across-numa: "true"'), "1.32"),
    Case("cpu-manager-options-have-their-gate", False, _options('distribute-cpus-across-numa: "true"')),
    Case(
        "cpu-manager-options-have-their-gate",
        False,
        _options('distribute-cpus-across-cores: "true"', before=STATIC + ALPHA),
    ),
    Case("cpu-manager-options-are-true-or-false", True, _options('full-pcpus-only: "yes"')),
    Case("cpu-manager-options-are-true-or-false", True, _options('full-pcpus-only: "tRUE"')),
    Case("cpu-manager-options-are-true-or-false", True, _options('full-pcpus-only: ""')),
    Case("cpu-manager-options-are-true-or-false", False, _options('full-pcpus-only: "T"')),
    Case(
        "cpu-manager-options-agree",
        True,
        _options('full-pcpus-only: "true", distribute-cpus-across-cores: "true"', before=STATIC + ALPHA),
    ),
    Case(
        "cpu-manager-options-agree",
        True,
        _options('distribute-cpus-across-numa: "1", distribute-cpus-across-cores: "1"', before=STATIC + ALPHA),
    ),
    Case(
        "cpu-manager-options-agree",
        True,
        _options('prefer-align-cpus-by-uncorecache: "true", distribute-cpus-across-numa: "true"'),
    ),
    Case(
        "cpu-manager-options-agree",
        True,
        _options(
            'prefer-align-cpus-by-uncorecache: "true", distribute-cpus-across-cores: "true"', before=STATIC + ALPHA
        ),
    ),
    Case(
        "cpu-manager-options-agree",
        False,
        _options('prefer-align-cpus-by-uncorecache: "true", distribute-cpus-across-numa: "false"'),
    ),
    Case(
        "cpu-manager-options-agree",
        False,
        _options('full-pcpus-only: "true", distribute-cpus-across-numa: "true", strict-cpu-reservation: "true"'),
    ),
    Case(
        "align-by-socket-fits-policy-and-machine",
        True,
        _options('align-by-socket: "true"', before=f"{STATIC}{ALPHA}topologyManagerPolicy: single-numa-node\n"),
    ),
    Case(
        "align-by-socket-fits-policy-and-machine",
        True,
        configuration(f'{STATIC}{ALPHA}cpuManagerPolicyOptions: {{align-by-socket: "true"}}\n', machine=FOUR_SOCKETS),
    ),
    Case(
        "align-by-socket-fits-policy-and-machine",
        False,
        _options('align-by-socket: "false"', before=f"{STATIC}{ALPHA}topologyManagerPolicy: single-numa-node\n"),
    ),
    Case(
        "align-by-socket-fits-policy-and-machine",
        False,
        _options('align-by-socket: "true"', before=f"{STATIC}{ALPHA}topologyManagerPolicy: restricted\n"),
    ),
)
