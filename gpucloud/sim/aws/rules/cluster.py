"""Clusters and what is attached to one.

Sources: EKS service model; Amazon EKS User Guide, "VPC and subnet requirements",
"Access entries"; terraform-provider-aws internal/service/eks.
"""

import json
from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs, Unknown

_CODE = "InvalidParameterException"
_SUBNET = "aws:ec2/subnet:Subnet"
_ENTRY_TYPES = ("STANDARD", "FARGATE_LINUX", "EC2_LINUX", "EC2_WINDOWS", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX")
_LEAST_ZONES = 2


def refuse_closed_endpoint(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a cluster with neither a public nor a private endpoint (EKS API, VpcConfigRequest)."""
    config = inputs.get("vpcConfig")
    if (
        isinstance(config, dict)
        and config.get("endpointPublicAccess") is False
        and not config.get("endpointPrivateAccess")
    ):
        yield Refusal("vpcConfig", _CODE, "Private and public endpoint access cannot be false")


def refuse_bad_version(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a Kubernetes version that is not `1.NN`; which of them EKS offers today is not modelled."""
    version = inputs.get("version")
    if isinstance(version, str):
        major, _, minor = version.partition(".")
        if major != "1" or not minor.isdigit():
            yield Refusal("version", _CODE, f"unsupported Kubernetes version {version}")


def refuse_subnets_in_one_zone(draft: Draft) -> None:
    """Refuse a cluster whose subnets are not in two zones at least, or not all in one VPC."""
    ids = draft.inputs.get("vpcConfig", {}).get("subnetIds", [])
    rows = [row for row in (draft.store.find_one(_SUBNET, draft.scope, str(id_)) for id_ in ids) if row is not None]
    if len({row.outputs["availabilityZone"] for row in rows}) < _LEAST_ZONES:
        raise CloudError(_CODE, "Subnets specified must be in at least two different AZs")
    if len({row.outputs["vpcId"] for row in rows}) > 1:
        raise CloudError(_CODE, "Subnets specified must belong to the same VPC")


def refuse_bad_configuration_values(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an add-on's configuration that is not JSON; the add-on's own schema is not modelled."""
    values = inputs.get("configurationValues")
    if isinstance(values, str) and values:
        try:
            json.loads(values)
        except ValueError:
            yield Refusal("configurationValues", _CODE, "ConfigurationValue is not in supported format: not JSON")


def refuse_preserve_on_create(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse PRESERVE when an add-on is created (terraform-provider-aws addon.go)."""
    if inputs.get("resolveConflictsOnCreate") == "PRESERVE":
        yield Refusal("resolveConflictsOnCreate", _CODE, "PRESERVE is not supported on create; NONE or OVERWRITE")


def refuse_unknown_entry_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an access entry of a type that EKS does not have (EKS API, CreateAccessEntry)."""
    kind = inputs.get("type")
    if isinstance(kind, str) and kind not in _ENTRY_TYPES:
        yield Refusal("type", _CODE, f"{kind!r} is none of {', '.join(_ENTRY_TYPES)}")


def refuse_groups_on_node_entry(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse Kubernetes groups on an entry for nodes (EKS API, CreateAccessEntry: kubernetesGroups)."""
    kind = inputs.get("type", "STANDARD")
    if isinstance(kind, str) and kind != "STANDARD" and inputs.get("kubernetesGroups"):
        yield Refusal("kubernetesGroups", _CODE, f"The kubernetesGroups cannot be specified for type {kind}")


def refuse_access_entries_without_api(draft: Draft) -> None:
    """Refuse access entries on a cluster whose authentication mode is CONFIG_MAP (EKS API: InvalidRequestException)."""
    cluster = draft.store.find_one("aws:eks/cluster:Cluster", draft.scope, str(draft.inputs.get("clusterName")))
    mode = cluster.outputs.get("accessConfig", {}).get("authenticationMode") if cluster is not None else None
    if mode == "CONFIG_MAP":
        raise CloudError(
            "InvalidRequestException",
            "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this "
            "operation.",
        )


def refuse_policy_without_entry(draft: Draft) -> None:
    """Refuse an access policy for a principal without an access entry (EKS API: ResourceNotFoundException)."""
    id_ = f"{draft.inputs.get('clusterName')}:{draft.inputs.get('principalArn')}"
    if draft.store.find_one("aws:eks/accessEntry:AccessEntry", draft.scope, id_) is None:
        raise CloudError(
            "ResourceNotFoundException",
            f"The specified principalArn could not be found. You can view your available access entries with "
            f"'list-access-entries': {draft.inputs.get('principalArn')}",
        )


def refuse_scope_without_namespaces(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse namespaces with scope `cluster`, and none with scope `namespace` (EKS API, AccessScope)."""
    scope = inputs.get("accessScope")
    if not isinstance(scope, dict) or isinstance(scope.get("type"), Unknown):
        return
    if scope.get("type") == "namespace" and not scope.get("namespaces"):
        yield Refusal("accessScope.namespaces", _CODE, "namespaces are needed for scope namespace")
    if scope.get("type") == "cluster" and scope.get("namespaces"):
        yield Refusal("accessScope.namespaces", _CODE, "namespaces cannot be given for scope cluster")


def refuse_downgrade(draft: Draft) -> None:
    """Refuse an older Kubernetes version, and a jump over one (Amazon EKS User Guide, "Update Kubernetes version")."""
    if draft.previous is None or draft.inputs.get("version") is None:
        return
    old = int(str(draft.previous.outputs["version"]).partition(".")[2])
    new = int(str(draft.inputs["version"]).partition(".")[2])
    if new < old or new > old + 1:
        raise CloudError(_CODE, f"Unsupported Kubernetes minor version update from 1.{old} to 1.{new}")
