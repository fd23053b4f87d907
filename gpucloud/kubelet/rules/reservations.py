"""Rules about what is kept from pods: `kubeReserved`, `systemReserved`, `reservedSystemCPUs`, `qosReserved`."""

import re
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.allocatable import RESOURCES, reserved_cpus
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.cpuset import parse_cpuset
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.kubelet.rule import Rule, rule

_SERVER = "k8s.io/kubernetes v1.36.3 cmd/kubelet/app/server.go"
_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_RESERVATIONS = ("kubeReserved", "systemReserved")
_RESERVED_CGROUPS = ("kubeReservedCgroup", "systemReservedCgroup")
_PERCENTAGE = re.compile(r"\+?0*(?:100|[0-9]{1,2})%+|-0+%+")


@rule("kubelet", _RESERVATIONS, f"{_SERVER} parseResourceList")
def reservations_name_known_resources(configuration: Configuration) -> Iterator[Problem]:
    """Only CPU, memory, ephemeral storage and process ids can be reserved; huge pages cannot."""
    for field in _RESERVATIONS:
        for resource in configuration.values.get(field) or ():
            if resource not in RESOURCES:
                yield Problem(
                    f"{field}.{resource}",
                    f"cannot reserve {resource!r} resource, the kubelet would not start",
                    f"reserve {', '.join(RESOURCES[:-1])} or {RESOURCES[-1]}{_instead(resource)}",
                )


def _instead(resource: str) -> str:
    """What does reserve a resource that the kubelet does not."""
    if resource.startswith("hugepages-"):
        return ", and set huge pages aside when the node boots"
    if "/" in resource:
        return ", and hold devices back by a taint, a ResourceQuota or Kueue (`held_back` of a pool)"
    return ""


@rule("kubelet", (*_RESERVATIONS, "reservedSystemCPUs"), f"{_SERVER} parseResourceList")
def reservations_are_amounts(configuration: Configuration) -> Iterator[Problem]:
    """A reservation is a quantity of zero or more; what `reservedSystemCPUs` replaces is never read."""
    for field in _RESERVATIONS:
        for resource, text in (configuration.values.get(field) or {}).items():
            if resource not in RESOURCES or (resource == "cpu" and _replaces_cpu(configuration)):
                continue
            try:
                amount = parse_quantity(text)
            except ValueError as error:
                yield Problem(
                    f"{field}.{resource}",
                    f"failed to parse quantity: {error}, the kubelet would not start",
                    f"write it like {'500m' if resource == 'cpu' else '1000' if resource == 'pid' else '2Gi'}",
                )
                continue
            if amount.numerator < 0:
                yield Problem(
                    f"{field}.{resource}",
                    f"resource quantity cannot be negative: {text}, the kubelet would not start",
                    "reserve 0 or more",
                )


@rule("kubelet", ("reservedSystemCPUs",), _VALIDATION)
def reserved_cpus_are_a_list_of_cpus(configuration: Configuration) -> Iterator[Problem]:
    """CPUs are written as numbers and ranges, without spaces."""
    if text := configuration.values.get("reservedSystemCPUs"):
        try:
            parse_cpuset(text)
        except ValueError as error:
            yield Problem(
                "reservedSystemCPUs",
                f"unable to parse reservedSystemCPUs: {error}, the kubelet would not start",
                "write it like 0-1,96-97, without spaces",
            )


@rule("kubelet", ("reservedSystemCPUs",), f"{_SERVER} getReservedCPUs")
def reserved_cpus_are_of_the_machine(configuration: Configuration) -> Iterator[Problem]:
    """A reserved CPU must be online."""
    if not configuration.values.get("reservedSystemCPUs"):
        return
    try:
        absent = sorted(cpu for cpu in reserved_cpus(configuration) if not 0 <= cpu < configuration.machine.cpus)
    except ValueError:
        return
    if absent:
        yield Problem(
            "reservedSystemCPUs",
            f"is not a subset of online-cpus 0-{configuration.machine.cpus - 1}: CPU {absent[0]} is not there, the "
            "kubelet would not start",
            f"name CPUs below {configuration.machine.cpus}",
        )


@rule("kubelet", ("reservedSystemCPUs", *_RESERVED_CGROUPS), _VALIDATION)
def reserved_cpus_stand_without_reserved_cgroups(configuration: Configuration) -> Iterator[Problem]:
    """Named CPUs and cgroups for the reserved share exclude each other; nodeadm on EKS sets both cgroups by default."""
    if not configuration.values.get("reservedSystemCPUs"):
        return
    cgroups = [field for field in _RESERVED_CGROUPS if configuration.values.get(field)]
    if cgroups:
        yield Problem(
            "reservedSystemCPUs",
            f"can't use reservedSystemCPUs with {' or '.join(cgroups)}, the kubelet would not start",
            f"remove {' and '.join(cgroups)}, or reserve CPU by kubeReserved.cpu instead",
        )


@rule("ignored", ("reservedSystemCPUs", *_RESERVATIONS), _SERVER)
def reserved_cpus_are_the_only_cpu_reservation(configuration: Configuration) -> Iterator[Problem]:
    """Named CPUs replace the CPU amounts of both reservations, by their number."""
    if not _replaces_cpu(configuration):
        return
    for field in _RESERVATIONS:
        if "cpu" in (configuration.written.get(field) or ()):
            yield Problem(
                f"{field}.cpu",
                f"reservedSystemCPUs {configuration.values['reservedSystemCPUs']} replaces it, it has no effect",
                f"remove {field}.cpu",
            )


@rule("kubelet", ("qosReserved",), "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/container_manager.go ParseQOSReserved")
def qos_reservation_is_a_percentage_of_memory(configuration: Configuration) -> Iterator[Problem]:
    """Of lower classes' share only memory can be reserved, in whole percent; it is read even while its gate is off."""
    for resource, text in (configuration.values.get("qosReserved") or {}).items():
        if resource != "memory":
            yield Problem(
                f"qosReserved.{resource}",
                f"cannot reserve {resource!r} resource, the kubelet would not start",
                "reserve memory alone",
            )
        elif not _PERCENTAGE.fullmatch(text):
            yield Problem(
                "qosReserved.memory",
                f"failed to parse percentage {text!r}, the kubelet would not start",
                "write a whole number from 0% to 100%",
            )


@rule("ignored", ("qosReserved", "featureGates"), "k8s.io/kubernetes v1.36.3 pkg/features/kube_features.go QOSReserved")
def qos_reservation_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """The gate QOSReserved is alpha and off; without it the percentages have no effect."""
    if configuration.written.get("qosReserved") and not configuration.gates.get("QOSReserved", False):
        yield Problem(
            "qosReserved",
            "has no effect while the feature gate QOSReserved is off",
            "remove it, or set featureGates.QOSReserved: true",
        )


def _replaces_cpu(configuration: Configuration) -> bool:
    try:
        return bool(reserved_cpus(configuration))
    except ValueError:
        return False


RULES: tuple[Rule, ...] = (
    reservations_name_known_resources,
    reservations_are_amounts,
    reserved_cpus_are_a_list_of_cpus,
    reserved_cpus_are_of_the_machine,
    reserved_cpus_stand_without_reserved_cgroups,
    reserved_cpus_are_the_only_cpu_reservation,
    qos_reservation_is_a_percentage_of_memory,
    qos_reservation_has_its_gate,
)
