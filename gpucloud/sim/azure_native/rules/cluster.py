"""AKS clusters, from their inputs alone.

Sources: Microsoft.ContainerService 2025-09-01 managedClusters.json (descriptions); azure-aks-docs fb060ab
use-system-pools.md, workload-identity-deploy-cluster.md; terraform-provider-azurerm, kubernetes_cluster (dns_prefix,
kubelet_identity). AKS answers InvalidParameter or BadRequest; the words are the local cloud's own.
"""

from collections.abc import Iterator

from gpucloud.sim.azure_native.rules.pool import is_known
from gpucloud.sim.azure_native.versions import minor_of
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Unknown

_CODE = "InvalidParameter"


def pools_of(cluster: Inputs) -> list[Inputs]:
    """Return the pools inside a cluster, as far as they are known."""
    pools = cluster.get("agentPoolProfiles")
    return [pool for pool in pools if isinstance(pool, dict)] if isinstance(pools, list) else []


def _part(cluster: Inputs, name: str) -> Inputs:
    value = cluster.get(name)
    return value if isinstance(value, dict) else {}


def refuse_without_system_pool(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse a cluster without a system pool of its own, and two pools of one name."""
    if isinstance(cluster.get("agentPoolProfiles"), Unknown):
        return
    pools = pools_of(cluster)
    if not any(isinstance(pool.get("mode"), Unknown) or pool.get("mode") == "System" for pool in pools):
        yield Refusal("agentPoolProfiles", _CODE, "a cluster must have at least one 'System' agent pool at all times")
    names = [pool.get("name") for pool in pools]
    for index, name in enumerate(names):
        if name in names[:index]:
            yield Refusal(f"agentPoolProfiles[{index}].name", _CODE, f"agent pool name {name} stands twice")


def refuse_without_dns(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse a cluster with neither or both of dnsPrefix and fqdnSubdomain."""
    given = [name for name in ("dnsPrefix", "fqdnSubdomain") if cluster.get(name) is not None]
    if len(given) != 1:
        yield Refusal("dnsPrefix", _CODE, "exactly one of dnsPrefix and fqdnSubdomain is required")


def refuse_local_accounts_off(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse to turn local accounts off on a cluster without Entra ID."""
    if cluster.get("disableLocalAccounts") is True and not cluster.get("aadProfile"):
        text = "disableLocalAccounts must only be used on managed clusters that are AAD enabled"
        yield Refusal("disableLocalAccounts", "BadRequest", text)


def refuse_bad_entra(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse Azure RBAC without managed Entra ID or with Kubernetes RBAC off."""
    profile = _part(cluster, "aadProfile")
    if profile.get("enableAzureRBAC") is True:
        if profile.get("managed") is False or "managed" not in profile:
            yield Refusal("aadProfile.managed", _CODE, "enableAzureRBAC needs managed AAD: set managed to true")
        if cluster.get("enableRBAC") is False:
            yield Refusal("enableRBAC", _CODE, "enableAzureRBAC needs Kubernetes RBAC")


def refuse_workload_identity_without_issuer(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse workload identity without the OIDC issuer."""
    workload = _part(_part(cluster, "securityProfile"), "workloadIdentity")
    issuer = _part(cluster, "oidcIssuerProfile")
    if workload.get("enabled") is True and issuer.get("enabled") is not True and is_known(issuer.get("enabled")):
        text = "workload identity needs the OIDC issuer: set oidcIssuerProfile.enabled to true"
        yield Refusal("securityProfile.workloadIdentity.enabled", _CODE, text)


def refuse_bad_identity(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse identities that do not fit their type, and an identity of the nodes without one of the control plane."""
    identity = _part(cluster, "identity")
    kind, given = identity.get("type"), identity.get("userAssignedIdentities")
    if not is_known(cluster.get("identity"), kind, given):
        return
    if kind in {None, "None"} and not _part(cluster, "servicePrincipalProfile"):
        yield Refusal("identity", _CODE, "a cluster needs a managed identity, or servicePrincipalProfile instead")
    if kind == "UserAssigned" and len(given or ()) != 1:
        text = f"a UserAssigned identity is exactly one id, not {len(given or ())}"
        yield Refusal("identity.userAssignedIdentities", _CODE, text)
    if kind != "UserAssigned" and given:
        text = f"userAssignedIdentities need the type UserAssigned, not {kind}"
        yield Refusal("identity.userAssignedIdentities", _CODE, text)
    if cluster.get("identityProfile") and kind != "UserAssigned":
        text = "a kubelet identity needs a user-assigned identity of the control plane"
        yield Refusal("identityProfile", _CODE, text)


def refuse_bad_version(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse a version that is neither major.minor nor major.minor.patch."""
    version = cluster.get("kubernetesVersion")
    if version is not None and is_known(version) and minor_of(version) is None:
        yield Refusal("kubernetesVersion", _CODE, f"'{version}' is not a Kubernetes version such as 1.34 or 1.34.2")


def refuse_ranges_of_private_server(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse authorised ranges on a private cluster (azure-aks-docs api-server-authorized-ip-ranges.md)."""
    access = _part(cluster, "apiServerAccessProfile")
    if access.get("enablePrivateCluster") is True and access.get("authorizedIPRanges"):
        text = "authorized IP ranges apply to a public API server; this cluster's is private"
        yield Refusal("apiServerAccessProfile.authorizedIPRanges", _CODE, text)


CLUSTER_RULES = (
    refuse_without_system_pool,
    refuse_without_dns,
    refuse_local_accounts_off,
    refuse_bad_entra,
    refuse_workload_identity_without_issuer,
    refuse_bad_identity,
    refuse_bad_version,
    refuse_ranges_of_private_server,
)
