"""A local cloud with what an agent pool needs: a resource group, a network, an identity, a cluster."""

from dataclasses import dataclass

from gpucloud.sim.azure_native import tokens
from tests.sim.servicer import Cloud, Made

REGION = "swedencentral"
GPU = "Standard_ND96isr_H100_v5"  # sold in zone 1 of this region alone
RESERVABLE = "Standard_NC24ads_A100_v4"  # sold in zones 2 and 3
PLAIN = "Standard_D4s_v5"
CONTRIBUTOR = "/providers/Microsoft.Authorization/roleDefinitions/b24988ac-6180-42a0-ab88-20f7382dd24c"


@dataclass
class Estate:
    """What tests build on."""

    cloud: Cloud
    group: Made
    network: Made
    subnet: Made
    identity: Made
    cluster: Made

    def pool(self, **changes):
        """Inputs of a GPU pool; None takes one out."""
        inputs = {
            "resourceGroupName": "gpu",
            "resourceName": "train",
            "agentPoolName": "h100",
            "vmSize": GPU,
            "availabilityZones": ["1"],
            "count": 2,
            "mode": "User",
            "gpuProfile": {"driver": "None"},
            "vnetSubnetID": self.subnet.id,
            **changes,
        }
        return {key: value for key, value in inputs.items() if value is not None}

    def problems(self, **changes):
        return self.cloud.problems(tokens.POOL, self.pool(**changes))

    def create(self, name="h100", **changes):
        return self.cloud.create(tokens.POOL, name, self.pool(agentPoolName=name, **changes))

    def reserve(self, size=RESERVABLE, zones=("2",), nodes=4, name="kept"):
        """A capacity reservation group with one reservation, and the cluster's identity with rights on it."""
        zoned = {"zones": list(zones)} if zones else {}
        inputs = {"resourceGroupName": "gpu", "capacityReservationGroupName": name, **zoned}
        group = self.cloud.create(tokens.RESERVATION_GROUP, name, inputs)
        sku = {"name": size, "capacity": nodes}
        self.cloud.create(tokens.RESERVATION, f"{name}-1", {**inputs, "sku": sku, "capacityReservationName": "one"})
        return group

    def grant(self, scope, role=CONTRIBUTOR):
        principal = self.identity.outputs["principalId"]
        inputs = {"principalId": principal, "roleDefinitionId": role, "scope": scope}
        return self.cloud.create(tokens.ASSIGNMENT, "rights", inputs)


def cluster_inputs(control, subnet, **changes):
    inputs = {
        "resourceGroupName": "gpu",
        "resourceName": "train",
        "dnsPrefix": "train",
        "kubernetesVersion": "1.34",
        "identity": {"type": "UserAssigned", "userAssignedIdentities": [control.id]},
        "agentPoolProfiles": [
            {"name": "system", "mode": "System", "count": 3, "vmSize": PLAIN, "vnetSubnetID": subnet.id},
        ],
        "networkProfile": {
            "networkPlugin": "azure",
            "networkPluginMode": "overlay",
            "podCidr": "10.244.0.0/16",
            "serviceCidr": "10.250.0.0/16",
            "dnsServiceIP": "10.250.0.10",
        },
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "aadProfile": {"managed": True, "enableAzureRBAC": True},
        "disableLocalAccounts": True,
        **changes,
    }
    return {key: value for key, value in inputs.items() if value is not None}


def make_estate(cloud):
    group = cloud.create(tokens.GROUP, "gpu", {"resourceGroupName": "gpu", "location": REGION})
    named = {"resourceGroupName": "gpu"}
    space = {"addressSpace": {"addressPrefixes": ["10.0.0.0/16"]}, "virtualNetworkName": "net"}
    network = cloud.create(tokens.NETWORK, "net", {**named, **space})
    subnet = cloud.create(
        tokens.SUBNET,
        "nodes",
        {**named, "virtualNetworkName": "net", "subnetName": "nodes", "addressPrefix": "10.0.0.0/20"},
    )
    identity = cloud.create(tokens.IDENTITY, "control", {**named, "resourceName": "control"})
    cluster = cloud.create(tokens.CLUSTER, "train", cluster_inputs(identity, subnet))
    return Estate(cloud, group, network, subnet, identity, cluster)
