"""How Helm values and custom resources name a container image, in the four forms in which charts do it."""

from collections.abc import Mapping
from typing import Any

from gpucloud.facts.images import Image

Values = Mapping[str, Any]


def value_at(values: Values, path: str) -> Any:
    """What stands at a dotted path, None where nothing does."""
    found: Any = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def nested(path: str, value: Any) -> dict[str, Any]:
    """A value under its dotted path, as Helm values have it."""
    for key in reversed(path.split(".")):
        value = {key: value}
    return dict(value)


def image_name(image: Image, values: Values) -> tuple[str, str | None]:
    """Repository and tag that these values give an image; no tag where they leave it to the chart."""
    written = value_at(values, image.path)
    if image.form == "reference":
        return _cut(written) if isinstance(written, str) and written else (image.repository, None)
    said: Values = written if isinstance(written, Mapping) else {}
    host, namespace, name = image.repository.partition("/")[0], *image.repository.rpartition("/")[::2]
    if image.form == "split":
        repository = f"{said.get('repository') or namespace}/{said.get('image') or name}"
        return repository, said.get("version")
    if said.get("repository"):
        return said["repository"], said.get("tag")
    if image.form == "named":
        registry = values.get("imageRegistry") or host
        below = values.get("imageNamespace") or namespace.partition("/")[2]
        return f"{registry}/{below}/{said.get('name') or name}", said.get("tag")
    return image.repository, said.get("tag")


def named_values(image: Image, repository: str, tag: str | None) -> dict[str, Any]:
    """Values by which an image is pulled from another repository, with the tag that it has in any case."""
    if image.form == "reference":
        return nested(image.path, f"{repository}:{tag or image.tag}")
    if image.form == "split":
        return nested(f"{image.path}.repository", repository.rpartition("/")[0])
    return nested(f"{image.path}.repository", repository)


def _cut(reference: str) -> tuple[str, str | None]:
    """Repository with its registry, and tag. Docker Hub's images may leave out both registry and `library/`."""
    name, colon, tag = reference.rpartition(":")
    if not colon or "/" in tag:
        name, tag = reference, ""
    first, slash, _ = name.partition("/")
    if not slash:
        name = f"docker.io/library/{name}"
    elif "." not in first and ":" not in first:
        name = f"docker.io/{name}"
    return name, tag or None
