"""Node labels that name an accelerator: which keys there are, who sets them, and the product labels of each GPU.

GPU Feature Discovery makes `nvidia.com/gpu.product` of the driver's name for the GPU: blanks become dashes, and under
the MIG strategy `single` or time-slicing a suffix follows (`-MIG-1g.10gb`, `-SHARED`). AMD's node labeller does the
same with underscores. A vGPU has its type in the name: an A10 of Azure's NV sizes is `NVIDIA-A10-24Q` even where the
size has the whole card. Compare whole values: `NVIDIA-H100` begins three other products.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Literal, cast

from gpucloud.facts.accelerators import Accelerator
from gpucloud.facts.tables import flag, read_table

LabelSetter = Literal["aks", "amd-node-labeller", "gfd", "gke", "gpu-operator", "karpenter", "nfd", "node-pool"]

_SHARED = "-SHARED"
_VGPU = re.compile(r"-(?P<gib>\d+)Q$")
_MIG = re.compile(r"(?P<product>.+)-MIG-(?P<profile>INVALID|\d+g\.\d+gb[a-z.-]*)")


@dataclass(frozen=True, slots=True)
class NodeLabel:
    """One label with its value, and who sets it: `gfd`, `nfd`, `gke`, `aks`, `karpenter`, or the node pool itself."""

    key: str
    value: str
    set_by: LabelSetter

    def __str__(self) -> str:
        return f"{self.key}={self.value}"


@dataclass(frozen=True, slots=True)
class LabelKey:
    """One label key that says something about accelerators.

    Attributes:
        vendor: The only vendor whose accelerators carry it; None where any may.
        cloud: The only cloud whose nodes carry it; None where any may.
        key: The label's key.
        value: The only value that it takes; None where the accelerator decides.
        identifies: Whether the value narrows down which accelerator it is; the others count, share or describe it.
        function: The only PCI function it stands for, `pf` or `vf`; None where it does not matter.
        set_by: Who sets it.
        not_for: Names of accelerators of that vendor that do not get it.
        meaning: What it proves.
        source: Where the row comes from.
    """

    vendor: str | None
    cloud: str | None
    key: str
    value: str | None
    identifies: bool
    function: str | None
    set_by: LabelSetter
    not_for: tuple[str, ...]
    meaning: str
    source: str


@dataclass(frozen=True, slots=True)
class ProductLabel:
    """One value of a product label.

    Attributes:
        accelerator: The accelerator that the driver gives this name.
        label: The label's key.
        value: The label's value, without the suffixes for MIG and sharing.
        product_name: The driver's or library's name that the value is made of.
        cloud: The only cloud on whose nodes it stands, a vGPU's name for example; None where it may anywhere.
        alternatives: Names of accelerators that the same value can mean elsewhere, so that it decides nothing alone.
        source: Where the row comes from.
        origins: How many independent origins have the name.
        note: What a reader must know and no other column says.
    """

    accelerator: str
    label: str
    value: str
    product_name: str
    cloud: str | None
    alternatives: tuple[str, ...]
    source: str
    origins: int
    note: str


@cache
def label_keys() -> tuple[LabelKey, ...]:
    """Return every label key that says something about accelerators, sorted by vendor, cloud and key."""
    return tuple(
        LabelKey(
            vendor=row["vendor"] or None,
            cloud=row["cloud"] or None,
            key=row["key"],
            value=row["value"] or None,
            identifies=flag(row["identifies"]),
            function=row["function"] or None,
            set_by=cast("LabelSetter", row["set_by"]),
            not_for=tuple(filter(None, row["not_for"].split("|"))),
            meaning=row["meaning"],
            source=row["source"],
        )
        for row in read_table("device_labels")
    )


@cache
def product_labels() -> tuple[ProductLabel, ...]:
    """Return every product label, sorted by accelerator, key and value."""
    return tuple(
        ProductLabel(
            accelerator=row["accelerator"],
            label=row["label"],
            value=row["value"],
            product_name=row["product_name"],
            cloud=row["cloud"] or None,
            alternatives=tuple(filter(None, row["alternatives"].split("|"))),
            source=row["source"],
            origins=int(row["origins"]),
            note=row["note"],
        )
        for row in read_table("device_products")
    )


def driver_names(accelerator: Accelerator, cloud: str | None, part: Fraction = Fraction(1)) -> tuple[str, ...]:
    """Return what NVIDIA's driver calls an accelerator on a cloud; `part` of one is a vGPU with a name of its own.

    The cloud's own name stands first, then those with the most origins. A vGPU's name ends with its GiB of memory
    (`NVIDIA L4-6Q`), so that each part has its own. Empty where no source has the name.
    """
    gib = accelerator.memory_mib * part / 1024
    found = [
        product
        for product in product_labels()
        if product.accelerator == accelerator.name
        and product.cloud in {None, cloud}
        and (part == 1 if (sized := _VGPU.search(product.product_name)) is None else int(sized["gib"]) == gib)
    ]
    found.sort(key=lambda product: (product.cloud is None, -product.origins, product.product_name))
    return tuple(product.product_name for product in found)


def discovery_labels(accelerator: Accelerator, functions: frozenset[str]) -> tuple[NodeLabel, ...]:
    """Return the labels by which Node Feature Discovery marks a node with the accelerator, sorted by key.

    They are what NFD sets under the configurations that the vendors' operators ship, and under its own default; one
    node has one or two of them. `functions` are the PCI functions that the node sees: AMD's rule has a label of its
    own for virtual functions.
    """
    return tuple(
        NodeLabel(row.key, row.value, row.set_by)
        for row in label_keys()
        if row.set_by == "nfd"
        and row.value is not None
        and row.vendor == accelerator.vendor
        and row.function in {None, *functions}
        and accelerator.name not in row.not_for
    )


def plain_product(value: str) -> str:
    """Return a product label's value without the suffixes that GPU Feature Discovery adds for MIG and for sharing."""
    plain = value.removesuffix(_SHARED)
    partitioned = _MIG.fullmatch(plain)
    return partitioned["product"] if partitioned else plain
