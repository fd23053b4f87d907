"""Merging of JSON as the kubelet does it with drop-ins: by merge patch, then by Go's encoding/json.

Facts: mergeKubeletConfigurations in cmd/kubelet/app/server.go of k8s.io/kubernetes v1.36.3, RFC 7386, and Go's
encoding/json, which takes a key of any case for a field and decodes a second value into the first.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from gpucloud.facts.kubelet_fields import nested_fields

_LARGEST_PLAIN = 1e21


def patched(below: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """The object with a merge patch over it: mappings are merged, a null removes, anything else replaces."""
    merged = dict(below)
    for key, value in patch.items():
        if value is None:
            merged.pop(key, None)
        elif isinstance(value, Mapping):
            under = merged.get(key)
            merged[key] = patched(under if isinstance(under, Mapping) else {}, value)
        else:
            merged[key] = value
    return merged


def decoded_over(first: Any, second: Any) -> Any:
    """What two values of one field come to: objects and maps grow together, a null leaves what is no list or map."""
    if isinstance(first, dict) and isinstance(second, dict):
        under = {key: decoded_over(first[key], value) if key in first else value for key, value in second.items()}
        return {**first, **under}
    keeps = second is None and not isinstance(first, dict | list)
    return first if keeps else second


def fields_of(value: Any, path: str = "") -> Any:
    """The same with every key as its field is called, whatever its case, and without keys that are no field's.

    Keys are taken in their order as bytes, as they stand in the text that the kubelet decodes: of `maxPods` and
    `maxpods` the latter counts, of `MAXPODS` and `maxPods`, too.
    """
    if isinstance(value, list):
        return [fields_of(element, f"{path}[]") for element in value]
    names = _names(path)
    if not names or not isinstance(value, Mapping):
        return value
    found: dict[str, Any] = {}
    for key in sorted(value):
        name = names.get(key) or names.get(key.lower())
        if name is not None:
            inner = fields_of(value[key], f"{path}.{name}" if path else name)
            found[name] = decoded_over(found[name], inner) if name in found else inner
    return found


def through_json(value: Any) -> Any:
    """The same as it comes out of a Go map that was written as JSON: whole floats have become whole numbers."""
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_PLAIN:
        return int(value)
    if isinstance(value, list):
        return [through_json(element) for element in value]
    if isinstance(value, Mapping):
        return {key: through_json(element) for key, element in value.items()}
    return value


@cache
def _names(path: str) -> Mapping[str, str]:
    """Names of the fields right below a path, by themselves and in lower case."""
    prefix = f"{path}." if path else ""
    below = [field.path.removeprefix(prefix) for field in nested_fields() if field.path.startswith(prefix)]
    names = [name for name in below if "." not in name and "[" not in name]
    return {name.lower(): name for name in names} | {name: name for name in names}
