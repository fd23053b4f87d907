"""Each rule that looks at the account: one case that passes, one that fails; and what cannot be removed."""

import base64

import pytest

from gpucloud.sim import control
from tests.sim.servicer import CLUSTER, GROUP, ROLE, SUBNET, TEMPLATE, VPC, Refused

GATEWAY, TABLE = "aws:ec2/internetGateway:InternetGateway", "aws:ec2/routeTable:RouteTable"
ROUTE, ASSOCIATION = "aws:ec2/route:Route", "aws:ec2/routeTableAssociation:RouteTableAssociation"
SECURITY_GROUP, RULE = (
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
)
PLACEMENT = "aws:ec2/placementGroup:PlacementGroup"
ENTRY, POLICY = "aws:eks/accessEntry:AccessEntry", "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"
RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
TARGET = {"capacityReservationTarget": {"capacityReservationId": "cr-1"}}
BLOCK = {
    "instanceType": "p5.48xlarge",
    "instanceMarketOptions": {"marketType": "capacity-block"},
    "capacityReservationSpecification": TARGET,
}


def encoded(text):
    return base64.b64encode(text.encode()).decode()


@pytest.fixture
def account(estate):
    """The estate, and a reservation and a block that somebody bought."""
    control.add_reservation(estate.cloud.root, "cr-1", "p5.48xlarge", "us-east-1a", 4, "capacity-block")
    control.add_reservation(estate.cloud.root, "cr-2", "p5.48xlarge", "us-east-1a", 4)
    return estate


def subnet(block, zone="us-east-1a"):
    return lambda e: (SUBNET, {"vpcId": e.vpc.id, "cidrBlock": block, "availabilityZone": zone})


def entry(**changes):
    return lambda e: (ENTRY, {"clusterName": e.cluster.id, "principalArn": e.role.outputs["arn"], **changes})


def group(**changes):
    return lambda e: (GROUP, e.group(**changes))


def templated(template, **changes):
    """A node group of a launch template; the template's placement may name a cluster placement group `tight`."""

    def make(e):
        if "placement" in template:
            e.cloud.create(PLACEMENT, "tight", {"name": "tight", "strategy": "cluster"})
        made = e.cloud.create(TEMPLATE, "lt", template)
        settings = {name: value(e) if callable(value) else value for name, value in changes.items()}
        return GROUP, e.templated(made, **settings)

    return make


def both_subnets(e):
    return [subnet.id for subnet in e.subnets]


def second(token, **inputs):
    """A resource for the second time."""

    def make(e):
        e.cloud.create(token, "first", inputs)
        return token, inputs

    return make


def second_default_route(e):
    table = e.cloud.create(TABLE, "table", {"vpcId": e.vpc.id})
    gateway = e.cloud.create(GATEWAY, "gateway", {"vpcId": e.vpc.id})
    inputs = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}
    e.cloud.create(ROUTE, "first", inputs)
    return ROUTE, inputs


def route_in_free_table(e):
    _, inputs = second_default_route(e)
    return ROUTE, {**inputs, "routeTableId": e.cloud.create(TABLE, "other", {"vpcId": e.vpc.id}).id}


def second_table(e):
    tables = [e.cloud.create(TABLE, name, {"vpcId": e.vpc.id}) for name in "ab"]
    e.cloud.create(ASSOCIATION, "first", {"routeTableId": tables[0].id, "subnetId": e.subnets[0].id})
    return ASSOCIATION, {"routeTableId": tables[1].id, "subnetId": e.subnets[0].id}


def first_table(e):
    token, inputs = second_table(e)
    return token, {**inputs, "subnetId": e.subnets[1].id}


def second_gateway(e):
    e.cloud.create(GATEWAY, "first", {"vpcId": e.vpc.id})
    return GATEWAY, {"vpcId": e.vpc.id}


def policy(*, with_entry, **changes):
    def make(e):
        inputs = {"clusterName": e.cluster.id, "principalArn": e.role.outputs["arn"]}
        if with_entry:
            e.cloud.create(ENTRY, "entry", {**inputs, **changes})
        return POLICY, {
            **inputs,
            "policyArn": "arn:aws:eks::aws:cluster-access-policy/P",
            "accessScope": {"type": "cluster"},
        }

    return make


def cluster(**changes):
    def make(e):
        inputs = {"roleArn": e.role.outputs["arn"], "vpcConfig": {"subnetIds": both_subnets(e)}}
        return CLUSTER, {**inputs, **{name: value(e) for name, value in changes.items()}}

    return make


def entry_of_config_map(e):
    other = e.cloud.create(*swap(cluster()(e), "old"))
    return ENTRY, {"clusterName": other.id, "principalArn": e.role.outputs["arn"]}


def swap(made, name):
    token, inputs = made
    return token, name, inputs


def foreign_subnet(e):
    vpc = e.cloud.create(VPC, "foreign", {"cidrBlock": "10.9.0.0/16"})
    return [e.cloud.create(SUBNET, "foreign", {"vpcId": vpc.id, "cidrBlock": "10.9.0.0/24"}).id]


def reservation(**changes):
    inputs = {
        "availabilityZone": "us-east-1a",
        "instanceCount": 4,
        "instancePlatform": "Linux/UNIX",
        "instanceType": "p5.48xlarge",
    }
    return lambda _: (RESERVATION, {**inputs, **changes})


P5 = {"instanceType": "p5.48xlarge"}
MIME = encoded(
    'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="//"\n\n--//\nContent-Type: text/x\n\na\n--//--\n'
)
OK_GROUP = group()

# what passes, what fails, the text of the failure
CASES = {
    "zone of region": (
        subnet("10.0.9.0/24"),
        subnet("10.0.9.0/24", "us-east-1z"),
        "InvalidParameterValue: Value (us-east-1z)",
    ),
    "zone of other region": (subnet("10.0.9.0/24"), subnet("10.0.9.0/24", "eu-west-1a"), "us-east-1a, us-east-1b"),
    "inside vpc": (subnet("10.0.9.0/24"), subnet("10.1.9.0/24"), "InvalidSubnet.Range"),
    "overlap": (subnet("10.0.9.0/24"), subnet("10.0.1.128/25"), "InvalidSubnet.Conflict"),
    "vpc exists": (
        subnet("10.0.9.0/24"),
        lambda _: (SUBNET, {"vpcId": "vpc-1", "cidrBlock": "10.0.9.0/24"}),
        "InvalidVpcID.NotFound",
    ),
    "one gateway": (lambda e: (GATEWAY, {"vpcId": e.vpc.id}), second_gateway, "Resource.AlreadyAssociated"),
    "one route": (route_in_free_table, second_default_route, "RouteAlreadyExists"),
    "one table": (first_table, second_table, "Resource.AlreadyAssociated"),
    "role name free": (
        lambda _: (ROLE, {"assumeRolePolicy": "{}", "name": "a"}),
        second(ROLE, assumeRolePolicy="{}", name="a"),
        "EntityAlreadyExists: Role with name a already exists.",
    ),
    "template name free": (
        lambda _: (TEMPLATE, {"name": "lt-a"}),
        second(TEMPLATE, name="lt-a"),
        "InvalidLaunchTemplateName.AlreadyExistsException",
    ),
    "placement group name free": (
        lambda _: (PLACEMENT, {"name": "p", "strategy": "cluster"}),
        second(PLACEMENT, name="p", strategy="cluster"),
        "InvalidPlacementGroup.Duplicate",
    ),
    "cluster name free": (
        cluster(name=lambda _: "new"),
        cluster(name=lambda e: e.cluster.id),
        "ResourceInUseException: Cluster already exists",
    ),
    "cluster zones": (
        cluster(),
        cluster(vpcConfig=lambda e: {"subnetIds": [e.subnets[0].id]}),
        "must be in at least two different AZs",
    ),
    "cluster role": (cluster(), cluster(roleArn=lambda e: e.role.outputs["arn"] + "x"), "does not exist"),
    "cluster subnets": (
        cluster(),
        cluster(vpcConfig=lambda e: {"subnetIds": ["subnet-1"]}),
        "InvalidSubnetID.NotFound: The subnet ID 'subnet-1'",
    ),
    "entry role": (entry(), entry(principalArn="arn:aws:iam::123456789012:role/nobody"), "invalid principal"),
    "entry of other account": (
        entry(principalArn="arn:aws:iam::999999999999:role/x"),
        entry(clusterName="none"),
        "No cluster found for name: none.",
    ),
    "entry authentication mode": (entry(), entry_of_config_map, "authentication mode must be set to one of"),
    "policy entry": (policy(with_entry=True), policy(with_entry=False), "principalArn could not be found"),
    "policy of node entry": (
        policy(with_entry=True, type="EC2"),
        policy(with_entry=True, type="EC2_LINUX"),
        "cannot be associated with an access entry of type EC2_LINUX",
    ),
    "group cluster": (OK_GROUP, group(clusterName="none"), "ResourceNotFoundException: No cluster found"),
    "group role": (OK_GROUP, group(nodeRoleArn="arn:aws:iam::123456789012:role/x"), "role/x, does not exist"),
    "group subnets": (OK_GROUP, group(subnetIds=["subnet-1"]), "InvalidSubnetID.NotFound"),
    "group vpc": (
        OK_GROUP,
        lambda e: (GROUP, e.group(subnetIds=foreign_subnet(e))),
        "is not in the VPC of the cluster",
    ),
    "group name free": (
        group(nodeGroupName="a"),
        lambda e: (e.cloud.create(GROUP, "first", e.group(nodeGroupName="a")), (GROUP, e.group(nodeGroupName="a")))[1],
        "ResourceInUseException: NodeGroup already exists",
    ),
    "template exists": (
        templated(P5),
        group(launchTemplate={"id": "lt-1", "version": "1"}),
        "InvalidLaunchTemplateId.NotFound",
    ),
    "template version": (
        templated(P5),
        templated(P5, launchTemplate=lambda e: {"id": e.cloud.made[-1].id, "version": "2"}),
        "VersionNotFound",
    ),
    "template subnet": (
        templated(P5),
        templated({**P5, "networkInterfaces": [{"subnetId": "s"}]}),
        "should not specify a subnet",
    ),
    "template profile": (
        templated(P5),
        templated({**P5, "iamInstanceProfile": {"name": "p"}}),
        "should not specify an instance profile",
    ),
    "template shutdown": (
        templated(P5),
        templated({**P5, "instanceInitiatedShutdownBehavior": "stop"}),
        "should not specify a shutdown behavior",
    ),
    "types in both": (
        templated(P5),
        templated(P5, instanceTypes=["p5.48xlarge"]),
        "in both the launch template and the API",
    ),
    "ami in both": (
        templated({**P5, "imageId": "ami-1"}, amiType="CUSTOM"),
        templated({**P5, "imageId": "ami-1"}),
        "when using custom AMIs",
    ),
    "spot in template": (
        templated(P5, capacityType="SPOT"),
        templated({**P5, "instanceMarketOptions": {"marketType": "spot"}}, capacityType="SPOT"),
        "should not specify a spot market",
    ),
    "block complete": (
        templated(BLOCK, capacityType="CAPACITY_BLOCK"),
        templated({**BLOCK, "instanceMarketOptions": {}}, capacityType="CAPACITY_BLOCK"),
        "misses InstanceMarketOptions.MarketType",
    ),
    "block capacity type": (
        templated(BLOCK, capacityType="CAPACITY_BLOCK"),
        templated(BLOCK),
        "use capacityType CAPACITY_BLOCK",
    ),
    "reservation exists": (
        templated(
            {**P5, "capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-2"}}}
        ),
        templated(
            {**P5, "capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-9"}}}
        ),
        "InvalidCapacityReservationId.NotFound",
    ),
    "reservation machine type": (
        templated(
            {**P5, "capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-2"}}}
        ),
        templated(
            {
                "instanceType": "p4d.24xlarge",
                "capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-2"}},
            }
        ),
        "is for p5.48xlarge, not p4d.24xlarge",
    ),
    "reservation zone": (
        templated(BLOCK, capacityType="CAPACITY_BLOCK"),
        templated(BLOCK, capacityType="CAPACITY_BLOCK", subnetIds=lambda e: [e.subnets[1].id]),
        "is in us-east-1a; subnets are in us-east-1b",
    ),
    "reservation kind": (
        templated(BLOCK, capacityType="CAPACITY_BLOCK"),
        templated({**P5, "capacityReservationSpecification": TARGET}),
        "is of kind capacity-block",
    ),
    "placement zones": (
        templated({**P5, "placement": {"groupName": "tight"}}),
        templated({**P5, "placement": {"groupName": "tight"}}, subnetIds=both_subnets),
        "is in one Availability Zone; subnets are in us-east-1a, us-east-1b",
    ),
    "placement exists": (
        templated({**P5, "placement": {"groupName": "tight"}}),
        templated({**P5, "placement": {"groupName": "loose"}}),
        "InvalidPlacementGroup.Unknown",
    ),
    "cards of group types": (
        templated({"networkInterfaces": [{"networkCardIndex": 1}]}, instanceTypes=["p5.48xlarge"]),
        templated({"networkInterfaces": [{"networkCardIndex": 1}]}, instanceTypes=["g6.xlarge"]),
        "g6.xlarge has 1 network cards",
    ),
    "user data mime": (
        templated({**P5, "userData": MIME}),
        templated({**P5, "userData": encoded("#!/bin/sh")}),
        "not in the MIME multipart format",
    ),
    "user data toml": (
        templated({**P5, "userData": encoded("[settings]\na = 1")}, amiType="BOTTLEROCKET_x86_64_NVIDIA"),
        templated({**P5, "userData": MIME}, amiType="BOTTLEROCKET_x86_64_NVIDIA"),
        "not in the TOML format",
    ),
    "reserved capacity": (reservation(), reservation(instanceCount=17), "InsufficientInstanceCapacity"),
    "reserved zone": (reservation(), reservation(availabilityZone="us-east-1z"), "InvalidParameterValue"),
}


@pytest.mark.parametrize("case", CASES)
def test_what_the_account_allows_is_made(account, case):
    token, inputs = CASES[case][0](account)
    account.cloud.create(token, "wanted", inputs)


@pytest.mark.parametrize("case", CASES)
def test_what_the_account_does_not_allow_is_refused_and_leaves_nothing(account, case):
    token, inputs = CASES[case][1](account)
    before = len(account.cloud.store.find("1"))
    with pytest.raises(Refused) as refusal:
        account.cloud.create(token, "wanted", inputs)
    assert CASES[case][2] in str(refusal.value)
    assert str(refusal.value).startswith("local cloud: operation error ")
    assert len(account.cloud.store.find("1")) == before


def test_what_something_depends_on_stays(estate):
    group = estate.cloud.create(GROUP, "pool", estate.group())
    for held, code in ((estate.vpc, "DependencyViolation"), (estate.subnets[0], "DependencyViolation")):
        with pytest.raises(Refused, match=code):
            estate.cloud.delete(held)
    with pytest.raises(Refused, match="ResourceInUseException: Cluster has nodegroups attached: pool-"):
        estate.cloud.delete(estate.cluster)
    for made in (group, estate.cluster, *estate.subnets, estate.vpc):
        estate.cloud.delete(made)
    assert [row.type for row in estate.cloud.store.find("1")] == [ROLE]


def test_a_security_group_that_another_names_stays(estate):
    groups = [estate.cloud.create(SECURITY_GROUP, name, {"vpcId": estate.vpc.id}) for name in "ab"]
    inputs = {"securityGroupId": groups[0].id, "referencedSecurityGroupId": groups[1].id, "ipProtocol": "-1"}
    rule = estate.cloud.create(RULE, "rule", inputs)
    with pytest.raises(Refused, match="has a dependent object"):
        estate.cloud.delete(groups[1])
    estate.cloud.delete(rule)
    estate.cloud.delete(groups[1])


def test_a_role_with_policies_stays(estate):
    attachment = estate.cloud.create(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "attachment",
        {"role": estate.role.id, "policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"},
    )
    with pytest.raises(Refused, match="DeleteConflict"):
        estate.cloud.delete(estate.role)
    estate.cloud.delete(attachment)
    estate.cloud.delete(estate.role)


def test_a_placement_group_with_nodes_stays(estate):
    token, inputs = templated({**P5, "placement": {"groupName": "tight"}})(estate)
    group = estate.cloud.create(token, "pool", inputs)
    placement = next(made for made in estate.cloud.made if made.token == PLACEMENT)
    with pytest.raises(Refused, match=r"InvalidPlacementGroup\.InUse"):
        estate.cloud.delete(placement)
    estate.cloud.delete(group)
    estate.cloud.delete(placement)


def test_a_protected_cluster_stays(estate):
    made = estate.cloud.create(*swap(cluster(deletionProtection=lambda _: True)(estate), "kept"))
    with pytest.raises(Refused, match="deletion protection"):
        estate.cloud.delete(made)


def test_a_cluster_is_updated_one_version_at_a_time(estate):
    token, inputs = cluster(version=lambda _: "1.32")(estate)
    made = estate.cloud.create(token, "old", inputs)
    with pytest.raises(Refused, match=r"from 1\.32 to 1\.34"):
        estate.cloud.update(made, {**inputs, "version": "1.34"})
    assert estate.cloud.update(made, {**inputs, "version": "1.33"}).outputs["version"] == "1.33"
