"""What a cluster with Gaudi pools needs: the device plugin that counts them, which has no chart of its own."""

from collections.abc import Sequence

from gpucloud.facts.own_images import own_images
from gpucloud.plan.mirrors import mirrored
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.node_affinity import nodes_of
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.spec.mirrors import MirrorSpec

GAUDI_PLUGIN = "habanalabs-device-plugin"
GAUDI_VENDOR = "habana"
_RESOURCE = "habana.ai/gaudi"
_PLUGINS = "/var/lib/kubelet/device-plugins"


def gaudi_manifests(
    pools: Sequence[NodePoolPlan], mirrors: Sequence[MirrorSpec], pull_secret: str | None
) -> tuple[ManifestPlan, ...]:
    """The plugin's DaemonSet on the nodes of Gaudi pools; none without one.

    It is as Intel's own manifest has it: privileged, with the kubelet's folder of plugins (Karpenter's tests install
    the same: aws/karpenter-provider-aws, test/suites/integration/extended_resources_test.go). Driver and container
    runtime are the node image's, an own one on EKS (docs.habana.ai, Intel Gaudi Device Plugin for Kubernetes).
    """
    served = [pool for pool in pools if pool.machine.resource_name == _RESOURCE]
    if not served:
        return ()
    labels = {"app.kubernetes.io/name": GAUDI_PLUGIN}
    container = {
        "name": "plugin",
        "image": mirrored(own_images("device-plugin")[GAUDI_VENDOR].reference, mirrors),
        "securityContext": {"privileged": True},
        "volumeMounts": [{"name": "device-plugin", "mountPath": _PLUGINS}],
    }
    pod = {
        "affinity": {"nodeAffinity": nodes_of(served)},
        "containers": [container],
        "priorityClassName": "system-node-critical",
        "tolerations": tolerations_of(served),
        "volumes": [{"name": "device-plugin", "hostPath": {"path": _PLUGINS}}],
        **({"imagePullSecrets": [{"name": pull_secret}]} if pull_secret else {}),
    }
    spec = {
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": pod},
        "updateStrategy": {"type": "RollingUpdate"},
    }
    return (ManifestPlan(GAUDI_PLUGIN, "kube-system", "apps/v1", "DaemonSet", spec),)
