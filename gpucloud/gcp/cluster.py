"""Arguments of a GKE control plane and its system nodes."""

import pulumi
import pulumi_gcp as gcp

from gpucloud.facts.machine_types import machine_type
from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.gcp.labels import resource_labels
from gpucloud.gcp.network import POD_RANGE, SERVICE_RANGE
from gpucloud.gcp.node_pool import SCOPES
from gpucloud.plan.model import ClusterPlan, NodePoolPlan

SYSTEM_POOL = "system"
_LOGS = ["SYSTEM_COMPONENTS", "WORKLOADS"]


def cluster_args(  # noqa: PLR0913, PLR0917  # what other resources give to a cluster
    plan: ClusterPlan,
    name: str,
    project: pulumi.Input[str],
    network_id: pulumi.Input[str],
    subnet_id: pulumi.Input[str],
    node_service_account: pulumi.Input[str],
) -> gcp.container.ClusterArgs:
    """A regional control plane whose nodes are private, and whose API is unless ranges are written.

    GKE makes every cluster with a pool and the argument below removes it: pools are resources of their own.
    """
    return gcp.container.ClusterArgs(
        project=project,
        location=plan.region,
        name=name,
        node_locations=list(plan.network.control_plane_zones),
        remove_default_node_pool=True,
        initial_node_count=1,
        # Of the pool that goes; many projects have no default account that it could start with.
        node_config=gcp.container.ClusterNodeConfigArgs(
            service_account=node_service_account,
            oauth_scopes=SCOPES,
            shielded_instance_config=gcp.container.ClusterNodeConfigShieldedInstanceConfigArgs(enable_secure_boot=True),
        ),
        min_master_version=plan.kubernetes_version,
        release_channel=gcp.container.ClusterReleaseChannelArgs(channel="REGULAR"),
        # The engine's `protect` is the caller's to set; GKE's own flag would make every destroy fail until an update.
        deletion_protection=False,
        network=network_id,
        subnetwork=subnet_id,
        networking_mode="VPC_NATIVE",
        ip_allocation_policy=gcp.container.ClusterIpAllocationPolicyArgs(
            cluster_secondary_range_name=POD_RANGE, services_secondary_range_name=SERVICE_RANGE
        ),
        datapath_provider="ADVANCED_DATAPATH",
        enable_multi_networking=any(pool.networks for pool in plan.node_pools),
        private_cluster_config=gcp.container.ClusterPrivateClusterConfigArgs(
            enable_private_nodes=True,
            enable_private_endpoint=not plan.public_from,
            master_ipv4_cidr_block=plan.network.control_plane_cidr,
        ),
        master_authorized_networks_config=_authorized_networks(plan),
        workload_identity_config=gcp.container.ClusterWorkloadIdentityConfigArgs(
            workload_pool=pulumi.Output.concat(project, ".svc.id.goog")
        ),
        # Bare metal has no virtual TPM (cluster-toolkit 1047080, examples/gke-a4x-max-bm).
        enable_shielded_nodes=not any(_is_bare_metal(pool) for pool in plan.node_pools),
        logging_config=gcp.container.ClusterLoggingConfigArgs(enable_components=_LOGS),
        monitoring_config=gcp.container.ClusterMonitoringConfigArgs(
            enable_components=_metrics(plan),
            managed_prometheus=gcp.container.ClusterMonitoringConfigManagedPrometheusArgs(enabled=True),
        ),
        node_pool_defaults=gcp.container.ClusterNodePoolDefaultsArgs(
            node_config_defaults=gcp.container.ClusterNodePoolDefaultsNodeConfigDefaultsArgs(
                insecure_kubelet_readonly_port_enabled="FALSE"
            )
        ),
        resource_labels=resource_labels(dict(plan.tags)),
    )


def _authorized_networks(plan: ClusterPlan) -> gcp.container.ClusterMasterAuthorizedNetworksConfigArgs:
    """The network itself and the ranges written; without the block, the whole internet would be let in."""
    ranges = [("network", plan.network.cidr), *((f"public-{cidr}", cidr) for cidr in plan.public_from)]
    return gcp.container.ClusterMasterAuthorizedNetworksConfigArgs(
        gcp_public_cidrs_access_enabled=False,
        cidr_blocks=[
            gcp.container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs(display_name=name, cidr_block=cidr)
            for name, cidr in ranges
        ],
    )


def _metrics(plan: ClusterPlan) -> list[str]:
    """GPU metrics by GKE where GKE has the driver; elsewhere the operator brings an exporter of its own."""
    own_driver = any(pool.software.driver == "cloud" for pool in plan.node_pools)
    return ["SYSTEM_COMPONENTS", *(["DCGM"] if own_driver else [])]


def _is_bare_metal(pool: NodePoolPlan) -> bool:
    return machine_type("gcp", pool.machine.machine_type).bare_metal


def system_node_pool_args(plan: ClusterPlan, cluster: GcpClusterRef) -> gcp.container.NodePoolArgs:
    """One pool over the control plane's zones: system pods must outlive a zone, and their nodes are never scarce.

    The first number of nodes is one for each zone, so it is rounded up; a pool smaller than its zones has fewer zones.
    """
    system = plan.system_pool
    zones = plan.network.control_plane_zones[: system.size.max]
    return gcp.container.NodePoolArgs(
        project=cluster.project,
        location=cluster.location or cluster.region,
        cluster=cluster.cluster_name,
        name=SYSTEM_POOL,
        node_locations=list(zones),
        initial_node_count=min(-(-system.size.desired // len(zones)), system.size.max // len(zones)),
        autoscaling=gcp.container.NodePoolAutoscalingArgs(
            total_min_node_count=system.size.min, total_max_node_count=system.size.max, location_policy="BALANCED"
        ),
        management=gcp.container.NodePoolManagementArgs(auto_repair=True, auto_upgrade=True),
        upgrade_settings=gcp.container.NodePoolUpgradeSettingsArgs(strategy="SURGE", max_surge=1, max_unavailable=0),
        node_config=gcp.container.NodePoolNodeConfigArgs(
            machine_type=system.machine_type,
            image_type="COS_CONTAINERD",
            labels={"gpucloud.io/pool": SYSTEM_POOL},
            resource_labels=resource_labels(cluster.labels),
            service_account=cluster.node_service_account,
            oauth_scopes=SCOPES,
            gvnic=gcp.container.NodePoolNodeConfigGvnicArgs(enabled=True),
            shielded_instance_config=gcp.container.NodePoolNodeConfigShieldedInstanceConfigArgs(
                enable_secure_boot=True, enable_integrity_monitoring=True
            ),
            workload_metadata_config=gcp.container.NodePoolNodeConfigWorkloadMetadataConfigArgs(mode="GKE_METADATA"),
        ),
    )
