"""How a pool's nodes are bought: spot, flex-start, queued, reserved, and placed close together.

Source of each rule, where no other is named: the preconditions of toolkit main.tf:317-459 at the snapshot, which Google
tests against its API every day.
"""

import re
from collections.abc import Iterator

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp.rules.reading import at, items, number, text
from gpucloud.sim.values import Inputs

_BAD = "badRequest"
_AFFINITY = "nodeConfig.reservationAffinity.consumeReservationType"
_FLEX_COMPACT = re.compile(r"^(a3-ultragpu-|a4-|h4d-)")
RESERVATION_KEY = "compute.googleapis.com/reservation-name"


def _is_compact(inputs: Inputs) -> bool:
    return text(inputs, "placementPolicy.type") == "COMPACT"


def _is_queued(inputs: Inputs) -> bool:
    return at(inputs, "queuedProvisioning.enabled") is True


def _is_flex(inputs: Inputs) -> bool:
    return at(inputs, "nodeConfig.flexStart") is True


def _is_spot(inputs: Inputs) -> bool:
    return at(inputs, "nodeConfig.spot") is True


def refuse_spot_and_preemptible(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse spot with preemptible (API: NodeConfig.spot replaces preemptible)."""
    if _is_spot(inputs) and at(inputs, "nodeConfig.preemptible") is True:
        yield Refusal("nodeConfig.preemptible", _BAD, "Only one of spot and preemptible can be set.")


def refuse_spot_with_reservation(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse spot nodes that use reservations."""
    kind = text(inputs, _AFFINITY)
    if _is_spot(inputs) and kind not in {"", "NO_RESERVATION", "UNSPECIFIED"}:
        yield Refusal(_AFFINITY, _BAD, "Spot VMs cannot consume reservations: reservation affinity must be none.")


def refuse_bad_queued(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse queued provisioning with reservations, a minimum, compact placement or spot.

    The first text is the API's (terraform-provider-google issue 18341).
    """
    if not _is_queued(inputs):
        return
    if text(inputs, _AFFINITY) != "NO_RESERVATION":
        yield Refusal(_AFFINITY, _BAD, "Queued_provisioning requires reservation affinity to be set to none")
    for name in ("minNodeCount", "totalMinNodeCount"):
        if number(inputs, f"autoscaling.{name}"):
            yield Refusal(f"autoscaling.{name}", _BAD, "Queued_provisioning requires a minimum node count of 0")
    if at(inputs, "autoscaling") is None:
        yield Refusal("autoscaling", _BAD, "Queued_provisioning requires autoscaling to be enabled")
    if _is_compact(inputs):
        yield Refusal("placementPolicy", _BAD, "Queued_provisioning does not support COMPACT placement")
    if _is_spot(inputs):
        yield Refusal("nodeConfig.spot", _BAD, "Queued_provisioning does not support Spot VMs")


def refuse_bad_flex_start(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse flex-start with auto-repair, a fixed number of nodes, reservations or spot."""
    if not _is_flex(inputs):
        return
    if at(inputs, "management.autoRepair") is not False:
        yield Refusal("management.autoRepair", _BAD, "Flex Start requires node auto-repair to be disabled.")
    if number(inputs, "nodeCount"):
        yield Refusal("nodeCount", _BAD, "Flex Start does not work with a fixed number of nodes.")
    if text(inputs, _AFFINITY) != "NO_RESERVATION":
        yield Refusal(_AFFINITY, _BAD, "Flex Start requires reservation affinity to be set to none.")
    if _is_spot(inputs):
        yield Refusal("nodeConfig.spot", _BAD, "Flex Start and Spot VMs exclude each other.")


def refuse_max_run_duration(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a duration that is not whole seconds with an `s`, or of more than 7 days with flex-start.

    Sources: tpgb container_cluster docs, max_run_duration; GKE, "About GPU obtainability with flex-start": seven days.
    """
    duration = text(inputs, "nodeConfig.maxRunDuration")
    found = re.fullmatch(r"(\d+)s", duration)
    if duration and found is None:
        yield Refusal("nodeConfig.maxRunDuration", _BAD, f"Invalid duration {duration!r}: seconds such as 3600s.")
    if found is not None and _is_flex(inputs) and int(found[1]) > 7 * 24 * 3600:
        yield Refusal("nodeConfig.maxRunDuration", _BAD, "Flex Start nodes run for at most seven days (604800s).")


def refuse_bad_compact(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse compact placement over several zones, with blue-green upgrades, or with flex-start where not sold."""
    kind = text(inputs, "placementPolicy.type")
    if kind and kind != "COMPACT":
        yield Refusal("placementPolicy.type", _BAD, f"Invalid placement policy type {kind!r}: COMPACT is the only one.")
    if not _is_compact(inputs):
        return
    zones = at(inputs, "nodeLocations")
    if isinstance(zones, list) and len(zones) != 1:
        reason = f"Compact placement is only available for node pools operating in a single zone, not in {len(zones)}."
        yield Refusal("nodeLocations", _BAD, reason)
    if text(inputs, "upgradeSettings.strategy") == "BLUE_GREEN":
        yield Refusal("upgradeSettings.strategy", _BAD, "Compact placement is not supported with blue-green upgrades.")
    machine_type = text(inputs, "nodeConfig.machineType")
    if _is_flex(inputs) and machine_type and not _FLEX_COMPACT.match(machine_type):
        reason = "Compact placement with Flex Start is only supported for A3 Ultra, A4 and H4D machine types."
        yield Refusal("placementPolicy", _BAD, reason)


def refuse_bad_affinity(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a specific reservation without its key and one name, and names without a specific reservation.

    Source: API: ReservationAffinity; toolkit main.tf precondition on specific_reservations.
    """
    affinity = at(inputs, "nodeConfig.reservationAffinity")
    if not isinstance(affinity, dict):
        return
    kind, key, values = text(affinity, "consumeReservationType"), text(affinity, "key"), affinity.get("values")
    place = "nodeConfig.reservationAffinity"
    if kind == "SPECIFIC_RESERVATION":
        if key != RESERVATION_KEY and affinity.get("key") in {None, key}:
            reason = f"Specific reservation affinity requires key {RESERVATION_KEY!r}, got {key!r}."
            yield Refusal(f"{place}.key", _BAD, reason)
        if values is None or (isinstance(values, list) and len(values) != 1):
            yield Refusal(f"{place}.values", _BAD, "Specific reservation affinity requires exactly one reservation.")
        for value in items(affinity, "values"):
            if not re.fullmatch(_RESERVATION, str(value)):
                yield Refusal(f"{place}.values[0]", _BAD, f"Invalid reservation {value!r}: {_FORMS}.")
    elif kind and (key or values):
        yield Refusal(place, _BAD, f"Reservation affinity {kind} takes neither key nor values.")


_NAME = r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?"
_RESERVATION = rf"(projects/[^/]+/reservations/)?{_NAME}(/reservationBlocks/{_NAME}(/reservationSubBlocks/{_NAME})?)?"
_FORMS = "NAME or projects/PROJECT/reservations/NAME, with /reservationBlocks/BLOCK behind it for a block"

INPUT_RULES = (
    refuse_spot_and_preemptible,
    refuse_spot_with_reservation,
    refuse_bad_queued,
    refuse_bad_flex_start,
    refuse_max_run_duration,
    refuse_bad_compact,
    refuse_bad_affinity,
)
