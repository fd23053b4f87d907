"""How many of a pool's accelerators are held back from whoever comes, and by which means."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.document import Document
from gpucloud.spec.names import LabelKey, LabelValue, Name


class _Amount(Document):
    """Either a share of all accelerators of the pool at its largest size, or a number of them."""

    share: Annotated[float, Field(gt=0, lt=1)] | None = None
    """Rounded down to what the means can hold back: whole nodes for `taint`, whole accelerators else."""
    count: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_amount(self) -> Self:
        if (self.share is None) == (self.count is None):
            raise PydanticCustomError(
                "held_back_amount",
                "the amount is given not at all or twice, so nothing can be held back",
                {"fix": "give `share`, such as 0.25, or `count`"},
            )
        return self


class HeldByTaint(_Amount):
    """Whole nodes carry a taint that only the workloads meant for them tolerate: they become a pool, `NAME-held`."""

    by: Literal["taint"] = "taint"
    key: LabelKey
    value: LabelValue = ""


class HeldByQuota(_Amount):
    """Everybody else's namespaces together may request no more than the rest (ResourceQuota, by namespace).

    A quota counts the whole cluster, so the pool has to be the only one with its kind of accelerator. The GPU stack
    makes the namespaces.
    """

    by: Literal["quota"] = "quota"
    namespaces: Annotated[tuple[Name, ...], Field(min_length=1, max_length=64)]
    """The namespaces that are limited; the rest is split evenly over them."""


class HeldByKueue(_Amount):
    """Kueue admits jobs of everybody else only up to the rest (ClusterQueue with a nominal quota).

    Kueue comes with `gpu_stack.batch_scheduling: kueue`, or has to be in the cluster already: then with
    `resources.quotaCheckStrategy: IgnoreUndeclared`, since the queue counts accelerators and nothing else.
    """

    by: Literal["kueue"] = "kueue"
    queue: Name


HeldBackSpec = Annotated[HeldByTaint | HeldByQuota | HeldByKueue, Field(discriminator="by")]
