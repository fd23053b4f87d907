"""Clusters, networks and stacks of a whole environment, and the order between them."""

import collections
import ipaddress
import json

import pytest

from gpucloud import AwsNetwork, EnvironmentSpec, GpuEnvironment, GpuStack, GpuStackSpec, NetworkSpec
from gpucloud.plan import plan_document
from gpucloud.spec.loading import read_document
from tests.components.recorder import record
from tests.components.test_declarations import DOCUMENT, environment_spec
from tests.components.test_goldens import declared

ADMIN = "arn:aws:iam::123456789012:role/platform-admin"


@pytest.fixture(scope="module")
def found():
    return declared("p5-efa-three-zones")


def test_a_pull_secret_is_in_every_namespace_that_pulls_and_secret_in_the_state():
    spec = GpuStackSpec(pull_secret="nvcr")
    pools = plan_document(read_document(str(DOCUMENT))).clusters[0].node_pools
    configuration = '{"auths": {}}'
    found = record(lambda: GpuStack("it", spec, pools, pull_secrets={"nvcr": configuration}) and None)
    secrets = found.of_type("core/v1:Secret")
    assert [entry.inputs["metadata"]["namespace"] for entry in secrets] == ["gpu-operator", "kube-system"]
    assert {entry.inputs["type"] for entry in secrets} == {"kubernetes.io/dockerconfigjson"}
    release = found.one("Release", "it-gpu-operator")
    assert release.inputs["values"]["operator"]["imagePullSecrets"] == ["nvcr"]


# --- network ---


def test_every_zone_has_a_private_and_a_public_subnet_that_do_not_overlap(found):
    subnets = found.of_type("Subnet")
    zones = collections.Counter(subnet.inputs["availabilityZone"] for subnet in subnets)
    assert zones == {"us-east-1a": 2, "us-east-1b": 2, "us-east-1c": 2}
    ranges = [ipaddress.ip_network(subnet.inputs["cidrBlock"]) for subnet in subnets]
    assert not [(a, b) for a in ranges for b in ranges if a is not b and a.overlaps(b)]
    whole = ipaddress.ip_network(found.one("Vpc").inputs["cidrBlock"])
    assert all(part.subnet_of(whole) for part in ranges)


def test_nodes_leave_by_the_nat_gateway_of_their_own_zone(found):
    for zone in "abc":
        name = f"prod-train-private-us-east-1{zone}"
        assert found.one("route:Route", name).inputs["natGatewayId"] == f"<prod-train-us-east-1{zone}.id>"
        assert found.one("NatGateway", f"prod-train-us-east-1{zone}").inputs["subnetId"] == (
            f"<prod-train-public-us-east-1{zone}.id>"
        )


def test_a_single_nat_gateway_serves_all_zones():
    network = NetworkSpec(nat="single", zones=("us-west-2a", "us-west-2b"))
    found = record(lambda: AwsNetwork("net", network, "us-west-2") and None)
    assert len(found.of_type("NatGateway")) == len(found.of_type("Eip")) == 1
    routes = [route.inputs["natGatewayId"] for route in found.of_type("route:Route") if "private" in route.name]
    assert routes == ["<net-us-west-2a.id>"] * 2


def test_every_subnet_has_its_route_table_and_s3_passes_no_nat(found):
    associated = {entry.inputs["subnetId"] for entry in found.of_type("RouteTableAssociation")}
    assert associated == {f"<{subnet.name}.id>" for subnet in found.of_type("Subnet")}
    endpoint = found.one("VpcEndpoint").inputs
    assert endpoint["serviceName"] == "com.amazonaws.us-east-1.s3"
    assert len(endpoint["routeTableIds"]) == 3


# --- cluster ---


def test_the_control_plane_is_logged_encrypted_and_open_to_entries_alone(found):
    cluster = found.one("eks/cluster:Cluster").inputs
    assert cluster["accessConfig"]["authenticationMode"] == "API"
    assert len(cluster["enabledClusterLogTypes"]) == 5
    assert cluster["encryptionConfig"] == {"provider": {"keyArn": "<prod-train.arn>"}, "resources": ["secrets"]}
    assert cluster["vpcConfig"]["endpointPrivateAccess"]
    assert cluster["vpcConfig"]["publicAccessCidrs"] == ["203.0.113.0/24"]
    assert found.one("kms/key:Key").inputs["enableKeyRotation"]
    assert found.one("LogGroup").inputs["name"] == "/aws/eks/prod-train/cluster"


def test_a_private_control_plane_has_no_public_range():
    cluster = declared("small-spot-pool").one("eks/cluster:Cluster").inputs
    assert not cluster["vpcConfig"]["endpointPublicAccess"]
    assert "publicAccessCidrs" not in cluster["vpcConfig"]


def test_the_cluster_waits_for_its_log_group_and_its_roles_policies(found):
    kinds = {entry.partition("::")[0] for entry in found.one("eks/cluster:Cluster").dependencies}
    assert "aws:cloudwatch/logGroup:LogGroup" in kinds
    assert "aws:iam/rolePolicyAttachment:RolePolicyAttachment" in kinds


def test_each_administrator_has_an_entry_and_its_policy(found):
    assert found.one("AccessEntry").inputs["principalArn"] == ADMIN
    association = found.one("AccessPolicyAssociation").inputs
    assert association["principalArn"] == ADMIN
    assert association["policyArn"] == "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"
    assert association["accessScope"] == {"type": "cluster"}


def test_administrators_that_end_alike_are_told_apart():
    text = environment_spec().model_dump()
    text["clusters"][0]["access"]["admins"] = [
        "arn:aws:iam::123456789012:role/ops/admin",
        "arn:aws:iam::123456789012:role/dev/admin",
        "arn:aws:iam::123456789012:user/admin",
    ]
    found = record(lambda: GpuEnvironment("prod", EnvironmentSpec.model_validate(text)) and None)
    assert len(found.of_type("AccessEntry")) == 3


def test_system_nodes_wait_for_network_and_identity_and_storage_waits_for_them(found):
    nodes = "aws:eks/nodeGroup:NodeGroup::prod-train-system"
    before = {f"aws:eks/addon:Addon::prod-train-{name}" for name in ("eks-pod-identity-agent", "kube-proxy", "vpc-cni")}
    assert before <= set(found.one("NodeGroup", "prod-train-system").dependencies)
    for name in ("aws-ebs-csi-driver", "coredns"):
        assert nodes in found.one("Addon", f"prod-train-{name}").dependencies


def test_only_storage_has_an_identity_of_its_own(found):
    with_identity = [addon.name for addon in found.of_type("Addon") if "podIdentityAssociations" in addon.inputs]
    assert with_identity == ["prod-train-aws-ebs-csi-driver"]
    trust = json.loads(found.one("Role", "prod-train-ebs-csi").inputs["assumeRolePolicy"])
    assert trust["Statement"][0]["Action"] == ["sts:AssumeRole", "sts:TagSession"]


def test_system_nodes_stand_in_every_zone_on_encrypted_disks(found):
    group = found.one("NodeGroup", "prod-train-system").inputs
    assert len(group["subnetIds"]) == 3
    template = found.one("LaunchTemplate", "prod-train-system").inputs
    assert template["metadataOptions"]["httpTokens"] == "required"
    assert template["blockDeviceMappings"][0]["ebs"]["encrypted"] == "true"


def test_arm_system_nodes_boot_the_arm_image():
    group = declared("two-clusters-two-regions").one("NodeGroup", "pair-east-system").inputs
    assert group["amiType"] == "AL2023_ARM_64_STANDARD"


# --- pools and stack ---


def test_pools_and_operators_wait_for_the_system_nodes(found):
    nodes = "aws:eks/nodeGroup:NodeGroup::prod-train-system"
    groups = [group for group in found.of_type("NodeGroup") if group.name != "prod-train-system"]
    operators = [*found.of_type("Namespace"), *found.of_type("Release")]
    assert groups
    assert operators
    assert all(nodes in entry.dependencies for entry in (*groups, *operators))
    # A component that waits for what failed ends the program, and with it the other clusters.
    components = ("AwsCluster", "AwsGpuNodePool", "GpuStack")
    assert [name for name in components if found.one(name).dependencies] == []


def test_the_operator_is_released_through_the_clusters_own_provider(found):
    provider = found.one("providers:kubernetes").inputs["kubeconfig"]
    user = json.loads(provider)["users"][0]["user"]
    assert user["exec"]["args"] == ["eks", "get-token", "--cluster-name", "prod-train", "--region", "us-east-1"]
    for release in found.of_type("helm.sh/v3:Release"):
        assert release.provider == "pulumi:providers:kubernetes::prod-train"


def test_releases_have_their_namespace_a_pinned_version_and_do_not_wait_for_pods(found):
    operator = found.one("helm.sh/v3:Release", "prod-train-gpu-operator")
    assert "kubernetes:core/v1:Namespace::prod-train-gpu-operator" in operator.dependencies
