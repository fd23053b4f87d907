"""Pull-through cache rules of ECR, and what a role may do by a policy of its own.

Forms: terraform-provider-aws 0509e60 internal/service/ecr/pull_through_cache_rule.go (the id is the prefix) and 02f97af
internal/service/iam/role_policy.go (`ROLE:POLICY`). What a rule would cache is not modelled: nothing is pulled.
"""

from gpucloud.sim.aws.identifiers import ACCOUNT, by_property, find_name, parent_from
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

RULE = "aws:ecr/pullThroughCacheRule:PullThroughCacheRule"
ROLE_POLICY = "aws:iam/rolePolicy:RolePolicy"


def _rule(_draft: Draft) -> Inputs:
    return {"registryId": ACCOUNT, "upstreamRepositoryPrefix": "ROOT"}


def _prefix(inputs: Inputs) -> str:
    return str(inputs.get("ecrRepositoryPrefix", ""))


def _policy(draft: Draft) -> Inputs:
    return {"name": find_name(draft), "namePrefix": draft.inputs.get("namePrefix", "")}


def _policy_id(draft: Draft) -> str:
    return f"{draft.inputs.get('role')}:{find_name(draft)}"


def _policy_name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


TYPES = (
    ResourceType(
        RULE,
        "ecr",
        "CreatePullThroughCacheRule",
        "UpdatePullThroughCacheRule",
        "DeletePullThroughCacheRule",
        by_property("ecrRepositoryPrefix"),
        _rule,
        name_of=_prefix,
    ),
    ResourceType(
        ROLE_POLICY,
        "iam",
        "PutRolePolicy",
        "PutRolePolicy",
        "DeleteRolePolicy",
        _policy_id,
        _policy,
        autoname=Autoname(max_length=128),
        name_of=_policy_name,
        parent_of=parent_from("role"),
        is_global=True,
    ),
)
