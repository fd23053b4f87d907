"""Whether the images that a rendered chart names are those that `gpucloud stack images` lists for it."""

import csv
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from make_images import PLACES, whole

from gpucloud.facts.images import images
from gpucloud.plan import ClusterPlan, ReleasePlan
from gpucloud.plan.images import pulled_images

_PODS = {"DaemonSet", "Deployment", "Job", "StatefulSet"}


def image_problems(cluster: ClusterPlan, release: ReleasePlan, objects: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield images of containers that nobody lists, and listed ones that nothing names.

    Operators name what they start in variables, arguments and resources of their own, so a listed image may stand
    anywhere; what only an operator's code names is not looked for. Charts whose repository has other names than the
    published one (`default` in image_places.csv) are compared by the last part of a repository, one way.
    """
    found = list(objects)
    by_values = {image.component for image in images(release.chart) if image.target == "values"}
    listed = {
        entry.reference.partition("@")[0]
        for entry in pulled_images(cluster)
        if entry.release == release.name and entry.component in by_values
    }
    in_pods = {whole(image) for entry in found if entry["kind"] in _PODS for image in _containers(entry)}
    if _is_published_otherwise(release.chart):
        extra = {_last(image) for image in in_pods} - {_last(image) for image in listed}
        yield from (f"image {image} is pulled, and not listed" for image in sorted(extra))
        return
    named = in_pods | {image for entry in found for image in _anywhere(entry)}
    text = json.dumps(found)
    yield from (f"image {image} is pulled, and not listed" for image in sorted(in_pods - listed))
    for image in sorted(listed - in_pods):
        written = image.removeprefix("docker.io/").removeprefix("library/")
        # An operator appends the distribution of a node to the tags of drivers.
        if written not in text and not any(image.startswith(f"{other}-") for other in named) and image not in named:
            yield f"image {image} is listed, and nothing names it"


def _is_published_otherwise(chart: str) -> bool:
    with PLACES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file)
        return any(row["default"] for row in rows if row["chart"] == chart and row["target"] == "values")


def _last(image: str) -> str:
    return image.rpartition("/")[2].partition(":")[0]


def _containers(workload: Mapping[str, Any]) -> Iterator[str]:
    pod = workload["spec"]["template"]["spec"]
    for container in (*pod.get("initContainers", ()), *pod["containers"]):
        yield str(container["image"])


def _anywhere(value: Any) -> Iterator[str]:
    """Yield the images that resources name by repository, image and version."""
    if isinstance(value, Mapping):
        if {"repository", "image", "version"} <= value.keys():
            yield f"{value['repository']}/{value['image']}:{value['version']}"
        for inner in value.values():
            yield from _anywhere(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _anywhere(inner)
