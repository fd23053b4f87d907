"""Rules about names that become part of longer ones."""

from collections.abc import Iterator, Mapping

from gpucloud.errors import Problem
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.allocation import failover_order
from gpucloud.plan.device_plugin import DEVICE_PLUGIN_LABEL
from gpucloud.plan.machine import plan_machine
from gpucloud.plan.nodes import LABEL_PREFIX, MIG_LABEL, NO_GKE_PLUGIN, OPERANDS, plan_taints
from gpucloud.plan.physical_names import physical_name
from gpucloud.plan.rules.context import PoolContext

# CreateNodegroup takes 63 characters; Pulumi's auto-naming adds a dash and seven.
NODE_GROUP_NAME_LIMIT = 63 - 8
# EC2: a tag's key has 128 characters at most, its value 256.
TAG_KEY_LIMIT, TAG_VALUE_LIMIT = 128, 256
TAINT_LIMIT = 50
LABEL_TAG = "k8s.io/cluster-autoscaler/node-template/label/"
TAINT_TAG = "k8s.io/cluster-autoscaler/node-template/taint/"
# EKS: `Label cannot contain reserved prefixes` (eksctl-io/eksctl#4007); where it lets one pass, the kubelet refuses to
# start with it and the node never joins (terraform-aws-modules/terraform-aws-eks#3346).
RESERVED_LABEL_DOMAINS = ("kubernetes.io", "k8s.io")
# AKS refuses its prefix but for two labels that it sets itself (azure-aks-docs, use-labels, "reserved prefixes"); GKE
# keeps its own (GKE documentation, "About labels and taints").
AUTOSCALER_LABEL = "k8s.amazonaws.com/accelerator"
CLOUD_LABEL_DOMAINS: Mapping[Cloud, tuple[str, ...]] = {
    "aws": ("eks.amazonaws.com",),
    "azure": ("kubernetes.azure.com",),
    "gcp": ("cloud.google.com", "gke.io"),
}
# What a kubelet may say of its own node
# (https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction).
KUBELET_LABEL_DOMAINS = ("kubelet.kubernetes.io", "node.kubernetes.io")


def node_group_names_fit(context: PoolContext) -> Iterator[Problem]:
    """Environment, cluster, pool, zone and capacity type make the node group's name, which EKS limits."""
    candidates = failover_order(context.pool.zones, context.pool.capacity)
    longest = f"{context.place.name_prefix}-{max((candidate.name for candidate in candidates), key=len)}"
    if len(longest) > NODE_GROUP_NAME_LIMIT:
        yield context.problem(
            "name",
            f"makes the node group {longest}, {len(longest)} characters where {NODE_GROUP_NAME_LIMIT} fit",
            f"shorten the names of pool, cluster and environment by {len(longest) - NODE_GROUP_NAME_LIMIT} together",
        )


def offerings_have_names_of_their_own(context: PoolContext) -> Iterator[Problem]:
    """Reservations of one kind in one zone are told apart by a few digits, which can be the same by chance."""
    seen: dict[str | None, str | None] = {}
    for candidate in failover_order(context.pool.zones, context.pool.capacity):
        name = physical_name(context.place.cloud, context.pool.name, candidate)
        other = seen.setdefault(name, candidate.reservation_id)
        if other != candidate.reservation_id:
            yield context.problem(
                "capacity",
                f"{other} and {candidate.reservation_id} would both make {name}, their names' digits are the same",
                "give one of them a pool of its own",
            )


def labels_fit_into_tags(context: PoolContext) -> Iterator[Problem]:
    """An autoscaler learns a label of an empty pool from a tag with a prefix, and EC2 limits a tag's key."""
    for key in context.pool.labels:
        if len(LABEL_TAG) + len(key) > TAG_KEY_LIMIT:
            yield context.problem(
                f"labels[{key}]",
                f"its scale-from-zero tag has {len(LABEL_TAG) + len(key)} characters where {TAG_KEY_LIMIT} fit",
                f"use a key of {TAG_KEY_LIMIT - len(LABEL_TAG)} characters at most",
            )
    for index, taint in enumerate(context.pool.taints):
        if len(TAINT_TAG) + len(taint.key) > TAG_KEY_LIMIT:
            yield context.problem(
                f"taints[{index}].key",
                f"its scale-from-zero tag has {len(TAINT_TAG) + len(taint.key)} characters where {TAG_KEY_LIMIT} fit",
                f"use a key of {TAG_KEY_LIMIT - len(TAINT_TAG)} characters at most",
            )


def labels_are_not_the_librarys(context: PoolContext) -> Iterator[Problem]:
    """Labels by which the library and the autoscaler find nodes cannot be given another value."""
    for key in context.pool.labels:
        if key.startswith((LABEL_PREFIX, OPERANDS)) or key in {
            AUTOSCALER_LABEL,
            NO_GKE_PLUGIN[0],
            MIG_LABEL,
            DEVICE_PLUGIN_LABEL,
        }:
            yield context.problem(f"labels[{key}]", "the library sets this label itself", "choose another key")


def labels_are_not_reserved(context: PoolContext) -> Iterator[Problem]:
    """Kubernetes and the clouds keep some prefixes; a pool's nodes would not be made, or would not join."""
    reserved = (*RESERVED_LABEL_DOMAINS, *CLOUD_LABEL_DOMAINS[context.place.cloud])
    for key in context.pool.labels:
        domain = key.rpartition("/")[0]
        if _is_in(domain, reserved) and not _is_in(domain, KUBELET_LABEL_DOMAINS):
            yield context.problem(
                f"labels[{key}]",
                f"the prefix {domain} is reserved, the cloud refuses the pool or its nodes cannot join",
                f"use a prefix of your own, or {KUBELET_LABEL_DOMAINS[1]}",
            )


def _is_in(domain: str, parents: tuple[str, ...]) -> bool:
    return any(domain == parent or domain.endswith(f".{parent}") for parent in parents)


def taints_fit_into_a_node_group(context: PoolContext) -> Iterator[Problem]:
    """EKS takes 50 taints on a node group (CreateNodegroup), the accelerator's own among them."""
    pool, machine = context.pool, context.machine
    if machine is None:
        return
    count = len(plan_taints("aws", pool, plan_machine(machine)))
    if count > TAINT_LIMIT:
        yield context.problem(
            "taints",
            f"{count} with the accelerator's own, where EKS takes {TAINT_LIMIT}",
            "remove some, or set gpu_taint to false",
        )


def taints_differ(context: PoolContext) -> Iterator[Problem]:
    """Kubernetes takes a key once for each effect."""
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(context.pool.taints):
        if (taint.key, taint.effect) in seen:
            yield context.problem(
                f"taints[{index}]", f"{taint.key}:{taint.effect} stands twice, nodes could not register", "keep one"
            )
        seen.add((taint.key, taint.effect))
