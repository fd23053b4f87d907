"""GKE node pools.

Defaults: terraform-provider-google-beta 93c65b2 container/resource_container_node_pool.go and node_config.go.
"""

from gpucloud.sim.gcp.clusters import CLUSTER, SERVICE, node_zones
from gpucloud.sim.gcp.identifiers import compute_link, find_name, find_row
from gpucloud.sim.gcp.machines import find_machine
from gpucloud.sim.gcp.places import find_location, find_project
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

NODE_POOL = "gcp:container/nodePool:NodePool"
# Google Kubernetes Engine API v1, NodeConfig.machineType: "If unspecified, the default machine type is e2-medium."
DEFAULT_MACHINE_TYPE = "e2-medium"


def find_cluster(draft: Draft) -> Row | None:
    """Return the cluster of a node pool: named by its id, or by name in the pool's location."""
    reference = str(draft.inputs.get("cluster", ""))
    if "/" in reference:
        return find_row(draft.store, CLUSTER, reference, find_project(draft))
    wanted = f"projects/{find_project(draft)}/locations/{_location(draft)}/clusters/{reference}"
    return find_row(draft.store, CLUSTER, wanted, find_project(draft))


def _location(draft: Draft) -> str:
    reference = str(draft.inputs.get("cluster", ""))
    if draft.inputs.get("location") is None and "/locations/" in reference:
        return reference.partition("/locations/")[2].partition("/")[0]
    return find_location(draft)


def _pool_id(draft: Draft) -> str:
    reference = str(draft.inputs["cluster"])
    project, name = find_project(draft), reference.rpartition("/")[2]
    if "projects/" in reference:
        project = reference.partition("projects/")[2].partition("/")[0]
    return f"projects/{project}/locations/{_location(draft)}/clusters/{name}/nodePools/{find_name(draft)}"


def find_zones(draft: Draft) -> list[str]:
    """Return the zones of a pool's nodes: its own, or those of its cluster."""
    given = sorted(str(zone) for zone in draft.inputs.get("nodeLocations") or [])
    if given:
        return given
    cluster = find_cluster(draft)
    return node_zones(cluster.inputs if cluster else {}, _location(draft))


def nodes_per_zone(inputs: Inputs) -> int:
    """Return how many nodes a pool starts with in each zone: node_count, else initial_node_count, else none."""
    return int(inputs.get("nodeCount") or inputs.get("initialNodeCount") or 0)


def has_accelerators(inputs: Inputs) -> bool:
    """Return whether a pool's nodes have GPUs, of their machine type or attached."""
    config = inputs.get("nodeConfig") or {}
    attached = any(item.get("count") for item in config.get("guestAccelerators") or [])
    machine = find_machine(str(config.get("machineType") or DEFAULT_MACHINE_TYPE))
    return attached or (machine is not None and bool(machine.accelerator))


def _node_pool(draft: Draft) -> Inputs:
    inputs, name = draft.inputs, find_name(draft)
    cluster, project = find_cluster(draft), find_project(draft)
    config = inputs.get("nodeConfig") or {}
    cluster_name = str(inputs["cluster"]).rpartition("/")[2]
    groups = [
        f"projects/{project}/zones/{zone}/instanceGroups/gke-{cluster_name}-{name}-{draft.digits(8, zone)}-grp"
        for zone in find_zones(draft)
    ]
    version = str(cluster.outputs.get("masterVersion", "")) if cluster else ""
    return {
        "initialNodeCount": nodes_per_zone(inputs),
        "instanceGroupUrls": [
            compute_link(group.replace("/instanceGroups/", "/instanceGroupManagers/")) for group in groups
        ],
        "location": _location(draft),
        "managedInstanceGroupUrls": [compute_link(group) for group in groups],
        "management": {"autoRepair": True, "autoUpgrade": True},
        "maxPodsPerNode": cluster.outputs.get("defaultMaxPodsPerNode", 110) if cluster else 110,
        "name": name,
        "namePrefix": inputs.get("namePrefix", ""),
        "networkConfig": _network_config(cluster),
        "nodeConfig": _node_config(config, _added_taints(draft, cluster)),
        "nodeCount": nodes_per_zone(inputs),
        "nodeDrainConfigs": [],
        "nodeLocations": find_zones(draft),
        "operation": "",
        "project": project,
        "upgradeSettings": {"maxSurge": 1, "maxUnavailable": 0, "strategy": "SURGE"},
        "version": version,
    }


def _network_config(cluster: Row | None) -> Inputs:
    private = (cluster.inputs.get("privateClusterConfig") or {}) if cluster else {}
    return {
        "createPodRange": False,
        "enablePrivateNodes": bool(private.get("enablePrivateNodes")),
        "podIpv4CidrBlock": str(cluster.outputs.get("clusterIpv4Cidr", "")) if cluster else "",
        "podRange": "",
        "subnetwork": str(cluster.outputs.get("subnetwork", "")) if cluster else "",
    }


def _added_taints(draft: Draft, cluster: Row | None) -> list[Inputs]:
    """Return the taint that GKE adds to a pool with GPUs of a cluster that has a pool without."""
    pools = draft.store.find("type = ? AND urn <> ?", NODE_POOL, draft.urn) if cluster else []
    others = [row for row in pools if cluster and row.id.startswith(f"{cluster.id}/")]
    if not has_accelerators(draft.inputs) or all(has_accelerators(row.inputs) for row in others):
        return []
    return [{"effect": "NO_SCHEDULE", "key": "nvidia.com/gpu", "value": "present"}]


def _node_config(config: Inputs, added: list[Inputs]) -> Inputs:
    given = list(config.get("taints") or [])
    taints = [*given, *(taint for taint in added if taint not in given)]
    return {
        "diskSizeGb": 100,
        "diskType": "pd-balanced",
        "effectiveTaints": taints,
        "imageType": "COS_CONTAINERD",
        "loggingVariant": "DEFAULT",
        "machineType": DEFAULT_MACHINE_TYPE,
        "metadata": {"disable-legacy-endpoints": "true"},
        "oauthScopes": [
            "https://www.googleapis.com/auth/devstorage.read_only",
            "https://www.googleapis.com/auth/logging.write",
            "https://www.googleapis.com/auth/monitoring",
            "https://www.googleapis.com/auth/service.management.readonly",
            "https://www.googleapis.com/auth/servicecontrol",
            "https://www.googleapis.com/auth/trace.append",
        ],
        "preemptible": False,
        "serviceAccount": "default",
        "shieldedInstanceConfig": {"enableIntegrityMonitoring": True, "enableSecureBoot": False},
        "spot": False,
    }


def _cluster_of(inputs: Inputs) -> str:
    return str(inputs.get("cluster", "")).rpartition("/")[2]


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


POOL_TYPE = ResourceType(
    NODE_POOL,
    SERVICE,
    "CreateNodePool",
    "UpdateNodePool",
    "DeleteNodePool",
    _pool_id,
    _node_pool,
    {"deletionPolicy": "DELETE"},
    Autoname(),
    _name,
    _cluster_of,
    computed_members={"nodeConfig": ("machineType", "effectiveTaints", "serviceAccount")},
    volatile=frozenset({"version"}),
    failed_is_replaced=False,
)
