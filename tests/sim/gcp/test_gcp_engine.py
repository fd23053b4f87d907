"""The real engine and the real SDK against Google Cloud in the local cloud."""

import re

import pytest

from gpucloud.sim import control, session
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.status import read_status
from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

PROGRAM = """
    import pulumi
    import pulumi_gcp as gcp

    network = gcp.compute.Network("net", auto_create_subnetworks=False)
    subnetwork = gcp.compute.Subnetwork(
        "nodes",
        network=network.id,
        ip_cidr_range="10.0.0.0/20",
        secondary_ip_ranges=[
            {"range_name": "pods", "ip_cidr_range": "10.4.0.0/14"},
            {"range_name": "services", "ip_cidr_range": "10.8.0.0/20"},
        ],
    )
    cluster = gcp.container.Cluster(
        "train",
        name="train",
        network=network.self_link,
        subnetwork=subnetwork.self_link,
        initial_node_count=1,
        remove_default_node_pool=True,
        deletion_protection=False,
        ip_allocation_policy={"cluster_secondary_range_name": "pods", "services_secondary_range_name": "services"},
    )
    pool = gcp.container.NodePool(
        "pool",
        name="h100",
        cluster=cluster.id,
        node_locations=["us-central1-a"],
        initial_node_count=2,
        node_config={"machine_type": "a3-highgpu-8g"},
    )
    pulumi.export("pool", pool.id)
    pulumi.export("endpoint", cluster.endpoint)
    pulumi.export("certificate", cluster.master_auth.cluster_ca_certificate)
    pulumi.export("groups", pool.managed_instance_group_urls)
    pulumi.export("project", gcp.organizations.get_project().project_id)
"""


@pytest.fixture
def stack(tmp_path):
    project = PulumiProject(tmp_path)
    project.write("__main__.py", PROGRAM)
    project.attach(tmp_path / ".local")
    project.run("stack", "init", "dev")
    project.run("config", "set", "gcp:region", "us-central1")
    yield project
    session.stop(tmp_path / ".local")


def test_a_stock_out_stays_in_the_state_and_the_next_up_goes_on_with_it(stack, tmp_path):
    root = tmp_path / ".local"
    control.set_capacity(root, "a3-highgpu-8g", "us-central1-a", 1)
    text = stack.run("up", fails=True)
    assert 'NodePool h100 was created in the error state "RUNNING_WITH_ERROR"' in text
    assert "[GCE_STOCKOUT]" in text
    assert read_status(root).resources[NODE_POOL] == 1

    control.clear_faults(root)
    text = stack.run("up")
    assert re.search(r"~ 1 updated\s+4 unchanged", text), text
    assert read_status(root).failed == []
    outputs = stack.outputs()
    assert outputs["pool"] == "projects/gpucloud-local/locations/us-central1/clusters/train/nodePools/h100"
    assert outputs["endpoint"].endswith(".invalid")
    assert outputs["certificate"]
    assert outputs["groups"][0].startswith("https://www.googleapis.com/compute/v1/projects/gpucloud-local/zones/")
    assert outputs["project"] == "gpucloud-local"
    stack.run("up", "--expect-no-changes")
    stack.run("refresh", "--expect-no-changes")
    stack.run("destroy")
    assert read_status(root).resources == {}
