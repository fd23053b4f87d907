"""What a node pool launches: read from its inputs and its cluster."""

from dataclasses import dataclass
from typing import Literal, overload

from gpucloud.sim.gcp.machines import Machine, find_machine, machine_name
from gpucloud.sim.gcp.node_pools import DEFAULT_MACHINE_TYPE, find_zones, nodes_per_zone
from gpucloud.sim.gcp.rules.reading import at, items, number, text
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs


@dataclass(frozen=True, slots=True)
class Launch:
    """How a node pool gets its nodes."""

    machine_type: str  # the facts' name
    capacity_type: str
    nodes: dict[str, int]  # by zone
    reservation: str  # as named: a name, or projects/P/reservations/R with a block behind it; nothing without


@overload
def find_machine_of(inputs: Inputs) -> str: ...
@overload
def find_machine_of(inputs: Inputs, *, whole: Literal[True]) -> Machine | None: ...
def find_machine_of(inputs: Inputs, *, whole: bool = False) -> str | Machine | None:
    """Return the facts' name of a pool's machine type with what is attached to it, or all that is known of it."""
    attached = next((item for item in items(inputs, "nodeConfig.guestAccelerators") if isinstance(item, dict)), {})
    kind = text(attached, "type").rpartition("/")[2]
    count = int(attached.get("count") or 0)
    name = machine_name(text(inputs, "nodeConfig.machineType") or DEFAULT_MACHINE_TYPE, kind if count else "", count)
    return find_machine(name) if whole else name


def capacity_type_of(inputs: Inputs) -> str:
    """Return how the nodes are bought: queued and flex-start before spot, which both exclude."""
    if at(inputs, "queuedProvisioning.enabled") is True:
        return "queued"
    config = at(inputs, "nodeConfig") or {}
    if config.get("flexStart") is True:
        return "flex-start"
    return "spot" if config.get("spot") is True or config.get("preemptible") is True else "on-demand"


def find_launch(draft: Draft) -> Launch:
    """Return what a node pool launches, and where: the nodes that it starts with, or the autoscaler's least."""
    inputs, zones = draft.inputs, find_zones(draft)
    each = max(nodes_per_zone(inputs), number(inputs, "autoscaling.minNodeCount") or 0)
    nodes = dict.fromkeys(zones, each)
    missing = (number(inputs, "autoscaling.totalMinNodeCount") or 0) - sum(nodes.values())
    for index in range(max(missing, 0)):
        nodes[zones[index % len(zones)]] += 1
    affinity = at(inputs, "nodeConfig.reservationAffinity") or {}
    specific = text(affinity, "consumeReservationType") == "SPECIFIC_RESERVATION"
    named = str(next(iter(items(affinity, "values")), "")) if specific else ""
    return Launch(find_machine_of(inputs), capacity_type_of(inputs), nodes, named)
