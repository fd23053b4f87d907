"""Reservations that a pool names: there in each of its zones, fitting its machines, with room.

Sources: toolkit main.tf preconditions on specific_reservations; kubernetes/autoscaler 55c37cd
cluster-autoscaler/cloudprovider/gce/autoscaling_gce_client.go for "Could not find the given reservation …";
GoogleCloudPlatform/gsutil issue 1000 for the text on too few machines, HTTP 429.
"""

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.identifiers import find_name
from gpucloud.sim.gcp.launch import find_launch
from gpucloud.sim.gcp.places import find_project
from gpucloud.sim.gcp.reserved import find_program_reservation, find_reserved, is_for_the_asking, reservation_name
from gpucloud.sim.model import Draft
from gpucloud.sim.reservations import free_in_reservation


def refuse_unknown_reservation(draft: Draft) -> None:
    """Refuse a reservation that a zone of the pool does not have, or that anybody may use."""
    launch, project = find_launch(draft), find_project(draft)
    for zone in launch.nodes if launch.reservation else ():
        if find_reserved(draft.store, launch.reservation, zone, project) is None:
            name = reservation_name(launch.reservation)[1]
            reason = f"Could not find the given reservation with the following name: {name} in zone {zone}."
            raise CloudError("badRequest", reason)
        row = find_program_reservation(draft.store, launch.reservation, zone, project)
        if row is not None and is_for_the_asking(row):
            reason = f"Reservation {row.id} does not require specific affinity: specific_reservation_required is false."
            raise CloudError("badRequest", reason)


def refuse_reservation_of_other_machines(draft: Draft) -> None:
    """Refuse a reservation of another machine type or other accelerators."""
    launch, project = find_launch(draft), find_project(draft)
    for zone in launch.nodes if launch.reservation else ():
        found = find_reserved(draft.store, launch.reservation, zone, project)
        if found is not None and found.machine_type != launch.machine_type:
            reason = (
                f'specific reservation "{reservation_name(launch.reservation)[1]}" at zone "{zone}" is for '
                f"{found.machine_type}, the node pool for {launch.machine_type}: they are incompatible."
            )
            raise CloudError("badRequest", reason)


def refuse_reservation_without_room(draft: Draft) -> None:
    """Refuse more nodes than a reservation has free; an inactive one, of no machines, takes pools of none."""
    launch, project = find_launch(draft), find_project(draft)
    own = draft.previous.seq if draft.previous is not None else 0
    for zone, wanted in launch.nodes.items() if launch.reservation else ():
        found = find_reserved(draft.store, launch.reservation, zone, project)
        free = free_in_reservation(draft.store, found, own) if found is not None else 0
        if found is not None and wanted > free:
            reason = (
                "Reservation does not have enough resources for the request: specific reservation "
                f'"{reservation_name(launch.reservation)[1]}" is insufficient for node pool "{find_name(draft)}" at '
                f'zone "{zone}": required {wanted} and short of {wanted - free} VM count of machine type '
                f"{found.machine_type}."
            )
            raise CloudError("resourceExhausted", reason)


ACCOUNT_RULES = (
    refuse_unknown_reservation,
    refuse_reservation_of_other_machines,
    refuse_reservation_without_room,
)
