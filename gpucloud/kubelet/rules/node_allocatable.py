"""Rules about what is left for pods, and about enforcing what is not."""

from collections import Counter
from collections.abc import Iterator, Mapping

from gpucloud.errors import Problem
from gpucloud.kubelet.allocatable import EVICTION_SIGNALS, Resource, known_allocatable, written_amount
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_CONTAINER_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/node_container_manager_linux.go"
_FIELD = "enforceNodeAllocatable"
_COMPRESSIBLE = "-compressible"

_RESERVATIONS: Mapping[str, tuple[str, str]] = {
    "system-reserved": ("systemReserved", "systemReservedCgroup"),
    "kube-reserved": ("kubeReserved", "kubeReservedCgroup"),
}
_AMOUNTS = (
    "kubeReserved",
    "systemReserved",
    "reservedSystemCPUs",
    "evictionHard",
    "mergeDefaultEvictionSettings",
    "localStorageCapacityIsolation",
)
_FIRST_MINOR_WITH_COMPRESSIBLE = 32
# What `NaN%` reserves where nothing else is: no 64-bit number is its negative, so capacity less it is below zero.
_UNNEGATABLE = -(2**63)


@rule("kubelet", (_FIELD,), _VALIDATION)
def enforcements_are_known(configuration: Configuration) -> Iterator[Problem]:
    """What can be enforced: pods, the two reservations, and of those CPU alone (from 1.32)."""
    known = ["none", "pods", *_RESERVATIONS]
    if configuration.minor >= _FIRST_MINOR_WITH_COMPRESSIBLE:
        known += [f"{reservation}{_COMPRESSIBLE}" for reservation in _RESERVATIONS]
    for index, value in enumerate(_enforced(configuration)):
        if value not in known:
            yield Problem(
                f"{_FIELD}[{index}]", f"{value!r} is no option, the kubelet would not start", f"use {', '.join(known)}"
            )


@rule("kubelet", (_FIELD,), _VALIDATION)
def enforcements_stand_once(configuration: Configuration) -> Iterator[Problem]:
    """A value may not be repeated."""
    for value, count in Counter(_enforced(configuration)).items():
        if count > 1:
            yield Problem(_FIELD, f"duplicated enforcements {value!r}, the kubelet would not start", "name it once")


@rule("kubelet", (_FIELD,), _VALIDATION)
def enforcing_nothing_stands_alone(configuration: Configuration) -> Iterator[Problem]:
    """`none` may not be combined with anything."""
    enforced = _enforced(configuration)
    if "none" in enforced and len(enforced) > 1:
        yield Problem(
            _FIELD,
            "may not contain additional enforcements when none is specified, the kubelet would not start",
            "remove none, or all others",
        )


@rule("kubelet", (_FIELD,), _VALIDATION)
def enforcements_are_whole_or_compressible(configuration: Configuration) -> Iterator[Problem]:
    """A reservation is enforced in whole or for CPU alone, not both."""
    enforced = _enforced(configuration)
    if configuration.minor < _FIRST_MINOR_WITH_COMPRESSIBLE:
        return
    for reservation in _RESERVATIONS:
        if reservation in enforced and f"{reservation}{_COMPRESSIBLE}" in enforced:
            yield Problem(
                _FIELD,
                f"{reservation} and {reservation}{_COMPRESSIBLE} exclude each other, the kubelet would not start",
                f"keep one of {reservation} and {reservation}{_COMPRESSIBLE}",
            )


@rule("kubelet", (_FIELD, "systemReservedCgroup", "kubeReservedCgroup"), _VALIDATION)
def enforced_reservations_have_cgroups(configuration: Configuration) -> Iterator[Problem]:
    """Enforcing a reservation needs the cgroup that it is enforced on."""
    for value, (_, cgroup) in _enforced_reservations(configuration):
        if not configuration.values.get(cgroup):
            yield Problem(
                cgroup,
                f"must be specified when {value} is included in {_FIELD}, the kubelet would not start",
                f"set {cgroup} to a cgroup that exists when the kubelet starts, or remove {value} from {_FIELD}",
            )


@rule("kubelet", (_FIELD, "systemReserved", "kubeReserved", "reservedSystemCPUs"), _CONTAINER_MANAGER)
def enforced_reservations_are_not_empty(configuration: Configuration) -> Iterator[Problem]:
    """Enforcing a reservation of nothing fails when the kubelet sets the cgroup up."""
    for value, (reservation, cgroup) in _enforced_reservations(configuration):
        if not configuration.values.get(reservation):
            yield Problem(
                reservation,
                f"is empty while {_FIELD} contains {value}: the cgroup {configuration.values.get(cgroup)!r} is not "
                "configured properly, the kubelet would not start",
                f"set {reservation}, or remove {value} from {_FIELD}",
            )


@rule("kubelet", (_FIELD, "cgroupsPerQOS"), _VALIDATION)
def enforcement_has_cgroups_per_qos(configuration: Configuration) -> Iterator[Problem]:
    """Everything but `none` is enforced through cgroups per quality of service; `pods` is the default."""
    if configuration.values.get("cgroupsPerQOS", True):
        return
    enforced = [value for value in _enforced(configuration) if value != "none"]
    if enforced:
        yield Problem(
            "cgroupsPerQOS",
            f"must be set to true when {enforced[0]} is contained in {_FIELD}, the kubelet would not start",
            f"remove cgroupsPerQOS, or set {_FIELD}: []",
        )


@rule("kubelet", _AMOUNTS, f"{_CONTAINER_MANAGER} validateNodeAllocatable")
def reservations_fit_the_machine(configuration: Configuration) -> Iterator[Problem]:
    """No more can be reserved than the machine has; for storage that includes `nodefs.available`."""
    for resource in _compared_resources(configuration):
        node = known_allocatable(configuration, resource)
        if node is None or node.capacity is None or node.free is None:
            continue
        if node.free.numerator < 0 or node.reserved == _UNNEGATABLE:
            parts = [f"kubeReserved {written_amount(resource, node.kube)}"]
            parts.append(f"systemReserved {written_amount(resource, node.system)}")
            if signal := EVICTION_SIGNALS.get(resource):
                parts.append(f"evictionHard[{signal}] {written_amount(resource, node.eviction)}")
            yield Problem(
                f"kubeReserved.{resource}",
                f'Resource "{resource}" has a reservation of {written_amount(resource, node.reserved)} '
                f"({' + '.join(parts)}) but capacity of {written_amount(resource, node.capacity)}. Expected capacity "
                ">= reservation: the kubelet would not start",
                f"reserve less than {written_amount(resource, node.capacity)} in all",
            )


@rule("library", _AMOUNTS, _CONTAINER_MANAGER)
def something_is_left_for_pods(configuration: Configuration) -> Iterator[Problem]:
    """The kubelet takes a reservation of all that the machine has; no pod that asks for it can ever run there."""
    for resource in _compared_resources(configuration):
        node = known_allocatable(configuration, resource)
        if node is not None and node.capacity is not None and not node.free:
            yield Problem(
                f"kubeReserved.{resource}",
                f"all {written_amount(resource, node.capacity)} of {resource} are reserved, nothing is left for pods",
                f"reserve less than {written_amount(resource, node.capacity)} in all",
            )


def _enforced(configuration: Configuration) -> list[str]:
    values: list[str] = configuration.values.get(_FIELD) or []
    return values


def _enforced_reservations(configuration: Configuration) -> Iterator[tuple[str, tuple[str, str]]]:
    for value in dict.fromkeys(_enforced(configuration)):
        found = _RESERVATIONS.get(value.removesuffix(_COMPRESSIBLE))
        if found:
            yield value, found


def _compared_resources(configuration: Configuration) -> tuple[Resource, ...]:
    """What the kubelet compares with capacity; process ids it never does."""
    if configuration.values.get("localStorageCapacityIsolation", True):
        return ("cpu", "memory", "ephemeral-storage")
    return ("cpu", "memory")


RULES: tuple[Rule, ...] = (
    enforcements_are_known,
    enforcements_stand_once,
    enforcing_nothing_stands_alone,
    enforcements_are_whole_or_compressible,
    enforced_reservations_have_cgroups,
    enforced_reservations_are_not_empty,
    enforcement_has_cgroups_per_qos,
    reservations_fit_the_machine,
    something_is_left_for_pods,
)
