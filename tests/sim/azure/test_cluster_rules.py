"""What Azure refuses of a cluster, a network and the rest: each rule with a case that passes and one that fails."""

import pytest

from gpucloud.sim.azure_native import tokens
from tests.sim.azure.estate import PLAIN, cluster_inputs
from tests.sim.servicer import Refused

SYSTEM = {"name": "system", "mode": "System", "count": 3, "vmSize": PLAIN}
CIDRS = {"networkPlugin": "azure", "networkPluginMode": "overlay"}

PASSING = {
    "the cluster itself": {},
    "without Entra ID": {"aadProfile": None, "disableLocalAccounts": False},
    "its own identity": {"identity": {"type": "SystemAssigned"}},
    "a patch": {"kubernetesVersion": "1.34.2"},
    "cilium": {"networkProfile": {**CIDRS, "networkDataplane": "cilium", "networkPolicy": "cilium"}},
    "flat": {"networkProfile": {"networkPlugin": "azure", "serviceCidr": "10.9.0.0/16", "dnsServiceIP": "10.9.0.10"}},
    "no ranges said": {"networkProfile": CIDRS},
    "private": {"apiServerAccessProfile": {"enablePrivateCluster": True}},
    "ranges of a public server": {"apiServerAccessProfile": {"authorizedIPRanges": ["192.0.2.0/30"]}},
}
FAILING = {
    "no pool": ({"agentPoolProfiles": []}, "agentPoolProfiles", "at least one 'System' agent pool"),
    "no system pool": ({"agentPoolProfiles": [{**SYSTEM, "mode": "User"}]}, "agentPoolProfiles", "at least one"),
    "a pool twice": ({"agentPoolProfiles": [SYSTEM, SYSTEM]}, "agentPoolProfiles[1].name", "stands twice"),
    "a spot system pool": (
        {"agentPoolProfiles": [{**SYSTEM, "scaleSetPriority": "Spot"}]},
        "agentPoolProfiles[0].mode",
        "require user node pools",
    ),
    "no prefix": ({"dnsPrefix": None}, "dnsPrefix", "exactly one of"),
    "two prefixes": ({"fqdnSubdomain": "x"}, "dnsPrefix", "exactly one of"),
    "local accounts off without Entra ID": ({"aadProfile": None}, "disableLocalAccounts", "AAD enabled"),
    "Azure RBAC alone": ({"aadProfile": {"enableAzureRBAC": True}}, "aadProfile.managed", "needs managed AAD"),
    "Azure RBAC without RBAC": ({"enableRBAC": False}, "enableRBAC", "needs Kubernetes RBAC"),
    "workload identity without an issuer": (
        {"oidcIssuerProfile": None},
        "securityProfile.workloadIdentity.enabled",
        "needs the OIDC issuer",
    ),
    "no identity at all": ({"identity": None}, "identity", "needs a managed identity"),
    "no identity of the type": (
        {"identity": {"type": "UserAssigned"}},
        "identity.userAssignedIdentities",
        "exactly one",
    ),
    "an identity of another type": (
        {"identity": {"type": "SystemAssigned", "userAssignedIdentities": ["/subscriptions/x"]}},
        "identity.userAssignedIdentities",
        "need the type UserAssigned",
    ),
    "a kubelet identity alone": (
        {
            "identity": {"type": "SystemAssigned"},
            "identityProfile": {"kubeletidentity": {"resourceId": "/subscriptions/x"}},
        },
        "identityProfile",
        "needs a user-assigned identity",
    ),
    "a version": ({"kubernetesVersion": "v1.34"}, "kubernetesVersion", "is not a Kubernetes version"),
    "ranges of a private server": (
        {"apiServerAccessProfile": {"enablePrivateCluster": True, "authorizedIPRanges": ["192.0.2.0/30"]}},
        "apiServerAccessProfile.authorizedIPRanges",
        "this cluster's is private",
    ),
    "a range with host bits": (
        {"networkProfile": {**CIDRS, "podCidr": "10.244.0.1/16"}},
        "networkProfile.podCidr",
        "is not an IPv4 range",
    ),
    "a range of AKS": (
        {"networkProfile": {**CIDRS, "podCidr": "172.30.0.0/16"}},
        "networkProfile.podCidr",
        "AKS clusters can't use",
    ),
    "wide services": (
        {"networkProfile": {**CIDRS, "serviceCidr": "10.0.0.0/12", "dnsServiceIP": "10.0.0.10"}},
        "networkProfile.serviceCidr",
        "must be smaller than /12",
    ),
    "pods over services": (
        {"networkProfile": {**CIDRS, "podCidr": "10.0.0.0/8"}},
        "networkProfile.podCidr",
        "must not overlap the service range",
    ),
    "no DNS address": (
        {"networkProfile": {**CIDRS, "serviceCidr": "10.9.0.0/16"}},
        "networkProfile.dnsServiceIP",
        "needs a dnsServiceIP",
    ),
    "a DNS address elsewhere": (
        {"networkProfile": {**CIDRS, "serviceCidr": "10.9.0.0/16", "dnsServiceIP": "10.8.0.10"}},
        "networkProfile.dnsServiceIP",
        "must be within the service range",
    ),
    "the first address": (
        {"networkProfile": {**CIDRS, "serviceCidr": "10.9.0.0/16", "dnsServiceIP": "10.9.0.1"}},
        "networkProfile.dnsServiceIP",
        "must not be the first address",
    ),
    "overlay of kubenet": (
        {"networkProfile": {"networkPlugin": "kubenet", "networkPluginMode": "overlay"}},
        "networkProfile.networkPluginMode",
        "applies only to network plugin azure",
    ),
    "pods' range of a flat network": (
        {"networkProfile": {"networkPlugin": "azure", "podCidr": "10.244.0.0/16"}},
        "networkProfile.podCidr",
        "overlay alone",
    ),
    "cilium of kubenet": (
        {"networkProfile": {"networkPlugin": "kubenet", "networkDataplane": "cilium"}},
        "networkProfile.networkDataplane",
        "needs network plugin azure",
    ),
    "cilium with another policy": (
        {"networkProfile": {**CIDRS, "networkDataplane": "cilium", "networkPolicy": "calico"}},
        "networkProfile.networkPolicy",
        "enforces policies itself",
    ),
    "policy cilium alone": (
        {"networkProfile": {**CIDRS, "networkPolicy": "cilium"}},
        "networkProfile.networkPolicy",
        "needs networkDataplane cilium",
    ),
    "policy azure of kubenet": (
        {"networkProfile": {"networkPlugin": "kubenet", "networkPolicy": "azure"}},
        "networkProfile.networkPolicy",
        "needs network plugin azure",
    ),
    "a long name": ({"resourceName": "x" * 64}, "resourceName", "does not match"),
    "a location": ({"location": "useast"}, "location", "LocationNotAvailableForResourceType"),
    "a tier": ({"sku": {"name": "Base", "tier": "Gold"}}, "sku.tier", "none of Premium, Standard, Free"),
}

NAMED = {"resourceGroupName": "gpu"}


@pytest.mark.parametrize("changes", PASSING.values(), ids=PASSING)
def test_a_good_cluster_passes(azure, changes):
    inputs = cluster_inputs(azure.identity, azure.subnet, **changes)
    assert azure.cloud.problems(tokens.CLUSTER, inputs) == []


@pytest.mark.parametrize(("changes", "where", "text"), FAILING.values(), ids=FAILING)
def test_a_bad_cluster_is_refused(azure, changes, where, text):
    found = azure.cloud.problems(tokens.CLUSTER, cluster_inputs(azure.identity, azure.subnet, **changes))
    assert any(path == where and text in reason for path, reason in found), found


def test_services_and_pods_are_outside_of_the_subnets(azure):
    services = {**CIDRS, "serviceCidr": "10.0.0.0/17", "dnsServiceIP": "10.0.0.10"}
    pods = {**CIDRS, "podCidr": "10.0.0.0/14", "serviceCidr": "10.250.0.0/16", "dnsServiceIP": "10.250.0.10"}
    for profile, code in ((services, "ServiceCidrOverlapExistingSubnetsCidr"), (pods, "Pod CIDR space")):
        changes = {"resourceName": "other", "networkProfile": profile}
        inputs = cluster_inputs(azure.identity, azure.subnet, **changes)
        with pytest.raises(Refused, match=code):
            azure.cloud.create(tokens.CLUSTER, "other", inputs)


def test_a_user_assigned_gateway_needs_one_at_the_subnet(azure):
    outbound = {**azure.cluster.inputs["networkProfile"], "outboundType": "userAssignedNATGateway"}
    inputs = cluster_inputs(azure.identity, azure.subnet, resourceName="other", networkProfile=outbound)
    with pytest.raises(Refused, match="the subnet of pool system has no NAT gateway"):
        azure.cloud.create(tokens.CLUSTER, "other", inputs)
    gateway = azure.cloud.create(tokens.GATEWAY, "nat", {**NAMED, "sku": {"name": "Standard"}})
    azure.cloud.update(azure.subnet, {**azure.subnet.inputs, "natGateway": {"id": gateway.id}})
    azure.cloud.create(tokens.CLUSTER, "other", inputs)
