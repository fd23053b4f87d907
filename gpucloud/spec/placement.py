"""How close to each other the nodes of a shard are."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from gpucloud.spec.document import Document


class ClusterPlacement(Document):
    """As close as the cloud can: a new placement for every zone."""

    type: Literal["cluster"] = "cluster"


class NoPlacement(Document):
    """Wherever there is room."""

    type: Literal["none"] = "none"


class ExistingPlacement(Document):
    """A placement that is there already: every node of the pool goes into it, so the pool has one zone."""

    type: Literal["existing"] = "existing"
    name: Annotated[str, Field(pattern=r"^/?[A-Za-z0-9][A-Za-z0-9._()/-]*$", max_length=512)]
    """A placement group (AWS), a proximity placement group's whole ID (Azure), a resource policy (Google Cloud)."""


def _expand_word(value: object) -> object:
    """Let `cluster` stand for `{type: cluster}`."""
    return {"type": value} if isinstance(value, str) else value


PlacementSpec = Annotated[
    ClusterPlacement | NoPlacement | ExistingPlacement,
    Field(discriminator="type"),
    BeforeValidator(
        _expand_word,
        json_schema_input_type=Literal["cluster", "none"] | ClusterPlacement | NoPlacement | ExistingPlacement,
    ),
]
