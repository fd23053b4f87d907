"""Labels, taints and tags.

Sources: Kubernetes, "Labels and Selectors" (syntax); azure-aks-docs fb060ab use-labels.md (reserved prefixes and system
labels) and spot-node-pool.md (the taint and label of spot); Azure Resource Manager, "Use tags to organize your Azure
resources", limitations.
"""

import re
from collections.abc import Iterator

from gpucloud.sim.azure_native.rules.pool import PoolRule, is_known, refuse
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs

_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?")
_PREFIX = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")
_RESERVED_PREFIXES = ("kubernetes.azure.com", "kubernetes.io")
_SYSTEM_LABELS = frozenset(
    {"node.kubernetes.io/instance-type", "topology.kubernetes.io/region", "topology.kubernetes.io/zone"}
)
_EFFECTS = ("NoExecute", "NoSchedule", "PreferNoSchedule")
_SPOT_KEY, _SPOT_VALUE = "kubernetes.azure.com/scalesetpriority", "spot"
_MOST_TAGS, _TAG_NAME, _TAG_VALUE = 50, 512, 256
_NOT_IN_TAGS = "<>%&\\?/"


def _is_key(key: str) -> bool:
    prefix, slash, name = key.rpartition("/")
    return _NAME.fullmatch(name) is not None and (not slash or _PREFIX.fullmatch(prefix) is not None)


def _is_value(value: str) -> bool:
    return not value or _NAME.fullmatch(value) is not None


def _is_spot(pool: Inputs, key: str, value: str) -> bool:
    return key == _SPOT_KEY and value == _SPOT_VALUE and pool.get("scaleSetPriority") == "Spot"


def refuse_bad_labels(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse labels that Kubernetes would not take, and those that AKS keeps to itself."""
    labels = pool.get("nodeLabels")
    for key, value in labels.items() if isinstance(labels, dict) else ():
        where = f"{at}nodeLabels.{key}"
        if not _is_key(key):
            yield refuse(where, f"Invalid node label key {key}")
        elif is_known(value) and _is_spot(pool, key, str(value)):
            continue
        elif key.rpartition("/")[0] in _RESERVED_PREFIXES or key in _SYSTEM_LABELS:
            yield refuse(where, f"Invalid node label key {key}: it is reserved for AKS")
        if is_known(value) and not _is_value(str(value)):
            yield refuse(where, f"Invalid node label value {value!r} of {key}")


def refuse_bad_taints(pool: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse taints that are not key=value:Effect, reserved keys, and one key and effect twice."""
    taints = pool.get("nodeTaints")
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(taints if isinstance(taints, list) else ()):
        if not is_known(taint):
            continue
        where = f"{at}nodeTaints[{index}]"
        found = re.fullmatch(r"([^=:]+)(?:=([^:]*))?:(\w+)", str(taint))
        if found is None or found[3] not in _EFFECTS or not _is_key(found[1]) or not _is_value(found[2] or ""):
            yield refuse(where, f"'{taint}' is not a taint key=value:effect with one of {', '.join(_EFFECTS)}")
            continue
        if found[1].rpartition("/")[0] == "kubernetes.azure.com" and not _is_spot(pool, found[1], found[2] or ""):
            yield refuse(where, f"the prefix of taint '{taint}' is reserved for AKS")
        if (found[1], found[3]) in seen:
            yield refuse(where, f"taint {found[1]}:{found[3]} stands twice")
        seen.add((found[1], found[3]))


def refuse_bad_tags(resource: Inputs, at: str) -> Iterator[Refusal]:
    """Refuse more than 50 tags, too long ones, and names with any of `<>%&?/` or a backslash.

    The autoscaler's tags for scaling from zero have `_` where EKS has `/`, for this reason.
    """
    tags = resource.get("tags")
    if not isinstance(tags, dict):
        return
    if len(tags) > _MOST_TAGS:
        yield refuse(f"{at}tags", f"{len(tags)} tags, at most {_MOST_TAGS}", "TooManyTags")
    lowered = [key.lower() for key in tags]
    for key, value in tags.items():
        where = f"{at}tags.{key}"
        if any(character in _NOT_IN_TAGS for character in key):
            text = f"The tag names '{key}' have reserved characters '{','.join(_NOT_IN_TAGS)}' or control characters."
            yield refuse(where, text, "InvalidTagNameCharacters")
        if lowered.count(key.lower()) > 1:
            yield refuse(where, f"tag names are compared without regard to case: {key} stands twice")
        if len(key) > _TAG_NAME:
            yield refuse(where, f"tag name has {len(key)} characters, at most {_TAG_NAME}")
        if is_known(value) and len(str(value)) > _TAG_VALUE:
            yield refuse(where, f"tag value has {len(str(value))} characters, at most {_TAG_VALUE}")


LABEL_RULES: tuple[PoolRule, ...] = (refuse_bad_labels, refuse_bad_taints)
