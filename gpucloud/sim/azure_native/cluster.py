"""AKS clusters and their maintenance configurations.

Defaults: azure-aks-docs azure-cni-overlay.md (pod and service ranges), workload-identity-deploy-cluster.md (issuer),
cluster-configuration (name of the node resource group), Microsoft.ContainerService swagger 2025-09-01.
"""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.agent_pools import AGENT_POOL, CLUSTER_PATH, SERVICE, cluster_key, complete_pool
from gpucloud.sim.azure_native.allocation import launch_nodes
from gpucloud.sim.azure_native.identifiers import (
    TENANT,
    at_path,
    find_by_id,
    key_of,
    make_uuid,
    name_in,
    subscription_of,
)
from gpucloud.sim.azure_native.pool_launch import read_launch
from gpucloud.sim.azure_native.times import system_data
from gpucloud.sim.azure_native.versions import LATEST, full_version
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_MOST_GROUP_NAME = 80  # azure-aks-docs: a longer name of the node resource group is cut


def location_of(inputs: Inputs) -> str:
    """Return a location as Azure compares it: `East US` is `eastus` (pulumi-azure-native diff.go)."""
    return str(inputs.get("location") or "").replace(" ", "").lower()


def _cluster(draft: Draft) -> Inputs:
    inputs, name, location = draft.inputs, name_in(draft.id), location_of(draft.inputs)
    version = str(inputs.get("kubernetesVersion") or LATEST)
    group = f"MC_{inputs.get('resourceGroupName')}_{name}_{location}"[:_MOST_GROUP_NAME]
    node_group = str(inputs.get("nodeResourceGroup") or group)
    # .invalid is reserved (RFC 2606): nothing may ever answer there.
    host = f"{inputs.get('dnsPrefix') or inputs.get('fqdnSubdomain')}-{draft.digits(8, 'fqdn')}"
    private = bool((inputs.get("apiServerAccessProfile") or {}).get("enablePrivateCluster"))
    network = _network_profile(inputs.get("networkProfile") or {})
    overlay = network.get("networkPluginMode") == "overlay"
    state = "Failed" if draft.health else "Succeeded"
    pools = [complete_pool(pool, version, overlay, state) for pool in inputs.get("agentPoolProfiles") or ()]
    return {
        "agentPoolProfiles": pools,
        "azurePortalFQDN": f"{host}.portal.hcp.{location}.azmk8s.local-cloud.invalid",
        "currentKubernetesVersion": full_version(version),
        "disableLocalAccounts": False,
        "eTag": make_uuid(draft, f"etag {draft.store.generation(draft.urn)}"),
        "enableRBAC": True,
        "fqdn": f"{host}.hcp.{location}.azmk8s.local-cloud.invalid",
        "identity": _identity(draft),
        "identityProfile": _identity_profile(draft, node_group),
        "kubernetesVersion": version,
        "location": location,
        "maxAgentPools": 100,
        "name": name,
        "networkProfile": network,
        "nodeResourceGroup": node_group,
        "oidcIssuerProfile": _issuer(draft, location),
        "powerState": {"code": "Running"},
        "privateFQDN": f"{host}.privatelink.{location}.azmk8s.local-cloud.invalid" if private else "",
        "provisioningState": state,
        "resourceUID": draft.digits(24, "uid"),
        "sku": {"name": "Base", "tier": "Free"},
        "supportPlan": "KubernetesOfficial",
        "systemData": system_data(draft),
        "type": f"{SERVICE}/managedClusters",
    }


def _issuer(draft: Draft, location: str) -> Inputs:
    if not (draft.inputs.get("oidcIssuerProfile") or {}).get("enabled"):
        return {"enabled": False}
    url = f"https://{location}.oic.prod-aks.azure.com/{TENANT}/{make_uuid(draft, 'issuer')}/"
    return {"enabled": True, "issuerURL": url}


def _network_profile(given: Inputs) -> Inputs:
    pod, service = given.get("podCidr") or "10.244.0.0/16", given.get("serviceCidr") or "10.0.0.0/16"
    flat = given.get("networkPlugin") == "azure" and given.get("networkPluginMode") != "overlay"
    return {
        "dnsServiceIP": "10.0.0.10",
        "ipFamilies": ["IPv4"],
        "loadBalancerSku": "standard",
        "networkDataplane": "azure",
        "networkPlugin": "azure",
        "networkPolicy": "none",
        "outboundType": "loadBalancer",
        "serviceCidr": service,
        "serviceCidrs": [service],
        **({} if flat else {"podCidr": pod, "podCidrs": [pod]}),
        **given,
    }


def _identity(draft: Draft) -> Inputs:
    given = draft.inputs.get("identity") or {"type": "None"}
    if given.get("type") == "SystemAssigned":
        return {"type": "SystemAssigned", "principalId": make_uuid(draft, "principal"), "tenantId": TENANT}
    found = {str(id_): find_by_id(draft.store, id_, tokens.IDENTITY) for id_ in given.get("userAssignedIdentities", ())}
    assigned = {
        id_: {name: row.outputs.get(name, "") for name in ("clientId", "principalId")} if row is not None else {}
        for id_, row in found.items()
    }
    return {"type": given.get("type"), **({"userAssignedIdentities": assigned} if assigned else {})}


def _identity_profile(draft: Draft, node_group: str) -> Inputs:
    """Return the identity of the nodes: the program's, or one that AKS makes in the node resource group."""
    given = (draft.inputs.get("identityProfile") or {}).get("kubeletidentity") or {}
    row = find_by_id(draft.store, given.get("resourceId", ""), tokens.IDENTITY)
    made = (
        f"/subscriptions/{subscription_of(draft.settings)}/resourcegroups/{node_group}/providers"
        f"/Microsoft.ManagedIdentity/userAssignedIdentities/{name_in(draft.id)}-agentpool"
    )
    kubelet = {
        "clientId": row.outputs["clientId"] if row is not None else make_uuid(draft, "kubelet client"),
        "objectId": row.outputs["principalId"] if row is not None else make_uuid(draft, "kubelet principal"),
        "resourceId": given.get("resourceId") or made,
    }
    return {"kubeletidentity": {**kubelet, **given}}


def _launch(draft: Draft, row: int) -> list[str]:
    pools = draft.inputs.get("agentPoolProfiles") or ()
    return launch_nodes(draft, row, [read_launch(pool, location_of(draft.inputs)) for pool in pools])


def _members(store: Store, row: Row) -> list[Row]:
    """Return what AKS removes together with a cluster: its pools and maintenance configurations."""
    return store.find("parent = ? AND type IN (?, ?)", row.name, tokens.POOL, tokens.MAINTENANCE)


def _maintenance(draft: Draft) -> Inputs:
    return {
        "name": name_in(draft.id),
        "systemData": system_data(draft),
        "type": f"{SERVICE}/managedClusters/maintenanceConfigurations",
    }


CLUSTER = ResourceType(
    tokens.CLUSTER,
    SERVICE,
    "ManagedClusters_CreateOrUpdate",
    "ManagedClusters_CreateOrUpdate",
    "ManagedClusters_Delete",
    at_path(CLUSTER_PATH),
    _cluster,
    autoname=Autoname("resourceName", form="suffix"),
    name_of=cluster_key,
    parent_of=key_of("resourceGroupName"),
    settle=_launch,
    failed_is_replaced=False,
    overriding=frozenset({"agentPoolProfiles", "identity", "location"}),
    computed_members={
        "identityProfile": ("kubeletidentity",),
        "networkProfile": ("dnsServiceIP", "podCidr", "podCidrs", "serviceCidr", "serviceCidrs"),
        "oidcIssuerProfile": ("issuerURL",),
    },
    volatile=frozenset({"eTag", "currentKubernetesVersion", "provisioningState", "systemData"}),
    goes_along=_members,
)
MAINTENANCE = ResourceType(
    tokens.MAINTENANCE,
    SERVICE,
    "MaintenanceConfigurations_CreateOrUpdate",
    "MaintenanceConfigurations_CreateOrUpdate",
    "MaintenanceConfigurations_Delete",
    at_path(f"{CLUSTER_PATH}/maintenanceConfigurations/{{configName}}"),
    _maintenance,
    autoname=Autoname("configName", form="copy"),
    name_of=key_of("resourceGroupName", "resourceName", "configName"),
    parent_of=cluster_key,
    delete_before_replace=True,
    volatile=frozenset({"systemData"}),
)

TYPES = (CLUSTER, AGENT_POOL, MAINTENANCE)
