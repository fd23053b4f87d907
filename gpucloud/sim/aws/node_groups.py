"""EKS managed node groups, and the tags of the Auto Scaling groups behind them."""

from gpucloud.sim.aws.identifiers import arn, find_name, make_uuid
from gpucloud.sim.aws.launching import launch_nodes
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

CLUSTER_TOKEN = "aws:eks/cluster:Cluster"  # noqa: S105 - a type token


def _node_group_id(draft: Draft) -> str:
    return f"{draft.inputs.get('clusterName')}:{find_name(draft, 'nodeGroupName')}"


def _name(inputs: Inputs) -> str:
    return f"{inputs.get('clusterName')}:{inputs.get('nodeGroupName', '')}"


def _cluster_of(inputs: Inputs) -> str:
    return str(inputs.get("clusterName", ""))


def _node_group(draft: Draft) -> Inputs:
    cluster_name, name = draft.id.split(":", 1)
    unique = make_uuid(draft, "node group")
    cluster = draft.store.find_one(CLUSTER_TOKEN, draft.scope, cluster_name)
    version = cluster.outputs["version"] if cluster else ""
    template = draft.inputs.get("launchTemplate")
    in_template = bool(template) and not draft.inputs.get("instanceTypes")
    return {
        "amiType": "CUSTOM" if template and not draft.inputs.get("amiType") else "AL2023_x86_64_STANDARD",
        "arn": arn(draft, "eks", f"nodegroup/{cluster_name}/{name}/{unique}"),
        "capacityType": "ON_DEMAND",
        "diskSize": 0 if template else 20,
        "instanceTypes": [] if in_template else ["t3.medium"],
        "nodeGroupName": name,
        "nodeGroupNamePrefix": draft.inputs.get("nodeGroupNamePrefix", ""),
        "nodeRepairConfig": {"enabled": False},
        "releaseVersion": f"{version}.0-local" if version else "",
        "resources": [{"autoscalingGroups": [{"name": f"eks-{name}-{unique}"}], "remoteAccessSecurityGroupId": ""}],
        "status": _status(draft),
        "updateConfig": {"maxUnavailable": 1},
        "version": version,
    }


def _status(draft: Draft) -> str:
    if not draft.health:
        return "ACTIVE"
    return "CREATE_FAILED" if draft.previous is None else "DEGRADED"


NODE_GROUP = ResourceType(
    "aws:eks/nodeGroup:NodeGroup",
    "eks",
    "CreateNodegroup",
    "UpdateNodegroupConfig",
    "DeleteNodegroup",
    _node_group_id,
    _node_group,
    autoname=Autoname("nodeGroupName", 63),
    name_of=_name,
    parent_of=_cluster_of,
    settle=launch_nodes,
)


def _tag_id(draft: Draft) -> str:
    return f"{draft.inputs.get('autoscalingGroupName')},{(draft.inputs.get('tag') or {}).get('key')}"


def _group_of(inputs: Inputs) -> str:
    return str(inputs.get("autoscalingGroupName", ""))


TAG = ResourceType(
    "aws:autoscaling/tag:Tag",
    "autoscaling",
    "CreateOrUpdateTags",
    "CreateOrUpdateTags",
    "DeleteTags",
    _tag_id,
    parent_of=_group_of,
    delete_before_replace=True,
)
