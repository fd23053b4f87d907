"""Configurations for tests of what is computed from one, as their kubelet would have them."""

from typing import Any

from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.machine import NodeMachine

TWO_SOCKETS = NodeMachine()
"""Two sockets, two NUMA nodes, 96 cores of two threads, 2 TiB of memory, 1 TiB of storage."""


def of(machine: NodeMachine = TWO_SOCKETS, *, minor: int = 36, **written: Any) -> Configuration:
    """The configuration with these fields written."""
    return configuration_of(written, machine, minor=minor)
