"""Which rules hold for which type."""

from collections.abc import Callable, Iterable, Iterator

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.rules import (
    cluster_account,
    cluster_network,
    compute,
    locations,
    network,
    pool_account,
    pool_reservation,
    registry,
)
from gpucloud.sim.azure_native.rules.cluster import CLUSTER_RULES, pools_of
from gpucloud.sim.azure_native.rules.pool import POOL_RULES
from gpucloud.sim.azure_native.rules.pool_accelerator import ACCELERATOR_RULES
from gpucloud.sim.azure_native.rules.pool_labels import LABEL_RULES, refuse_bad_tags
from gpucloud.sim.errors import Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

InputRule = Callable[[Inputs], Iterable[Refusal]]
AccountRule = Callable[[Draft], None]

ALL_POOL_RULES = (*POOL_RULES, *ACCELERATOR_RULES, *LABEL_RULES, refuse_bad_tags)


def _check_pool(inputs: Inputs) -> Iterator[Refusal]:
    for rule in ALL_POOL_RULES:
        yield from rule(inputs, "")


def _check_pools(inputs: Inputs) -> Iterator[Refusal]:
    """Hold each pool inside a cluster against the rules of pools."""
    for index, pool in enumerate(pools_of(inputs)):
        for rule in ALL_POOL_RULES:
            yield from rule(pool, f"agentPoolProfiles[{index}].")


_PLACED = (locations.refuse_missing_location, locations.refuse_unknown_location, locations.refuse_tags)

INPUT_RULES: dict[str, tuple[InputRule, ...]] = {
    tokens.GROUP: _PLACED,
    tokens.NETWORK: (*_PLACED, network.refuse_bad_address_space),
    tokens.SUBNET: (network.refuse_bad_subnet,),
    tokens.GATEWAY: (*_PLACED, network.refuse_bad_gateway),
    tokens.ADDRESS: (*_PLACED, network.refuse_bad_address),
    tokens.IDENTITY: _PLACED,
    tokens.ASSIGNMENT: (compute.refuse_bad_assignment_name,),
    tokens.CLUSTER: (
        *_PLACED,
        *CLUSTER_RULES,
        cluster_network.refuse_bad_ranges,
        cluster_network.refuse_bad_plugins,
        _check_pools,
    ),
    tokens.POOL: (_check_pool,),
    tokens.PLACEMENT: (*_PLACED, compute.refuse_placement_over_zones),
    tokens.RESERVATION_GROUP: _PLACED,
    tokens.RESERVATION: (*_PLACED, compute.refuse_bad_reservation),
    tokens.REGISTRY: _PLACED,
    tokens.CACHE_RULE: (registry.refuse_unsupported_source,),
}

ACCOUNT_RULES: dict[str, tuple[AccountRule, ...]] = {
    tokens.SUBNET: (network.refuse_subnet_outside,),
    tokens.GATEWAY: (network.refuse_basic_address_of_gateway,),
    tokens.ASSIGNMENT: (compute.refuse_second_assignment,),
    tokens.CLUSTER: (
        cluster_account.refuse_version_jump,
        cluster_account.refuse_pool_of_other_version,
        cluster_account.refuse_entra_removal,
        cluster_account.refuse_outbound_without_gateway,
        cluster_network.refuse_subnets_of_ranges,
        pool_account.refuse_zones_without_size,
        pool_account.refuse_placement_elsewhere,
        pool_reservation.refuse_bad_reservation_group,
        pool_account.refuse_quota,
    ),
    tokens.POOL: (
        pool_account.refuse_pool_beside_others,
        pool_account.refuse_last_system_mode,
        pool_account.refuse_version_skew,
        cluster_network.refuse_subnets_of_ranges,
        pool_account.refuse_zones_without_size,
        pool_account.refuse_placement_elsewhere,
        pool_reservation.refuse_bad_reservation_group,
        pool_account.refuse_quota,
    ),
    tokens.RESERVATION: (compute.refuse_reservation_outside_group, compute.refuse_reservation_shortage),
    tokens.CACHE_RULE: (registry.refuse_overlapping_target,),
}


def input_rules_of(token: str) -> tuple[InputRule, ...]:
    """Return a type's rules over inputs alone, without those of the table of limits."""
    return INPUT_RULES.get(token, ())
