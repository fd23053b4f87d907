"""Who may use a cluster: access entries and the access policies of one.

Sources: EKS service model (botocore 1.44.5, CreateAccessEntryRequest, AccessScope); Amazon EKS User Guide,
"Create access entries".
"""

from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs, Unknown

_CODE = "InvalidParameterException"
# CreateAccessEntryRequest.type, in the order of its text; the model has no enumeration of it.
_ENTRY_TYPES = ("STANDARD", "FARGATE_LINUX", "EC2_LINUX", "EC2_WINDOWS", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX")
_WITHOUT_POLICY = frozenset({"EC2_LINUX", "EC2_WINDOWS"})
_RESERVED = ("system:", "eks:", "aws:", "amazon:", "iam:")


def refuse_unknown_entry_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an access entry of a type that EKS does not have (CreateAccessEntryRequest.type)."""
    kind = inputs.get("type")
    if isinstance(kind, str) and kind not in _ENTRY_TYPES:
        yield Refusal("type", _CODE, f"{kind!r} is none of {', '.join(_ENTRY_TYPES)}")


def refuse_groups_on_node_entry(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse Kubernetes groups on an entry of a type other than STANDARD (User Guide, "Create access entries")."""
    kind = inputs.get("type", "STANDARD")
    if isinstance(kind, str) and kind != "STANDARD" and inputs.get("kubernetesGroups"):
        yield Refusal("kubernetesGroups", _CODE, f"The kubernetesGroups cannot be specified for type {kind}")


def refuse_reserved_username(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a user name with a prefix that is kept for others (User Guide, "Create access entries")."""
    name = inputs.get("userName")
    if isinstance(name, str) and inputs.get("type", "STANDARD") == "STANDARD" and name.startswith(_RESERVED):
        yield Refusal("userName", _CODE, f"{name!r} starts with one of {', '.join(_RESERVED)}")


def refuse_service_linked_role(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an entry for a service-linked role (User Guide, "Create access entries")."""
    principal = inputs.get("principalArn")
    if isinstance(principal, str) and ":role/aws-service-role/" in principal:
        yield Refusal("principalArn", _CODE, f"{principal} is a service-linked role")


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
    if _entry_of(draft) is None:
        raise CloudError(
            "ResourceNotFoundException",
            f"The specified principalArn could not be found. You can view your available access entries with "
            f"'list-access-entries': {draft.inputs.get('principalArn')}",
        )


def refuse_policy_on_node_entry(draft: Draft) -> None:
    """Refuse an access policy on an entry for nodes that somebody manages (CreateAccessEntryRequest.type)."""
    entry = _entry_of(draft)
    if entry is not None and entry.outputs.get("type") in _WITHOUT_POLICY:
        raise CloudError(
            "InvalidRequestException",
            f"An access policy cannot be associated with an access entry of type {entry.outputs['type']}",
        )


def _entry_of(draft: Draft) -> Row | None:
    id_ = f"{draft.inputs.get('clusterName')}:{draft.inputs.get('principalArn')}"
    return draft.store.find_one("aws:eks/accessEntry:AccessEntry", draft.scope, id_)


def refuse_scope_without_namespaces(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse namespaces with scope `cluster`, and none with scope `namespace` (EKS API, AccessScope)."""
    scope = inputs.get("accessScope")
    if not isinstance(scope, dict) or isinstance(scope.get("type"), Unknown):
        return
    if scope.get("type") == "namespace" and not scope.get("namespaces"):
        yield Refusal("accessScope.namespaces", _CODE, "namespaces are needed for scope namespace")
    if scope.get("type") == "cluster" and scope.get("namespaces"):
        yield Refusal("accessScope.namespaces", _CODE, "namespaces cannot be given for scope cluster")
