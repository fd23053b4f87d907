"""Which rules hold for which type."""

from collections.abc import Callable, Iterable

from gpucloud.sim.aws.rules import (
    access,
    cluster,
    interfaces,
    launch_template,
    network,
    node_group,
    node_group_template,
    registry,
    reservation,
    volumes,
)
from gpucloud.sim.aws.rules.tags import refuse_bad_tags
from gpucloud.sim.aws.rules.user_data import refuse_bad_user_data
from gpucloud.sim.errors import Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

InputRule = Callable[[Inputs], Iterable[Refusal]]
AccountRule = Callable[[Draft], None]

INPUT_RULES: dict[str, tuple[InputRule, ...]] = {
    "aws:ec2/vpc:Vpc": (network.refuse_vpc_without_block, network.refuse_bad_cidr_block),
    "aws:ec2/subnet:Subnet": (network.refuse_bad_cidr_block, network.refuse_two_zones_of_subnet),
    "aws:ec2/natGateway:NatGateway": (network.refuse_nat_gateway_without_address,),
    "aws:ec2/route:Route": (network.refuse_route_without_destination,),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        launch_template.refuse_unknown_machine_type,
        launch_template.refuse_type_beside_requirements,
        launch_template.refuse_spot_with_reservation,
        launch_template.refuse_two_reservation_targets,
        volumes.refuse_volume_out_of_range,
        volumes.refuse_performance_of_other_type,
        volumes.refuse_gp3_ratio,
        interfaces.refuse_groups_beside_interfaces,
        interfaces.refuse_unknown_interface_type,
        interfaces.refuse_public_address_on_several,
        interfaces.refuse_efa_only_primary,
        interfaces.refuse_shared_place,
        interfaces.refuse_cards_beyond_machine,
        refuse_bad_user_data,
    ),
    "aws:ec2/capacityReservation:CapacityReservation": (
        reservation.refuse_unknown_machine_type,
        reservation.refuse_end_date_without_limit,
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (
        registry.refuse_bad_prefix,
        registry.refuse_unsupported_upstream,
    ),
    "aws:iam/rolePolicy:RolePolicy": (registry.refuse_broken_policy,),
    "aws:eks/cluster:Cluster": (cluster.refuse_closed_endpoint, cluster.refuse_bad_version),
    "aws:eks/nodeGroup:NodeGroup": node_group.INPUT_RULES,
    "aws:eks/addon:Addon": (cluster.refuse_bad_configuration_values, cluster.refuse_preserve_on_create),
    "aws:eks/accessEntry:AccessEntry": (
        access.refuse_unknown_entry_type,
        access.refuse_groups_on_node_entry,
        access.refuse_reserved_username,
        access.refuse_service_linked_role,
    ),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (access.refuse_scope_without_namespaces,),
}

ACCOUNT_RULES: dict[str, tuple[AccountRule, ...]] = {
    "aws:ec2/subnet:Subnet": (
        network.refuse_zone_outside_region,
        network.refuse_subnet_outside_vpc,
        network.refuse_overlapping_subnet,
    ),
    "aws:ec2/internetGateway:InternetGateway": (network.refuse_second_internet_gateway,),
    "aws:ec2/route:Route": (network.refuse_taken_destination,),
    "aws:ec2/routeTableAssociation:RouteTableAssociation": (network.refuse_second_table_of_subnet,),
    "aws:ec2/launchTemplate:LaunchTemplate": (launch_template.refuse_default_version_beyond_latest,),
    "aws:ec2/capacityReservation:CapacityReservation": (
        reservation.refuse_zone_outside_region,
        reservation.refuse_shortage,
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (registry.refuse_credentials_taken_away,),
    "aws:eks/cluster:Cluster": (cluster.refuse_subnets_in_one_zone, cluster.refuse_version_jump),
    "aws:eks/nodeGroup:NodeGroup": node_group_template.ACCOUNT_RULES,
    "aws:eks/accessEntry:AccessEntry": (access.refuse_access_entries_without_api,),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        access.refuse_access_entries_without_api,
        access.refuse_policy_without_entry,
        access.refuse_policy_on_node_entry,
    ),
}


def input_rules_of(token: str, *, tagged: bool) -> tuple[InputRule, ...]:
    """Return a type's rules over inputs alone, without those of the table of limits."""
    return (*INPUT_RULES.get(token, ()), *((refuse_bad_tags,) if tagged else ()))
