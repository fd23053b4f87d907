"""Registry mirrors of a node pool, in GKE's settings of containerd."""

from collections.abc import Sequence

import pulumi_gcp as gcp

from gpucloud.plan.hosts_toml import mirror_host, registry_server
from gpucloud.plan.mirror_model import MirrorPlan

_CAPABILITIES = ["HOST_CAPABILITY_PULL", "HOST_CAPABILITY_RESOLVE"]


def containerd_config(mirrors: Sequence[MirrorPlan]) -> gcp.container.NodePoolNodeConfigContainerdConfigArgs | None:
    """What becomes a `hosts.toml` for each registry; None without mirrors.

    terraform-provider-google-beta 93c65b2, container_cluster docs: registry_hosts.
    """
    hosts = []
    for mirror in mirrors:
        host, has_path = mirror_host(mirror)
        entry = gcp.container.NodePoolNodeConfigContainerdConfigRegistryHostHostArgs(
            host=host, capabilities=_CAPABILITIES, override_path=has_path
        )
        hosts.append(
            gcp.container.NodePoolNodeConfigContainerdConfigRegistryHostArgs(
                server=registry_server(mirror.registry), hosts=[entry]
            )
        )
    return gcp.container.NodePoolNodeConfigContainerdConfigArgs(registry_hosts=hosts) if hosts else None
