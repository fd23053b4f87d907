"""EKS clusters and what belongs to one."""

import base64

from gpucloud.sim.aws.identifiers import arn, by_property, find_name, joined, make_uuid
from gpucloud.sim.aws.node_groups import NODE_GROUP
from gpucloud.sim.aws.times import moment, now
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

LATEST_KUBERNETES = "1.34"  # what a cluster gets that asks for no version: the local cloud's own choice


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


def _cluster_of(inputs: Inputs) -> str:
    return str(inputs.get("clusterName", ""))


def _cluster(draft: Draft) -> Inputs:
    name = find_name(draft)
    unique = draft.digits(32, "cluster").upper()
    vpc_config = draft.inputs.get("vpcConfig", {})
    subnets = [draft.store.find_one("aws:ec2/subnet:Subnet", draft.scope, s) for s in vpc_config.get("subnetIds", [])]
    access = {"authenticationMode": "CONFIG_MAP", "bootstrapClusterCreatorAdminPermissions": True}
    network = {"ipFamily": "ipv4", "serviceIpv4Cidr": "172.20.0.0/16"}
    return {
        "accessConfig": access,
        "arn": arn(draft, "eks", f"cluster/{name}"),
        "certificateAuthority": {"data": _certificate(name)},
        "clusterId": "",
        "computeConfig": {"enabled": False},
        "controlPlaneScalingConfig": {"tier": "standard"},
        "createdAt": now(draft),
        "deletionProtection": False,
        # .invalid is reserved (RFC 2606): nothing may ever answer there.
        "endpoint": f"https://{unique}.gr7.{draft.scope}.eks.local-cloud.invalid",
        "identities": [{"oidcs": [{"issuer": f"https://oidc.eks.{draft.scope}.amazonaws.com/id/{unique}"}]}],
        "kubeApiServerConfig": {},
        "kubeControllerManagerConfig": {},
        "kubeSchedulerConfig": {},
        "kubernetesNetworkConfig": network,
        "name": name,
        "platformVersion": "eks.1",
        "status": "ACTIVE",
        "storageConfig": {"blockStorage": {"enabled": False}},
        "upgradePolicy": {"supportType": "EXTENDED"},
        "version": draft.inputs.get("version", LATEST_KUBERNETES),
        "vpcConfig": {
            "endpointPrivateAccess": False,
            "endpointPublicAccess": True,
            "publicAccessCidrs": ["0.0.0.0/0"],
            "clusterSecurityGroupId": f"sg-0{draft.digits(16, 'cluster-sg')}",
            "vpcId": next((row.outputs["vpcId"] for row in subnets if row), ""),
        },
    }


def _certificate(name: str) -> str:
    """Return text in the place of a certificate: readable as what it is, trusted by nothing."""
    return base64.b64encode(f"local cloud: not a certificate ({name})".encode()).decode()


def _addon(draft: Draft) -> Inputs:
    cluster, addon = draft.inputs["clusterName"], draft.inputs["addonName"]
    return {
        "addonVersion": "v0.0.0-local",
        "arn": arn(draft, "eks", f"addon/{cluster}/{addon}/{make_uuid(draft, 'addon')}"),
        "configurationValues": "",
        "createdAt": now(draft),
        "modifiedAt": moment(draft),
        "namespaceConfig": {"namespace": "kube-system"},
    }


def _access_entry(draft: Draft) -> Inputs:
    cluster, principal = draft.inputs["clusterName"], str(draft.inputs["principalArn"])
    account, _, path = principal.partition("::")[2].partition(":")
    kind, _, name = path.partition("/")
    unique = make_uuid(draft, "access entry")
    return {
        "accessEntryArn": arn(draft, "eks", f"access-entry/{cluster}/{kind}/{account}/{name}/{unique}"),
        "createdAt": now(draft),
        "kubernetesGroups": [],
        "modifiedAt": moment(draft),
        "userName": _user_name(str(draft.inputs.get("type", "STANDARD")), principal, account, kind, name),
    }


def _user_name(entry_type: str, principal: str, account: str, kind: str, name: str) -> str:
    """Return the user name that EKS gives an entry without one (Amazon EKS User Guide, "Create access entries")."""
    match entry_type:
        case "STANDARD" if kind == "role":
            return f"arn:aws:sts::{account}:assumed-role/{name.rpartition('/')[2]}/{{{{SessionName}}}}"
        case "EC2_LINUX" | "EC2_WINDOWS":
            return "system:node:{{EC2PrivateDNSName}}"
        case "FARGATE_LINUX" | "HYBRID_LINUX":
            return "system:node:{{SessionName}}"
        case _:  # of EC2 and HYPERPOD_LINUX no source says
            return principal


def _association(draft: Draft) -> Inputs:
    return {"associatedAt": now(draft), "modifiedAt": moment(draft)}


def _association_id(draft: Draft) -> str:
    return f"a-{draft.digits(17)}"


def _pod_identity(draft: Draft) -> Inputs:
    return {
        "associationArn": arn(draft, "eks", f"podidentityassociation/{draft.inputs['clusterName']}/{draft.id}"),
        "associationId": draft.id,
        "disableSessionTags": False,
        "externalId": "",
    }


def _service_account(inputs: Inputs) -> str:
    return f"{inputs.get('clusterName')}/{inputs.get('namespace')}/{inputs.get('serviceAccount')}"


CLUSTER = ResourceType(
    "aws:eks/cluster:Cluster",
    "eks",
    "CreateCluster",
    "UpdateClusterConfig",
    "DeleteCluster",
    by_property("name"),
    _cluster,
    defaults={"bootstrapSelfManagedAddons": True},
    autoname=Autoname(max_length=100),
    name_of=_name,
    volatile=frozenset({"platformVersion"}),
    computed_members={
        "accessConfig": ("authenticationMode",),
        "kubernetesNetworkConfig": ("ipFamily", "serviceIpv4Cidr"),
        "vpcConfig": ("clusterSecurityGroupId", "publicAccessCidrs", "vpcId"),
    },
)
ADDON = ResourceType(
    "aws:eks/addon:Addon",
    "eks",
    "CreateAddon",
    "UpdateAddon",
    "DeleteAddon",
    joined(":", "clusterName", "addonName"),
    _addon,
    parent_of=_cluster_of,
    volatile=frozenset({"modifiedAt"}),
    delete_before_replace=True,
)
ACCESS_ENTRY = ResourceType(
    "aws:eks/accessEntry:AccessEntry",
    "eks",
    "CreateAccessEntry",
    "UpdateAccessEntry",
    "DeleteAccessEntry",
    joined(":", "clusterName", "principalArn"),
    _access_entry,
    defaults={"type": "STANDARD"},
    parent_of=_cluster_of,
    volatile=frozenset({"modifiedAt"}),
    delete_before_replace=True,
)
ACCESS_POLICY_ASSOCIATION = ResourceType(
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "eks",
    "AssociateAccessPolicy",
    "AssociateAccessPolicy",
    "DisassociateAccessPolicy",
    joined("#", "clusterName", "principalArn", "policyArn"),
    _association,
    parent_of=_cluster_of,
    delete_before_replace=True,
)
POD_IDENTITY_ASSOCIATION = ResourceType(
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "eks",
    "CreatePodIdentityAssociation",
    "UpdatePodIdentityAssociation",
    "DeletePodIdentityAssociation",
    _association_id,
    _pod_identity,
    name_of=_service_account,
    parent_of=_cluster_of,
    delete_before_replace=True,
)

TYPES = (CLUSTER, NODE_GROUP, ADDON, ACCESS_ENTRY, ACCESS_POLICY_ASSOCIATION, POD_IDENTITY_ASSOCIATION)
