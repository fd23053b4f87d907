"""Container images in which the gate after a deployment looks at accelerators, by their vendor."""

from dataclasses import dataclass
from functools import cache

from gpucloud.facts.tables import read_table


@dataclass(frozen=True, slots=True)
class GateImage:
    """One image.

    Attributes:
        vendor: Of the accelerators that it looks at.
        repository: With its registry.
        tag: The pinned one.
        digest: Of that tag; empty where no source says it.
        source: Where the row comes from.
    """

    vendor: str
    repository: str
    tag: str
    digest: str
    source: str


@cache
def gate_images() -> dict[str, GateImage]:
    """Return the images by vendor; those of other vendors have no gate."""
    return {
        row["vendor"]: GateImage(row["vendor"], row["repository"], row["tag"], row["digest"], row["source"])
        for row in read_table("gate_images")
    }
