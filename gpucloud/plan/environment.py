"""The plan of a whole environment, or one error that lists everything that is wrong with it."""

from typing import Any

from gpucloud.errors import InvalidInputError
from gpucloud.facts.machine_types import MachineType, general_machine_type
from gpucloud.plan.allocation import Offering
from gpucloud.plan.chart_versions import chart_problems
from gpucloud.plan.gate import plan_gate
from gpucloud.plan.gate_model import GatePlan
from gpucloud.plan.gpu_stack import plan_releases
from gpucloud.plan.held_back_pools import held_back_manifests, with_held_pools
from gpucloud.plan.managed_mirrors import plan_managed_mirrors, with_endpoints
from gpucloud.plan.model import ClusterPlan, EnvironmentPlan, NodePoolPlan, SizePlan, SystemPoolPlan
from gpucloud.plan.network import network_zones, plan_network, pool_zones
from gpucloud.plan.node_pool import plan_node_pool
from gpucloud.plan.place import pool_place
from gpucloud.plan.rules import PoolKey, check_environment
from gpucloud.plan.stack_manifests import stack_manifests
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.plan.system_nodes import system_machine_type
from gpucloud.plan.training_runtime import plan_trainer
from gpucloud.spec.cluster import ClusterSpec, EnvironmentSpec
from gpucloud.spec.mirrors import MirrorSpec
from gpucloud.spec.salvage import load_environment

_NONE: frozenset[Offering] = frozenset()


def plan_document(document: Any, unavailable: frozenset[Offering] = _NONE) -> EnvironmentPlan:
    """The plan of a document as `read_document` gives it: mappings, or an EnvironmentSpec.

    Raises InvalidInputError with every problem of form and of substance at once.
    """
    read = load_environment(document)
    if read.spec is None:
        raise InvalidInputError(read.problems)
    if read.problems:
        raise InvalidInputError([*read.problems, *read.keep(check_environment(read.spec, unavailable)[1])])
    return plan_environment(read.spec, unavailable)


def plan_environment(spec: EnvironmentSpec, unavailable: frozenset[Offering] = _NONE) -> EnvironmentPlan:
    """Every decision of an environment: equal for equal specs, whatever the order of clusters, pools and labels.

    `unavailable` are offerings known to be out of stock: nodes start elsewhere.
    Raises InvalidInputError with all problems, each with the path of its field, what follows from it and what to do.
    """
    spec = with_held_pools(spec)
    machines, problems = check_environment(spec, unavailable)
    if problems:
        raise InvalidInputError(problems)
    clusters = []
    for cluster in sorted(spec.clusters, key=lambda cluster: cluster.name):
        try:
            clusters.append(_plan_cluster(spec.name, cluster, machines, unavailable))
        except InvalidInputError as error:
            problems += error.problems
    if problems:
        raise InvalidInputError(problems)
    return EnvironmentPlan(name=spec.name, clusters=tuple(clusters))


def plan_cluster(cluster: ClusterSpec) -> ClusterPlan:
    """The plan of one cluster by itself; raises InvalidInputError with all its problems."""
    return plan_environment(EnvironmentSpec(name=cluster.name, clusters=(cluster,))).clusters[0]


def _plan_cluster(
    environment: str, cluster: ClusterSpec, machines: dict[PoolKey, MachineType], unavailable: frozenset[Offering]
) -> ClusterPlan:
    pools = tuple(
        plan_node_pool(
            pool_place(environment, cluster, pool.name), pool, unavailable, machines[cluster.name, pool.name]
        )
        for pool in sorted(cluster.node_pools, key=lambda pool: pool.name)
    )
    path = f"clusters[{cluster.name}]"
    managed = plan_managed_mirrors(environment, cluster)
    mirrors = with_endpoints(cluster.mirrors, managed)
    releases = plan_releases(cluster.gpu_stack, pools, f"{path}.gpu_stack", mirrors)
    problems = chart_problems(releases, cluster.kubernetes_version, path)
    if problems:
        raise InvalidInputError(problems)
    size = cluster.system_pool.size
    system = system_machine_type(cluster)
    return ClusterPlan(
        name=cluster.name,
        cloud=cluster.cloud,
        region=cluster.region,
        kubernetes_version=cluster.kubernetes_version,
        network=plan_network(
            cluster.cloud,
            cluster.network,
            network_zones(cluster.cloud, cluster.region, cluster.network, pool_zones(cluster)),
        ),
        admins=tuple(sorted(cluster.access.admins)),
        public_from=tuple(sorted(cluster.access.public_from)),
        system_pool=SystemPoolPlan(
            machine_type=system,
            architecture=general_machine_type(cluster.cloud, system).architecture,
            size=SizePlan(size.min, size.desired, size.max),
        ),
        node_pools=pools,
        releases=releases,
        manifests=_manifests(cluster, pools, releases, machines, mirrors),
        gate=_gate(cluster, pools, releases, mirrors),
        trainer=plan_trainer(cluster.gpu_stack, pools, cluster.kubernetes_version),
        managed_mirrors=managed,
        pull_secret=cluster.gpu_stack.pull_secret if cluster.gpu_stack else None,
        tags=tuple(sorted(cluster.tags.items())),
    )


def _manifests(
    cluster: ClusterSpec,
    pools: tuple[NodePoolPlan, ...],
    releases: tuple[ReleasePlan, ...],
    machines: dict[PoolKey, MachineType],
    mirrors: tuple[MirrorSpec, ...],
) -> tuple[ManifestPlan, ...]:
    own = {pool: machine for (name, pool), machine in machines.items() if name == cluster.name}
    parts = {pool.name: (pool.sharing.parts_per_gpu or 1) if pool.sharing else 1 for pool in pools}
    held = held_back_manifests(cluster, own, parts)
    found = stack_manifests(cluster.gpu_stack, pools, releases, mirrors, cluster.kubernetes_version)
    return tuple(sorted((*found, *held), key=lambda entry: (entry.kind, entry.name, entry.namespace or "")))


def _gate(
    cluster: ClusterSpec,
    pools: tuple[NodePoolPlan, ...],
    releases: tuple[ReleasePlan, ...],
    mirrors: tuple[MirrorSpec, ...],
) -> GatePlan | None:
    stack = cluster.gpu_stack
    if stack is None or stack.gate is None:
        return None
    return plan_gate(
        stack.gate,
        pools,
        releases=releases,
        mirrors=mirrors,
        pull_secret=stack.pull_secret,
        kubernetes_version=cluster.kubernetes_version,
        path=f"clusters[{cluster.name}].gpu_stack.gate",
    )
