"""Rules about the kubelet block that hold on every node, as far as its keys are plain values.

Karpenter checks the same file as strictly (karpenter-provider-aws, pkg/apis/v1/kubeletconfiguration_validation.go).
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from gpucloud.errors import Problem
from gpucloud.facts.kubelet_fields import bottlerocket_setting
from gpucloud.plan.image import image_family
from gpucloud.plan.quantity import quantity
from gpucloud.plan.rules.context import PoolContext

EVICTION_SIGNALS = frozenset(
    {
        "imagefs.available",
        "imagefs.inodesFree",
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
        "pid.available",
    }
)
_NODEADM = frozenset({"al2023", "custom"})
RESERVABLE = frozenset({"cpu", "ephemeral-storage", "memory", "pid"})


def bottlerocket_takes_the_key(context: PoolContext) -> Iterator[Problem]:
    """Bottlerocket has a setting for some keys only; the others would be dropped silently."""
    if image_family(context.place.cloud, context.pool) != "bottlerocket":
        return
    for key in sorted(context.pool.kubelet.written):
        if bottlerocket_setting(key) is None:
            yield context.problem(
                f"kubelet.{key}", "Bottlerocket has no setting for it, it would be dropped", "use image family `al2023`"
            )


def reserved_cpus_do_not_clash_with_nodeadm(context: PoolContext) -> Iterator[Problem]:
    """Nodeadm sets the cgroups that exclude `reservedSystemCPUs`; the kubelet then does not start.

    awslabs/amazon-eks-ami#2794.
    """
    if (
        "reservedSystemCPUs" in context.pool.kubelet.written
        and image_family(context.place.cloud, context.pool) in _NODEADM
    ):
        yield context.problem(
            "kubelet.reservedSystemCPUs",
            "excludes the reserved cgroups that nodeadm sets, the kubelet would not start",
            "use kubeReserved.cpu, or image family `bottlerocket`",
        )


def taints_come_from_the_pool(context: PoolContext) -> Iterator[Problem]:
    """A managed node group registers its own taints; a second list would replace them (Karpenter refuses it too)."""
    if "registerWithTaints" in context.pool.kubelet.written:
        yield context.problem(
            "kubelet.registerWithTaints", "would replace the pool's own taints", "write them under the pool's `taints`"
        )


def eviction_keys_are_signals(context: PoolContext) -> Iterator[Problem]:
    """The kubelet refuses an eviction signal that it does not know."""
    for field in ("evictionHard", "evictionSoft", "evictionSoftGracePeriod", "evictionMinimumReclaim"):
        for key in sorted(_mapping(context, field)):
            if key not in EVICTION_SIGNALS:
                yield context.problem(
                    f"kubelet.{field}.{key}",
                    "is not an eviction signal, the kubelet would not start",
                    f"use {', '.join(sorted(EVICTION_SIGNALS))}",
                )


def soft_evictions_have_grace_periods(context: PoolContext) -> Iterator[Problem]:
    """Every soft threshold needs its grace period, and the reverse."""
    soft, grace = _mapping(context, "evictionSoft"), _mapping(context, "evictionSoftGracePeriod")
    for key in sorted(soft.keys() ^ grace.keys()):
        missing = "evictionSoftGracePeriod" if key in soft else "evictionSoft"
        yield context.problem(
            f"kubelet.{missing}", f"has no {key}, the kubelet would not start", f"add {key}, or remove the other"
        )


def image_collection_has_room(context: PoolContext) -> Iterator[Problem]:
    """Image garbage collection starts above the high mark and ends at the low one; both are percentages."""
    low = context.pool.kubelet.written.get("imageGCLowThresholdPercent", 80)
    high = context.pool.kubelet.written.get("imageGCHighThresholdPercent", 85)
    for key, value in (("imageGCLowThresholdPercent", low), ("imageGCHighThresholdPercent", high)):
        if not 0 <= value <= 100:  # noqa: PLR2004  # a percentage
            yield context.problem(f"kubelet.{key}", f"{value} is no percentage", "use 0 to 100")
    if low >= high:
        yield context.problem(
            "kubelet.imageGCHighThresholdPercent",
            f"{high} is not above imageGCLowThresholdPercent {low}, the kubelet would not start",
            "set high above low (defaults 85 and 80)",
        )


def reservations_name_known_resources(context: PoolContext) -> Iterator[Problem]:
    """KubeReserved and systemReserved take four resources, as quantities."""
    for field in ("kubeReserved", "systemReserved"):
        for key, value in sorted(_mapping(context, field).items()):
            if key not in RESERVABLE:
                yield context.problem(
                    f"kubelet.{field}.{key}", "cannot be reserved", f"use {', '.join(sorted(RESERVABLE))}"
                )
            elif quantity(str(value)) is None:
                yield context.problem(
                    f"kubelet.{field}.{key}", f"{value!r} is no quantity", "write it like 500m or 1Gi"
                )


def static_cpus_have_a_reservation(context: PoolContext) -> Iterator[Problem]:
    """The static CPU policy needs a CPU reservation above zero (kubernetes#70161); EKS images bring one."""
    if context.pool.kubelet.written.get("cpuManagerPolicy") != "static":
        return
    given = [
        amount
        for field in ("kubeReserved", "systemReserved")
        if (amount := quantity(str(_mapping(context, field).get("cpu", "")))) is not None
    ]
    if given and sum(given) <= 0:
        yield context.problem(
            "kubelet.cpuManagerPolicy",
            "the static policy needs a CPU reservation above zero, the kubelet would not start",
            "set kubeReserved.cpu above 0, or leave it to the image",
        )


def static_memory_is_reserved_to_the_byte(context: PoolContext) -> Iterator[Problem]:
    """The Static memory policy needs `reservedMemory` = kube + system reserved + hard eviction (kubernetes#113130).

    What the image would reserve by itself depends on its pods, so all parts must be written.
    """
    kubelet = context.pool.kubelet.written
    # GKE reserves the memory itself, and takes the policy alone.
    if kubelet.get("memoryManagerPolicy") != "Static" or context.place.cloud == "gcp":
        return
    parts = {
        "kubeReserved.memory": _mapping(context, "kubeReserved").get("memory"),
        "evictionHard[memory.available]": _mapping(context, "evictionHard").get("memory.available"),
        "reservedMemory": kubelet.get("reservedMemory"),
    }
    absent = sorted(name for name, value in parts.items() if not value)
    if absent:
        yield context.problem(
            "kubelet.memoryManagerPolicy",
            f"Static needs {', '.join(absent)}, the kubelet would not start",
            "write them, so that their sum is known",
        )
        return
    wanted = sum(
        (
            quantity(str(value)) or Fraction(0)
            for value in (
                parts["kubeReserved.memory"],
                _mapping(context, "systemReserved").get("memory", "0"),
                parts["evictionHard[memory.available]"],
            )
        ),
        Fraction(0),
    )
    reserved = sum((_memory_of(entry) for entry in kubelet["reservedMemory"]), Fraction(0))
    if reserved != wanted:
        yield context.problem(
            "kubelet.reservedMemory",
            f"sums to {reserved} bytes where kube, system and eviction reserve {wanted}, the kubelet would not start",
            f"make the shares of the NUMA nodes sum to {wanted}",
        )


def _memory_of(entry: Mapping[str, Any]) -> Fraction:
    limits = entry.get("limits") if isinstance(entry, Mapping) else None
    return quantity(str(limits.get("memory", "0"))) or Fraction(0) if isinstance(limits, Mapping) else Fraction(0)


def _mapping(context: PoolContext, field: str) -> Mapping[str, Any]:
    value = context.pool.kubelet.written.get(field)
    return value if isinstance(value, Mapping) else {}
