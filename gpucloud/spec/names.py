"""Names, labels and zones as types: what a person may write, checked without a table."""

from typing import Annotated

from pydantic import BeforeValidator, StringConstraints

# A name becomes part of Kubernetes labels, cloud names and tags: the strictest of them is RFC 1123's label.
Name = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]([a-z0-9-]*[a-z0-9])?$", min_length=1, max_length=63),
]
"""Lower-case letters, digits and dashes; begins with a letter; 63 characters at most (RFC 1123 label)."""


def _spell_number(value: object) -> object:
    """Let `1` stand for `"1"`: in YAML, Azure's zones look like numbers."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


Zone = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z0-9-]+$", min_length=1, max_length=64),
    BeforeValidator(_spell_number, json_schema_input_type=str | int),
]
"""A zone as its cloud spells it: `us-east-1a`, `us-central1-a`, Azure's `1`; `regional` is Azure's for none at all."""

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
LabelKey = Annotated[
    str,
    StringConstraints(
        pattern=r"^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?/)?[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$",
        max_length=317,
    ),
]
"""A Kubernetes label key: an optional DNS prefix of 253 characters, a name of 63."""

LabelValue = Annotated[str, StringConstraints(pattern=r"^([A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?$")]
"""A Kubernetes label value: 63 characters at most, may be empty."""

KubernetesVersion = Annotated[str, StringConstraints(pattern=r"^1\.[0-9]{2}$")]
"""A Kubernetes minor version, such as `1.34`."""
