"""Mirrors that the stack makes, under the real engine, against the local cloud."""

import json

import pytest

from gpucloud.sim import session
from gpucloud.sim.status import read_status
from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

PROGRAM = """
    import json
    import pulumi
    from gpucloud import EnvironmentSpec, GpuEnvironment

    document = json.loads(pulumi.Config().require("document"))
    environment = GpuEnvironment("prod", EnvironmentSpec.model_validate(document))
    mirrors = environment.plan.clusters[0].managed_mirrors
    pulumi.export("mirrors", {mirror.registry: mirror.endpoint for mirror in mirrors})
"""
AWS_ACCOUNT = "123456789012"
CLUSTERS = {
    "aws": {
        "region": "us-east-1",
        "account": AWS_ACCOUNT,
        "node_pools": [{"name": "t4", "machine_type": "g4dn.xlarge", "zones": ["us-east-1a"]}],
    },
    "azure": {
        "region": "swedencentral",
        "account": "00000000-0000-0000-0000-000000000000",
        "node_pools": [{"name": "a100", "machine_type": "Standard_NC24ads_A100_v4", "zones": ["2"]}],
    },
    "gcp": {
        "region": "us-central1",
        "account": "gpucloud-local",
        "node_pools": [{"name": "l4", "machine_type": "g2-standard-8", "zones": ["us-central1-a"]}],
    },
}
VAULT = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v"
SECRETS = {
    "aws": {"secret": f"arn:aws:secretsmanager:us-east-1:{AWS_ACCOUNT}:secret:ecr-pullthroughcache/hub-AbCdEf"},
    "azure": {"secret": f"{VAULT}/secrets/password", "username": f"{VAULT}/secrets/name"},
    "gcp": {"secret": "projects/gpucloud-local/secrets/hub/versions/1", "username": "me"},
}
# By cloud what holds a mirror, and another account than the local cloud's.
KINDS = {
    "aws": "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
    "azure": "azure-native:containerregistry:CacheRule",
    "gcp": "gcp:artifactregistry/repository:Repository",
}
ELSEWHERE = {"aws": "999999999999", "azure": "00000000-0000-0000-0000-000000000009", "gcp": "another-project"}


class Stack:
    """A project and the local cloud that it is sent to."""

    def __init__(self, tmp_path, cloud):
        self.root = tmp_path / ".local"
        self.cloud = cloud
        self.project = PulumiProject(tmp_path)
        self.project.write("__main__.py", PROGRAM)
        self.project.attach(self.root)
        self.run("stack", "init", "dev")
        region = CLUSTERS[cloud]["region"]
        for key in ("aws:region", "gcp:region"):
            self.run("config", "set", key, region)

    def wants(self, *mirrors, **fields):
        cluster = {"name": "train", "cloud": self.cloud, **CLUSTERS[self.cloud], "mirrors": list(mirrors), **fields}
        self.run("config", "set", "document", json.dumps({"name": "prod", "clusters": [cluster]}))

    def run(self, *arguments, **options):
        return self.project.run(*arguments, **options)

    def mirrors(self):
        return read_status(self.root).resources.get(KINDS[self.cloud], 0)


@pytest.fixture(params=sorted(CLUSTERS))
def stack(tmp_path, request):
    made = Stack(tmp_path, request.param)
    yield made
    session.stop(made.root)


def test_up_no_op_one_more_refresh_destroy(stack):
    k8s = {"registry": "registry.k8s.io", "managed": True}
    hub = {"registry": "docker.io", "managed": True, "credentials": SECRETS[stack.cloud]}
    quay = {"registry": "quay.io", "managed": True}
    stack.wants(k8s, account=ELSEWHERE[stack.cloud])
    said = stack.run("preview", fails=True)
    assert f"and this stack runs in {CLUSTERS[stack.cloud]['account']}" in said
    assert "Traceback" not in said
    stack.wants(k8s)
    stack.run("up")
    assert stack.mirrors() == 1
    stack.run("up", "--refresh", "--expect-no-changes")
    stack.wants(hub, k8s, {**quay, "credentials": SECRETS[stack.cloud]})
    stack.run("up")
    assert stack.mirrors() == 3
    assert stack.project.outputs()["mirrors"].keys() == {"docker.io", "quay.io", "registry.k8s.io"}
    stack.run("up", "--refresh", "--expect-no-changes")
    # Credentials go: ECR would refuse that in place.
    stack.wants(hub, quay)
    stack.run("up")
    assert stack.mirrors() == 2
    stack.run("destroy")
    assert read_status(stack.root).resources == {}
