"""Images from mirrors: values of releases and custom resources that name them, and what nodes are told."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.images import Image, images
from gpucloud.plan.image_names import image_name, is_on, named_values, nested
from gpucloud.plan.mirror_model import MirrorPlan
from gpucloud.plan.release_values import laid_over
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.spec.mirrors import MirrorSpec

_SCHEME = "https://"


def plan_node_mirrors(mirrors: Sequence[MirrorSpec]) -> tuple[MirrorPlan, ...]:
    """What the nodes' containerd is told, sorted by registry."""
    told = [MirrorPlan(mirror.registry, _endpoint(mirror)) for mirror in mirrors if mirror.on_nodes]
    return tuple(sorted(told, key=lambda mirror: mirror.registry))


def mirrored(repository: str, mirrors: Sequence[MirrorSpec]) -> str:
    """A repository as its mirror has it; the same where its registry has none."""
    registry, _, name = repository.partition("/")
    endpoint = next((_endpoint(mirror) for mirror in mirrors if mirror.registry == registry), None)
    return repository if endpoint is None else f"{endpoint.removeprefix(_SCHEME)}/{name}"


def _endpoint(mirror: MirrorSpec) -> str:
    if mirror.endpoint is None:
        fix = "give the endpoint of a mirror that is there, or plan the cluster as a whole"
        problem = "the stack's own mirrors have addresses by their cluster, nothing here knows of one"
        raise InvalidInputError([Problem(f"mirrors[{mirror.registry}].managed", problem, fix)])
    return mirror.endpoint


def release_from_mirrors(release: ReleasePlan, mirrors: Sequence[MirrorSpec], secret: str | None) -> ReleasePlan:
    """The release with every image that it pulls named by its mirror, and pulled with that secret."""
    used = [image for image in images(release.chart) if image.target == "values" and is_on(image, release.values)]
    return replace(release, values=_from_mirrors(release.values, used, mirrors, secret))


def manifest_from_mirrors(manifest: ManifestPlan, mirrors: Sequence[MirrorSpec], secret: str | None) -> ManifestPlan:
    """A custom resource with the images of the pods that its operator makes named likewise."""
    used = [image for image in images() if image.target == manifest.kind and is_on(image, manifest.spec)]
    return replace(manifest, spec=_from_mirrors(manifest.spec, used, mirrors, secret)) if used else manifest


def _from_mirrors(
    values: Mapping[str, Any], used: Sequence[Image], mirrors: Sequence[MirrorSpec], secret: str | None
) -> Mapping[str, Any]:
    for image in used:
        repository, tag = image_name(image, values)
        elsewhere = mirrored(repository, mirrors)
        if elsewhere != repository:
            values = laid_over(values, named_values(image, elsewhere, tag))
        if secret is not None and image.pull_secrets:
            values = laid_over(values, nested(image.pull_secrets, _pulled_with(image, secret)))
    return values


def _pulled_with(image: Image, secret: str) -> object:
    match image.pull_secrets_form:
        case "name":
            return secret
        case "names":
            return [secret]
        case _:
            return [{"name": secret}]
