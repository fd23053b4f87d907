"""A VPC in one region of Google Cloud."""

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from gpucloud.components.refusal import refused_plainly
from gpucloud.gcp.cluster_ref import NO_LABELS
from gpucloud.gcp.network import nat_args, network_args, router_args, subnet_args
from gpucloud.plan.network import network_zones, plan_network
from gpucloud.plan.network_model import NetworkPlan
from gpucloud.spec.cluster import NetworkSpec


class GcpNetwork(pulumi.ComponentResource):
    """A VPC with one subnet over the zones of a region, with ranges for pods and services.

    Declares: VPC, subnet, and a router with its NAT, by which nodes without public addresses reach the internet. Of
    these, none takes `labels`.

    Attributes:
        network_id: The VPC.
        subnet_id: The subnet; its secondary ranges are called `pods` and `services`.
    """

    network_id: pulumi.Output[str]
    subnet_id: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        spec: NetworkSpec | NetworkPlan,
        region: str,
        labels: Mapping[str, str] = NO_LABELS,  # noqa: ARG002  # the same signature on every cloud
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GcpNetwork", name, None, opts)
        with refused_plainly(name):
            plan = (
                spec if isinstance(spec, NetworkPlan) else plan_network("gcp", spec, network_zones("gcp", region, spec))
            )
        child = pulumi.ResourceOptions(parent=self)
        network = gcp.compute.Network(name, network_args(), opts=child)
        subnet = gcp.compute.Subnetwork(name, subnet_args(plan, region, network.id), opts=child)
        router = gcp.compute.Router(name, router_args(region, network.id), opts=child)
        gcp.compute.RouterNat(name, nat_args(region, router.name), opts=child)
        self.network_id = network.id
        self.subnet_id = subnet.id
        self.register_outputs({"network_id": self.network_id, "subnet_id": self.subnet_id})
