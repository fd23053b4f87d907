"""Service accounts and roles of a cluster: who its nodes are, and who administers it."""

import hashlib

import pulumi
import pulumi_gcp as gcp

# GKE documentation, "Harden your cluster's security": the least role of a node's own account; and the node pulls images
# from the project's registries.
NODE_ROLES = ("roles/artifactregistry.reader", "roles/container.defaultNodeServiceAccount")
ADMIN_ROLE = "roles/container.admin"
# IAM API v1, CreateServiceAccountRequest.accountId: 6 to 30 characters.
_ACCOUNT_LIMIT, _DIGITS = 30, 6
_SUFFIX = "-nodes"


def node_account_id(name: str) -> str:
    """The name of the nodes' account: the cluster's own with `-nodes`, cut and told apart by digits where too long."""
    if len(name) + len(_SUFFIX) <= _ACCOUNT_LIMIT:
        return f"{name}{_SUFFIX}"
    digits = hashlib.sha256(name.encode()).hexdigest()[:_DIGITS]
    head = name[: _ACCOUNT_LIMIT - len(_SUFFIX) - _DIGITS - 1].rstrip("-")
    return f"{head}-{digits}{_SUFFIX}"


def node_account_args(name: str, project: pulumi.Input[str]) -> gcp.serviceaccount.AccountArgs:
    """An account for the nodes alone: the project's default one may do far more."""
    return gcp.serviceaccount.AccountArgs(
        account_id=node_account_id(name), project=project, display_name=f"Nodes of GKE cluster {name}"
    )


def member_args(project: pulumi.Input[str], role: str, member: pulumi.Input[str]) -> gcp.projects.IAMMemberArgs:
    """One member of one role of the project; other members of the role stay whose they are."""
    return gcp.projects.IAMMemberArgs(project=project, role=role, member=member)
