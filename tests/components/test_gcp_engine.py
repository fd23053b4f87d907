"""Google Cloud's components under the real engine, against the local cloud."""

import pytest

from gpucloud.sim import session
from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

PROGRAM = """
    import pulumi
    import pulumi_gcp as gcp
    from gpucloud.components.gcp_cluster import GcpCluster
    from gpucloud.components.gcp_gpu_node_pool import GcpGpuNodePool
    from gpucloud.components.gcp_network import GcpNetwork
    from gpucloud.spec import ClusterSpec, NodePoolSpec
    from gpucloud.spec.cluster import NetworkSpec

    config = pulumi.Config()
    REGION = "us-central1"
    TCPXO = {
        "name": "h100", "machine_type": "a3-megagpu-8g", "zones": ["us-central1-a", "us-central1-c"],
        "fabric": "tcpxo", "capacity": ["spot", "flex-start"],
        "size": {"min": 0, "desired": 1, "max": config.get_int("max") or 4},
        "kubelet": {"topologyManagerPolicy": config.get("topology") or "restricted"},
    }
    RDMA = {
        "name": "h200", "machine_type": "a3-ultragpu-8g", "zones": ["us-central1-b"], "fabric": "roce",
        "capacity": ["queued"], "size": {"max": 4},
    }
    T4 = {
        "name": "t4", "machine_type": "n1-standard-8+2xnvidia-tesla-t4", "zones": ["us-central1-a"],
        "driver_owner": "operator", "image": {"family": "ubuntu"}, "size": {"min": 0, "desired": 1, "max": 2},
    }
    RESERVED = {
        "name": "l4", "machine_type": "g2-standard-8", "zones": ["us-central1-a"],
        "capacity": [{"type": "reserved", "reservation_id": "kept"}, "on-demand"],
        "size": {"min": 0, "desired": config.get_int("reserved") or 0, "max": 4},
    }
    CLUSTER = {
        "name": "train", "cloud": "gcp", "region": REGION, "node_pools": [TCPXO], "tags": {"team": "ml"},
        "access": {"public_from": ["203.0.113.0/24"], "admins": ["group:ml@example.com"]},
    }
    gcp.compute.Reservation(
        "kept", name="kept", zone="us-central1-a", specific_reservation_required=True,
        specific_reservation={
            "count": 2,
            "instance_properties": {
                "machine_type": "g2-standard-8",
                "guest_accelerators": [{"accelerator_type": "nvidia-l4", "accelerator_count": 1}],
            },
        },
    )
    network = GcpNetwork("train", NetworkSpec(), REGION)
    cluster = GcpCluster(
        "train", ClusterSpec.model_validate(CLUSTER), network.network_id, network.subnet_id,
        opts=pulumi.ResourceOptions(depends_on=[network]),
    )
    after = pulumi.ResourceOptions(depends_on=[cluster.system_nodes])
    for pool in [TCPXO, RDMA, T4, *([RESERVED] if config.get_int("reserved") is not None else [])]:
        spec = NodePoolSpec.model_validate(pool)
        GcpGpuNodePool("train-" + spec.name, spec, cluster.ref, opts=after)
    pulumi.export("kubeconfig", cluster.kubeconfig)
    pulumi.export("command", cluster.kubeconfig_command)
"""
# The stack and a reservation; network: 4 with its component 5; cluster: account, 3 roles, cluster, pool, component;
# TCPXO: 8 networks, subnets and firewall rules, 4 node pools; RDMA: 2 networks, 9 subnets, 1 rule, 1 pool; T4: 1 pool.
RESOURCES = 2 + 5 + 7 + (24 + 4 + 1) + (12 + 1 + 1) + 2


class Stack:
    """A project and the local cloud that it is sent to."""

    def __init__(self, tmp_path):
        self.root = tmp_path / ".local"
        self.project = PulumiProject(tmp_path)
        self.project.write("__main__.py", PROGRAM)
        self.project.attach(self.root)
        self.project.run("stack", "init", "dev")
        self.set("gcp:region", "us-central1")

    def set(self, key, value):
        self.project.run("config", "set", key, str(value))

    def run(self, *arguments, **options):
        return self.project.run(*arguments, **options)


@pytest.fixture
def stack(tmp_path):
    made = Stack(tmp_path)
    yield made
    session.stop(made.root)


def test_up_no_op_change_replace_refresh_destroy(stack):
    assert f"{RESOURCES} to create" in stack.run("preview")
    stack.run("up")
    outputs = stack.project.outputs()
    assert "gke-gcloud-auth-plugin" in outputs["kubeconfig"]
    assert outputs["command"].startswith("gcloud container clusters get-credentials train --region us-central1")
    stack.run("up", "--refresh", "--expect-no-changes")
    stack.set("max", 8)
    assert "~ 4 updated" in stack.run("up")
    stack.run("up", "--expect-no-changes")
    assert f"{RESOURCES} deleted" in stack.run("destroy")


def test_a_reservation_that_does_not_fit_stops_the_preview(stack):
    stack.run("up")
    stack.set("reserved", 3)
    for step in ("preview", "up"):
        said = stack.run(step, fails=True)
        assert "kept in us-central1-a holds 2 machines where 3 nodes are wanted; write `count: 2`" in said
        assert "Traceback" not in said
    stack.set("reserved", 2)
    assert "+ 3 created" in stack.run("up")
