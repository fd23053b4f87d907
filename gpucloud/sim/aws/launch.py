"""What a node group launches: read from its inputs, its launch template and its subnets."""

from dataclasses import dataclass

from gpucloud.sim.model import Draft
from gpucloud.sim.reservations import Reservation, find_reservation
from gpucloud.sim.store import Row

_CAPACITY_TYPES = {"ON_DEMAND": "on-demand", "SPOT": "spot", "CAPACITY_BLOCK": "capacity-block"}
# Amazon EKS User Guide, "Managed node groups": without an instance type the default is t3.medium.
_DEFAULT_TYPE = "t3.medium"


@dataclass(frozen=True, slots=True)
class Launch:
    """How a node group gets its nodes."""

    machine_types: tuple[str, ...]
    zones: tuple[str, ...]  # sorted
    capacity_type: str
    desired: int
    reservation_id: str
    reservation: Reservation | None


def find_template(draft: Draft) -> Row | None:
    """Return the launch template that a node group names, or None."""
    wanted = draft.inputs.get("launchTemplate") or {}
    if wanted.get("id"):
        return draft.store.find_one("aws:ec2/launchTemplate:LaunchTemplate", draft.scope, str(wanted["id"]))
    if not wanted.get("name"):
        return None
    where = "type = 'aws:ec2/launchTemplate:LaunchTemplate' AND scope = ? AND name = ?"
    return next(iter(draft.store.find(where, draft.scope, wanted["name"])), None)


def find_subnets(draft: Draft) -> list[Row]:
    """Return the subnets of a node group that exist."""
    ids = draft.inputs.get("subnetIds", [])
    rows = [draft.store.find_one("aws:ec2/subnet:Subnet", draft.scope, str(id_)) for id_ in ids]
    return [row for row in rows if row is not None]


def find_launch(draft: Draft) -> Launch:
    """Return what a node group launches, and where."""
    template = find_template(draft)
    settings = template.inputs if template is not None else {}
    target = (settings.get("capacityReservationSpecification") or {}).get("capacityReservationTarget") or {}
    id_ = str(target.get("capacityReservationId") or "")
    types = draft.inputs.get("instanceTypes") or [settings.get("instanceType") or _DEFAULT_TYPE]
    return Launch(
        tuple(str(name) for name in types),
        tuple(sorted({str(row.outputs["availabilityZone"]) for row in find_subnets(draft)})),
        _CAPACITY_TYPES.get(str(draft.inputs.get("capacityType", "ON_DEMAND")), "on-demand"),
        int(draft.inputs["scalingConfig"]["desiredSize"]),
        id_,
        find_reservation(draft.store, id_) if id_ else None,
    )
