"""Container images that objects of the stack's own run, which come with no chart."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table

Purpose = Literal["device-plugin", "gate"]


@dataclass(frozen=True, slots=True)
class OwnImage:
    """One image.

    Attributes:
        purpose: `gate`: looks at accelerators after a deployment; `device-plugin`: counts them.
        vendor: Of the accelerators.
        repository: With its registry.
        tag: The pinned one.
        digest: Of that tag; empty where no source says it.
        source: Where the row comes from.
    """

    purpose: Purpose
    vendor: str
    repository: str
    tag: str
    digest: str
    source: str

    @property
    def reference(self) -> str:
        """`repository:tag`, as it is where no mirror has it."""
        return f"{self.repository}:{self.tag}"


def own_images(purpose: Purpose) -> dict[str, OwnImage]:
    """Return the images of a purpose by vendor; those of other vendors have none."""
    return {entry.vendor: entry for entry in all_own_images() if entry.purpose == purpose}


@cache
def all_own_images() -> tuple[OwnImage, ...]:
    """Return every one, sorted by purpose and vendor."""
    return tuple(
        OwnImage(
            cast("Purpose", row["purpose"]), row["vendor"], row["repository"], row["tag"], row["digest"], row["source"]
        )
        for row in read_table("own_images")
    )
