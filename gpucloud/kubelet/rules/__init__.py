"""Every rule about kubelet configurations, one small function each, in modules by what they are about."""

from gpucloud.kubelet.rule import Rule
from gpucloud.kubelet.rules import (
    cgroups,
    crash_loops,
    images,
    limits,
    logging,
    logs,
    memory_qos,
    rates,
    shutdown,
    swap,
    user_namespaces,
)

RULES: tuple[Rule, ...] = (
    *cgroups.RULES,
    *crash_loops.RULES,
    *images.RULES,
    *limits.RULES,
    *logging.RULES,
    *logs.RULES,
    *memory_qos.RULES,
    *rates.RULES,
    *shutdown.RULES,
    *swap.RULES,
    *user_namespaces.RULES,
)

ALWAYS: tuple[Rule, ...] = (cgroups.host_has_cgroup_v2, swap.swapping_host_is_wanted)
"""Rules that a machine breaks with nothing written at all; all others are asked only where a field of theirs is."""
