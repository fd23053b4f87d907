"""How the pods of a node share its accelerators."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from gpucloud.spec.document import Document


class Whole(Document):
    """A pod has whole accelerators."""

    type: Literal["whole"] = "whole"


class Mig(Document):
    """Every GPU of the node is cut into equal instances, each with memory and compute of its own (NVIDIA MIG)."""

    type: Literal["mig"] = "mig"
    profile: Annotated[str, Field(pattern=r"^[1-7]g\.[0-9]{1,3}gb$")]
    """The instances' profile, as NVIDIA names it for that GPU: `1g.10gb`."""


def _expand_word(value: object) -> object:
    """Let `whole` stand for `{type: whole}`."""
    return {"type": value} if isinstance(value, str) else value


SharingSpec = Annotated[
    Whole | Mig,
    Field(discriminator="type"),
    BeforeValidator(_expand_word, json_schema_input_type=Literal["whole"] | Whole | Mig),
]
