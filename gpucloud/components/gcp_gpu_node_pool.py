"""The GPU node pools of one pool on GKE."""

from collections.abc import Mapping

import pulumi
import pulumi_gcp as gcp

from gpucloud.components.gcp_gpu_networks import GpuInterface, declare_gpu_networks
from gpucloud.components.gcp_reservation import check_reservation
from gpucloud.components.refusal import refused_plainly
from gpucloud.components.stock_out import stock_out_hook
from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.gcp.node_pool import Attached, gcp_machine, node_pool_args
from gpucloud.gcp.placement import workload_policy_args
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.spec.node_pool import NodePoolSpec


class GcpGpuNodePool(pulumi.ComponentResource):
    """Nodes of one shape on a GKE cluster, as one node pool for every offering (zone and capacity type) of the plan.

    Declares: the networks between accelerators with their subnets and firewall rules, a workload policy for machine
    types that come only under one, and per offering a node pool. A reservation is looked up before a node pool names
    it: one that does not fit is refused while nothing stands yet.

    It does not own the number of nodes after the first creation: an autoscaler does, and changes of it are ignored.
    Node pools and networks have fixed names, so that a replacement ends the old one first. The cluster and its network
    stay whose they are.

    Attributes:
        plan: What was decided.
        node_pool_names: Name in GKE of the node pool of each offering.
    """

    plan: NodePoolPlan
    node_pool_names: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        spec: NodePoolSpec | NodePoolPlan,
        cluster: GcpClusterRef,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:GcpGpuNodePool", name, None, opts)
        with refused_plainly(name):
            self.plan = spec if isinstance(spec, NodePoolPlan) else plan_single_pool("gcp", cluster.region, name, spec)
        interfaces = declare_gpu_networks(self, name, self.plan, cluster)
        self._declare_node_pools(name, cluster, interfaces, self._workload_policy(name, cluster))
        self.register_outputs({"node_pool_names": self.node_pool_names})

    def _declare_node_pools(
        self,
        name: str,
        cluster: GcpClusterRef,
        interfaces: Mapping[str, list[GpuInterface]],
        policy_name: pulumi.Output[str] | None,
    ) -> None:
        hook = stock_out_hook(
            name, self.plan, {f"{name}-{offering.name}": offering for offering in self.plan.offerings}
        )
        self.node_pool_names = {}
        # Pools that start empty come after those that start with nodes: if one of these is out of stock, nothing
        # stands yet at the places to try next, and a new plan can start nodes there.
        starters: list[gcp.container.NodePool] = []
        for offering in sorted(self.plan.offerings, key=lambda offering: not offering.size.desired):
            attached = Attached(
                interfaces=interfaces.get(offering.zone, ()),
                policy_name=policy_name,
                reservation_checked=check_reservation(self, name, self.plan, offering, cluster),
            )
            args = node_pool_args(self.plan, offering, cluster, attached)
            options = pulumi.ResourceOptions(
                parent=self,
                depends_on=[*cluster.wait_for, *([] if offering.size.desired else starters)],
                ignore_changes=["initialNodeCount"],
                delete_before_replace=True,
                hooks=pulumi.ResourceHookBinding(on_error=[hook]),
            )
            pool = gcp.container.NodePool(f"{name}-{offering.name}", args, opts=options)
            self.node_pool_names[offering.name] = pool.name
            starters += [pool] if offering.size.desired else []

    def _workload_policy(self, name: str, cluster: GcpClusterRef) -> pulumi.Output[str] | None:
        if not gcp_machine(self.plan)[1].placement_required:
            return None
        args = workload_policy_args(cluster.region, cluster.project)
        return gcp.compute.ResourcePolicy(name, args, opts=pulumi.ResourceOptions(parent=self)).name
