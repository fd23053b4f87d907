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


MigProfileName = Annotated[str, Field(pattern=r"^[1-7]g\.[0-9]{1,3}gb([+-]me|\+me\.all|\+gfx)?$")]
"""A MIG profile, with its suffix for media engines (`+me`, `+me.all`, `-me`) or graphics (`+gfx`)."""


class MigGroup(Document):
    """GPUs of a node that are cut alike, each into these instances."""

    gpus: Annotated[tuple[Annotated[int, Field(ge=0, le=63)], ...], Field(min_length=1)] | None = None
    """Their indices on the node, from 0, as the driver counts; left out: every GPU."""
    instances: Annotated[dict[MigProfileName, Annotated[int, Field(ge=1, le=16)]], Field(min_length=1)]
    """Instances of each profile on one GPU: `{1g.10gb: 2, 2g.20gb: 1, 3g.40gb: 1}`."""


def _expand_instances(value: object) -> object:
    """Let the instances alone stand for one group of every GPU."""
    return ({"instances": value},) if isinstance(value, dict) else value


MigLayout = Annotated[
    tuple[MigGroup, ...],
    Field(min_length=1),
    BeforeValidator(_expand_instances, json_schema_input_type=dict[MigProfileName, int] | tuple[MigGroup, ...]),
]


class Mig(Document):
    """Every GPU of the node is cut into instances, each with memory and compute of its own (NVIDIA MIG)."""

    type: Literal["mig"] = "mig"
    profile: Annotated[str, Field(pattern=r"^[1-7]g\.[0-9]{1,3}gb$")] | None = None
    """The profile of all instances, as NVIDIA names it for that GPU: `1g.10gb`. Pods ask for `nvidia.com/gpu`."""
    layout: MigLayout | None = None
    """Instead of `profile`: unlike instances, `{1g.10gb: 2, 3g.40gb: 1}` on every GPU, or a list of groups with `gpus`
    and `instances`. Pods ask for `nvidia.com/mig-1g.10gb`."""

    @model_validator(mode="after")
    def _one_way_to_cut(self) -> Self:
        if (self.profile is None) == (self.layout is None):
            raise PydanticCustomError(
                "mig",
                "the GPUs are cut {how}, so nobody can tell into what",
                {
                    "how": "not at all" if self.profile is None else "twice",
                    "fix": "give `profile` for equal instances, or `layout` for unlike ones",
                },
            )
        return self


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


class Vgpu(Document):
    """A part of a GPU that a hypervisor makes (NVIDIA vGPU).

    Never planned: nodes of managed clusters get such parts as machine types. The type is here to say what to use.
    """

    type: Literal["vgpu"] = "vgpu"


def _expand_word(value: object) -> object:
    """Let `whole` stand for `{type: whole}`."""
    return {"type": value} if isinstance(value, str) else value


SharingSpec = Annotated[
    Whole | Mig | TimeSlicing | Mps | Vgpu,
    Field(discriminator="type"),
    BeforeValidator(_expand_word, json_schema_input_type=Literal["whole"] | Whole | Mig | TimeSlicing | Mps | Vgpu),
]
