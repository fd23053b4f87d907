"""Everything that is refused before anything is created: one small function a rule, each with its reason and source."""

from collections.abc import Callable, Iterator, Sequence

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.zones import regions, zones as zones_of
from gpucloud.plan.allocation import Offering
from gpucloud.plan.machine import NOT_SOLD, choose_machine_type
from gpucloud.plan.rules import capacity, cluster as cluster_rules, kubelet, machine, naming, zones as zone_rules
from gpucloud.plan.rules.context import Place, PoolContext
from gpucloud.spec.cluster import ClusterSpec, EnvironmentSpec
from gpucloud.spec.node_pool import NodePoolSpec

PoolKey = tuple[str, str]
"""Names of a cluster and of a pool in it."""

POOL_RULES: tuple[Callable[[PoolContext], Iterator[Problem]], ...] = (
    zone_rules.zones_are_in_the_region,
    zone_rules.zones_are_named_once,
    zone_rules.zones_offer_the_machine_type,
    capacity.capacity_type_is_sold,
    capacity.reservation_has_a_zone_of_the_pool,
    capacity.capacity_entries_differ,
    capacity.capacity_block_starts_empty,
    capacity.nodes_have_somewhere_to_go,
    capacity.even_spread_has_a_node_for_every_zone,
    capacity.even_spread_finds_room_in_every_zone,
    capacity.close_placement_is_not_forced_on_a_reservation,
    machine.fabric_exists_on_the_machine_type,
    machine.local_drives_exist,
    machine.bottlerocket_cannot_make_raid10,
    machine.driver_has_exactly_one_owner,
    machine.image_knows_the_accelerator,
    machine.operator_knows_the_accelerator,
    machine.legacy_driver_is_not_forced_open,
    naming.node_group_names_fit,
    naming.labels_fit_into_tags,
    naming.labels_are_not_the_librarys,
    naming.labels_are_not_reserved,
    naming.taints_differ,
    naming.taints_fit_into_a_node_group,
)
KUBELET_RULES: tuple[Callable[[PoolContext], Iterator[Problem]], ...] = (
    kubelet.bottlerocket_takes_the_key,
    kubelet.reserved_cpus_do_not_clash_with_nodeadm,
    kubelet.taints_come_from_the_pool,
    kubelet.eviction_keys_are_signals,
    kubelet.soft_evictions_have_grace_periods,
    kubelet.image_collection_has_room,
    kubelet.reservations_name_known_resources,
    kubelet.static_cpus_have_a_reservation,
    kubelet.static_memory_is_reserved_to_the_byte,
)
CLUSTER_RULES: tuple[Callable[[ClusterSpec, str], Iterator[Problem]], ...] = (
    cluster_rules.region_exists,
    cluster_rules.network_zones_are_in_the_region,
    cluster_rules.network_has_two_zones,
    cluster_rules.admins_are_named_once,
    cluster_rules.system_machine_type_exists,
    cluster_rules.tag_keys_are_free,
    cluster_rules.tags_have_characters_that_aws_takes,
)


def check_environment(
    spec: EnvironmentSpec, unavailable: frozenset[Offering]
) -> tuple[dict[PoolKey, MachineType], list[Problem]]:
    """The machine type of every pool for which one is known, and every problem found."""
    machines: dict[PoolKey, MachineType] = {}
    problems = _named_twice([cluster.name for cluster in spec.clusters], "clusters")
    for cluster in spec.clusters:
        path = f"clusters[{cluster.name}]"
        problems += _named_twice([pool.name for pool in cluster.node_pools], f"{path}.node_pools")
        for rule in CLUSTER_RULES:
            problems += rule(cluster, path)
        known: list[tuple[NodePoolSpec, MachineType]] = []
        for pool in cluster.node_pools:
            place = Place(cluster.cloud, cluster.region, f"{spec.name}-{cluster.name}-{pool.name}")
            chosen, found = check_pool(place, pool, unavailable, f"{path}.node_pools[{pool.name}]")
            problems += found
            if chosen is not None:
                machines[cluster.name, pool.name] = chosen
                known.append((pool, chosen))
        problems += cluster_rules.gpu_stack_has_one_driver_owner(cluster, path, known)
    return machines, problems + _joined_to_one_name(spec)


def check_pool(
    place: Place, pool: NodePoolSpec, unavailable: frozenset[Offering] = frozenset(), path: str = ""
) -> tuple[MachineType | None, list[Problem]]:
    """The pool's machine type, None where there is none, and every problem of the pool; `path` begins their paths."""
    cloud, region = place.cloud, place.region
    problems: list[Problem] = []
    chosen: MachineType | None = None
    try:
        chosen = choose_machine_type(cloud, pool)
    except UnknownNameError as error:
        field = "machine_type" if pool.machine_type is not None else "accelerator"
        nearest = f"nearest: {', '.join(error.nearest)}" if error.nearest else "see `gpucloud machine-types`"
        wanted = f"{cloud} sells no machine type with {pool.accelerators_per_node} x {pool.accelerator}"
        missing = wanted if error.kind == NOT_SOLD else f"no {error.kind} is called {error.name}"
        problems.append(Problem(f"{path}.{field}" if path else field, missing, nearest))
    region_zones = zones_of(cloud, region) if region in regions(cloud) else ()
    context = PoolContext(path, place, region_zones, pool, chosen, unavailable)
    for rule in POOL_RULES:
        problems += rule(context)
    if pool.kubelet:
        for rule in KUBELET_RULES:
            problems += rule(context)
    return chosen, problems


def _joined_to_one_name(spec: EnvironmentSpec) -> list[Problem]:
    """Pools of two clusters whose joined names are equal: `a` with `b-c` and `a-b` with `c` are both `a-b-c`."""
    first: dict[str, tuple[str, str]] = {}
    problems: list[Problem] = []
    names = sorted((cluster.name, pool.name) for cluster in spec.clusters for pool in cluster.node_pools)
    for cluster, pool in names:
        other = first.setdefault(f"{cluster}-{pool}", (cluster, pool))
        if other != (cluster, pool):
            problems.append(
                Problem(
                    f"clusters[{cluster}].node_pools[{pool}].name",
                    f"with its cluster's name makes {cluster}-{pool}, as pool {other[1]} of cluster {other[0]} does",
                    "rename one of the pools",
                )
            )
    return problems


def _named_twice(names: Sequence[str], path: str) -> list[Problem]:
    twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
    return [
        Problem(f"{path}[{name}]", "the name stands twice, both would make the same resources", "rename one")
        for name in twice
    ]
