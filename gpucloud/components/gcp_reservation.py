"""Whether a reservation is what a node pool needs, asked of Google Cloud before the pool names it."""

import pulumi
import pulumi_gcp as gcp

from gpucloud.errors import InvalidInputError
from gpucloud.gcp.cluster_ref import GcpClusterRef
from gpucloud.gcp.node_pool import gcp_machine
from gpucloud.gcp.reservation import find_problems, read_reservation, reservation_place
from gpucloud.plan.model import NodePoolPlan, OfferingPlan


def check_reservation(
    parent: pulumi.Resource, name: str, pool: NodePoolPlan, offering: OfferingPlan, cluster: GcpClusterRef
) -> pulumi.Output[None] | None:
    """An output that fails with all problems of the offering's reservation; None without one.

    The caller needs `compute.reservations.get` in the reservation's project.
    """
    if offering.reservation_id is None:
        return None
    project, reservation = reservation_place(offering.reservation_id)
    machine, vendor = gcp_machine(pool)

    def check(found: "gcp.compute.GetReservationResult") -> None:
        problems = list(find_problems(read_reservation(found), machine, vendor, offering))
        if problems:
            raise pulumi.RunError(f"{name}:\n{InvalidInputError(problems)}")

    return gcp.compute.get_reservation_output(
        name=reservation,
        project=project or cluster.project,
        zone=offering.zone,
        opts=pulumi.InvokeOutputOptions(parent=parent),
    ).apply(check)
