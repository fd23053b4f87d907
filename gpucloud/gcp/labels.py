"""Labels: on resources, as Google Cloud bills by them, and on nodes, as Kubernetes selects by them."""

from collections.abc import Mapping

from gpucloud.plan.model import NodePoolPlan, OfferingPlan

# GKE puts the taint of that name on queued nodes and not the label, which pods select by
# (GoogleCloudPlatform/cluster-toolkit 1047080, modules/compute/gke-node-pool/main.tf, kubernetes_labels).
_QUEUED = ("cloud.google.com/gke-queued", "true")
# On nodes whose networks GKE makes, its network DRA driver runs (the same place of cluster-toolkit).
_NETWORK_DRIVER = ("cloud.google.com/gke-networking-dra-driver", "true")


def resource_labels(shared: Mapping[str, str]) -> dict[str, str]:
    """The shared labels, sorted by key; a resource's name has a field of its own on Google Cloud."""
    return dict(sorted(shared.items()))


def node_labels(pool: NodePoolPlan, offering: OfferingPlan, *, dranet: bool) -> dict[str, str]:
    """The labels of a pool's nodes, sorted by key, with those that go along with what GKE is told."""
    own = [_QUEUED] if offering.capacity_type == "queued" else []
    own += [_NETWORK_DRIVER] if dranet else []
    return dict(sorted({**dict(pool.labels), **dict(own)}.items()))
