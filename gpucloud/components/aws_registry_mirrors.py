"""Registry mirrors in the account's own registry."""

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from gpucloud.aws.pull_through import first_pull_policy_args, pull_through_rule_args
from gpucloud.components.managed_account import named_account
from gpucloud.plan.mirror_model import ManagedMirrorPlan


class AwsRegistryMirrors(pulumi.ComponentResource):
    """The mirrors of a cluster that the stack makes: a pull-through cache rule of ECR for each registry.

    Declares: the rules, and what the nodes' role lacks to have ECR make a repository at an image's first pull. What was
    pulled stays in the account when the rules go: ECR made these repositories, not the stack.

    Attributes:
        made: What must be there before an image is pulled by a mirror.
    """

    made: Sequence[pulumi.Resource]

    def __init__(
        self,
        name: str,
        mirrors: Sequence[ManagedMirrorPlan],
        region: str,
        node_role: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AwsRegistryMirrors", name, None, opts)
        caller = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self))
        account = named_account(name, mirrors, caller.account_id)
        policy = aws.iam.RolePolicy(
            name,
            first_pull_policy_args(node_role, region, account, mirrors),
            opts=pulumi.ResourceOptions(parent=self),
        )
        # ECR changes credentials in place and takes none away (pulumi-aws#5714); a rule holds nothing that is lost.
        after_policy = pulumi.ResourceOptions(
            parent=self, depends_on=[policy], replace_on_changes=["credentialArn"], delete_before_replace=True
        )
        rules = [
            aws.ecr.PullThroughCacheRule(
                f"{name}-{mirror.registry}", pull_through_rule_args(region, mirror), opts=after_policy
            )
            for mirror in mirrors
        ]
        self.made = [policy, *rules]
        self.register_outputs({"endpoints": {mirror.registry: mirror.endpoint for mirror in mirrors}})
