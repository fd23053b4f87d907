"""Where the nodes of a pool come from: reserved, waited for, on-demand or spot, tried in the order written."""

from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.document import Document
from gpucloud.spec.names import Zone

ReservationId = Annotated[str, Field(pattern=r"^/?[A-Za-z0-9][A-Za-z0-9._()/-]*$", max_length=512)]


# Up to seven days (GKE documentation, "About obtainability with flex-start"; cluster-toolkit, max_run_duration).
RunSeconds = Annotated[int, Field(ge=600, le=604_800)]


class Reserved(Document):
    """Capacity that is already paid for: a reservation of on-demand capacity in one zone."""

    type: Literal["reserved"] = "reserved"
    reservation_id: ReservationId
    """The reservation, as its cloud names it: `cr-0123…` on AWS, the whole ID of a capacity reservation group on Azure,
    `RESERVATION` or `projects/PROJECT/reservations/RESERVATION` on Google Cloud."""
    zone: Zone | None = None
    """The zone that holds it; may be left out only where the pool has one zone."""
    count: Annotated[int, Field(ge=1)] | None = None
    """Nodes that it holds; the plan places no more than that there. Left out: as many as the pool's maximum."""
    blocks: Annotated[tuple[Annotated[str, Field(pattern=r"^[a-z0-9-]{1,63}$")], ...], Field(max_length=50)] = ()
    """Blocks of a dense reservation to stay in (Google Cloud); left out: the whole reservation."""


class CapacityBlock(Document):
    """Capacity bought for a fixed time, which starts and ends by itself (EC2 Capacity Blocks for ML)."""

    type: Literal["capacity-block"] = "capacity-block"
    reservation_id: ReservationId
    zone: Zone | None = None
    count: Annotated[int, Field(ge=1)] | None = None


class FlexStart(Document):
    """Capacity that is waited for and then kept for a time at most (Google Cloud's Dynamic Workload Scheduler)."""

    type: Literal["flex-start"] = "flex-start"
    max_run_seconds: RunSeconds = 604_800
    """How long a node may stay; seven days are the longest."""


class Queued(Document):
    """Capacity that is waited for until all nodes of a request are there at once (GKE's queued provisioning)."""

    type: Literal["queued"] = "queued"
    max_run_seconds: RunSeconds = 604_800


class OnDemand(Document):
    """Capacity at the list price, for as long as it is kept."""

    type: Literal["on-demand"] = "on-demand"


class Spot(Document):
    """Spare capacity that the cloud may take back at short notice."""

    type: Literal["spot"] = "spot"

    @model_validator(mode="before")
    @classmethod
    def _refuse_reservation(cls, value: Any) -> Any:
        if isinstance(value, dict) and value.keys() & {"reservation_id", "reservation"}:
            raise PydanticCustomError(
                "spot_with_reservation",
                "spot nodes cannot use a reservation, the request would be refused",
                {"fix": "make it `type: reserved` and add a second entry `spot` for the overflow"},
            )
        return value


def _expand_word(value: Any) -> Any:
    """Let `spot` stand for `{type: spot}`."""
    return {"type": value} if isinstance(value, str) else value


def _type_of(value: Any) -> str | None:
    return value.get("type") if isinstance(value, dict) else getattr(value, "type", None)


Capacity = Annotated[
    Annotated[Reserved, Tag("reserved")]
    | Annotated[CapacityBlock, Tag("capacity-block")]
    | Annotated[FlexStart, Tag("flex-start")]
    | Annotated[Queued, Tag("queued")]
    | Annotated[OnDemand, Tag("on-demand")]
    | Annotated[Spot, Tag("spot")],
    Discriminator(_type_of),
    BeforeValidator(
        _expand_word,
        json_schema_input_type=Literal["flex-start", "on-demand", "queued", "spot"]
        | Reserved
        | CapacityBlock
        | FlexStart
        | Queued
        | OnDemand
        | Spot,
    ),
]
CapacityType = Literal["reserved", "capacity-block", "flex-start", "queued", "on-demand", "spot"]


class SizeSpec(Document):
    """How many nodes a pool has, all zones together."""

    min: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Nodes that stay even when idle."""
    desired: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Nodes at the first creation; afterwards the autoscaler owns the number and changes here are ignored."""
    max: Annotated[int, Field(ge=1, le=10_000)] = 1
    """Nodes at most."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if not self.min <= self.desired <= self.max:
            raise PydanticCustomError(
                "size_order",
                "min {min}, desired {desired}, max {max} are out of order, the cloud would refuse the pool",
                {"min": self.min, "desired": self.desired, "max": self.max, "fix": "keep min <= desired <= max"},
            )
        return self
