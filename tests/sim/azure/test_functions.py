"""The functions of azure-native: who one is, a cluster's credentials, the state of a preview feature."""

import base64
import json

import pytest

from gpucloud.sim import control
from gpucloud.sim.azure_native import tokens
from tests.sim.azure.estate import cluster_inputs
from tests.sim.servicer import Refused

FEATURE = "azure-native:features:getSubscriptionFeatureRegistration"
CREDENTIALS = "azure-native:containerservice:listManagedClusterUserCredentials"
INFINIBAND = {"providerNamespace": "Microsoft.ContainerService", "featureName": "AKSInfinibandSupport"}
OTHER = {"providerNamespace": "Microsoft.ContainerService", "featureName": "CustomNodeConfigPreview"}
INFINIBAND_NAME, OTHER_NAME = (f"{each['providerNamespace']}/{each['featureName']}" for each in (INFINIBAND, OTHER))


def state_of(cloud, feature):
    return cloud.invoke(FEATURE, **feature)["properties"]["state"]


def test_a_feature_is_registered_by_command(cloud):
    assert state_of(cloud, OTHER) == "NotRegistered"
    control.set_feature(cloud.root, OTHER_NAME.lower(), "Registered")
    assert state_of(cloud, OTHER) == "Registered"


def test_a_feature_is_registered_by_a_program_and_no_longer(cloud):
    made = cloud.create(tokens.FEATURE, "preview", OTHER)
    assert made.outputs["properties"]["state"] == state_of(cloud, OTHER) == "Registered"
    cloud.delete(made)
    assert state_of(cloud, OTHER) == "NotRegistered"


def test_a_feature_that_waits_for_approval_waits(cloud):
    control.set_feature(cloud.root, OTHER_NAME, "Pending")
    made = cloud.create(tokens.FEATURE, "preview", OTHER)
    assert made.outputs["properties"]["state"] == "Pending"


def test_infiniband_is_registered_until_somebody_says_otherwise_and_its_sizes_are_taken_without(azure):
    assert state_of(azure.cloud, INFINIBAND) == "Registered"
    control.set_feature(azure.cloud.root, INFINIBAND_NAME, "NotRegistered")
    assert state_of(azure.cloud, INFINIBAND) == "NotRegistered"
    azure.create()


def test_credentials_are_a_kubeconfig(azure):
    (found,) = azure.cloud.invoke(CREDENTIALS, resourceGroupName="GPU", resourceName="train")["kubeconfigs"]
    document = json.loads(base64.b64decode(found["value"]))
    assert document["clusters"][0]["cluster"]["server"] == f"https://{azure.cluster.outputs['fqdn']}:443"
    assert document["users"][0]["user"]["exec"]["command"] == "kubelogin"
    plain = {"aadProfile": None, "disableLocalAccounts": None, "resourceName": "plain"}
    azure.cloud.create(tokens.CLUSTER, "plain", cluster_inputs(azure.identity, azure.subnet, **plain))
    (found,) = azure.cloud.invoke(CREDENTIALS, resourceGroupName="gpu", resourceName="plain")["kubeconfigs"]
    assert "exec" not in json.loads(base64.b64decode(found["value"]))["users"][0]["user"]


def test_a_cluster_that_is_not_there_has_none(cloud):
    with pytest.raises(Refused, match="ResourceNotFound"):
        cloud.invoke(CREDENTIALS, resourceGroupName="gpu", resourceName="train")


def test_other_functions_are_refused_by_name(cloud):
    with pytest.raises(Refused, match="does not model the function azure-native:network:getSubnet"):
        cloud.invoke("azure-native:network:getSubnet", name="x")
    assert cloud.invoke("azure-native:authorization:getClientConfig")["tenantId"]
