"""Cases of the rules about taints that a node registers with."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case(
        "taint-keys-are-qualified-names", True, configuration("registerWithTaints: [{key: '', effect: NoSchedule}]\n")
    ),
    Case(
        "taint-keys-are-qualified-names",
        True,
        configuration("registerWithTaints: [{key: 'a/b/c', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-keys-are-qualified-names",
        True,
        configuration("registerWithTaints: [{key: '/gpu', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-keys-are-qualified-names",
        True,
        configuration("registerWithTaints: [{key: 'Nvidia.com/gpu', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-keys-are-qualified-names",
        True,
        configuration("registerWithTaints: [{key: 'gpu-', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-keys-are-qualified-names",
        True,
        configuration("registerWithTaints: [{key: '" + "a" * 64 + "', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-keys-are-qualified-names",
        False,
        configuration("registerWithTaints: [{key: 'nvidia.com/gpu', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-keys-are-qualified-names",
        False,
        configuration("registerWithTaints: [{key: 'GPU_1', effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-values-are-label-values",
        True,
        configuration("registerWithTaints: [{key: gpu, value: a b, effect: NoSchedule}]\n"),
    ),
    Case(
        "taint-values-are-label-values",
        False,
        configuration("registerWithTaints: [{key: gpu, value: '', effect: NoSchedule}]\n"),
    ),
    Case("taint-effects-are-known", True, configuration("registerWithTaints: [{key: gpu, effect: NoExec}]\n")),
    Case("taint-effects-are-known", False, configuration("registerWithTaints: [{key: gpu, effect: NoExecute}]\n")),
    Case(
        "taints-have-no-time",
        True,
        configuration("registerWithTaints: [{key: gpu, effect: NoExecute, timeAdded: '2026-01-01T00:00:00Z'}]\n"),
    ),
    Case(
        "taints-have-no-time",
        False,
        configuration("registerWithTaints: [{key: gpu, effect: NoExecute, timeAdded: null}]\n"),
    ),
    Case("taints-have-an-effect", True, configuration("registerWithTaints: [{key: gpu}]\n")),
    Case("taints-have-an-effect", False, configuration("registerWithTaints: [{key: gpu, effect: PreferNoSchedule}]\n")),
)
