"""Pods from text: the short form of the command line, and manifests."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import yaml

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.kubelet.admission.pod import Amounts, Container, ContainerKind, Pod
from gpucloud.kubelet.quantity import parse_quantity

_LONGEST = 2**20
_MOST_CONTAINERS = 64


def pod_of_text(text: str) -> Pod:
    """A Guaranteed pod of one container: `cpu=96,memory=1Ti,nvidia.com/gpu=8`.

    Raises InvalidInputError with all problems.
    """
    problems: list[Problem] = []
    amounts: dict[str, Fraction] = {}
    for part in text.split(","):
        name, separator, amount = (piece.strip() for piece in part.partition("="))
        if not (name and separator and amount):
            problems.append(Problem("pod", f"{part.strip()!r} is no resource with an amount", "write cpu=96"))
        elif name in amounts:
            problems.append(Problem(f"pod.{name}", "it is there twice, nobody could tell which holds", "keep one"))
        else:
            amounts[name] = _amount(name, amount, f"pod.{name}", problems)
    if problems:
        raise InvalidInputError(problems)
    return Pod((Container("main", amounts, amounts),))


def pod_of_manifest(text: str) -> Pod:
    """The pod of a manifest in YAML or JSON: `kind: Pod`, or the template of what makes pods.

    Raises InvalidInputError with all problems.
    """
    if len(text) > _LONGEST:
        raise InvalidInputError([Problem("pod", "longer than 1 MiB, no manifest of one pod is", "give the pod alone")])
    if any(isinstance(token, yaml.AliasToken) for token in _tokens(text)):
        raise InvalidInputError([Problem("pod", "YAML aliases are not read here", "write the values out")])
    try:
        document = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InvalidInputError([Problem("pod", f"no YAML: {str(error).splitlines()[0]}", "mend the file")]) from None
    spec = _spec(document)
    if spec is None:
        raise InvalidInputError([Problem("pod", "no pod: it has no spec with containers", "give a manifest of a Pod")])
    problems: list[Problem] = []
    if spec.get("resources"):
        problems.append(
            Problem("spec.resources", "resources of the whole pod are not simulated", "give them to its containers")
        )
    containers = tuple(_containers(spec, problems))
    if not any(container.kind == "app" for container in containers) and not problems:
        problems.append(Problem("spec.containers", "a pod has at least one container", "add it"))
    if problems:
        raise InvalidInputError(problems)
    metadata = document.get("metadata")
    name = metadata.get("name") if isinstance(metadata, Mapping) else None
    return Pod(containers, str(name or "pod"))


def _tokens(text: str) -> Iterator[Any]:
    try:
        yield from yaml.scan(text)
    except (yaml.YAMLError, ValueError):
        return


def _spec(document: Any) -> Mapping[str, Any] | None:
    """The pod's spec, be it in a template of a template (CronJob)."""
    for _ in range(4):
        spec = document.get("spec") if isinstance(document, Mapping) else None
        if not isinstance(spec, Mapping):
            return None
        if "containers" in spec:
            return spec
        document = spec.get("template") or spec.get("jobTemplate")
    return None


def _containers(spec: Mapping[str, Any], problems: list[Problem]) -> Iterator[Container]:
    seen: set[str] = set()
    for field in ("initContainers", "containers"):
        entries = spec.get(field) or []
        if not isinstance(entries, list) or len(entries) > _MOST_CONTAINERS:
            problems.append(Problem(f"spec.{field}", "no list of at most 64 containers", "give a list"))
            continue
        for index, entry in enumerate(entries):
            path = f"spec.{field}[{index}]"
            if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
                problems.append(Problem(path, "a container is a mapping with a name", "name it"))
                continue
            if entry["name"] in seen:
                problems.append(Problem(f"{path}.name", f"{entry['name']!r} is there twice", "give another name"))
            seen.add(entry["name"])
            kind: ContainerKind = "app"
            if field == "initContainers":
                kind = "sidecar" if entry.get("restartPolicy") == "Always" else "init"
            resources = entry.get("resources") or {}
            if not isinstance(resources, Mapping):
                problems.append(Problem(f"{path}.resources", "no mapping", "give requests and limits"))
                continue
            limits = _amounts(resources.get("limits"), f"{path}.resources.limits", problems)
            requests = _amounts(resources.get("requests"), f"{path}.resources.requests", problems)
            container = Container(entry["name"], requests, limits, kind)
            problems += _limits_hold(container, path)
            yield container


def _limits_hold(container: Container, path: str) -> Iterator[Problem]:
    for name, amount in container.needs.items():
        limit = container.limits.get(name)
        whole = "/" in name or name.startswith("hugepages-")
        if whole and limit != amount:
            yield Problem(
                f"{path}.resources.limits.{name}",
                "request and limit differ, the API server refuses the pod",
                "set both",
            )
        elif limit is not None and amount > limit:
            yield Problem(
                f"{path}.resources.requests.{name}", "more than the limit, the API server refuses the pod", "lower it"
            )


def _amounts(values: Any, path: str, problems: list[Problem]) -> Amounts:
    if values is None:
        return {}
    if not isinstance(values, Mapping):
        problems.append(Problem(path, "no mapping of resources to amounts", "write cpu: 96"))
        return {}
    return {str(name): _amount(str(name), amount, f"{path}.{name}", problems) for name, amount in values.items()}


def _amount(name: str, text: Any, path: str, problems: list[Problem]) -> Fraction:
    try:
        amount = parse_quantity(str(text))
    except ValueError as error:
        problems.append(Problem(path, f"{error}, the API server refuses the pod", "write an amount such as 96 or 1Ti"))
        return Fraction(0)
    if amount < 0:
        problems.append(Problem(path, "below zero, the API server refuses the pod", "write an amount such as 96"))
    elif "/" in name and amount.denominator != 1:
        problems.append(Problem(path, "devices come whole, the API server refuses the pod", "write a whole number"))
    return amount
