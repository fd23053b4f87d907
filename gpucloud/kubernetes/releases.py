"""Arguments of the namespaces and Helm releases of a GPU stack."""

import pulumi_kubernetes as k8s

from gpucloud.plan.model import ReleasePlan

# Operators pull images of several gigabytes and wait for nodes; below this an upgrade gives up half-way
# (pulumi-kubernetes#1418 and its kin).
TIMEOUT_SECONDS = 1_800
# Namespaces that every cluster has.
EXISTING_NAMESPACES = frozenset({"default", "kube-node-lease", "kube-public", "kube-system"})


def namespace_args(namespace: str, *, operators: bool) -> k8s.core.v1.NamespaceInitArgs:
    """A namespace with Pod Security: operators' pods need host access, a team's are `restricted`."""
    level = "privileged" if operators else "restricted"
    return k8s.core.v1.NamespaceInitArgs(
        metadata=k8s.meta.v1.ObjectMetaArgs(name=namespace, labels={"pod-security.kubernetes.io/enforce": level})
    )


def release_args(plan: ReleasePlan) -> k8s.helm.v3.ReleaseArgs:
    """A release at its pinned version.

    It does not wait for its pods: the operands wait for accelerators, and a pool may be at zero nodes. `atomic` stays
    off, since a rollback of an operator deletes what its pods still use.
    """
    # A chart in a registry is named whole; `repo` is for repositories with an index (helm.v3.Release, RepositoryOpts).
    in_registry = plan.repository.startswith("oci://")
    return k8s.helm.v3.ReleaseArgs(
        name=plan.name,
        chart=f"{plan.repository}/{plan.chart}" if in_registry else plan.chart,
        version=plan.version,
        namespace=plan.namespace,
        repository_opts=None if in_registry else k8s.helm.v3.RepositoryOptsArgs(repo=plan.repository),
        values=dict(plan.values),
        timeout=TIMEOUT_SECONDS,
        skip_await=True,
        atomic=False,
    )
