"""A VPC over several zones."""

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from gpucloud.aws.cluster_ref import NO_TAGS
from gpucloud.aws.network import private_subnet_args, public_subnet_args, s3_endpoint_args, vpc_args
from gpucloud.aws.tags import resource_tags
from gpucloud.components.refusal import refused_plainly
from gpucloud.plan.network import network_zones, plan_network
from gpucloud.plan.network_model import NetworkPlan
from gpucloud.spec.cluster import NetworkSpec


class AwsNetwork(pulumi.ComponentResource):
    """A VPC with a private and a public subnet in every zone.

    Declares: VPC, internet gateway, per zone two subnets, a route table and its associations, NAT gateways (one a zone
    or one for all) with their addresses, a gateway endpoint for S3.

    Attributes:
        vpc_id: The VPC.
        private_subnet_ids: By zone; nodes and the control plane's interfaces live here.
        public_subnet_ids: By zone; NAT gateways and public load balancers.
    """

    vpc_id: pulumi.Output[str]
    private_subnet_ids: dict[str, pulumi.Output[str]]
    public_subnet_ids: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        spec: NetworkSpec | NetworkPlan,
        region: str,
        tags: Mapping[str, str] = NO_TAGS,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AwsNetwork", name, None, opts)
        with refused_plainly(name):
            plan = (
                spec if isinstance(spec, NetworkPlan) else plan_network("aws", spec, network_zones("aws", region, spec))
            )
        child = pulumi.ResourceOptions(parent=self)
        vpc = aws.ec2.Vpc(name, vpc_args(plan, region, name, tags), opts=child)
        gateway = aws.ec2.InternetGateway(
            name, aws.ec2.InternetGatewayArgs(region=region, vpc_id=vpc.id, tags=resource_tags(tags, name)), opts=child
        )
        public_routes = self._route_table(f"{name}-public", vpc, region, tags)
        aws.ec2.Route(
            f"{name}-public",
            aws.ec2.RouteArgs(
                region=region,
                route_table_id=public_routes.id,
                destination_cidr_block="0.0.0.0/0",
                gateway_id=gateway.id,
            ),
            opts=child,
        )
        self.vpc_id = vpc.id
        self.private_subnet_ids, self.public_subnet_ids = {}, {}
        nat_gateways: dict[str, aws.ec2.NatGateway] = {}
        private_routes: dict[str, aws.ec2.RouteTable] = {}
        for part in plan.subnets:
            private_name, public_name = f"{name}-private-{part.zone}", f"{name}-public-{part.zone}"
            private = aws.ec2.Subnet(
                private_name, private_subnet_args(part, region, vpc.id, private_name, tags), opts=child
            )
            public = aws.ec2.Subnet(
                public_name, public_subnet_args(part, region, vpc.id, public_name, tags), opts=child
            )
            private_routes[part.zone] = self._route_table(private_name, vpc, region, tags)
            self._associate(private_name, private, private_routes[part.zone], region)
            self._associate(public_name, public, public_routes, region)
            self.private_subnet_ids[part.zone], self.public_subnet_ids[part.zone] = private.id, public.id
            if part.zone in plan.nat_zones:
                nat_gateways[part.zone] = self._nat_gateway(f"{name}-{part.zone}", public, gateway, region, tags)
        for zone, table in private_routes.items():
            nat = nat_gateways.get(zone) or nat_gateways[plan.nat_zones[0]]
            aws.ec2.Route(
                f"{name}-private-{zone}",
                aws.ec2.RouteArgs(
                    region=region,
                    route_table_id=table.id,
                    destination_cidr_block="0.0.0.0/0",
                    nat_gateway_id=nat.id,
                ),
                opts=child,
            )
        tables = [table.id for table in private_routes.values()]
        aws.ec2.VpcEndpoint(f"{name}-s3", s3_endpoint_args(region, vpc.id, tables, f"{name}-s3", tags), opts=child)
        self.register_outputs(
            {
                "vpc_id": self.vpc_id,
                "private_subnet_ids": self.private_subnet_ids,
                "public_subnet_ids": self.public_subnet_ids,
            }
        )

    def _route_table(self, name: str, vpc: aws.ec2.Vpc, region: str, tags: Mapping[str, str]) -> aws.ec2.RouteTable:
        args = aws.ec2.RouteTableArgs(region=region, vpc_id=vpc.id, tags=resource_tags(tags, name))
        return aws.ec2.RouteTable(name, args, opts=pulumi.ResourceOptions(parent=self))

    def _associate(self, name: str, subnet: aws.ec2.Subnet, table: aws.ec2.RouteTable, region: str) -> None:
        args = aws.ec2.RouteTableAssociationArgs(region=region, subnet_id=subnet.id, route_table_id=table.id)
        aws.ec2.RouteTableAssociation(name, args, opts=pulumi.ResourceOptions(parent=self))

    def _nat_gateway(
        self,
        name: str,
        subnet: aws.ec2.Subnet,
        gateway: aws.ec2.InternetGateway,
        region: str,
        tags: Mapping[str, str],
    ) -> aws.ec2.NatGateway:
        # An address and a NAT gateway work only in a VPC that has its internet gateway.
        after_gateway = pulumi.ResourceOptions(parent=self, depends_on=[gateway])
        address = aws.ec2.Eip(
            name, aws.ec2.EipArgs(region=region, domain="vpc", tags=resource_tags(tags, name)), opts=after_gateway
        )
        args = aws.ec2.NatGatewayArgs(
            region=region, subnet_id=subnet.id, allocation_id=address.id, tags=resource_tags(tags, name)
        )
        return aws.ec2.NatGateway(name, args, opts=after_gateway)
