"""The package `aws`: its types, its settings, its functions."""

import dataclasses
import os
from collections.abc import Callable
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.zones import region as find_region
from gpucloud.sim.aws import compute, eks, gateways, network, node_groups, registry, routes, security
from gpucloud.sim.aws.functions import invoke
from gpucloud.sim.aws.identifiers import with_tags
from gpucloud.sim.aws.replacement import replaces_of, unordered_of
from gpucloud.sim.aws.rules.limits import limits_of
from gpucloud.sim.aws.rules.names import free_name_of
from gpucloud.sim.aws.rules.references import references_of
from gpucloud.sim.aws.rules.removal import REMOVAL
from gpucloud.sim.aws.rules.table import ACCOUNT_RULES, input_rules_of
from gpucloud.sim.errors import Refusal
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.provider import Package, SchemaOf
from gpucloud.sim.values import UNKNOWN, Inputs

_GLOBAL = "global"


@cache
def types() -> dict[str, ResourceType]:
    """Return the modelled types by token."""
    families = (network, gateways, routes, security, compute, eks, registry)
    modelled = (*(kind for family in families for kind in family.TYPES), node_groups.TAG)
    return {kind.token: _complete(kind) for kind in sorted(modelled, key=lambda kind: kind.token)}


def _complete(kind: ResourceType) -> ResourceType:
    """Return the type with what tables say of it."""
    tagged = kind.token not in _UNTAGGED
    return dataclasses.replace(
        kind,
        check_inputs=(limits_of(kind.token), *input_rules_of(kind.token, tagged=tagged)),
        check_account=(
            *references_of(kind.token),
            *free_name_of(kind.token, kind.identify),
            *ACCOUNT_RULES.get(kind.token, ()),
        ),
        check_removal=REMOVAL.get(kind.token, ()),
        compute=_everywhere(kind),
        replaces=replaces_of(kind.token),
        unordered=unordered_of(kind.token),
        volatile=kind.volatile | frozenset({"tagsAll"}) if tagged else kind.volatile,
    )


_UNTAGGED = frozenset(
    {
        "aws:ec2/route:Route",
        "aws:ec2/routeTableAssociation:RouteTableAssociation",
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        registry.ROLE_POLICY,
        registry.RULE,
        "aws:kms/alias:Alias",
        "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
        "aws:autoscaling/tag:Tag",
    }
)


def _everywhere(kind: ResourceType) -> Callable[[Draft], Inputs]:
    """Return the type's own outputs with those that every resource has: region and all tags."""

    def compute_all(draft: Draft) -> Inputs:
        outputs = kind.compute(draft)
        if not kind.is_global:
            outputs = {**outputs, "region": draft.scope}
        return outputs if kind.token in _UNTAGGED else with_tags(draft, outputs)

    return compute_all


def _find_type(token: str, _schema_of: SchemaOf) -> ResourceType:
    found = types().get(token)
    if found is None:
        raise LookupError(", ".join(types()))
    return found


def _find_scope(kind: ResourceType, settings: Inputs, values: Inputs) -> str:
    if kind.is_global:
        return _GLOBAL
    return str(values.get("region") or find_settings_region(settings))


def find_settings_region(settings: Inputs) -> str:
    """Return the region that the provider is set to, or that the environment of the local cloud names."""
    return str(settings.get("region") or os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION") or "")


def _check_settings(settings: Inputs) -> list[Refusal]:
    region = settings.get("region") or find_settings_region(settings)
    if region is UNKNOWN:
        return []
    if not region:
        return [Refusal("region", "", "missing region; `pulumi config set aws:region us-east-1`")]
    try:
        find_region("aws", str(region))
    except UnknownNameError as error:
        return [Refusal("region", "", f"invalid AWS Region: {error}")]
    return []


PACKAGE = Package("aws", _find_type, _find_scope, _check_settings, invoke)
