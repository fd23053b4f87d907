"""How many nodes a pool has and may have, and how it is upgraded."""

from collections.abc import Iterator

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp.rules.reading import at, number, text
from gpucloud.sim.values import Inputs

_BAD = "badRequest"
_PER_ZONE, _TOTAL = ("minNodeCount", "maxNodeCount"), ("totalMinNodeCount", "totalMaxNodeCount")


def refuse_two_counts(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse node_count with initial_node_count (tpgb resource_container_node_pool.go expandNodePool)."""
    if number(inputs, "nodeCount") and number(inputs, "initialNodeCount"):
        name = inputs.get("name", "")
        yield Refusal("nodeCount", "", f"Cannot set both initial_node_count and node_count on node pool {name}")


def refuse_count_beside_autoscaling(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse node_count with autoscaling (toolkit main.tf precondition; tpgb docs: not alongside)."""
    if number(inputs, "nodeCount") is not None and at(inputs, "autoscaling") is not None:
        yield Refusal("nodeCount", "", "node_count should not be used alongside autoscaling: each undoes the other")


def refuse_bad_autoscaling(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse limits per zone with limits in all, and a minimum above its maximum (API: NodePoolAutoscaling)."""
    scaling = at(inputs, "autoscaling")
    if not isinstance(scaling, dict):
        return
    if any(scaling.get(n) for n in _PER_ZONE) and any(scaling.get(n) for n in _TOTAL):
        yield Refusal("autoscaling", _BAD, "Cannot use both per zone node limits and total node limits in autoscaling.")
    for low, high in (_PER_ZONE, _TOTAL):
        least, most = number(scaling, low), number(scaling, high)
        if most is not None and (least or 0) > most:
            yield Refusal(
                f"autoscaling.{low}", _BAD, f"Minimum node count {least} must not exceed maximum node count {most}."
            )


def refuse_initial_count_out_of_range(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse initial_node_count outside the autoscaling limits (toolkit main.tf precondition)."""
    count, scaling = number(inputs, "initialNodeCount"), at(inputs, "autoscaling")
    if count is None or not isinstance(scaling, dict):
        return
    low, high = number(scaling, "minNodeCount") or 0, number(scaling, "maxNodeCount")
    total = number(scaling, "totalMaxNodeCount")
    if high is None and total is not None:
        zones = at(inputs, "nodeLocations")
        count, high = count * (len(zones) if isinstance(zones, list) else 1), total
        low = number(scaling, "totalMinNodeCount") or 0
    if high is not None and not low <= count <= high:
        reason = f"initial node count {count} must be within the autoscaling limits [{low}, {high}]"
        yield Refusal("initialNodeCount", _BAD, reason)


def refuse_upgrade_without_room(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse max_surge and max_unavailable that are both 0 (API: UpgradeSettings; toolkit main.tf precondition)."""
    settings = at(inputs, "upgradeSettings")
    if not isinstance(settings, dict) or text(settings, "strategy") == "BLUE_GREEN":
        return
    if settings.get("maxSurge") == 0 and settings.get("maxUnavailable", 0) == 0:
        yield Refusal("upgradeSettings", _BAD, "At least one of max_surge and max_unavailable must be greater than 0.")


def refuse_surge_settings_of_blue_green(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse the settings of one upgrade strategy with the other (API: UpgradeSettings, by strategy)."""
    settings = at(inputs, "upgradeSettings")
    if not isinstance(settings, dict):
        return
    strategy = text(settings, "strategy") or "SURGE"
    if strategy == "BLUE_GREEN" and (number(settings, "maxSurge") or number(settings, "maxUnavailable")):
        yield Refusal("upgradeSettings", _BAD, "Cannot set surge settings with the BLUE_GREEN upgrade strategy.")
    if strategy == "SURGE" and at(settings, "blueGreenSettings") is not None:
        yield Refusal("upgradeSettings.blueGreenSettings", _BAD, "Cannot set blue-green settings with strategy SURGE.")


INPUT_RULES = (
    refuse_two_counts,
    refuse_count_beside_autoscaling,
    refuse_bad_autoscaling,
    refuse_initial_count_out_of_range,
    refuse_upgrade_without_room,
    refuse_surge_settings_of_blue_green,
)
