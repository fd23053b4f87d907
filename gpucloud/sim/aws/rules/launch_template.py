"""Launch templates by themselves; what a managed node group asks of one is in `node_group_template`."""

from collections.abc import Iterator

from gpucloud.sim.aws.machines import find_machine
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs


def refuse_unknown_machine_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a machine type that no source lists (EC2 error codes: InvalidInstanceType)."""
    name = inputs.get("instanceType")
    if isinstance(name, str) and find_machine(name) is None:
        yield Refusal("instanceType", "InvalidInstanceType", f"The following instance types do not exist: [{name}]")


def refuse_type_beside_requirements(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse instanceType with instanceRequirements (EC2 API, RequestLaunchTemplateData.InstanceRequirements)."""
    if inputs.get("instanceType") is not None and inputs.get("instanceRequirements") is not None:
        yield Refusal("instanceRequirements", "InvalidParameterCombination", "conflicts with instanceType")


def refuse_spot_with_reservation(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse spot instances that target a reservation.

    Source: Amazon EC2 User Guide, "Launch instances into an existing Capacity Reservation": Spot Instances cannot use
    one.
    """
    market = (inputs.get("instanceMarketOptions") or {}).get("marketType")
    target = (inputs.get("capacityReservationSpecification") or {}).get("capacityReservationTarget")
    if market == "spot" and target:
        yield Refusal(
            "capacityReservationSpecification.capacityReservationTarget",
            "InvalidParameterCombination",
            "Spot Instances cannot be launched into a Capacity Reservation",
        )


def refuse_two_reservation_targets(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a reservation's id and a group of reservations at once (terraform-provider-aws: ConflictsWith)."""
    specification = inputs.get("capacityReservationSpecification") or {}
    target = specification.get("capacityReservationTarget") if isinstance(specification, dict) else None
    if isinstance(target, dict) and len([key for key, value in target.items() if value is not None]) > 1:
        path = "capacityReservationSpecification.capacityReservationTarget"
        yield Refusal(path, "InvalidParameterCombination", "either an id or a resource group, not both")


def refuse_default_version_beyond_latest(draft: Draft) -> None:
    """Refuse a default version that there is not (EC2 error codes: InvalidLaunchTemplateId.VersionNotFound)."""
    wanted = draft.inputs.get("defaultVersion")
    latest = int(draft.previous.outputs["latestVersion"]) + 1 if draft.previous is not None else 1
    if wanted is not None and int(wanted) > latest:
        raise CloudError(
            "InvalidLaunchTemplateId.VersionNotFound",
            f"Could not find launch template version {wanted}; latest is {latest}",
        )
