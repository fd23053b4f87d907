"""How the pods of a node share its accelerators."""

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.document import Document

MemorySize = Annotated[str, Field(pattern=r"^[1-9]\d{0,6}(\.\d{1,3})?(M|G|Mi|Gi)$")]
"""An amount of an accelerator's memory: `24Gi`, `24G`, `8192Mi`."""

Replicas = Annotated[int, Field(ge=2, le=1_000)]
"""Into how many each accelerator is multiplied; the platform and the accelerator may take fewer."""


class Whole(Document):
    """A pod has whole accelerators."""

    type: Literal["whole"] = "whole"


class Mig(Document):
    """Every GPU of the node is cut into equal instances, each with memory and compute of its own (NVIDIA MIG)."""

    type: Literal["mig"] = "mig"
    profile: Annotated[str, Field(pattern=r"^[1-7]g\.[0-9]{1,3}gb$")]
    """The instances' profile, as NVIDIA names it for that GPU: `1g.10gb`."""


class TimeSlicing(Document):
    """Pods take turns on a GPU. Nothing keeps their memory apart: one that takes all of it breaks the others."""

    type: Literal["time-slicing"] = "time-slicing"
    replicas: Replicas
    """Pods that may share one GPU."""


class Mps(Document):
    """Pods run on a GPU at the same time (NVIDIA MPS), each with an equal part of memory and compute, and no more.

    Their memory is limited, their faults are not: a fatal one ends every client of that GPU.
    """

    type: Literal["mps"] = "mps"
    replicas: Replicas | None = None
    """Pods that share one GPU; each is limited to the GPU's memory divided by it."""
    memory_limit: MemorySize | None = None
    """Instead of `replicas`: as many pods as can have this much memory each."""

    @model_validator(mode="after")
    def _one_way_to_count(self) -> Self:
        if (self.replicas is None) == (self.memory_limit is None):
            raise PydanticCustomError(
                "mps",
                "the pods on a GPU are counted {how}, so nobody can tell what each may take",
                {
                    "how": "not at all" if self.replicas is None else "twice",
                    "fix": "give `replicas` or `memory_limit`: the plugin gives each pod an equal part",
                },
            )
        return self


def _expand_word(value: object) -> object:
    """Let `whole` stand for `{type: whole}`."""
    return {"type": value} if isinstance(value, str) else value


SharingSpec = Annotated[
    Whole | Mig | TimeSlicing | Mps,
    Field(discriminator="type"),
    BeforeValidator(_expand_word, json_schema_input_type=Literal["whole"] | Whole | Mig | TimeSlicing | Mps),
]
