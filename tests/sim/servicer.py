"""A local cloud without an engine: the provider's own methods, called as the engine calls them."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pulumi.runtime.proto import provider_pb2

from gpucloud.sim.provider import Provider
from gpucloud.sim.server import packages
from gpucloud.sim.store import Store
from gpucloud.sim.values import decode, encode


class Refused(Exception):  # noqa: N818 - reads well in `pytest.raises`
    """What the provider answers instead of a result."""


class Context:
    """As much of a gRPC context as the provider uses."""

    def __init__(self, peer):
        self._peer = peer
        self.details = None

    def peer(self):
        return self._peer

    def set_trailing_metadata(self, metadata):
        self.details = metadata

    async def abort(self, code, text):
        raise Refused(text)


@dataclass
class Made:
    """A created resource as the engine would keep it."""

    token: str
    name: str
    id: str
    inputs: dict
    outputs: dict


@dataclass
class Cloud:
    """Both packages over one database."""

    root: Path
    store: Store
    providers: dict[str, Provider]
    made: list[Made] = field(default_factory=list)

    def urn(self, token, name):
        return f"urn:pulumi:dev::test::{token}::{name}"

    def call(self, method, token, **fields: Any):
        provider = self.providers[token.partition(":")[0]]
        request = {
            "Check": provider_pb2.CheckRequest,
            "Diff": provider_pb2.DiffRequest,
            "Create": provider_pb2.CreateRequest,
            "Read": provider_pb2.ReadRequest,
            "Update": provider_pb2.UpdateRequest,
            "Delete": provider_pb2.DeleteRequest,
            "Invoke": provider_pb2.InvokeRequest,
            "Configure": provider_pb2.ConfigureRequest,
        }[method](**fields)
        return asyncio.run(getattr(provider, method)(request, Context("test")))

    def check(self, token, name, inputs, olds=None):
        answer = self.call("Check", token, urn=self.urn(token, name), news=encode(inputs), olds=encode(olds or {}))
        return decode(answer.inputs), [(failure.property, failure.reason) for failure in answer.failures]

    def problems(self, token, inputs):
        return self.check(token, "judged", inputs)[1]

    def create(self, token, name, inputs, *, preview=False):
        checked, failures = self.check(token, name, inputs)
        assert failures == []
        answer = self.call("Create", token, urn=self.urn(token, name), properties=encode(checked), preview=preview)
        made = Made(token, name, answer.id, checked, decode(answer.properties))
        self.made.append(made)
        return made

    def update(self, made, inputs, *, preview=False):
        checked, failures = self.check(made.token, made.name, inputs, made.inputs)
        assert failures == []
        answer = self.call(
            "Update",
            made.token,
            id=made.id,
            urn=self.urn(made.token, made.name),
            olds=encode(made.outputs),
            news=encode(checked),
            old_inputs=encode(made.inputs),
            preview=preview,
        )
        return Made(made.token, made.name, made.id, checked, decode(answer.properties))

    def diff(self, made, inputs):
        checked, _ = self.check(made.token, made.name, inputs, made.inputs)
        return self.call(
            "Diff",
            made.token,
            id=made.id,
            urn=self.urn(made.token, made.name),
            olds=encode(made.outputs),
            news=encode(checked),
            old_inputs=encode(made.inputs),
        )

    def delete(self, made):
        self.call(
            "Delete",
            made.token,
            id=made.id,
            urn=self.urn(made.token, made.name),
            properties=encode(made.outputs),
            old_inputs=encode(made.inputs),
        )

    def read(self, made):
        return self.call(
            "Read", made.token, id=made.id, urn=self.urn(made.token, made.name), properties=encode(made.outputs)
        )

    def invoke(self, token, **arguments):
        answer = self.call("Invoke", token, tok=token, args=encode(arguments))
        return decode(getattr(answer, "return"))

    def again(self):
        """The same database with a new server, as after kill -9."""
        return open_cloud(self.root, self.providers["aws"]._schemas)


def open_cloud(root, schemas):
    store = Store(root / "sim")
    cloud = Cloud(root, store, {p.name: Provider(p, store, schemas) for p in packages()})
    cloud.call("Configure", "aws:x", args=encode({"region": "us-east-1"}))
    return cloud


VPC, SUBNET = "aws:ec2/vpc:Vpc", "aws:ec2/subnet:Subnet"
ROLE, CLUSTER, GROUP = "aws:iam/role:Role", "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"


@dataclass
class Estate:
    """A VPC over two zones, a role and a cluster: what a node group needs."""

    cloud: Cloud
    vpc: Made
    subnets: list[Made]
    role: Made
    cluster: Made

    def group(self, **changes):
        return {
            "clusterName": self.cluster.id,
            "nodeRoleArn": self.role.outputs["arn"],
            "subnetIds": [self.subnets[0].id],
            "instanceTypes": ["p5.48xlarge"],
            "amiType": "AL2023_x86_64_NVIDIA",
            "scalingConfig": {"minSize": 0, "desiredSize": 2, "maxSize": 8},
            **changes,
        }

    def templated(self, template, **changes):
        inputs = self.group(**{"launchTemplate": {"id": template.id, "version": "1"}, **changes})
        if template.inputs.get("instanceType") and "instanceTypes" not in changes:
            inputs.pop("instanceTypes")
        return inputs


def make_estate(cloud):
    vpc = cloud.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    subnets = [
        cloud.create(SUBNET, z, {"vpcId": vpc.id, "cidrBlock": f"10.0.{i}.0/24", "availabilityZone": f"us-east-1{z}"})
        for i, z in enumerate("ab")
    ]
    role = cloud.create(ROLE, "nodes", {"assumeRolePolicy": "{}"})
    cluster = cloud.create(
        CLUSTER,
        "train",
        {
            "roleArn": role.outputs["arn"],
            "vpcConfig": {"subnetIds": [subnet.id for subnet in subnets]},
            "accessConfig": {"authenticationMode": "API"},
        },
    )
    return Estate(cloud, vpc, subnets, role, cluster)
