"""From plain values to a Configuration, for callers that ask more of it than a verdict."""

from collections.abc import Mapping
from typing import Any

from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.decoding import decode
from gpucloud.kubelet.defaults import with_defaults
from gpucloud.kubelet.feature_gates import effective_gates
from gpucloud.kubelet.machine import NodeMachine


def configuration_of(
    values: Mapping[str, Any], machine: NodeMachine, *, minor: int, drop_in: bool = False
) -> Configuration:
    """What the kubelet would have in hand; fields that it cannot decode are left out, `judge` says which."""
    written, _ = decode(values, drop_in=drop_in, minor=minor)
    gates = effective_gates(written.get("featureGates") or {}, minor)
    return Configuration(written, with_defaults(written, gates), machine, minor, gates, drop_in)
