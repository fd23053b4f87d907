"""Each rule over inputs alone: one case that passes, one that fails."""

import base64

import pytest

from gpucloud.sim.values import UNKNOWN
from tests.sim.servicer import CLUSTER, GROUP, ROLE, SUBNET, TEMPLATE, VPC

NAT, ROUTE = "aws:ec2/natGateway:NatGateway", "aws:ec2/route:Route"
RESERVATION = "aws:ec2/capacityReservation:CapacityReservation"
ENTRY, ADDON = "aws:eks/accessEntry:AccessEntry", "aws:eks/addon:Addon"
POLICY = "aws:eks/accessPolicyAssociation:AccessPolicyAssociation"

GROUP_INPUTS = {
    "clusterName": "c",
    "nodeRoleArn": "arn:aws:iam::123456789012:role/nodes",
    "subnetIds": ["subnet-1"],
    "scalingConfig": {"minSize": 0, "desiredSize": 1, "maxSize": 2},
}
CLUSTER_INPUTS = {"roleArn": "arn:aws:iam::123456789012:role/c", "vpcConfig": {"subnetIds": ["subnet-1"]}}
RESERVATION_INPUTS = {
    "availabilityZone": "us-east-1a",
    "instanceCount": 1,
    "instancePlatform": "Linux/UNIX",
    "instanceType": "p5.48xlarge",
}
POLICY_INPUTS = {"clusterName": "c", "principalArn": "arn:aws:iam::123456789012:role/a", "policyArn": "arn:p"}


def group(**changes):
    return {**GROUP_INPUTS, **changes}


def cluster(**changes):
    return {**CLUSTER_INPUTS, **changes}


def sizes(low, wanted, high):
    return group(scalingConfig={"minSize": low, "desiredSize": wanted, "maxSize": high})


def nics(*items, machine="p5.48xlarge"):
    return {"instanceType": machine, "networkInterfaces": list(items)}


def card(index, device=0, kind="interface", **more):
    return {"networkCardIndex": index, "deviceIndex": device, "interfaceType": kind, **more}


def user_data(text):
    return {"userData": base64.b64encode(text.encode()).decode()}


def mime(kind, body, boundary="//"):
    head = f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n'
    return f"{head}--//\nContent-Type: {kind}\n\n{body}\n--//--\n"


NODE_CONFIG = "apiVersion: node.eks.aws/v1alpha1\nkind: NodeConfig\nspec: {}"
GP3 = {"deviceName": "/dev/xvda", "ebs": {"volumeType": "gp3", "volumeSize": 200, "throughput": 600}}


def volume(**ebs):
    return {"blockDeviceMappings": [{**GP3, "ebs": {**GP3["ebs"], **ebs}}]}


# token, inputs that pass, inputs that fail, path and part of the reason of the failure
CASES = {
    "vpc without block": (VPC, {"cidrBlock": "10.0.0.0/16"}, {}, "cidrBlock", "MissingParameter"),
    "block too large": (
        VPC,
        {"cidrBlock": "10.0.0.0/16"},
        {"cidrBlock": "10.0.0.0/15"},
        "cidrBlock",
        "InvalidVpc.Range",
    ),
    "block with host bits": (
        SUBNET,
        {"vpcId": "v", "cidrBlock": "10.0.0.0/24"},
        {"vpcId": "v", "cidrBlock": "10.0.0.1/24"},
        "cidrBlock",
        "host bits",
    ),
    "zone twice": (
        SUBNET,
        {"vpcId": "v", "availabilityZone": "us-east-1a"},
        {"vpcId": "v", "availabilityZone": "us-east-1a", "availabilityZoneId": "use1-az1"},
        "availabilityZoneId",
        "conflicts with availabilityZone",
    ),
    "nat without address": (
        NAT,
        {"subnetId": "s", "allocationId": "e"},
        {"subnetId": "s"},
        "allocationId",
        "AllocationId",
    ),
    "private nat with address": (
        NAT,
        {"subnetId": "s", "connectivityType": "private"},
        {"subnetId": "s", "connectivityType": "private", "allocationId": "e"},
        "allocationId",
        "is not supported",
    ),
    "route without target": (
        ROUTE,
        {"routeTableId": "r", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"},
        {"routeTableId": "r", "destinationCidrBlock": "0.0.0.0/0"},
        "carrierGatewayId",
        "exactly one of",
    ),
    "tag key reserved": (
        VPC,
        {"cidrBlock": "10.0.0.0/16", "tags": {"a": "b"}},
        {"cidrBlock": "10.0.0.0/16", "tags": {"aws:a": "b"}},
        "tags.aws:a",
        "reserved",
    ),
    "too many tags": (
        VPC,
        {"cidrBlock": "10.0.0.0/16", "tags": {f"k{i}": "v" for i in range(50)}},
        {"cidrBlock": "10.0.0.0/16", "tags": {f"k{i}": "v" for i in range(51)}},
        "tags",
        "51 tags, at most 50",
    ),
    "tag key too long": (
        VPC,
        {"cidrBlock": "10.0.0.0/16", "tags": {"k" * 128: "v"}},
        {"cidrBlock": "10.0.0.0/16", "tags": {"k" * 129: "v"}},
        "tags." + "k" * 129,
        "129 characters",
    ),
    "tag value too long": (
        VPC,
        {"cidrBlock": "10.0.0.0/16", "tags": {"k": "v" * 256}},
        {"cidrBlock": "10.0.0.0/16", "tags": {"k": "v" * 257}},
        "tags.k",
        "257 characters",
    ),
    "role name pattern": (
        ROLE,
        {"assumeRolePolicy": "{}", "name": "a_b"},
        {"assumeRolePolicy": "{}", "name": "a b"},
        "name",
        "does not match",
    ),
    "role name length": (
        ROLE,
        {"assumeRolePolicy": "{}", "name": "a" * 64},
        {"assumeRolePolicy": "{}", "name": "a" * 65},
        "name",
        "at most 64",
    ),
    "market type": (
        TEMPLATE,
        {"instanceMarketOptions": {"marketType": "capacity-block"}},
        {"instanceMarketOptions": {"marketType": "reserved"}},
        "instanceMarketOptions.marketType",
        "is none of spot, capacity-block",
    ),
    "machine type": (
        TEMPLATE,
        {"instanceType": "p5.48xlarge"},
        {"instanceType": "p5.49xlarge"},
        "instanceType",
        "InvalidInstanceType",
    ),
    "type beside requirements": (
        TEMPLATE,
        {"instanceRequirements": {"memoryMib": {"min": 1}, "vcpuCount": {"min": 1}}},
        {"instanceType": "m5.large", "instanceRequirements": {"memoryMib": {"min": 1}, "vcpuCount": {"min": 1}}},
        "instanceRequirements",
        "conflicts with instanceType",
    ),
    "spot with reservation": (
        TEMPLATE,
        {"capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-1"}}},
        {
            "instanceMarketOptions": {"marketType": "spot"},
            "capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-1"}},
        },
        "capacityReservationSpecification.capacityReservationTarget",
        "Spot Instances",
    ),
    "two reservation targets": (
        TEMPLATE,
        {"capacityReservationSpecification": {"capacityReservationTarget": {"capacityReservationId": "cr-1"}}},
        {
            "capacityReservationSpecification": {
                "capacityReservationTarget": {
                    "capacityReservationId": "cr-1",
                    "capacityReservationResourceGroupArn": "arn:g",
                }
            }
        },
        "capacityReservationSpecification.capacityReservationTarget",
        "not both",
    ),
    "gp3 throughput": (
        TEMPLATE,
        volume(),
        volume(throughput=100),
        "blockDeviceMappings[0].ebs.throughput",
        "between 125 and 2000",
    ),
    "volume size": (
        TEMPLATE,
        volume(volumeType="st1", throughput=None, volumeSize=125),
        volume(volumeType="st1", throughput=None, volumeSize=124),
        "blockDeviceMappings[0].ebs.volumeSize",
        "124 is not between 125 and 16384 for st1",
    ),
    "volume iops": (
        TEMPLATE,
        volume(iops=80_000),
        volume(iops=80_001),
        "blockDeviceMappings[0].ebs.iops",
        "between 3000 and 80000",
    ),
    "throughput of gp2": (
        TEMPLATE,
        volume(volumeType="gp2", throughput=None),
        volume(volumeType="gp2"),
        "blockDeviceMappings[0].ebs.throughput",
        "not supported for gp2",
    ),
    "iops per GiB": (
        TEMPLATE,
        volume(volumeSize=8, iops=4_000),
        volume(volumeSize=8, iops=4_001),
        "blockDeviceMappings[0].ebs.iops",
        "maximum is 500 iops per GiB",
    ),
    "throughput per iops": (
        TEMPLATE,
        volume(throughput=750),
        volume(throughput=1_000),
        "blockDeviceMappings[0].ebs.throughput",
        "iops ratio of 0.333333 is too high; maximum is 0.250000",
    ),
    "groups beside interfaces": (
        TEMPLATE,
        nics(card(0, securityGroups=["sg-1"])),
        {**nics(card(0)), "vpcSecurityGroupIds": ["sg-1"]},
        "vpcSecurityGroupIds",
        "InvalidParameterCombination",
    ),
    "interface type": (
        TEMPLATE,
        nics(card(0, kind="efa")),
        nics(card(0, kind="eni")),
        "networkInterfaces[0].interfaceType",
        "Invalid value 'eni'",
    ),
    "public address on several": (
        TEMPLATE,
        nics(card(0, associatePublicIpAddress="true")),
        nics(card(0, associatePublicIpAddress="true"), card(1, 1, "efa-only")),
        "networkInterfaces[0].associatePublicIpAddress",
        "multiple network interfaces",
    ),
    "primary efa-only": (
        TEMPLATE,
        nics(card(0), card(1, 0, "efa-only")),
        nics(card(0, 0, "efa-only")),
        "networkInterfaces[0].interfaceType",
        "primary network interface cannot be efa-only",
    ),
    "place taken": (
        TEMPLATE,
        nics(card(0), card(0, 1, "efa-only")),
        nics(card(0), card(0)),
        "networkInterfaces[1]",
        "two interfaces",
    ),
    "card beyond machine": (
        TEMPLATE,
        nics(card(0), card(31, 1, "efa-only")),
        nics(card(0), card(32, 1, "efa-only")),
        "networkInterfaces[1].networkCardIndex",
        "has 32 network cards (0 to 31)",
    ),
    "efa on an ena card": (
        TEMPLATE,
        nics(card(0), card(1, 1, "efa-only"), machine="p6-b300.48xlarge"),
        nics(card(0, 0, "efa"), machine="p6-b300.48xlarge"),
        "networkInterfaces[0].interfaceType",
        "not supported on network card 0 of p6-b300.48xlarge",
    ),
    "efa on a machine without": (
        TEMPLATE,
        nics(card(0), machine="g6.xlarge"),
        nics(card(0, 0, "efa"), machine="g6.xlarge"),
        "networkInterfaces[0].interfaceType",
        "Unsupported",
    ),
    "user data base64": (TEMPLATE, user_data("x"), {"userData": "not base64!"}, "userData", "Invalid BASE64"),
    "user data size": (
        TEMPLATE,
        user_data("x" * 16_384),
        user_data("x" * 16_385),
        "userData",
        "limited to 16384 bytes",
    ),
    "node config version": (
        TEMPLATE,
        user_data(mime("application/node.eks.aws", NODE_CONFIG)),
        user_data(mime("application/node.eks.aws", NODE_CONFIG.replace("v1alpha1", "v1"))),
        "userData",
        "apiVersion must be node.eks.aws/v1alpha1",
    ),
    "node config yaml": (
        TEMPLATE,
        user_data(mime("application/node.eks.aws", NODE_CONFIG)),
        user_data(mime("application/node.eks.aws", "a: [b")),
        "userData",
        "not YAML",
    ),
    "mime boundary": (
        TEMPLATE,
        user_data(mime("text/x-shellscript", "true")),
        user_data(mime("text/x-shellscript", "true", boundary="==")),
        "userData",
        "check the boundary",
    ),
    "reservation machine type": (
        RESERVATION,
        RESERVATION_INPUTS,
        {**RESERVATION_INPUTS, "instanceType": "p9.large"},
        "instanceType",
        "do not exist",
    ),
    "reservation count": (
        RESERVATION,
        RESERVATION_INPUTS,
        {**RESERVATION_INPUTS, "instanceCount": 0},
        "instanceCount",
        "less than 1",
    ),
    "reservation end date": (
        RESERVATION,
        {**RESERVATION_INPUTS, "endDateType": "limited", "endDate": "2027-01-01T00:00:00Z"},
        {**RESERVATION_INPUTS, "endDateType": "limited"},
        "endDate",
        "goes with endDateType limited",
    ),
    "cluster name": (CLUSTER, cluster(name="a-b"), cluster(name="-a"), "name", "does not match"),
    "cluster endpoint": (
        CLUSTER,
        cluster(vpcConfig={"subnetIds": ["s"], "endpointPublicAccess": False, "endpointPrivateAccess": True}),
        cluster(vpcConfig={"subnetIds": ["s"], "endpointPublicAccess": False}),
        "vpcConfig",
        "cannot be false",
    ),
    "cluster version": (
        CLUSTER,
        cluster(version="1.34"),
        cluster(version="v1.34"),
        "version",
        "unsupported Kubernetes version",
    ),
    "authentication mode": (
        CLUSTER,
        cluster(accessConfig={"authenticationMode": "API"}),
        cluster(accessConfig={"authenticationMode": "IAM"}),
        "accessConfig.authenticationMode",
        "is none of API",
    ),
    "log types": (
        CLUSTER,
        cluster(enabledClusterLogTypes=["api"]),
        cluster(enabledClusterLogTypes=["api", "kubelet"]),
        "enabledClusterLogTypes[1]",
        "'kubelet' is none of api",
    ),
    "add-on values": (
        ADDON,
        {"clusterName": "c", "addonName": "vpc-cni", "configurationValues": "{}"},
        {"clusterName": "c", "addonName": "vpc-cni", "configurationValues": "a: b"},
        "configurationValues",
        "not JSON",
    ),
    "add-on preserve": (
        ADDON,
        {"clusterName": "c", "addonName": "vpc-cni", "resolveConflictsOnCreate": "OVERWRITE"},
        {"clusterName": "c", "addonName": "vpc-cni", "resolveConflictsOnCreate": "PRESERVE"},
        "resolveConflictsOnCreate",
        "not supported on create",
    ),
    "entry type": (
        ENTRY,
        {"clusterName": "c", "principalArn": "arn:x", "type": "EC2_LINUX"},
        {"clusterName": "c", "principalArn": "arn:x", "type": "LINUX"},
        "type",
        "'LINUX' is none of",
    ),
    "entry groups": (
        ENTRY,
        {"clusterName": "c", "principalArn": "arn:x", "kubernetesGroups": ["g"]},
        {"clusterName": "c", "principalArn": "arn:x", "type": "EC2_LINUX", "kubernetesGroups": ["g"]},
        "kubernetesGroups",
        "cannot be specified for type EC2_LINUX",
    ),
    "entry user name": (
        ENTRY,
        {"clusterName": "c", "principalArn": "arn:x", "userName": "viewer"},
        {"clusterName": "c", "principalArn": "arn:x", "userName": "system:masters"},
        "userName",
        "starts with one of system:",
    ),
    "entry of a service": (
        ENTRY,
        {"clusterName": "c", "principalArn": "arn:aws:iam::1:role/r"},
        {"clusterName": "c", "principalArn": "arn:aws:iam::1:role/aws-service-role/eks.amazonaws.com/r"},
        "principalArn",
        "is a service-linked role",
    ),
    "scope without namespaces": (
        POLICY,
        {**POLICY_INPUTS, "accessScope": {"type": "namespace", "namespaces": ["a"]}},
        {**POLICY_INPUTS, "accessScope": {"type": "namespace"}},
        "accessScope.namespaces",
        "are needed",
    ),
    "scaling low over high": (GROUP, sizes(0, 1, 2), sizes(3, 3, 2), "scalingConfig.minSize", "can't be greater"),
    "scaling desired under low": (
        GROUP,
        sizes(1, 1, 2),
        sizes(2, 1, 2),
        "scalingConfig.desiredSize",
        "Minimum capacity 2",
    ),
    "scaling desired over high": (
        GROUP,
        sizes(0, 2, 2),
        sizes(0, 3, 2),
        "scalingConfig.desiredSize",
        "desired capacity 3",
    ),
    "scaling of none": (GROUP, sizes(0, 0, 1), sizes(0, 0, 0), "scalingConfig.maxSize", "0 is less than 1"),
    "capacity type": (
        GROUP,
        group(capacityType="SPOT"),
        group(capacityType="spot"),
        "capacityType",
        "is none of ON_DEMAND",
    ),
    "ami type": (GROUP, group(amiType="AL2023_x86_64_NVIDIA"), group(amiType="AL2023"), "amiType", "is none of"),
    "taint effect": (
        GROUP,
        group(taints=[{"key": "nvidia.com/gpu", "effect": "NO_SCHEDULE"}]),
        group(taints=[{"key": "nvidia.com/gpu", "effect": "NoSchedule"}]),
        "taints[0].effect",
        "is none of NO_SCHEDULE",
    ),
    "taints": (
        GROUP,
        group(taints=[{"key": f"k{i}", "effect": "NO_SCHEDULE"} for i in range(50)]),
        group(taints=[{"key": f"k{i}", "effect": "NO_SCHEDULE"} for i in range(51)]),
        "taints",
        "51 taints, at most 50",
    ),
    "taint twice": (
        GROUP,
        group(taints=[{"key": "k", "effect": "NO_SCHEDULE"}, {"key": "k", "effect": "NO_EXECUTE"}]),
        group(taints=[{"key": "k", "effect": "NO_SCHEDULE"}, {"key": "k", "effect": "NO_SCHEDULE", "value": "v"}]),
        "taints[1]",
        "Duplicate taint key k",
    ),
    "label length": (
        GROUP,
        group(labels={"k": "v" * 63}),
        group(labels={"k": "v" * 64}),
        "labels.k",
        "has 64 characters, at most 63",
    ),
    "label reserved": (
        GROUP,
        group(labels={"a/b": "c"}),
        group(labels={"eks.amazonaws.com/x": "c"}),
        "labels.eks.amazonaws.com/x",
        "reserved",
    ),
    "group name length": (
        GROUP,
        group(nodeGroupName="a" * 63),
        group(nodeGroupName="a" * 64),
        "nodeGroupName",
        "64 characters, at most 63",
    ),
    "group name letters": (
        GROUP,
        group(nodeGroupName="a-b"),
        group(nodeGroupName="a.b"),
        "nodeGroupName",
        "letters, digits",
    ),
    "group machine type": (
        GROUP,
        group(instanceTypes=["p5.48xlarge"]),
        group(instanceTypes=["p5.48xlarge", "p5"]),
        "instanceTypes[1]",
        "[p5]",
    ),
    "group machine types": (
        GROUP,
        group(instanceTypes=["m5.large"] * 20),
        group(instanceTypes=["m5.large"] * 21),
        "instanceTypes",
        "at most 20",
    ),
    "architecture": (
        GROUP,
        group(amiType="AL2023_x86_64_NVIDIA", instanceTypes=["p5.48xlarge"]),
        group(amiType="AL2023_ARM_64_NVIDIA", instanceTypes=["p5.48xlarge"]),
        "instanceTypes[0]",
        "not a valid instance type for requested amiType",
    ),
    "disk beside template": (
        GROUP,
        group(launchTemplate={"id": "lt-1", "version": "1"}),
        group(launchTemplate={"id": "lt-1", "version": "1"}, diskSize=100),
        "diskSize",
        "within the launch template",
    ),
    "remote access beside template": (
        GROUP,
        group(remoteAccess={"ec2SshKey": "k"}),
        group(remoteAccess={"ec2SshKey": "k"}, launchTemplate={"id": "lt-1", "version": "1"}),
        "remoteAccess",
        "with a launch template",
    ),
    "template twice": (
        GROUP,
        group(launchTemplate={"name": "lt", "version": "1"}),
        group(launchTemplate={"name": "lt", "id": "lt-1", "version": "1"}),
        "launchTemplate",
        "Either provide launch template ID or",
    ),
    "update limits": (
        GROUP,
        group(updateConfig={"maxUnavailable": 1}),
        group(updateConfig={"maxUnavailable": 1, "maxUnavailablePercentage": 10}),
        "updateConfig",
        "exactly one of",
    ),
    "capacity block without template": (
        GROUP,
        group(capacityType="CAPACITY_BLOCK", launchTemplate={"id": "lt-1", "version": "1"}),
        group(capacityType="CAPACITY_BLOCK"),
        "launchTemplate",
        "needs a launch template",
    ),
    "capacity block with types": (
        GROUP,
        group(capacityType="CAPACITY_BLOCK", launchTemplate={"id": "lt-1", "version": "1"}),
        group(
            capacityType="CAPACITY_BLOCK", launchTemplate={"id": "lt-1", "version": "1"}, instanceTypes=["p5.48xlarge"]
        ),
        "instanceTypes",
        "from the launch template",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_right_passes(cloud, case):
    token, good, _, _, _ = CASES[case]
    assert cloud.problems(token, good) == []


@pytest.mark.parametrize("case", CASES)
def test_what_is_wrong_is_named(cloud, case):
    token, _, bad, path, reason = CASES[case]
    problems = cloud.problems(token, bad)
    assert [found for found, _ in problems] == [path]
    assert reason in problems[0][1]


@pytest.mark.parametrize("token", sorted({case[0] for case in CASES.values()}))
def test_what_is_unknown_is_judged_later(cloud, token):
    required = cloud.providers["aws"]._schemas.get(token).required
    inputs = {**dict.fromkeys(required, UNKNOWN), "tags": UNKNOWN}
    if token == VPC:
        inputs["cidrBlock"] = UNKNOWN
    if token == NAT:
        inputs["allocationId"] = UNKNOWN
    if token == ROUTE:
        inputs |= {"destinationCidrBlock": UNKNOWN, "natGatewayId": UNKNOWN}
    tagged = "tags" in cloud.providers["aws"]._schemas.get(token).inputs
    assert cloud.problems(token, inputs if tagged else {k: v for k, v in inputs.items() if k != "tags"}) == []


def test_every_problem_is_told_at_once(cloud):
    bad = group(capacityType="spot", amiType="x", nodeGroupName="a" * 70, instanceTypes=["p5"])
    assert {path for path, _ in cloud.problems(GROUP, bad)} == {
        "amiType",
        "capacityType",
        "nodeGroupName",
        "instanceTypes[0]",
    }
