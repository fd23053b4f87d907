"""PCI devices: which accelerator a PCI ID means, in both directions, virtual functions as well.

One product can have several IDs and one ID several products, so the answer is always a tuple. Match on IDs and never
on the names in `pci.ids`: those depend on the age of the file.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table

PciFunction = Literal["pf", "vf"]


@dataclass(frozen=True, slots=True)
class PciDevice:
    """One PCI ID of one accelerator; all IDs are four lower-case hexadecimal digits.

    Attributes:
        pci_vendor: PCI vendor ID, `10de` for NVIDIA.
        device: PCI device ID.
        subsystem_vendor: Set, with `subsystem_device`, only where the device ID alone means more than one thing.
        subsystem_device: See `subsystem_vendor`.
        function: `pf` for the physical function, `vf` for the SR-IOV virtual function that a virtual machine sees.
        accelerator: Name of the accelerator.
        alternatives: Names of other accelerators that the same ID can mean and that no subsystem tells apart.
        source: Where the row comes from.
        origins: How many independent origins list the ID.
        note: What a reader must know and no other column says.
    """

    pci_vendor: str
    device: str
    subsystem_vendor: str | None
    subsystem_device: str | None
    function: PciFunction
    accelerator: str
    alternatives: tuple[str, ...]
    source: str
    origins: int
    note: str


def pci_devices() -> tuple[PciDevice, ...]:
    """Return every PCI device, sorted by vendor, device and subsystem."""
    return _rows()


def accelerators_for_pci(pci_vendor: str, device: str, subsystem: str | None = None) -> tuple[str, ...]:
    """Return the names of the accelerators that a PCI ID can mean, sorted; empty where the ID is in no row.

    `subsystem` is `vendor:device`, as `lspci -nn` prints it (`10de:157e`). Two names are an answer, not an error:
    `10de:25b6` without its subsystem is an A2 or an A16. A subsystem that no row has decides nothing, so the answer
    is then the one without it. Raise ValueError where `subsystem` is not such a pair.
    """
    rows = _by_id().get((pci_vendor.lower(), device.lower()), ())
    if subsystem is not None:
        wanted = tuple(subsystem.lower().split(":"))
        if len(wanted) != 2:  # noqa: PLR2004 a pair
            raise ValueError(f"a PCI subsystem is vendor:device, not {subsystem!r}")
        exact = [row for row in rows if (row.subsystem_vendor, row.subsystem_device) == wanted]
        rows = tuple(exact) or tuple(row for row in rows if row.subsystem_vendor is None) or rows
    return tuple(sorted({name for row in rows for name in (row.accelerator, *row.alternatives)}))


@cache
def _rows() -> tuple[PciDevice, ...]:
    return tuple(
        PciDevice(
            pci_vendor=row["pci_vendor"],
            device=row["device"],
            subsystem_vendor=row["subsystem_vendor"] or None,
            subsystem_device=row["subsystem_device"] or None,
            function=cast("PciFunction", row["function"]),
            accelerator=row["accelerator"],
            alternatives=tuple(filter(None, row["alternatives"].split("|"))),
            source=row["source"],
            origins=int(row["origins"]),
            note=row["note"],
        )
        for row in read_table("pci_devices")
    )


@cache
def _by_id() -> dict[tuple[str, str], tuple[PciDevice, ...]]:
    index: dict[tuple[str, str], tuple[PciDevice, ...]] = {}
    for row in _rows():
        key = (row.pci_vendor, row.device)
        index[key] = (*index.get(key, ()), row)
    return index
