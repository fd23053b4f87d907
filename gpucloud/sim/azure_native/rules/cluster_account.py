"""AKS clusters in the light of what they are now. Source: managedClusters.json 2025-09-01, `kubernetesVersion`."""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import find_by_id
from gpucloud.sim.azure_native.rules.cluster import pools_of
from gpucloud.sim.azure_native.versions import LATEST, full_version, minor_of, parts_of
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft


def refuse_version_jump(draft: Draft) -> None:
    """Refuse an upgrade that skips a minor version, and a downgrade."""
    if draft.previous is None:
        return
    before = str(draft.previous.outputs.get("currentKubernetesVersion", ""))
    after = full_version(str(draft.inputs.get("kubernetesVersion") or before or LATEST))
    old, new = minor_of(before), minor_of(after)
    if old is None or new is None or (old == new and str(draft.inputs.get("kubernetesVersion", "")).count(".") == 1):
        return
    if parts_of(after) < parts_of(before) or new[0] != old[0] or new[1] - old[1] > 1:
        raise CloudError(
            "OperationNotAllowed",
            f"Upgrading Kubernetes version {before} to {after} is not allowed: minor versions cannot be skipped, and a "
            "cluster is never downgraded.",
        )


def refuse_pool_of_other_version(draft: Draft) -> None:
    """Refuse a new cluster's pool of another version than its control plane (azure-aks-docs create-node-pools.md)."""
    if draft.previous is not None:
        return
    control = full_version(str(draft.inputs.get("kubernetesVersion") or LATEST))
    for pool in pools_of(draft.inputs):
        version = pool.get("orchestratorVersion")
        if version is not None and full_version(str(version)) != control:
            text = f"pool {pool.get('name')} of {version}: the versions of a new cluster's pools must match {control}"
            raise CloudError("InvalidParameter", text)


def refuse_entra_removal(draft: Draft) -> None:
    """Refuse to take Entra ID off a cluster (azure-aks-docs enable-authentication-microsoft-entra-id.md)."""
    if draft.previous is not None and draft.previous.inputs.get("aadProfile") and not draft.inputs.get("aadProfile"):
        raise CloudError("BadRequest", "The AKS-managed Microsoft Entra integration can't be disabled.")


def refuse_outbound_without_gateway(draft: Draft) -> None:
    """Refuse userAssignedNATGateway where a pool's subnet has no NAT gateway (azure-aks-docs nat-gateway.md)."""
    if (draft.inputs.get("networkProfile") or {}).get("outboundType") != "userAssignedNATGateway":
        return
    for pool in pools_of(draft.inputs):
        row = find_by_id(draft.store, pool.get("vnetSubnetID", ""), tokens.SUBNET)
        if not pool.get("vnetSubnetID") or (row is not None and not row.inputs.get("natGateway")):
            text = f"outboundType userAssignedNATGateway: the subnet of pool {pool.get('name')} has no NAT gateway"
            raise CloudError("InvalidParameter", text)
