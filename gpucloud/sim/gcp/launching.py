"""Launching a pool's nodes: they are taken from an offering or a reservation, or the pool stays in an error state.

What comes of a stock-out: tpgb container/resource_container_node_pool.go resourceContainerNodePoolCreate: the operation
fails, the pool is there, so its id stays in the state and the provider says only that it "was created in the error
state". Update looks at no state and Read at none: the next update of the engine passes, and Compute Engine goes on
trying. Texts of operations: terraform-provider-google issue 3304, magic-modules pull request 5225, akka-core issue
32992; quota over all regions, k8s-config-connector issue 321 and fastai/course-v3 pull request 165. States: API,
NodePool.Status.
"""

from gpucloud.sim.capacity import Offering, free_of, hold, release
from gpucloud.sim.gcp.identifiers import find_name
from gpucloud.sim.gcp.launch import Launch, find_launch
from gpucloud.sim.gcp.machines import find_machine, zone_has
from gpucloud.sim.gcp.places import find_project, region_of, zones_of
from gpucloud.sim.gcp.quotas import ALL_REGIONS, limit_of, used_gpus, wanted_gpus
from gpucloud.sim.gcp.reserved import find_reserved
from gpucloud.sim.gcp.rules.scheduling import reserved_offering
from gpucloud.sim.model import Draft

_SIZES = ("autoscaling", "initialNodeCount", "nodeCount", "nodeLocations")


def launch_nodes(draft: Draft, row: int) -> list[str]:
    """Take the pool's nodes and return why that failed, empty where it did not; what could be had stays taken."""
    release(draft.store, row)
    launch = find_launch(draft)
    wanted = sum(launch.nodes.values())
    if not wanted:
        return []
    machine, gpus = find_machine(launch.machine_type), wanted_gpus(launch)
    limit = limit_of(draft.store, "", ALL_REGIONS)
    if machine is not None and gpus and used_gpus(draft.store, "", ALL_REGIONS, row) + gpus > limit:
        error = f"Quota '{ALL_REGIONS}' exceeded.  Limit: {limit}.0 globally."
        zone = next(iter(launch.nodes))
        return [_reason(draft, 0, _operation(draft, wanted, 0, zone, f"GCE_QUOTA_EXCEEDED]: {{}}: {error}"), "")]
    short: list[str] = []
    got = 0
    for zone, nodes in launch.nodes.items():
        taken = _take(draft, launch, zone, nodes, row)
        got += taken
        if taken < nodes:
            short.append(zone)
    if not short:
        return []
    place = f"projects/{find_project(draft)}/zones/{short[0]}"
    error = (
        f"GCE_STOCKOUT]: {{}}: The zone '{place}' does not have enough resources available to fulfill the request. "
        "'(resource type:compute)'."
    )
    return [_reason(draft, got, _operation(draft, wanted, got, short[0], error), _hint(draft, launch, short, got))]


def _take(draft: Draft, launch: Launch, zone: str, nodes: int, row: int) -> int:
    """Take nodes in one zone and return how many there were."""
    region = region_of(zone)
    offering = Offering(launch.machine_type, zone, launch.capacity_type)
    if launch.reservation:
        found = find_reserved(draft.store, launch.reservation, zone, find_project(draft))
        if found is not None:  # the check before has seen that there is room
            hold(draft.store, row, region, offering, nodes, found.id)
            return nodes
    taken = min(nodes, free_of(draft.store, offering, row)) if _is_sold(launch) else 0
    hold(draft.store, row, region, offering, taken)
    return taken


def _is_sold(launch: Launch) -> bool:
    machine = find_machine(launch.machine_type)
    return machine is None or launch.capacity_type in machine.capacity_types


def _operation(draft: Draft, wanted: int, got: int, zone: str, error: str) -> str:
    """Return what the failed operation says, as GKE words it."""
    cluster = str(draft.inputs["cluster"]).rpartition("/")[2]
    instance = f"gke-{cluster}-{find_name(draft)}-{draft.digits(8, zone)}-{draft.digits(4, f'{zone} instance')}"
    current = error.format(f"Instance '{instance}' creation failed")
    return (
        f"Google Compute Engine: Not all instances running in IGM after 35m0s. Expected {wanted}, running {got}, "
        f"transitioning {wanted - got}. Current errors: [{current}"
    )


def _hint(draft: Draft, launch: Launch, short: list[str], got: int) -> str:
    wanted = sum(launch.nodes.values())
    others = [
        zone
        for zone in zones_of(region_of(short[0]))
        if zone not in launch.nodes
        and zone_has(zone, launch.machine_type)
        and free_of(draft.store, Offering(launch.machine_type, zone, launch.capacity_type)) > 0
    ]
    text = (
        f"{launch.machine_type} {launch.capacity_type} in {', '.join(launch.nodes)}: {got} of {wanted} nodes launched"
    )
    if not _is_sold(launch):
        return f"{text}; {launch.machine_type} is not sold {launch.capacity_type}"
    return f"{text}; zones with capacity: {', '.join(others) or 'none of the region'}"


def _reason(draft: Draft, got: int, operation: str, hint: str) -> str:
    state = "RUNNING_WITH_ERROR" if got else "ERROR"
    ours = f"; {hint}" if hint else ""
    if draft.previous is None:
        told = f'NodePool {find_name(draft)} was created in the error state "{state}"'
        return f"{told} (local cloud: its operation, of which the provider says nothing, ended with: {operation}{ours})"
    return f"Error waiting for updating GKE node pool size: {operation} (local cloud: state {state}{ours})"


def report_size(draft: Draft, health: list[str]) -> list[str]:
    """Return what of a late failure the provider tells the engine: of an update, only where it asked for a size."""
    if draft.previous is None or any(draft.inputs.get(n) != draft.previous.inputs.get(n) for n in _SIZES):
        return health
    return []


def reserve_nodes(draft: Draft, row: int) -> list[str]:
    """Take a reservation's machines from its offering; the check before has seen that there are enough."""
    release(draft.store, row)
    inputs = draft.inputs
    offering = reserved_offering(inputs)
    hold(draft.store, row, region_of(offering.zone), offering, int(inputs["specificReservation"]["count"]))
    return []
