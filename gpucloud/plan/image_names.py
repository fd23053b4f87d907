"""How Helm values and custom resources name a container image, in the six forms in which charts do it."""

from collections.abc import Mapping
from typing import Any, assert_never

from gpucloud.facts.images import Image, images

Values = Mapping[str, Any]


def value_at(values: Values, path: str) -> Any:
    """What stands at a dotted path, None where nothing does; a number is a place in a list, no path is the whole."""
    found: Any = values
    for key in path.split(".") if path else ():
        if isinstance(found, list):
            found = found[int(key)] if key.isdigit() and int(key) < len(found) else None
        else:
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
    said: Values = written if isinstance(written, Mapping) else {}
    text = written if isinstance(written, str) and written else None
    host, namespace, name = image.repository.partition("/")[0], *image.repository.rpartition("/")[::2]
    match image.form:
        case "reference":
            return _cut(text) if text else (image.repository, None)
        case "prefix":
            tag = value_at(values, image.tag_path) if image.tag_path else None
            return f"{text}/{image.suffix}" if text else image.repository, tag or None
        case "split":
            return f"{said.get('repository') or namespace}/{said.get('image') or name}", said.get("version")
        case "registry":
            repository = said.get("repository") or image.repository.partition("/")[2]
            repository = f"{said.get('registry') or host}/{repository}"
        case "repository":
            repository = said.get("repository") or image.repository
        case "named":
            registry = values.get("imageRegistry") or host
            below = values.get("imageNamespace") or namespace.partition("/")[2]
            repository = said.get("repository") or f"{registry}/{below}/{said.get('name') or name}"
        case _:
            assert_never(image.form)
    return repository, said.get("tag") or None


def is_on(image: Image, values: Values) -> bool:
    """Whether these values have the image pulled; what they do not say is as the chart has it."""
    if any(value_at(values, switch) is True for switch in image.switches_off):
        return False
    said = [value_at(values, switch) for switch in image.switches]
    if any(value is False for value in said):
        return False
    return image.on or (bool(said) and all(said))


def named_values(image: Image, repository: str, tag: str | None) -> dict[str, Any]:
    """Values by which an image is pulled from another repository, with the tag that it has in any case."""
    if image.form == "reference":
        return nested(image.path, f"{repository}:{tag or image.tag}")
    if image.form == "prefix":
        return nested(image.path, repository.removesuffix(f"/{image.suffix}"))
    if image.form == "registry":
        registry, _, below = repository.partition("/")
        return nested(image.path, {"registry": registry, "repository": below})
    if image.form == "split":
        return nested(_below(image.path, "repository"), repository.rpartition("/")[0])
    return nested(_below(image.path, "repository"), repository)


def split_image(chart: str, component: str) -> dict[str, str]:
    """An image of a chart as custom resources of NVIDIA's operators name it: `repository`, `image` and `version`."""
    found = next(image for image in images(chart) if image.component == component)
    repository, _, name = found.repository.rpartition("/")
    return {"repository": repository, "image": name, "version": found.tag}


def _below(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


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
