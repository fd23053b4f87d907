"""Words that are one of a few: policies, scopes, modes; and modes that are gone."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_KUBELET = "k8s.io/kubernetes v1.36.3 pkg/kubelet/kubelet.go"
_METRICS = "k8s.io/component-base v0.36.3 metrics/api/v1/config.go"
_FIRST_MINOR_WITHOUT_RUN_ONCE = 32


def _unknown(configuration: Configuration, field: str, *words: str) -> Iterator[Problem]:
    word = configuration.written.get(field)
    if word and word not in words:
        yield Problem(field, f"{word!r} is not known, {NO_START}", f"write {', '.join(words[:-1])} or {words[-1]}")


@rule("kubelet", ("topologyManagerPolicy",), _VALIDATION)
def topology_manager_policy_is_known(configuration: Configuration) -> Iterator[Problem]:
    """The policy is one of four words, in their own spelling."""
    policies = ("none", "best-effort", "restricted", "single-numa-node")
    yield from _unknown(configuration, "topologyManagerPolicy", *policies)


@rule("kubelet", ("topologyManagerScope",), _VALIDATION)
def topology_manager_scope_is_known(configuration: Configuration) -> Iterator[Problem]:
    """Containers are aligned one by one or a pod's together."""
    yield from _unknown(configuration, "topologyManagerScope", "container", "pod")


@rule("kubelet", ("hairpinMode",), _VALIDATION)
def hairpin_mode_is_known(configuration: Configuration) -> Iterator[Problem]:
    """A pod reaches itself through its service by one of two ways, or not."""
    yield from _unknown(configuration, "hairpinMode", "promiscuous-bridge", "hairpin-veth", "none")


@rule("kubelet", ("configMapAndSecretChangeDetectionStrategy",), _KUBELET)
def change_detection_is_known(configuration: Configuration) -> Iterator[Problem]:
    """Changes of config maps and secrets are watched, cached or asked for."""
    yield from _unknown(configuration, "configMapAndSecretChangeDetectionStrategy", "Watch", "Cache", "Get")


@rule("kubelet", ("showHiddenMetricsForVersion",), _METRICS)
def hidden_metrics_are_of_the_previous_minor(configuration: Configuration) -> Iterator[Problem]:
    """Metrics that a minor has hidden are shown until the next: the only version is the previous minor."""
    version = configuration.written.get("showHiddenMetricsForVersion")
    previous = f"1.{configuration.minor - 1}"
    if version and version != previous:
        yield Problem(
            "showHiddenMetricsForVersion",
            f"{version!r} is not {previous}, {NO_START}",
            f"write {previous!r} or leave it out",
        )


@rule("kubelet", ("runOnce",), _VALIDATION)
def kubelet_keeps_running(configuration: Configuration) -> Iterator[Problem]:
    """Running pods once and ending is no mode of the kubelet since 1.32."""
    if configuration.written.get("runOnce") and configuration.minor >= _FIRST_MINOR_WITHOUT_RUN_ONCE:
        yield Problem("runOnce", f"true, a mode that is gone, {NO_START}", "leave it out")


RULES: tuple[Rule, ...] = (
    topology_manager_policy_is_known,
    topology_manager_scope_is_known,
    hairpin_mode_is_known,
    change_detection_is_known,
    hidden_metrics_are_of_the_previous_minor,
    kubelet_keeps_running,
)
