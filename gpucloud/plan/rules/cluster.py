"""Rules about a cluster: its region, its network, its system nodes, its one GPU stack."""

import unicodedata
from collections.abc import Iterator, Sequence

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.machine_types import MachineType, general_machine_type
from gpucloud.facts.tables import nearest_names
from gpucloud.facts.zones import regions, zones as zones_of
from gpucloud.plan.network import network_zones, pool_zones
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.node_pool import NodePoolSpec

# CreateCluster takes subnets in two zones at least (EKS user guide, network requirements).
CONTROL_PLANE_ZONES = 2
NAME_TAG = "Name"
# Letters, separators and numbers of any script, and these: what all of AWS's services take in a tag (EKS and ECS API,
# Tag; their pattern is EFS's: https://docs.aws.amazon.com/efs/latest/ug/API_Tag.html).
TAG_PUNCTUATION = "+-=._:/@"


def region_exists(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """A region that the cloud does not have."""
    known = regions(cluster.cloud)
    if cluster.region not in known:
        near = nearest_names(cluster.region, known)
        yield Problem(
            f"{path}.region",
            f"{cluster.cloud} has no region {cluster.region}",
            f"use {', '.join(near)}" if near else "use a region of that cloud",
        )


def network_zones_are_in_the_region(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Zones of the network must exist, and hold those of every pool."""
    if cluster.region not in regions(cluster.cloud):
        return
    known = zones_of(cluster.cloud, cluster.region)
    for index, zone in enumerate(cluster.network.zones):
        if zone not in known:
            yield Problem(
                f"{path}.network.zones[{index}]", f"{zone} is not a zone of {cluster.region}", f"use {', '.join(known)}"
            )
    if cluster.network.zones:
        for zone in sorted(pool_zones(cluster) & set(known) - set(cluster.network.zones)):
            yield Problem(
                f"{path}.network.zones", f"a pool has nodes in {zone}, where the network has no subnet", f"add {zone}"
            )


def network_has_two_zones(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """EKS puts its control plane into two zones or more."""
    if cluster.region not in regions(cluster.cloud):
        return
    zones = network_zones(cluster.cloud, cluster.region, cluster.network, pool_zones(cluster))
    if len(zones) < CONTROL_PLANE_ZONES:
        yield Problem(f"{path}.network.zones", "EKS needs subnets in two zones at least", "add a zone")


def admins_are_named_once(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Each makes an access entry, and EKS takes one for a principal (CreateAccessEntry, ResourceInUseException)."""
    admins = cluster.access.admins
    for index, admin in enumerate(admins):
        if admin in admins[:index]:
            yield Problem(
                f"{path}.access.admins[{index}]",
                f"{admin} stands twice, its access entry would be made twice",
                "keep one",
            )


def system_machine_type_exists(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """System nodes need a machine type without accelerators that the cloud has."""
    try:
        general_machine_type(cluster.cloud, cluster.system_pool.machine_type)
    except UnknownNameError as error:
        yield Problem(
            f"{path}.system_pool.machine_type",
            f"{cluster.cloud} has no machine type {cluster.system_pool.machine_type} without accelerators",
            f"use {', '.join(error.nearest)}" if error.nearest else "use one such as m7i.xlarge",
        )


def tag_keys_are_free(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Keys that begin with `aws:`, in any case, are AWS's own (EC2 User Guide, tag restrictions); `Name` is ours."""
    for key in cluster.tags:
        if key.lower().startswith("aws:"):
            yield Problem(f"{path}.tags[{key}]", "begins with `aws:`, AWS refuses every resource with it", "rename it")
        if key == NAME_TAG:
            yield Problem(
                f"{path}.tags[{key}]", "the library sets this tag itself, the value would be lost", "choose another key"
            )


def tags_have_characters_that_aws_takes(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """Services differ in the characters that they take, and a tag goes to all of them."""
    for key, value in cluster.tags.items():
        wrong = sorted({character for character in key + value if not _is_taken(character)})
        if wrong:
            yield Problem(
                f"{path}.tags[{key}]",
                f"has {' '.join(map(ascii, wrong))}, which not every service takes in a tag's key or value",
                f"use letters, numbers, spaces and {' '.join(TAG_PUNCTUATION)}",
            )


def _is_taken(character: str) -> bool:
    return character in TAG_PUNCTUATION or unicodedata.category(character)[0] in "LNZ"


def gpu_stack_has_one_driver_owner(
    cluster: ClusterSpec, path: str, pools: Sequence[tuple[NodePoolSpec, MachineType]]
) -> Iterator[Problem]:
    """One operator configuration rules all nodes of a cluster, so two owners would leave some without or with two."""
    if cluster.gpu_stack is None:
        return
    owners = {
        (pool.driver_owner, pool.image.family == "bottlerocket"): pool.name
        for pool, machine in reversed(pools)
        if accelerator(machine.accelerator).vendor == "nvidia"
    }
    if len(owners) > 1:
        described = ", ".join(
            f"{name}: {owner}{' on bottlerocket' if on_bottlerocket else ''}"
            for (owner, on_bottlerocket), name in sorted(owners.items())
        )
        yield Problem(
            f"{path}.gpu_stack",
            f"its pools have different driver owners ({described}) and the operator serves one",
            "give all NVIDIA pools of a cluster one owner and image family, or split the cluster",
        )
