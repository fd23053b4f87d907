"""Every rule about kubelet configurations, one small function each, in modules by what they are about."""

from gpucloud.kubelet.rule import Rule
from gpucloud.kubelet.rules import (
    addresses,
    cgroups,
    cpu_manager,
    crash_loops,
    eviction,
    feature_gates,
    images,
    limits,
    logging,
    logs,
    memory_manager,
    memory_qos,
    node_allocatable,
    policies,
    rates,
    reservations,
    server,
    shutdown,
    swap,
    sysctls,
    taints,
    topology_manager,
    user_namespaces,
    zeros,
)

RULES: tuple[Rule, ...] = (
    *addresses.RULES,
    *cgroups.RULES,
    *cpu_manager.RULES,
    *crash_loops.RULES,
    *eviction.RULES,
    *feature_gates.RULES,
    *images.RULES,
    *limits.RULES,
    *logging.RULES,
    *logs.RULES,
    *memory_manager.RULES,
    *memory_qos.RULES,
    *node_allocatable.RULES,
    *policies.RULES,
    *rates.RULES,
    *reservations.RULES,
    *server.RULES,
    *shutdown.RULES,
    *swap.RULES,
    *sysctls.RULES,
    *taints.RULES,
    *topology_manager.RULES,
    *user_namespaces.RULES,
    *zeros.RULES,
)

ALWAYS: tuple[Rule, ...] = (
    cgroups.host_has_cgroup_v2,
    node_allocatable.reservations_fit_the_machine,
    node_allocatable.something_is_left_for_pods,
    swap.swapping_host_is_wanted,
)
"""Rules that a machine breaks with nothing written at all; all others are asked only where a field of theirs is."""
