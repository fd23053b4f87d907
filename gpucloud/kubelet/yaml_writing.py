"""YAML that Kubernetes reads as it is meant; text that it would take for something else is quoted.

PyYAML leaves `08`, `1e3` and `y` without quotes, which it reads as text itself. To nodeadm, the kubelet and kubectl
they are numbers and a truth, and a node whose configuration has one as a taint's value does not start.
"""

from collections.abc import Iterable
from typing import Any

import yaml

from gpucloud.kubelet.yaml_reading import NotYamlError, plain_word


class _Dumper(yaml.SafeDumper):
    """PyYAML's, which goes by what Kubernetes' reader makes of a word."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=None if _is_read_as_text(text) else "'")


def _is_read_as_text(text: str) -> bool:
    try:
        return isinstance(plain_word(text), str)
    except NotYamlError:
        return False


_Dumper.add_representer(str, _text)


def dump_yaml(document: Any, *, width: int = 10_000) -> str:
    """One document of plain values, its keys sorted; no line is broken before `width`."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=True, width=width)


def dump_yaml_documents(documents: Iterable[Any], *, width: int = 10_000) -> str:
    """Several documents, their keys in the order in which they stand."""
    return yaml.dump_all(documents, Dumper=_Dumper, sort_keys=False, width=width)
