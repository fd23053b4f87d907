"""Security groups, roles, keys and log groups."""

from gpucloud.sim.aws.identifiers import ACCOUNT, arn, by_property, find_name, global_arn, prefixed
from gpucloud.sim.aws.times import now
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


def _security_group(draft: Draft) -> Inputs:
    return {
        "arn": arn(draft, "ec2", f"security-group/{draft.id}"),
        "description": "Managed by Pulumi",
        "egress": [],
        "ingress": [],
        "name": find_name(draft),
        "namePrefix": draft.inputs.get("namePrefix", ""),
        "ownerId": ACCOUNT,
        "vpcId": "",
    }


def _rule(draft: Draft) -> Inputs:
    return {"arn": arn(draft, "ec2", f"security-group-rule/{draft.id}"), "securityGroupRuleId": draft.id}


def _group_of(inputs: Inputs) -> str:
    return str(inputs.get("securityGroupId", ""))


def _vpc_of(inputs: Inputs) -> str:
    return str(inputs.get("vpcId", ""))


SECURITY_GROUP = ResourceType(
    "aws:ec2/securityGroup:SecurityGroup",
    "ec2",
    "CreateSecurityGroup",
    "CreateTags",
    "DeleteSecurityGroup",
    prefixed("sg"),
    _security_group,
    defaults={"revokeRulesOnDelete": False},
    autoname=Autoname(),
    name_of=_name,
    parent_of=_vpc_of,
)
INGRESS_RULE = ResourceType(
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "ec2",
    "AuthorizeSecurityGroupIngress",
    "ModifySecurityGroupRules",
    "RevokeSecurityGroupIngress",
    prefixed("sgr"),
    _rule,
    parent_of=_group_of,
)
EGRESS_RULE = ResourceType(
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "ec2",
    "AuthorizeSecurityGroupEgress",
    "ModifySecurityGroupRules",
    "RevokeSecurityGroupEgress",
    prefixed("sgr"),
    _rule,
    parent_of=_group_of,
)


def _identity(draft: Draft, resource: str, letters: str) -> Inputs:
    name = find_name(draft)
    path = draft.inputs.get("path", "/")
    return {
        "arn": global_arn("iam", f"{resource}{path}{name}"),
        "createDate": now(draft),
        "name": name,
        "namePrefix": draft.inputs.get("namePrefix", ""),
        "uniqueId": f"{letters}{draft.digits(17, 'unique').upper()}",
    }


def _role(draft: Draft) -> Inputs:
    return {**_identity(draft, "role", "AROA"), "inlinePolicies": [], "managedPolicyArns": []}


def _instance_profile(draft: Draft) -> Inputs:
    return _identity(draft, "instance-profile", "AIPA")


def _attachment_id(draft: Draft) -> str:
    return f"{draft.inputs.get('role')}/{draft.inputs.get('policyArn')}"


def _role_of(inputs: Inputs) -> str:
    return str(inputs.get("role", ""))


ROLE = ResourceType(
    "aws:iam/role:Role",
    "iam",
    "CreateRole",
    "UpdateRole",
    "DeleteRole",
    by_property("name"),
    _role,
    defaults={"forceDetachPolicies": False, "maxSessionDuration": 3600, "path": "/"},
    autoname=Autoname(max_length=64),
    name_of=_name,
    is_global=True,
)
ROLE_POLICY_ATTACHMENT = ResourceType(
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "iam",
    "AttachRolePolicy",
    "AttachRolePolicy",
    "DetachRolePolicy",
    _attachment_id,
    parent_of=_role_of,
    is_global=True,
    delete_before_replace=True,
)
INSTANCE_PROFILE = ResourceType(
    "aws:iam/instanceProfile:InstanceProfile",
    "iam",
    "CreateInstanceProfile",
    "AddRoleToInstanceProfile",
    "DeleteInstanceProfile",
    by_property("name"),
    _instance_profile,
    defaults={"path": "/"},
    autoname=Autoname(max_length=128),
    name_of=_name,
    parent_of=_role_of,
    is_global=True,
)


def _key_id(draft: Draft) -> str:
    digits = draft.digits(32)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:32]}"


def _key(draft: Draft) -> Inputs:
    return {
        "arn": arn(draft, "kms", f"key/{draft.id}"),
        "description": "",
        "keyId": draft.id,
        "multiRegion": False,
        "policy": "",
        "rotationPeriodInDays": 365 if draft.inputs.get("enableKeyRotation") else 0,
    }


def _alias(draft: Draft) -> Inputs:
    target = str(draft.inputs.get("targetKeyId", ""))
    key = target if target.startswith("arn:") else arn(draft, "kms", f"key/{target}")
    return {
        "arn": arn(draft, "kms", find_name(draft)),
        "name": find_name(draft),
        "namePrefix": draft.inputs.get("namePrefix", ""),
        "targetKeyArn": key,
    }


def _target_of(inputs: Inputs) -> str:
    return str(inputs.get("targetKeyId", "")).rpartition("/")[2]


KEY = ResourceType(
    "aws:kms/key:Key",
    "kms",
    "CreateKey",
    "UpdateKeyDescription",
    "ScheduleKeyDeletion",
    _key_id,
    _key,
    defaults={
        "bypassPolicyLockoutSafetyCheck": False,
        "customerMasterKeySpec": "SYMMETRIC_DEFAULT",
        "enableKeyRotation": False,
        "isEnabled": True,
        "keyUsage": "ENCRYPT_DECRYPT",
    },
)
ALIAS = ResourceType(
    "aws:kms/alias:Alias",
    "kms",
    "CreateAlias",
    "UpdateAlias",
    "DeleteAlias",
    by_property("name"),
    _alias,
    autoname=Autoname(prefix="alias/"),
    name_of=_name,
    parent_of=_target_of,
)


def _log_group(draft: Draft) -> Inputs:
    name = find_name(draft)
    return {
        "arn": arn(draft, "logs", f"log-group:{name}"),
        "deletionProtectionEnabled": False,
        "logGroupClass": "STANDARD",
        "name": name,
        "namePrefix": draft.inputs.get("namePrefix", ""),
    }


LOG_GROUP = ResourceType(
    "aws:cloudwatch/logGroup:LogGroup",
    "logs",
    "CreateLogGroup",
    "PutRetentionPolicy",
    "DeleteLogGroup",
    by_property("name"),
    _log_group,
    defaults={"retentionInDays": 0, "skipDestroy": False},
    autoname=Autoname(max_length=512),
    name_of=_name,
)

TYPES = (
    SECURITY_GROUP,
    INGRESS_RULE,
    EGRESS_RULE,
    ROLE,
    ROLE_POLICY_ATTACHMENT,
    INSTANCE_PROFILE,
    KEY,
    ALIAS,
    LOG_GROUP,
)
