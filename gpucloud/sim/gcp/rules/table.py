"""Which rules hold for which type."""

from collections.abc import Callable, Iterable

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp.clusters import CLUSTER
from gpucloud.sim.gcp.iam import MEMBER
from gpucloud.sim.gcp.networks import FIREWALL, NAT, NETWORK, ROUTER, SUBNETWORK
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.gcp.registry import REPOSITORY, SECRET_MEMBER
from gpucloud.sim.gcp.rules import (
    cluster,
    names,
    network,
    pool_accelerators,
    pool_capacity,
    pool_kubelet,
    pool_labels,
    pool_networks,
    pool_quota,
    pool_reservation,
    pool_size,
    pool_upkeep,
    references,
    registry as registry_rules,
    scheduling,
)
from gpucloud.sim.gcp.scheduling import POLICY, RESERVATION
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

InputRule = Callable[[Inputs], Iterable[Refusal]]
AccountRule = Callable[[Draft], None]

INPUT_RULES: dict[str, tuple[InputRule, ...]] = {
    NETWORK: (network.refuse_bad_network,),
    SUBNETWORK: (
        network.refuse_bad_ranges,
        network.refuse_subnetwork_without_range,
        network.refuse_range_names_twice,
    ),
    NAT: (network.refuse_nat_without_addresses,),
    FIREWALL: (network.refuse_ingress_without_source, network.refuse_bad_firewall_blocks),
    POLICY: (
        scheduling.refuse_policy_without_kind,
        scheduling.refuse_bad_group_placement,
        scheduling.refuse_bad_workload_policy,
    ),
    RESERVATION: (scheduling.refuse_bad_reservation,),
    REPOSITORY: (registry_rules.refuse_bad_upstream,),
    CLUSTER: cluster.INPUT_RULES,
    NODE_POOL: (
        names.refuse_bad_pool_name,
        *pool_size.INPUT_RULES,
        *pool_capacity.INPUT_RULES,
        *pool_accelerators.INPUT_RULES,
        *pool_kubelet.INPUT_RULES,
        *pool_labels.INPUT_RULES,
    ),
}

ACCOUNT_RULES: dict[str, tuple[AccountRule, ...]] = {
    NETWORK: (network.refuse_network_beyond_quota,),
    SUBNETWORK: (
        references.need_network,
        network.refuse_overlapping_subnetwork,
        network.refuse_subnetwork_outside_profile,
        network.refuse_shrunken_range,
    ),
    ROUTER: (references.need_network,),
    NAT: (references.need_router, network.refuse_second_nat_of_all),
    FIREWALL: (references.need_network,),
    MEMBER: (references.need_member,),
    SECRET_MEMBER: (references.need_member,),
    REPOSITORY: (registry_rules.refuse_bad_location,),
    RESERVATION: (scheduling.refuse_bad_zone, scheduling.refuse_shortage),
    CLUSTER: cluster.ACCOUNT_RULES,
    NODE_POOL: (
        references.need_cluster,
        references.need_policy,
        *pool_networks.ACCOUNT_RULES,
        *pool_upkeep.ACCOUNT_RULES,
        *pool_labels.ACCOUNT_RULES,
        *pool_reservation.ACCOUNT_RULES,
        *pool_quota.ACCOUNT_RULES,
    ),
}
