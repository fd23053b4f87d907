"""The real engine against Azure in the local cloud: one program from nothing to nothing, with a stock-out between."""

import json

import pytest

from gpucloud.sim import control, session
from gpucloud.sim.status import read_status
from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

PROGRAM = """
    import pulumi
    import pulumi_azure_native as azure

    config = pulumi.Config()
    group = azure.resources.ResourceGroup("gpu", location="swedencentral")
    identity = azure.managedidentity.UserAssignedIdentity("control", resource_group_name=group.name)
    cluster = azure.containerservice.ManagedCluster(
        "train",
        resource_group_name=group.name,
        dns_prefix="train",
        identity={"type": "UserAssigned", "user_assigned_identities": [identity.id]},
        agent_pool_profiles=[{"name": "system", "mode": "System", "count": 3, "vm_size": "Standard_D4s_v5"}],
    )
    pool = pulumi.CustomResource(
        "azure-native:containerservice:AgentPool",
        "h100",
        {
            "resourceGroupName": group.name,
            "resourceName": cluster.name,
            "agentPoolName": "h100",
            "vmSize": config.get("size") or "Standard_ND96isr_H100_v5",
            "availabilityZones": [config.get("zone") or "1"],
            "count": config.get_int("nodes") or 1,
            "mode": "User",
            "gpuProfile": {"driver": "None"},
        },
        pulumi.ResourceOptions(
            delete_before_replace=True if config.get_bool("replace") else None,
            replace_on_changes=["availabilityZones"] if config.get_bool("replace") else None,
        ),
    )
    feature = azure.features.get_subscription_feature_registration(
        provider_namespace="Microsoft.ContainerService", feature_name="AKSInfinibandSupport"
    )
    pulumi.export("pool", pool.id)
    pulumi.export("infiniband", feature.properties.state)
    pulumi.export("principal", cluster.identity.apply(lambda found: list(found.user_assigned_identities.values())[0]))
"""
POOL = "azure-native:containerservice:AgentPool"


@pytest.fixture
def stack(tmp_path):
    root = tmp_path / ".local"
    project = PulumiProject(tmp_path)
    project.write("__main__.py", PROGRAM)
    project.attach(root)
    project.run("stack", "init", "dev")
    yield root, project
    session.stop(root)


def errors_in_state(project):
    resources = json.loads(project.run("stack", "export"))["deployment"]["resources"]
    return [error for resource in resources for error in resource.get("initErrors", ())]


def test_up_stock_out_mend_change_destroy(stack):
    root, project = stack
    control.set_capacity(root, "Standard_ND96isr_H100_v5", "swedencentral-1", 0)
    assert "5 to create" in project.run("preview")
    shown = project.run("up", fails=True)
    assert 'Code="ZonalAllocationFailed"' in shown
    assert "capacity is in swedencentral-2" in shown
    assert len(errors_in_state(project)) == 1
    assert [row["type"] for row in read_status(root).failed] == [POOL]

    control.clear_faults(root)
    assert "~ 1 updated" in project.run("up")
    assert errors_in_state(project) == []
    assert read_status(root).failed == []
    project.run("up", "--expect-no-changes")
    project.run("refresh", "--expect-no-changes")
    outputs = project.outputs()
    assert outputs["pool"].endswith("/agentPools/h100")
    assert outputs["infiniband"] == "Registered"
    assert outputs["principal"]["principalId"]

    project.run("config", "set", "zone", "2")
    assert "~ 1 to update" in project.run("preview")
    assert "Changing property 'agentPoolProfile.availabilityZones' is not allowed." in project.run("up", fails=True)
    project.run("config", "set", "replace", "true")
    assert "+-1 replaced" in project.run("up")
    project.run("destroy")
    assert read_status(root).resources == {}
