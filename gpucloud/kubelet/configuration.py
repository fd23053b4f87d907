"""A KubeletConfiguration as its kubelet has it in hand: decoded, with defaults, on its machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpucloud.kubelet.machine import NodeMachine


@dataclass(frozen=True)
class Configuration:
    """What rules look at.

    Attributes:
        written: What the file says: fields that the kubelet knows, each of its own kind; what is not has been found
            before, by decoding. Quantities and durations are text, as written.
        values: The same with the kubelet's defaults where nothing was written.
        machine: The machine that the kubelet starts on.
        minor: The kubelet's minor version, 31 to 36.
        gates: Every feature gate of that minor, as the kubelet would have it.
        drop_in: Whether the file is one of `--config-dir`; the kubelet reads some fields otherwise there.
    """

    written: Mapping[str, Any]
    values: Mapping[str, Any]
    machine: NodeMachine
    minor: int
    gates: Mapping[str, bool]
    drop_in: bool = False
