"""Capacity reservations. Source: EC2 API, CreateCapacityReservation and "Error codes"."""

from collections.abc import Iterator

from gpucloud.sim.aws.machines import find_machine
from gpucloud.sim.aws.zones import zone_names
from gpucloud.sim.capacity import Offering, free_of
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs


def refuse_unknown_machine_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a machine type that no source lists, and fewer than one instance."""
    name = inputs.get("instanceType")
    if isinstance(name, str) and find_machine(name) is None:
        yield Refusal("instanceType", "InvalidInstanceType", f"The following instance types do not exist: [{name}]")
    count = inputs.get("instanceCount")
    if isinstance(count, int) and count < 1:
        yield Refusal("instanceCount", "InvalidParameterValue", f"{count} is less than 1")


def refuse_end_date_without_limit(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an end date without end date type `limited`, and the reverse."""
    limited = inputs.get("endDateType") == "limited"
    if limited != (inputs.get("endDate") is not None):
        yield Refusal(
            "endDate", "InvalidParameterCombination", "endDate goes with endDateType limited and only with it"
        )


def refuse_zone_outside_region(draft: Draft) -> None:
    """Refuse a zone that the region does not have (EC2: InvalidParameterValue)."""
    names, zone = zone_names(draft.scope), draft.inputs["availabilityZone"]
    if names and zone not in names:
        raise CloudError(
            "InvalidParameterValue", f"Value ({zone}) for parameter availabilityZone is invalid: {', '.join(names)}"
        )


def refuse_shortage(draft: Draft) -> None:
    """Refuse to reserve what the offering does not have (EC2: InsufficientInstanceCapacity)."""
    inputs = draft.inputs
    offering = Offering(inputs["instanceType"], inputs["availabilityZone"], "on-demand")
    own = draft.previous.seq if draft.previous is not None else 0
    if free_of(draft.store, offering, own) < int(inputs["instanceCount"]):
        raise CloudError(
            "InsufficientInstanceCapacity",
            f"We currently do not have sufficient {offering.machine_type} capacity in the Availability Zone you "
            f"requested ({offering.zone}).",
        )
