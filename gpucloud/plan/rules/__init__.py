"""Everything that is refused before anything is created: one small function a rule, each with its reason and source."""

from collections.abc import Callable, Iterator, Mapping

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.facts.zones import REGIONAL, regions, zones as zones_of
from gpucloud.plan.allocation import Offering
from gpucloud.plan.machine import NOT_SOLD, choose_machine_type
from gpucloud.plan.place import Place, pool_place
from gpucloud.plan.placing import local_offerings
from gpucloud.plan.rules import (
    azure,
    capacity,
    chart_values,
    claims,
    cluster as cluster_rules,
    compute_mode,
    dra,
    driver,
    drivers,
    gate,
    gcp,
    held_back,
    kubelet,
    machine,
    managed_mirrors,
    mig_layout,
    mirrors,
    names_twice,
    naming,
    platform,
    sharing,
    stack,
    tagging,
    team_namespaces,
    versions,
    vgpu,
    zones as zone_rules,
)
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.cluster import ClusterSpec, EnvironmentSpec
from gpucloud.spec.node_pool import NodePoolSpec

PoolKey = tuple[str, str]
"""Names of a cluster and of a pool in it."""

PoolRule = Callable[[PoolContext], Iterator[Problem]]
ClusterRule = Callable[[ClusterSpec, str], Iterator[Problem]]

POOL_RULES: tuple[PoolRule, ...] = (
    zone_rules.zones_are_in_the_region,
    zone_rules.zones_are_named_once,
    zone_rules.zones_offer_the_machine_type,
    capacity.capacity_type_is_sold,
    capacity.reservation_has_a_zone_of_the_pool,
    capacity.capacity_entries_differ,
    capacity.nodes_have_somewhere_to_go,
    capacity.even_spread_has_a_node_for_every_zone,
    capacity.even_spread_finds_room_in_every_zone,
    capacity.close_placement_is_not_forced_on_a_reservation,
    machine.fabric_exists_on_the_machine_type,
    machine.local_drives_exist,
    driver.driver_has_exactly_one_owner,
    driver.operator_knows_the_accelerator,
    driver.legacy_driver_is_not_forced_open,
    versions.driver_knows_the_accelerator,
    versions.driver_version_is_the_vendors,
    naming.labels_are_not_the_librarys,
    naming.labels_are_not_reserved,
    naming.taints_differ,
    platform.image_family_is_the_clouds,
    platform.driver_version_has_an_owner,
    sharing.sharing_fits_the_accelerator,
    mig_layout.layout_has_a_mig_manager,
    mig_layout.layout_has_each_gpu_once,
    mig_layout.layout_fits_each_gpu,
    vgpu.vgpu_is_made_by_a_hypervisor,
    sharing.clients_fit_the_accelerator,
    sharing.memory_is_guaranteed,
    compute_mode.compute_mode_has_one_owner,
    compute_mode.compute_mode_can_be_set,
    platform.reservation_blocks_are_googles,
    platform.existing_placement_is_one_place,
    platform.disk_performance_has_a_field,
    platform.local_drives_have_a_field,
    platform.linux_settings_have_a_field,
    platform.seccomp_profile_has_a_way,
    dra.claimed_devices_have_no_plugin,
    dra.claimed_pools_keep_a_node,
    dra.claimed_devices_have_a_new_driver,
    dra.claimed_devices_are_held_back_by_a_taint,
    held_back.held_back_is_a_whole_number,
    held_back.held_back_nodes_are_not_counted_twice,
    held_back.held_back_is_of_one_resource,
)
CLOUD_POOL_RULES: Mapping[Cloud, tuple[PoolRule, ...]] = {
    "aws": (
        capacity.capacity_block_starts_empty,
        mig_layout.bottlerocket_does_not_see_instances,
        machine.bottlerocket_cannot_make_raid10,
        driver.image_knows_the_accelerator,
        naming.node_group_names_fit,
        naming.labels_fit_into_tags,
        naming.taints_fit_into_a_node_group,
    ),
    "azure": (
        azure.agent_pool_names_fit,
        naming.offerings_have_names_of_their_own,
        azure.reservation_is_a_group,
        azure.existing_placement_is_a_group,
        azure.aks_has_a_driver_for_the_size,
        azure.grid_driver_comes_from_aks,
        azure.mig_is_cut_by_aks,
        azure.mig_profile_is_one_of_aks,
        azure.repair_cannot_be_turned_off,
        azure.infiniband_stays_in_one_group,
        azure.amd_sizes_run_ubuntu,
    ),
    "gcp": (
        gcp.node_pool_names_fit,
        naming.offerings_have_names_of_their_own,
        gcp.gpu_network_names_fit,
        gcp.reservation_is_named,
        gcp.cos_keeps_googles_driver,
        gcp.gke_taints_gpu_nodes_itself,
        gcp.gke_taint_is_not_declared,
        gcp.queued_nodes_start_at_zero,
        gcp.flex_start_nodes_start_at_zero,
        gcp.flex_start_nodes_are_not_repaired,
        gcp.compact_placement_goes_with_the_capacity,
        gcp.mig_is_cut_by_gke,
        gcp.local_drives_are_not_raid10,
        gcp.own_placement_policy_is_the_librarys,
        gcp.one_block_at_a_time,
        gcp.release_channel_repairs_nodes,
        gcp.latest_driver_is_for_cos,
    ),
}
KUBELET_RULES: tuple[PoolRule, ...] = (
    kubelet.platform_takes_the_keys,
    kubelet.taints_come_from_the_pool,
    kubelet.kubelet_accepts_the_keys,
    kubelet.static_memory_is_known_before,
    kubelet.numa_intent_is_not_contradicted,
    kubelet.numa_intent_has_its_fields,
    kubelet.shutdown_fits_the_notice,
    kubelet.gke_shuts_spot_nodes_down_alone,
    kubelet.largest_pod_fits,
)
CLUSTER_RULES: tuple[ClusterRule, ...] = (
    cluster_rules.region_exists,
    cluster_rules.network_zones_are_in_the_region,
    cluster_rules.admins_are_named_once,
    cluster_rules.admins_are_the_clouds,
    cluster_rules.system_machine_type_exists,
    versions.operator_has_no_known_hole,
    dra.claims_need_a_newer_kubernetes,
    claims.templates_need_claims,
    claims.template_namespaces_are_of_teams,
    gate.gate_sees_every_pool,
    chart_values.values_are_the_charts_and_nobody_elses,
    mirrors.registries_have_one_mirror,
    mirrors.node_mirrors_can_be_set,
    stack.problems_are_reported_once,
    stack.queues_have_their_controller,
    team_namespaces.quotas_are_on_teams_namespaces,
    team_namespaces.runtimes_can_run_where_quotas_are,
    mig_layout.layouts_have_a_gpu_stack,
    *managed_mirrors.RULES,
)
CLOUD_CLUSTER_RULES: Mapping[Cloud, tuple[ClusterRule, ...]] = {
    "aws": (
        cluster_rules.network_has_two_zones,
        tagging.tag_keys_are_free,
        tagging.tags_have_characters_that_aws_takes,
    ),
    "azure": (tagging.tags_are_what_azure_takes, cluster_rules.agent_pools_differ),
    "gcp": (
        tagging.tags_are_labels,
        cluster_rules.network_leaves_room_for_gpu_networks,
        cluster_rules.gke_is_new_enough,
    ),
}


def check_environment(
    spec: EnvironmentSpec, unavailable: frozenset[Offering]
) -> tuple[dict[PoolKey, MachineType], list[Problem]]:
    """The machine type of every pool for which one is known, and every problem found."""
    machines: dict[PoolKey, MachineType] = {}
    problems = names_twice.named_twice([cluster.name for cluster in spec.clusters], "clusters")
    for cluster in spec.clusters:
        path = f"clusters[{cluster.name}]"
        problems += names_twice.named_twice([pool.name for pool in cluster.node_pools], f"{path}.node_pools")
        for rule in (*CLUSTER_RULES, *CLOUD_CLUSTER_RULES[cluster.cloud]):
            problems += rule(cluster, path)
        problems += cluster_rules.cluster_name_fits(spec.name, cluster, path)
        known: list[tuple[NodePoolSpec, MachineType]] = []
        for pool in cluster.node_pools:
            place = pool_place(spec.name, cluster, pool.name)
            chosen, found = check_pool(place, pool, unavailable, f"{path}.node_pools[{pool.name}]")
            problems += found
            if chosen is not None:
                machines[cluster.name, pool.name] = chosen
                known.append((pool, chosen))
        problems += drivers.claimed_pools_have_one_driver_root(cluster, path, known)
        problems += drivers.differing_drivers_say_their_version(cluster, path, known)
        problems += drivers.differing_drivers_have_no_common_values(cluster, path, known)
        problems += drivers.amd_drivers_are_one_for_each_accelerator(cluster, path, known)
        problems += held_back.quota_counts_one_pool(cluster, path, known)
        problems += cluster_rules.amd_drivers_have_a_registry(cluster, path, known)
        problems += claims.templates_have_devices(cluster, path, known)
    return machines, problems + names_twice.joined_to_one_name(spec)


def check_pool(
    place: Place, pool: NodePoolSpec, unavailable: frozenset[Offering] = frozenset(), path: str = ""
) -> tuple[MachineType | None, list[Problem]]:
    """The pool's machine type, None where there is none, and every problem of the pool; `path` begins their paths."""
    cloud, region = place.cloud, place.region
    problems: list[Problem] = []
    chosen: MachineType | None = None
    try:
        chosen = choose_machine_type(cloud, pool, region)
    except UnknownNameError as error:
        field = "machine_type" if pool.machine_type is not None else "accelerator"
        nearest = f"nearest: {', '.join(error.nearest)}" if error.nearest else "see `gpucloud machine-types`"
        unsold = error.kind == NOT_SOLD
        missing = f"{cloud} sells no {error.name}" if unsold else f"no {error.kind} is called {error.name}"
        problems.append(Problem(f"{path}.{field}" if path else field, missing, nearest))
    pool = sharing.with_chosen_sharing(place, pool, chosen)
    region_zones = zones_of(cloud, region) if region in regions(cloud) else ()
    if cloud == "azure" and region in regions(cloud):
        region_zones = (*region_zones, REGIONAL)
    context = PoolContext(path, place, region_zones, pool, chosen, local_offerings(place, unavailable))
    for rule in (*POOL_RULES, *CLOUD_POOL_RULES[cloud]):
        problems += rule(context)
    if pool.kubelet or pool.largest_pod:
        for rule in KUBELET_RULES:
            problems += rule(context)
    return chosen, problems
