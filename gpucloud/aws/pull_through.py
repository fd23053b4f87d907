"""Arguments of the pull-through cache rules that mirror registries into the account's own, and who may fill them."""

import json
from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from gpucloud.aws.identity import partition_of
from gpucloud.plan.mirror_model import ManagedMirrorPlan


def pull_through_rule_args(region: str, mirror: ManagedMirrorPlan) -> aws.ecr.PullThroughCacheRuleArgs:
    """The rule by which ECR fetches what is asked for below its prefix and is not there yet."""
    return aws.ecr.PullThroughCacheRuleArgs(
        region=region,
        ecr_repository_prefix=mirror.name,
        upstream_registry_url=mirror.upstream,
        credential_arn=mirror.secret,
    )


def first_pull_policy_args(
    role: pulumi.Input[str], region: str, account: pulumi.Input[str], mirrors: Sequence[ManagedMirrorPlan]
) -> aws.iam.RolePolicyArgs:
    """Let nodes have ECR make the repository of an image that nobody pulled before, below the mirrors' prefixes alone.

    The nodes' managed policy AmazonEC2ContainerRegistryPullOnly has the import, ecr:BatchImportUpstreamImage, and not
    this (moto 5.2.5, aws_managed_policies.py; ECR user guide, pull-through-cache-iam: required for what is not there).
    """
    policy = pulumi.Output.from_input(account).apply(lambda found: _first_pull(region, found, mirrors))
    return aws.iam.RolePolicyArgs(role=role, policy=policy)


def _first_pull(region: str, account: str, mirrors: Sequence[ManagedMirrorPlan]) -> str:
    registry = f"arn:{partition_of(region)}:ecr:{region}:{account}"
    statement = {
        "Effect": "Allow",
        "Action": ["ecr:CreateRepository"],
        "Resource": [f"{registry}:repository/{mirror.name}/*" for mirror in mirrors],
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, sort_keys=True)
