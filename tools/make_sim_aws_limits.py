"""Write gpucloud/sim/aws/limits.csv: what Amazon's own service models say of the inputs that the local cloud judges.

Run with `.venv/bin/python tools/make_sim_aws_limits.py`; source: the service models inside botocore.
"""

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import botocore
import botocore.session

_TARGET = Path(__file__).parent.parent / "gpucloud/sim/aws/limits.csv"
_TEMPLATE = "LaunchTemplateData"
_TAGS = {"tags{key}": "tags{key}", "tags{value}": "tags{value}"}

# Pulumi's type and path -> service, operation and path in its input. [] is a list's item, {key} and {value} are a
# map's.
_INPUTS: dict[str, tuple[str, str, dict[str, str]]] = {
    "aws:autoscaling/tag:Tag": (
        "autoscaling",
        "CreateOrUpdateTags",
        {"tag.key": "Tags[].Key", "tag.value": "Tags[].Value"},
    ),
    "aws:cloudwatch/logGroup:LogGroup": (
        "logs",
        "CreateLogGroup",
        {"name": "logGroupName", "logGroupClass": "logGroupClass", "kmsKeyId": "kmsKeyId"},
    ),
    "aws:ec2/capacityReservation:CapacityReservation": (
        "ec2",
        "CreateCapacityReservation",
        {
            "endDateType": "EndDateType",
            "instanceMatchCriteria": "InstanceMatchCriteria",
            "instancePlatform": "InstancePlatform",
            "tenancy": "Tenancy",
        },
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        "ec2",
        "CreateLaunchTemplate",
        {
            "name": "LaunchTemplateName",
            "description": "VersionDescription",
            "blockDeviceMappings[].ebs.volumeType": f"{_TEMPLATE}.BlockDeviceMappings[].Ebs.VolumeType",
            "capacityReservationSpecification.capacityReservationPreference": (
                f"{_TEMPLATE}.CapacityReservationSpecification.CapacityReservationPreference"
            ),
            "instanceInitiatedShutdownBehavior": f"{_TEMPLATE}.InstanceInitiatedShutdownBehavior",
            "instanceMarketOptions.marketType": f"{_TEMPLATE}.InstanceMarketOptions.MarketType",
            "metadataOptions.httpEndpoint": f"{_TEMPLATE}.MetadataOptions.HttpEndpoint",
            "metadataOptions.httpTokens": f"{_TEMPLATE}.MetadataOptions.HttpTokens",
            "metadataOptions.instanceMetadataTags": f"{_TEMPLATE}.MetadataOptions.InstanceMetadataTags",
            "placement.tenancy": f"{_TEMPLATE}.Placement.Tenancy",
            "tagSpecifications[].resourceType": f"{_TEMPLATE}.TagSpecifications[].ResourceType",
        },
    ),
    "aws:ec2/natGateway:NatGateway": ("ec2", "CreateNatGateway", {"connectivityType": "ConnectivityType"}),
    "aws:ec2/placementGroup:PlacementGroup": (
        "ec2",
        "CreatePlacementGroup",
        {"spreadLevel": "SpreadLevel", "strategy": "Strategy"},
    ),
    "aws:ec2/vpc:Vpc": ("ec2", "CreateVpc", {"instanceTenancy": "InstanceTenancy"}),
    "aws:ec2/vpcEndpoint:VpcEndpoint": (
        "ec2",
        "CreateVpcEndpoint",
        {"ipAddressType": "IpAddressType", "vpcEndpointType": "VpcEndpointType"},
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (
        "ecr",
        "CreatePullThroughCacheRule",
        {
            "credentialArn": "credentialArn",
            "customRoleArn": "customRoleArn",
            "ecrRepositoryPrefix": "ecrRepositoryPrefix",
            "upstreamRepositoryPrefix": "upstreamRepositoryPrefix",
        },
    ),
    "aws:eks/accessEntry:AccessEntry": ("eks", "CreateAccessEntry", _TAGS),
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": (
        "eks",
        "AssociateAccessPolicy",
        {"accessScope.type": "accessScope.type"},
    ),
    "aws:eks/addon:Addon": (
        "eks",
        "CreateAddon",
        {
            "clusterName": "clusterName",
            "resolveConflictsOnCreate": "resolveConflicts",
            "resolveConflictsOnUpdate": "resolveConflicts",
            "serviceAccountRoleArn": "serviceAccountRoleArn",
            **_TAGS,
        },
    ),
    "aws:eks/cluster:Cluster": (
        "eks",
        "CreateCluster",
        {
            "accessConfig.authenticationMode": "accessConfig.authenticationMode",
            "controlPlaneScalingConfig.tier": "controlPlaneScalingConfig.tier",
            "enabledClusterLogTypes[]": "logging.clusterLogging[].types[]",
            "kubernetesNetworkConfig.ipFamily": "kubernetesNetworkConfig.ipFamily",
            "name": "name",
            "upgradePolicy.supportType": "upgradePolicy.supportType",
            **_TAGS,
        },
    ),
    "aws:eks/nodeGroup:NodeGroup": (
        "eks",
        "CreateNodegroup",
        {
            "amiType": "amiType",
            "capacityType": "capacityType",
            "labels{key}": "labels{key}",
            "labels{value}": "labels{value}",
            "scalingConfig.desiredSize": "scalingConfig.desiredSize",
            "scalingConfig.maxSize": "scalingConfig.maxSize",
            "scalingConfig.minSize": "scalingConfig.minSize",
            "taints[].effect": "taints[].effect",
            "taints[].key": "taints[].key",
            "taints[].value": "taints[].value",
            "updateConfig.maxUnavailable": "updateConfig.maxUnavailable",
            "updateConfig.maxUnavailablePercentage": "updateConfig.maxUnavailablePercentage",
            "updateConfig.updateStrategy": "updateConfig.updateStrategy",
            "warmPoolConfig.minSize": "warmPoolConfig.minSize",
            "warmPoolConfig.poolState": "warmPoolConfig.poolState",
            **_TAGS,
        },
    ),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": ("eks", "CreatePodIdentityAssociation", _TAGS),
    "aws:iam/instanceProfile:InstanceProfile": (
        "iam",
        "CreateInstanceProfile",
        {"name": "InstanceProfileName", "path": "Path"},
    ),
    "aws:iam/role:Role": (
        "iam",
        "CreateRole",
        {
            "assumeRolePolicy": "AssumeRolePolicyDocument",
            "description": "Description",
            "maxSessionDuration": "MaxSessionDuration",
            "name": "RoleName",
            "path": "Path",
        },
    ),
    "aws:iam/rolePolicy:RolePolicy": (
        "iam",
        "PutRolePolicy",
        {"name": "PolicyName", "policy": "PolicyDocument", "role": "RoleName"},
    ),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": ("iam", "AttachRolePolicy", {"policyArn": "PolicyArn"}),
    "aws:kms/alias:Alias": ("kms", "CreateAlias", {"name": "AliasName", "targetKeyId": "TargetKeyId"}),
    "aws:kms/key:Key": (
        "kms",
        "CreateKey",
        {"customerMasterKeySpec": "KeySpec", "description": "Description", "keyUsage": "KeyUsage"},
    ),
}


def _find_shape(shape: Any, path: str) -> Any:
    for part in path.replace("[]", ".[]").replace("{", ".{").split("."):
        if part == "[]":
            shape = shape.member
        elif part == "{key}":
            shape = shape.key
        elif part == "{value}":
            shape = shape.value
        else:
            shape = shape.members[part]
    return shape


def _is_readable(pattern: str) -> bool:
    """Say whether Python reads a pattern as Amazon means it; those that spell out surrogate pairs it does not."""
    try:
        re.compile(pattern)
    except re.error:
        return False
    return True


def _limits(shape: Any) -> Iterator[tuple[str, str]]:
    size = {"string": ("min_length", "max_length"), "list": ("min_items", "max_items")}
    low, high = size.get(shape.type_name, ("min", "max"))
    names = {"enum": "enum", "pattern": "pattern", "min": low, "max": high}
    for name, limit in names.items():
        value = shape.metadata.get(name)
        if value not in (None, []) and (name != "pattern" or _is_readable(value)):
            yield limit, "|".join(value) if name == "enum" else str(value)


def main() -> int:
    """Write the table and say how many rows it has."""
    session = botocore.session.get_session()
    rows = []
    for token, (service, operation, paths) in _INPUTS.items():
        model = session.get_service_model(service)
        shape = model.operation_model(operation).input_shape
        source = f"botocore {botocore.__version__} {service} {model.api_version} {operation}"
        for path, member in paths.items():
            rows += [(token, path, limit, value, source) for limit, value in _limits(_find_shape(shape, member))]
    with _TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("type", "path", "limit", "value", "source"))
        writer.writerows(sorted(rows))
    print(f"{_TARGET.name}: {len(rows)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(main())
