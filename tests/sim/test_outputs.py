"""Every output that the SDK promises is there, for every type, on a whole environment."""

import re

from gpucloud.sim.aws.identifiers import ACCOUNT
from gpucloud.sim.aws.package import types
from gpucloud.sim.values import UNKNOWN
from tests.sim.servicer import GROUP, TEMPLATE

UUID = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


def build_everything(estate):
    """Create one resource of each modelled type."""
    make, vpc = estate.cloud.create, estate.vpc
    gateway = make("aws:ec2/internetGateway:InternetGateway", "igw", {"vpcId": vpc.id})
    eip = make("aws:ec2/eip:Eip", "eip", {"domain": "vpc"})
    make("aws:ec2/natGateway:NatGateway", "nat", {"subnetId": estate.subnets[0].id, "allocationId": eip.id})
    table = make("aws:ec2/routeTable:RouteTable", "table", {"vpcId": vpc.id})
    route = {"routeTableId": table.id, "destinationCidrBlock": "0.0.0.0/0", "gatewayId": gateway.id}
    make("aws:ec2/route:Route", "route", route)
    association = {"routeTableId": table.id, "subnetId": estate.subnets[0].id}
    make("aws:ec2/routeTableAssociation:RouteTableAssociation", "association", association)
    endpoint = {"vpcId": vpc.id, "serviceName": "com.amazonaws.us-east-1.s3", "routeTableIds": [table.id]}
    make("aws:ec2/vpcEndpoint:VpcEndpoint", "endpoint", endpoint)
    group = make("aws:ec2/securityGroup:SecurityGroup", "efa", {"vpcId": vpc.id})
    for way in ("Ingress", "Egress"):
        rule = {"securityGroupId": group.id, "referencedSecurityGroupId": group.id, "ipProtocol": "-1"}
        make(f"aws:vpc/securityGroup{way}Rule:SecurityGroup{way}Rule", way, rule)
    template = make(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    make("aws:ec2/placementGroup:PlacementGroup", "placement", {"strategy": "cluster"})
    make(
        "aws:ec2/capacityReservation:CapacityReservation",
        "reservation",
        {
            "availabilityZone": "us-east-1a",
            "instanceCount": 1,
            "instancePlatform": "Linux/UNIX",
            "instanceType": "p5.48xlarge",
        },
    )
    policy = {"role": estate.role.id, "policyArn": "arn:aws:iam::aws:policy/AmazonEKSWorkerNodePolicy"}
    make("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "policy", policy)
    make("aws:iam/rolePolicy:RolePolicy", "own", {"role": estate.role.id, "policy": "{}"})
    rule = {"ecrRepositoryPrefix": "prod/quay", "upstreamRegistryUrl": "quay.io"}
    make("aws:ecr/pullThroughCacheRule:PullThroughCacheRule", "quay", rule)
    make("aws:iam/instanceProfile:InstanceProfile", "profile", {"role": estate.role.id})
    key = make("aws:kms/key:Key", "key", {"enableKeyRotation": True})
    make("aws:kms/alias:Alias", "alias", {"targetKeyId": key.id})
    make("aws:cloudwatch/logGroup:LogGroup", "logs", {"retentionInDays": 30})
    pool = make(GROUP, "pool", estate.templated(template))
    cluster = {"clusterName": estate.cluster.id}
    make("aws:eks/addon:Addon", "addon", {**cluster, "addonName": "vpc-cni"})
    principal = {**cluster, "principalArn": estate.role.outputs["arn"]}
    make("aws:eks/accessEntry:AccessEntry", "entry", principal)
    access = {**principal, "policyArn": "arn:aws:eks::aws:cluster-access-policy/P", "accessScope": {"type": "cluster"}}
    make("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", "access", access)
    identity = {**cluster, "namespace": "kube-system", "serviceAccount": "a", "roleArn": estate.role.outputs["arn"]}
    make("aws:eks/podIdentityAssociation:PodIdentityAssociation", "identity", identity)
    name = pool.outputs["resources"][0]["autoscalingGroups"][0]["name"]
    tag = {"key": "k8s.io/cluster-autoscaler/enabled", "value": "true", "propagateAtLaunch": False}
    make("aws:autoscaling/tag:Tag", "tag", {"autoscalingGroupName": name, "tag": tag})
    return list(estate.cloud.made)


def test_every_promised_output_is_there(estate, schemas):
    made = build_everything(estate)
    assert {resource.token for resource in made} == set(types())
    for resource in made:
        promised = {name for name, optional in schemas.get(resource.token).outputs.items() if not optional}
        assert promised - set(resource.outputs) == set(), resource.token
        assert set(resource.outputs) - set(schemas.get(resource.token).outputs) <= {"__defaults"}, resource.token


def test_nothing_changes_when_nothing_changed(estate):
    for resource in build_everything(estate):
        inputs = {key: value for key, value in resource.inputs.items() if not key.startswith("__")}
        if "__defaults" in resource.inputs:
            inputs = {key: value for key, value in inputs.items() if key not in resource.inputs["__defaults"]}
        assert estate.cloud.diff(resource, inputs).changes == 1, resource.token
        assert estate.cloud.read(resource).id == resource.id


def test_a_preview_promises_what_a_create_gives(estate, schemas):
    for resource in build_everything(estate):
        inputs = {key: value for key, value in resource.inputs.items() if key != "__defaults"}
        preview = estate.cloud.create(resource.token, "preview", inputs, preview=True)
        unknown = {name for name, value in preview.outputs.items() if value is UNKNOWN}
        assert unknown <= set(resource.outputs), resource.token


def test_all_goes_in_reverse(estate):
    for resource in reversed(build_everything(estate)):
        estate.cloud.delete(resource)
    assert estate.cloud.store.find("1") == []
    assert estate.cloud.store.db.execute("SELECT COUNT(*) FROM allocation").fetchone() == (0,)


def test_what_belongs_to_a_cluster_has_the_arn_and_the_user_name_of_its_kind(estate):
    cluster, role = estate.cluster.id, estate.role
    inputs = {"clusterName": cluster, "principalArn": role.outputs["arn"]}
    person = estate.cloud.create("aws:eks/accessEntry:AccessEntry", "person", inputs)
    assert person.outputs["userName"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.id}/{{{{SessionName}}}}"
    whose = f"arn:aws:eks:us-east-1:{ACCOUNT}:access-entry/{cluster}/role/{ACCOUNT}/{role.id}/"
    assert re.fullmatch(re.escape(whose) + UUID, person.outputs["accessEntryArn"])
    estate.cloud.delete(person)
    node = estate.cloud.create("aws:eks/accessEntry:AccessEntry", "node", {**inputs, "type": "EC2_LINUX"})
    assert node.outputs["userName"] == "system:node:{{EC2PrivateDNSName}}"
    addon = estate.cloud.create("aws:eks/addon:Addon", "cni", {"clusterName": cluster, "addonName": "vpc-cni"})
    whose = f"arn:aws:eks:us-east-1:{ACCOUNT}:addon/{cluster}/vpc-cni/"
    assert re.fullmatch(re.escape(whose) + UUID, addon.outputs["arn"])
