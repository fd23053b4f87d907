"""AKS agent pools: what each has besides what its program says.

Defaults: azure-aks-docs spot-node-pool.md (a pool as `az aks nodepool show` prints it); maxPods,
azure-aks-docs azure-cni-overlay and use-system-pools. Node image and patch versions are the local cloud's own.
"""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.allocation import launch_nodes
from gpucloud.sim.azure_native.identifiers import LOWER_GROUP, at_path, find_by_key, key_of, make_uuid, name_in
from gpucloud.sim.azure_native.pool_launch import DEFAULT_SIZE, read_launch
from gpucloud.sim.azure_native.versions import full_version
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

SERVICE = "Microsoft.ContainerService"
CLUSTER_PATH = f"{LOWER_GROUP}/providers/{SERVICE}/managedClusters/{{resourceName}}"
SPOT_TAINT = "kubernetes.azure.com/scalesetpriority=spot:NoSchedule"
SPOT_LABELS = {"kubernetes.azure.com/scalesetpriority": "spot"}
cluster_key = key_of("resourceGroupName", "resourceName")


def find_cluster(draft: Draft) -> Row | None:
    """Return the cluster that a pool or a maintenance configuration is of, or None."""
    return find_by_key(draft.store, tokens.CLUSTER, cluster_key(draft.inputs))


def complete_pool(pool: Inputs, cluster_version: str, overlay: bool, state: str) -> Inputs:
    """Return a pool with what AKS fills in; `cluster_version` is the full version of the control plane."""
    version = str(pool.get("orchestratorVersion") or cluster_version)
    spot = pool.get("scaleSetPriority") == "Spot"
    filled = {
        "count": read_launch(pool, "").nodes,
        "currentOrchestratorVersion": full_version(version),
        "enableAutoScaling": False,
        "enableEncryptionAtHost": False,
        "enableFIPS": False,
        "enableNodePublicIP": False,
        "enableUltraSSD": False,
        "kubeletDiskType": "OS",
        "maxPods": 250 if overlay else 110,
        "mode": "User",
        "nodeImageVersion": "AKSUbuntu-local",
        "orchestratorVersion": version,
        "osDiskSizeGB": 128,
        "osDiskType": "Managed",
        "osSKU": "Ubuntu",
        "osType": "Linux",
        "powerState": {"code": "Running"},
        "provisioningState": state,
        "scaleDownMode": "Delete",
        "type": "VirtualMachineScaleSets",
        "vmSize": DEFAULT_SIZE,
        **({"scaleSetEvictionPolicy": "Delete", "spotMaxPrice": -1} if spot else {}),
        **{key: value for key, value in pool.items() if value is not None and not key.startswith("__")},
    }
    if spot:
        taints = [str(taint) for taint in pool.get("nodeTaints") or ()]
        filled["nodeTaints"] = [*taints, *([] if SPOT_TAINT in taints else [SPOT_TAINT])]
        filled["nodeLabels"] = {**(pool.get("nodeLabels") or {}), **SPOT_LABELS}
    return filled


def _pool(draft: Draft) -> Inputs:
    cluster = find_cluster(draft)
    outputs = cluster.outputs if cluster is not None else {}
    overlay = (outputs.get("networkProfile") or {}).get("networkPluginMode") == "overlay"
    version = str(outputs.get("currentKubernetesVersion", ""))
    filled = complete_pool(draft.inputs, version, overlay, "Failed" if draft.health else "Succeeded")
    left_out = {"agentPoolName", "resourceGroupName", "resourceName"}
    return {
        **{key: value for key, value in filled.items() if key not in left_out},
        "eTag": make_uuid(draft, f"etag {draft.store.generation(draft.urn)}"),
        "name": name_in(draft.id),
        "type": f"{SERVICE}/managedClusters/agentPools",
    }


def _launch(draft: Draft, row: int) -> list[str]:
    cluster = find_cluster(draft)
    region = str(cluster.outputs.get("location", "")) if cluster is not None else ""
    return launch_nodes(draft, row, [read_launch(draft.inputs, region)])


AGENT_POOL = ResourceType(
    tokens.POOL,
    SERVICE,
    "AgentPools_CreateOrUpdate",
    "AgentPools_CreateOrUpdate",
    "AgentPools_Delete",
    at_path(f"{CLUSTER_PATH}/agentPools/{{agentPoolName}}"),
    _pool,
    autoname=Autoname("agentPoolName", form="copy"),
    name_of=key_of("resourceGroupName", "resourceName", "agentPoolName"),
    parent_of=cluster_key,
    delete_before_replace=True,
    settle=_launch,
    failed_is_replaced=False,
    overriding=frozenset({"nodeLabels", "nodeTaints", "type"}),
    volatile=frozenset({"eTag", "currentOrchestratorVersion", "nodeImageVersion", "provisioningState"}),
)
