"""Rules about the CPU manager: its policy, what the static policy needs, and its options."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.allocatable import known_allocatable
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.manager_options import (
    is_on,
    options_gate_is_off,
    options_of,
    options_that_are_no_truth,
    options_without_their_gate,
    unknown_options,
)
from gpucloud.kubelet.rule import Rule, rule

_OPTIONS = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/cpumanager/policy_options.go"
_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/cpumanager/cpu_manager.go"
_FIELD = "cpuManagerPolicyOptions"
_FIELDS = ("cpuManagerPolicy", _FIELD)

_TRUTHS = frozenset(
    {
        "align-by-socket",
        "distribute-cpus-across-cores",
        "distribute-cpus-across-numa",
        "full-pcpus-only",
        "prefer-align-cpus-by-uncorecache",
        "strict-cpu-reservation",
    }
)
_EXCLUSIVE = (
    ("full-pcpus-only", "distribute-cpus-across-cores"),
    ("distribute-cpus-across-numa", "distribute-cpus-across-cores"),
    ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-cores"),
    ("prefer-align-cpus-by-uncorecache", "distribute-cpus-across-numa"),
)


@rule("kubelet", ("cpuManagerPolicy",), _MANAGER)
def cpu_manager_policy_is_known(configuration: Configuration) -> Iterator[Problem]:
    """The name is compared when the kubelet starts, in lower case; validation does not look at it."""
    policy = configuration.values.get("cpuManagerPolicy") or "none"
    if policy not in {"none", "static"}:
        yield Problem(
            "cpuManagerPolicy", f"unknown policy: {policy!r}, the kubelet would not start", "use none or static"
        )


@rule("kubelet", ("cpuManagerPolicy", "kubeReserved", "systemReserved", "reservedSystemCPUs"), _MANAGER)
def static_cpu_policy_has_a_reservation(configuration: Configuration) -> Iterator[Problem]:
    """Without a reserved CPU, exclusive CPUs could use up the pool that every other container runs in."""
    if configuration.values.get("cpuManagerPolicy") != "static":
        return
    cpu = known_allocatable(configuration, "cpu")
    if cpu is not None and cpu.reserved == 0:
        yield Problem(
            "cpuManagerPolicy",
            "unable to determine reserved CPU resources for static policy: it requires systemreserved.cpu + "
            "kubereserved.cpu to be greater than zero, the kubelet would not start",
            "reserve CPU by kubeReserved.cpu, such as 100m, or name CPUs in reservedSystemCPUs",
        )


@rule("kubelet", _FIELDS, "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/cpumanager/policy_none.go")
def none_cpu_policy_has_no_options(configuration: Configuration) -> Iterator[Problem]:
    """The policy `none` refuses every option, whatever its value."""
    if (configuration.values.get("cpuManagerPolicy") or "none") != "none":
        return
    for name in options_of(configuration, "cpu"):
        yield Problem(
            f"{_FIELD}.{name}",
            "None policy: received unsupported options, the kubelet would not start",
            "set cpuManagerPolicy: static, or remove the option",
        )


@rule("kubelet", (*_FIELDS, "featureGates"), "k8s.io/kubernetes v1.32.13 cmd/kubelet/app/server.go")
def cpu_manager_options_are_enabled(configuration: Configuration) -> Iterator[Problem]:
    """Until 1.32 the gate for options as such can be off; from 1.33 it is locked on."""
    if configuration.minor < 33:  # noqa: PLR2004  # a minor
        yield from options_gate_is_off(configuration, "cpu")


@rule("kubelet", _FIELDS, _OPTIONS)
def cpu_manager_options_are_known(configuration: Configuration) -> Iterator[Problem]:
    """An option that the kubelet of that minor does not know."""
    if configuration.values.get("cpuManagerPolicy") == "static":
        yield from unknown_options(configuration, "cpu")


@rule("kubelet", (*_FIELDS, "featureGates"), _OPTIONS)
def cpu_manager_options_have_their_gate(configuration: Configuration) -> Iterator[Problem]:
    """Alpha options need CPUManagerPolicyAlphaOptions, which is off; beta ones CPUManagerPolicyBetaOptions, on."""
    if configuration.values.get("cpuManagerPolicy") == "static":
        yield from options_without_their_gate(configuration, "cpu")


@rule("kubelet", _FIELDS, _OPTIONS)
def cpu_manager_options_are_true_or_false(configuration: Configuration) -> Iterator[Problem]:
    """Values are text that reads as true or false."""
    if configuration.values.get("cpuManagerPolicy") == "static":
        yield from options_that_are_no_truth(configuration, "cpu", _TRUTHS)


@rule("kubelet", _FIELDS, _OPTIONS)
def cpu_manager_options_agree(configuration: Configuration) -> Iterator[Problem]:
    """Some options place CPUs in ways that exclude each other; one of a pair that is `false` does no harm."""
    options = options_of(configuration, "cpu")
    if not options or configuration.values.get("cpuManagerPolicy") != "static":
        return
    for one, other in _EXCLUSIVE:
        if is_on(options, one) and is_on(options, other):
            yield Problem(
                f"{_FIELD}.{one}",
                f"static policy options {one} and {other} can not be used at the same time, the kubelet would not "
                "start",
                f"keep one of {one} and {other}",
            )


@rule("kubelet", (*_FIELDS, "topologyManagerPolicy"), f"{_OPTIONS} ValidateStaticPolicyOptions")
def align_by_socket_fits_policy_and_machine(configuration: Configuration) -> Iterator[Problem]:
    """Sockets as the unit make no sense where pods must fit one NUMA node, or where a NUMA node spans sockets."""
    if configuration.values.get("cpuManagerPolicy") != "static":
        return
    if not is_on(options_of(configuration, "cpu"), "align-by-socket"):
        return
    machine = configuration.machine
    if configuration.values.get("topologyManagerPolicy") == "single-numa-node":
        yield Problem(
            f"{_FIELD}.align-by-socket",
            "is incompatible with the topology manager policy single-numa-node, the kubelet would not start",
            "set topologyManagerPolicy: restricted, or remove align-by-socket",
        )
    if machine.sockets > machine.numa:
        yield Problem(
            f"{_FIELD}.align-by-socket",
            f"is not compatible with a machine of {machine.sockets} sockets and {machine.numa} NUMA nodes with CPUs, "
            "the kubelet would not start",
            "remove align-by-socket",
        )


RULES: tuple[Rule, ...] = (
    cpu_manager_policy_is_known,
    static_cpu_policy_has_a_reservation,
    none_cpu_policy_has_no_options,
    cpu_manager_options_are_enabled,
    cpu_manager_options_are_known,
    cpu_manager_options_have_their_gate,
    cpu_manager_options_are_true_or_false,
    cpu_manager_options_agree,
    align_by_socket_fits_policy_and_machine,
)
