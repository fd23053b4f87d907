"""The real engine against a real API server: objects are applied, waited for, refused, and gone at the end."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from gpucloud.errors import LocalCloudError
from gpucloud.sim import session
from gpucloud.sim.kubernetes.seen import kubeconfigs, nodes, try_pods
from gpucloud.sim.status import read_status
from tests.sim.control_plane.live_stack import LiveStack
from tests.sim.control_plane.running import programs

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("control-plane")]

PROGRAM = """
    import json

    import pulumi
    import pulumi_aws as aws
    import pulumi_kubernetes as k8s

    config = pulumi.Config()
    vpc = aws.ec2.Vpc("vpc", cidr_block="10.0.0.0/16")
    subnets = [
        aws.ec2.Subnet(z, vpc_id=vpc.id, cidr_block=f"10.0.{i}.0/24", availability_zone=f"us-east-1{z}")
        for i, z in enumerate("ab")
    ]
    role = aws.iam.Role("nodes", assume_role_policy="{}")
    cluster = aws.eks.Cluster("train", role_arn=role.arn, vpc_config={"subnet_ids": [subnet.id for subnet in subnets]})
    group = aws.eks.NodeGroup(
        "pool",
        cluster_name=cluster.name,
        node_role_arn=role.arn,
        subnet_ids=[subnets[0].id],
        instance_types=["p5.48xlarge"],
        labels={"team": "a"},
        taints=[{"key": "nvidia.com/gpu", "value": "present", "effect": "NO_SCHEDULE"}],
        scaling_config={"min_size": 0, "desired_size": config.get_int("nodes") or 1, "max_size": 8},
    )

    def kubeconfig(server):
        return json.dumps({
            "apiVersion": "v1", "kind": "Config", "current-context": "it",
            "contexts": [{"name": "it", "context": {"cluster": "it", "user": "it"}}],
            "clusters": [{"name": "it", "cluster": {"server": server}}], "users": [{"name": "it", "user": {}}],
        })

    provider = k8s.Provider("train", kubeconfig=cluster.endpoint.apply(kubeconfig))
    on_nodes = pulumi.ResourceOptions(provider=provider, depends_on=[group])
    namespace = k8s.core.v1.Namespace("serving", metadata={"name": "serving"}, opts=on_nodes)
    inside = pulumi.ResourceOptions(provider=provider, depends_on=[group, namespace])
    pod = {
        "tolerations": [{"key": "nvidia.com/gpu", "operator": "Exists"}],
        "containers": [{
            "name": "serve", "image": "example.invalid/serve", "resources": {"limits": {"nvidia.com/gpu": "4"}},
        }],
    }
    deployment = k8s.apps.v1.Deployment(
        "serve",
        metadata={"name": "serve", "namespace": "serving"},
        spec={
            "replicas": config.get_int("replicas") or 2,
            "selector": {"matchLabels": {"app": "serve"}},
            "template": {"metadata": {"labels": {"app": "serve"}}, "spec": pod},
        },
        opts=inside,
    )
    quota = k8s.core.v1.ResourceQuota(
        "few", metadata={"namespace": "serving"}, spec={"hard": {"pods": config.get("pods") or "10"}}, opts=inside,
    )
    pulumi.export("replicas", deployment.status.apply(lambda status: status and status.get("available_replicas")))
    pulumi.export("quota", quota.metadata.apply(lambda metadata: metadata.name))
"""


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[LiveStack]:
    programs()
    made = LiveStack(tmp_path, PROGRAM)
    yield made
    session.stop(made.root)


def test_objects_are_made_changed_refused_and_gone(stack: LiveStack) -> None:
    stack.run("up")
    assert stack.project.outputs()["replicas"] == 2
    (node,) = nodes(stack.root)
    assert (node.machine_type, node.zone, node.ready) == ("p5.48xlarge", "us-east-1a", True)
    assert (node.devices, node.used) == ({"nvidia.com/gpu": 8}, {"nvidia.com/gpu": 8})
    seen = stack.api().request("GET", f"/api/v1/nodes/{node.name}")
    assert seen["metadata"]["labels"]["team"] == "a"
    assert {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"} in seen["spec"]["taints"]
    deployment = stack.api().request("GET", "/apis/apps/v1/namespaces/serving/deployments/serve")
    assert {entry["manager"] for entry in deployment["metadata"]["managedFields"]} >= {"pulumi-kubernetes"}
    stack.run("up", "--expect-no-changes")
    stack.run("refresh")

    # Two more replicas need a second node, which the same update brings.
    stack.set("replicas", 4)
    stack.set("nodes", 2)
    stack.run("up")
    assert stack.project.outputs()["replicas"] == 4
    assert [found.used for found in nodes(stack.root)] == [{"nvidia.com/gpu": 8}] * 2

    # What the server refuses, it refuses here, in its own words; nothing of the object changes.
    stack.set("pods", "many")
    assert "quantities must match the regular expression" in stack.run("up", fails=True)
    stack.run("config", "rm", "pods")
    stack.run("up")

    stack.run("destroy")
    assert read_status(stack.root).resources == {}
    deadline = time.monotonic() + 60
    while list((stack.root / "sim" / "kubernetes").glob("*")) and time.monotonic() < deadline:
        time.sleep(0.2)
    with pytest.raises(LocalCloudError, match="no cluster"):
        kubeconfigs(stack.root)


def test_a_local_cloud_that_starts_again_has_its_objects_and_nodes(stack: LiveStack) -> None:
    stack.run("up")
    name = stack.project.outputs()["quota"]
    assert re.fullmatch(r"few-[0-9a-f]{8}", name)
    session.stop(stack.root)
    with pytest.raises(LocalCloudError, match="--kubernetes real"):
        kubeconfigs(stack.root)
    session.start(stack.root)
    with pytest.raises(LocalCloudError, match="stop it first"):
        session.start(stack.root, "real")
    session.stop(stack.root)
    stack.project.attach(stack.root, "real")
    stack.run("up", "--expect-no-changes")
    quota = f"/api/v1/namespaces/serving/resourcequotas/{name}"
    assert stack.api().request("GET", quota)["spec"]["hard"] == {"pods": "10"}

    stack.api().request("DELETE", "/apis/apps/v1/namespaces/serving/deployments/serve?propagationPolicy=Foreground")
    stack.api().wait("/api/v1/namespaces/serving/pods", lambda pods: not pods["items"])
    (trial,) = try_pods(stack.root)
    assert (trial.resource, trial.count) == ("nvidia.com/gpu", 8)

    stack.run("destroy")
    assert read_status(stack.root).resources == {}
