"""The container images that a cluster's releases pull, as they are named after all values are laid over each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.charts import chart
from gpucloud.facts.images import Image, images
from gpucloud.facts.own_images import OwnImage, own_images
from gpucloud.plan.gaudi_stack import GAUDI_PLUGIN, GAUDI_VENDOR
from gpucloud.plan.image_names import image_name, is_on, value_at
from gpucloud.plan.model import ClusterPlan, NodePoolPlan
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan

# An operator appends the distribution of each node; which of them AKS and GKE boot follows from their versions.
_DISTRIBUTIONS: Mapping[str, tuple[str, ...]] = {"ubuntu": ("ubuntu22.04", "ubuntu24.04")}
_UNKNOWN = "<os>"
# Names the pool that it is for by its node selector.
_OF_POOL = "NVIDIADriver"


@dataclass(frozen=True, slots=True)
class PulledImage:
    """One image of a release, or of the gate, which has no chart.

    `tag` is None where a version of the chart names it that nobody has read; `<os>` in it stands for the distribution
    of an own node image, or of one whose name in tags no source says. `digest` is that of the tag, empty where no
    source says it.
    """

    release: str
    chart: str
    component: str
    repository: str
    tag: str | None
    digest: str

    @property
    def reference(self) -> str:
        """`repository:tag`, as nodes pull it; an own image without a tag is pulled by its digest."""
        if self.tag is None and self.digest:
            return f"{self.repository}@{self.digest}"
        return f"{self.repository}:{self.tag}" if self.tag else self.repository


def pulled_images(cluster: ClusterPlan) -> tuple[PulledImage, ...]:
    """Every image that the releases of a cluster and their custom resources pull, sorted by release and component."""
    found = set()
    for release in cluster.releases:
        for image, values in images_of_release(release, cluster.manifests):
            found |= set(_named(release, image, values, cluster.node_pools))
    found |= set(_of_gate(cluster))
    found |= set(_of_device_plugins(cluster))
    return tuple(sorted(found, key=lambda entry: (entry.release, entry.component, entry.reference)))


def _of_gate(cluster: ClusterPlan) -> Iterator[PulledImage]:
    """What the gate's Jobs run in; they come with no chart."""
    pools = {pool.name: pool.machine.accelerator for pool in cluster.node_pools}
    for check in cluster.gate.checks if cluster.gate is not None else ():
        vendor = accelerator(pools[check.pool]).vendor
        yield _own("gate", vendor, check.image, own_images("gate")[vendor])


def _of_device_plugins(cluster: ClusterPlan) -> Iterator[PulledImage]:
    """What counts accelerators without a chart."""
    for entry in cluster.manifests:
        if entry.kind == "DaemonSet" and entry.name == GAUDI_PLUGIN:
            image = value_at(entry.spec, "template.spec.containers.0.image")
            yield _own(entry.name, GAUDI_VENDOR, image, own_images("device-plugin")[GAUDI_VENDOR])


def _own(release: str, vendor: str, reference: str, pinned: OwnImage) -> PulledImage:
    name, _, digest = reference.partition("@")
    repository, colon, tag = name.rpartition(":")
    if not colon or "/" in tag:
        repository, tag = name, ""
    known = pinned.digest if tag == pinned.tag else ""
    return PulledImage(release, "", vendor, repository, tag or None, digest or known)


def images_of_release(
    release: ReleasePlan, manifests: Sequence[ManifestPlan]
) -> Iterator[tuple[Image, Mapping[str, Any]]]:
    """The images that are switched on, each with the values or the resource's spec that name it."""
    for image in images(release.chart):
        if image.target == "values":
            if is_on(image, release.values):
                yield image, release.values
            continue
        for entry in manifests:
            if entry.kind == image.target and is_on(image, entry.spec):
                yield image, entry.spec


def _named(
    release: ReleasePlan, image: Image, values: Mapping[str, Any], pools: Sequence[NodePoolPlan]
) -> Iterator[PulledImage]:
    repository, said = image_name(image, values)
    pinned = release.version == chart(release.chart).version
    tag = said or (image.tag if pinned else None)
    digest = image.digest if tag == image.tag else ""
    # An object of one pool's own is for that pool's distribution alone.
    chosen = value_at(values, "nodeSelector") if image.target == _OF_POOL else None
    own = [pool for pool in pools if chosen is None or chosen.items() <= dict(pool.labels).items()]
    tags = [f"{tag}-{name}" for name in _distributions(own)] if tag and image.os_in_tag else [tag]
    for whole in tags:
        yield PulledImage(release.name, release.chart, image.component, repository, whole, digest)


def _distributions(pools: Sequence[NodePoolPlan]) -> tuple[str, ...]:
    """Of the nodes on which the operator installs drivers."""
    families = {pool.image.family for pool in pools if pool.software.driver == "operator"}
    return tuple(sorted({name for family in families for name in _DISTRIBUTIONS.get(family, (_UNKNOWN,))}))
