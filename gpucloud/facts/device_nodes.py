"""Device files: what a container must be given of `/dev` to use an accelerator."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.accelerators import Accelerator
from gpucloud.facts.tables import read_table

DeviceScope = Literal["accelerator", "mig", "node", "nvswitch"]


@dataclass(frozen=True, slots=True)
class DeviceNode:
    """One device file, or several that a shell pattern names.

    Attributes:
        vendor: Whose driver makes it.
        path: The path; `[0-9]*` stands for a number.
        scope: One for the whole `node`, one for each `accelerator`, only with `mig`, or only where the board has
            an `nvswitch`.
        accelerators: The only accelerators that have it; empty where all of the vendor do.
        meaning: What it is for.
        source: Where the row comes from.
    """

    vendor: str
    path: str
    scope: DeviceScope
    accelerators: tuple[str, ...]
    meaning: str
    source: str


def device_nodes(accelerator: Accelerator) -> tuple[DeviceNode, ...]:
    """Return the device files that a node with the accelerator has, sorted by path.

    Those for MIG stand wherever the accelerator can do it; they appear when it is switched on.
    """
    return tuple(
        row
        for row in _rows()
        if row.vendor == accelerator.vendor
        and (not row.accelerators or accelerator.name in row.accelerators)
        and (row.scope != "mig" or accelerator.mig_capable)
        and (row.scope != "nvswitch" or accelerator.fabric_manager)
    )


@cache
def _rows() -> tuple[DeviceNode, ...]:
    return tuple(
        DeviceNode(
            vendor=row["vendor"],
            path=row["path"],
            scope=cast("DeviceScope", row["scope"]),
            accelerators=tuple(filter(None, row["accelerators"].split("|"))),
            meaning=row["meaning"],
            source=row["source"],
        )
        for row in read_table("device_nodes")
    )
