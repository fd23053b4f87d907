"""Rules about mirrors of container registries."""

import re
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.plan.image import image_family
from gpucloud.spec.cluster import ClusterSpec

# Private registries of ECR give nothing without a token, and a node's containerd has none: the kubelet fetches tokens
# for the host that an image names (Kubernetes, kubelet credential providers, matchImages).
_ECR = re.compile(r"^https://\d{12}\.dkr\.ecr\.")


def registries_have_one_mirror(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Of two mirrors of a registry nobody could say which one is meant."""
    first: dict[str, int] = {}
    for index, mirror in enumerate(cluster.mirrors):
        if first.setdefault(mirror.registry, index) != index:
            yield Problem(
                f"{path}.mirrors[{index}].registry",
                f"{mirror.registry} has a mirror already, images can be named by one of them only",
                "leave one out",
            )


def node_mirrors_can_be_set(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """AKS has no field for its nodes' containerd, and a node pulls from a mirror without credentials.

    Of Bottlerocket's setting no source says what becomes of a path (bottlerocket-project-website 6102096).
    """
    bottlerocket = any(image_family(cluster.cloud, pool) == "bottlerocket" for pool in cluster.node_pools)
    for index, mirror in enumerate(cluster.mirrors):
        if not mirror.on_nodes:
            continue
        here = f"{path}.mirrors[{index}].on_nodes"
        if cluster.cloud == "azure":
            yield Problem(
                here,
                "AKS has no setting for its nodes' container runtime, they would never ask the mirror",
                "leave it out: images of the GPU stack are named by the mirror in any case",
            )
        elif mirror.endpoint is None:
            yield Problem(
                here,
                "registries of a cloud give a node's containerd nothing without a token, it would never use the mirror",
                "leave it out: images of the GPU stack are named by the mirror in any case",
            )
        elif bottlerocket and mirror.endpoint.count("/") > len("//"):
            yield Problem(
                here,
                "Bottlerocket's setting is for hosts, with a prefix its nodes might ask for images that are not there",
                "give the mirror a host of its own, or leave on_nodes out",
            )
        elif _ECR.match(mirror.endpoint):
            yield Problem(
                here,
                "ECR gives a node's containerd nothing without a token, every pull would go to the registry itself",
                "leave it out, and name the mirror in your pods' images, for which the kubelet has a token",
            )
