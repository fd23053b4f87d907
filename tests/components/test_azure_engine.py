"""Azure's components under the real engine, against the local cloud."""

import json

import pytest

from gpucloud.sim import control, session
from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

PROGRAM = """
    import pulumi
    from gpucloud.components import azure_cluster, azure_gpu_node_pool, azure_network
    from gpucloud.spec import ClusterSpec, NodePoolSpec
    from gpucloud.spec.cluster import NetworkSpec

    config = pulumi.Config()

    def declare_by_class(kind, name, args, opts):
        given = {"resource_name_" if key == "resource_name" else key: value for key, value in vars(args).items()}
        return kind(name, opts=opts, **given)

    if config.get_bool("typed"):
        for module in (azure_gpu_node_pool, azure_network):
            module.declare = declare_by_class

    REGION = "swedencentral"
    A100 = {
        "name": "a100", "machine_type": "Standard_NC24ads_A100_v4", "zones": ["2", "3"], "placement": "cluster",
        "capacity": ["on-demand", "spot"], "size": {"min": 0, "desired": 1, "max": config.get_int("max") or 4},
        "kubelet": {"maxPods": config.get_int("pods") or 60},
    }
    H100 = {
        "name": "h100", "machine_type": "Standard_ND96isr_H100_v5", "zones": ["1"], "size": {"max": 2},
        "fabric": "infiniband", "driver_owner": "operator",
    }
    CLUSTER = {
        "name": "train", "cloud": "azure", "region": REGION, "node_pools": [A100],
        "access": {"public_from": ["203.0.113.0/24"]},
    }
    network = azure_network.AzureNetwork("net", NetworkSpec(), REGION)
    cluster = azure_cluster.AzureCluster(
        "train", ClusterSpec.model_validate(CLUSTER), network.resource_group_name, network.node_subnet_id,
        [network.outbound_address], opts=pulumi.ResourceOptions(depends_on=[network]),
    )
    after = pulumi.ResourceOptions(depends_on=[cluster.system_nodes])
    for pool in [A100, *([H100] if config.get_bool("h100") else [])]:
        spec = NodePoolSpec.model_validate(pool)
        azure_gpu_node_pool.AzureGpuNodePool("train-" + spec.name, spec, cluster.ref, opts=after)
    pulumi.export("kubeconfig", cluster.kubeconfig)
"""
# Network: 6 with its component; cluster: 8; pool: 2 placements, 4 agent pools; the stack itself.
RESOURCES = 6 + 8 + 7 + 1


class Stack:
    """A project and the local cloud that it is sent to."""

    def __init__(self, tmp_path):
        self.root = tmp_path / ".local"
        self.project = PulumiProject(tmp_path)
        self.project.write("__main__.py", PROGRAM)
        self.project.attach(self.root)
        self.project.run("stack", "init", "dev")

    def set(self, key, value):
        self.project.run("config", "set", key, str(value))

    def run(self, *arguments, **options):
        return self.project.run(*arguments, **options)

    def feature(self, state):
        control.set_feature(self.root, "Microsoft.ContainerService/AKSInfinibandSupport", state)


@pytest.fixture
def stack(tmp_path):
    made = Stack(tmp_path)
    yield made
    session.stop(made.root)


def agent_pool_names(preview):
    """Old and new name in AKS of each agent pool that a preview replaces."""
    steps = json.loads(preview[preview.index("{") :])["steps"]
    return [
        tuple(step[state]["inputs"]["agentPoolName"] for state in ("oldState", "newState"))
        for step in steps
        if step["op"] == "replace" and step["newState"]["type"].endswith(":AgentPool")
    ]


def test_up_no_op_change_replace_refresh_destroy(stack):
    assert f"{RESOURCES} to create" in stack.run("preview")
    stack.run("up")
    assert "kubelogin" in stack.project.outputs()["kubeconfig"]
    stack.run("up", "--refresh", "--expect-no-changes")
    stack.set("max", 8)
    assert "~ 4 updated" in stack.run("up")
    # AKS takes maxPods at creation alone, and would refuse an update of it: another name, and the new pool first.
    stack.set("pods", 50)
    names = agent_pool_names(stack.run("preview", "--json"))
    assert len(names) == 4
    assert all(old[:6] == new[:6] and old[6:] != new[6:] for old, new in names)
    said = stack.run("up")
    assert "+-4 replaced" in said
    assert said.count("created replacement") == said.count("deleted original") == 4
    assert said.rindex("created replacement") < said.index("deleted original")
    stack.run("up", "--expect-no-changes")
    assert f"{RESOURCES} deleted" in stack.run("destroy")


def test_state_moves_to_the_sdks_own_classes_and_back(stack):
    stack.run("up")
    for typed in ("true", "false"):
        stack.set("typed", typed)
        stack.run("up", "--expect-no-changes")


def test_infiniband_waits_for_the_feature(stack):
    stack.run("up")
    stack.set("h100", "true")
    stack.feature("NotRegistered")
    command = "az feature register --namespace Microsoft.ContainerService --name AKSInfinibandSupport"
    for step in ("preview", "up"):
        said = stack.run(step, fails=True)
        assert command in said
        assert "Traceback" not in said
        assert "train-h100-1-od" not in said
    stack.feature("Registered")
    assert "+ 2 created" in stack.run("up")
