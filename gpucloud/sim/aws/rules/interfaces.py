"""Network interfaces of a launch template, EFA among them.

Sources: EC2 API, LaunchTemplateInstanceNetworkInterfaceSpecificationRequest (interface types, network card index,
public addresses); Amazon EC2 User Guide, "Elastic Fabric Adapter" (an EFA-only interface cannot be the primary one;
how many interfaces a type takes); the facts for network cards and EFA cards of a machine type.
"""

from collections.abc import Iterator
from typing import Any

from gpucloud.sim.aws.machines import Machine, find_machine
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Unknown

_TYPES = ("interface", "efa", "efa-only", "branch", "trunk")
_EFA = frozenset({"efa", "efa-only"})


def _interfaces(inputs: Inputs) -> list[dict[str, Any]]:
    found = inputs.get("networkInterfaces")
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _known(value: Any, default: int) -> int | None:
    if isinstance(value, Unknown):
        return None
    return default if value is None else int(value)


def refuse_groups_beside_interfaces(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse security groups on the template when it lists interfaces: they go on each interface."""
    if inputs.get("networkInterfaces") and inputs.get("vpcSecurityGroupIds"):
        yield Refusal(
            "vpcSecurityGroupIds",
            "InvalidParameterCombination",
            "Network interfaces and an instance-level security groups may not be specified on the same request",
        )


def refuse_unknown_interface_type(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an interface type that EC2 does not have."""
    for index, item in enumerate(_interfaces(inputs)):
        kind = item.get("interfaceType")
        if isinstance(kind, str) and kind not in _TYPES:
            where = f"networkInterfaces[{index}].interfaceType"
            yield Refusal(
                where, "InvalidParameterValue", f"Invalid value '{kind}' for interfaceType: {', '.join(_TYPES)}"
            )


def refuse_public_address_on_several(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a public address where there is more than one interface."""
    items = _interfaces(inputs)
    for index, item in enumerate(items):
        if len(items) > 1 and str(item.get("associatePublicIpAddress", "")).lower() == "true":
            yield Refusal(
                f"networkInterfaces[{index}].associatePublicIpAddress",
                "InvalidParameterCombination",
                "The associatePublicIPAddress parameter cannot be specified when launching with multiple network "
                "interfaces.",
            )


def refuse_efa_only_primary(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an EFA-only interface as the primary one (card 0, device 0): it carries no IP address."""
    for index, item in enumerate(_interfaces(inputs)):
        primary = _known(item.get("networkCardIndex"), 0) == 0 and _known(item.get("deviceIndex"), 0) == 0
        if primary and item.get("interfaceType") == "efa-only":
            where = f"networkInterfaces[{index}].interfaceType"
            yield Refusal(where, "InvalidParameterCombination", "the primary network interface cannot be efa-only")


def refuse_shared_place(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse two interfaces at one network card and device index."""
    seen: set[tuple[int | None, int | None]] = set()
    for index, item in enumerate(_interfaces(inputs)):
        place = (_known(item.get("networkCardIndex"), 0), _known(item.get("deviceIndex"), 0))
        if None not in place and place in seen:
            where = f"networkInterfaces[{index}]"
            text = f"network card {place[0]} has two interfaces at device index {place[1]}"
            yield Refusal(where, "InvalidParameterCombination", text)
        seen.add(place)


def refuse_cards_beyond_machine(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse cards that the template's machine type does not have, and EFA on cards that take none."""
    name = inputs.get("instanceType")
    machine = find_machine(name) if isinstance(name, str) else None
    if machine is not None:
        yield from find_card_problems(inputs, machine)


def find_card_problems(inputs: Inputs, machine: Machine) -> Iterator[Refusal]:
    """Yield what of a template's interfaces does not fit a machine type."""
    for index, item in enumerate(_interfaces(inputs)):
        card = _known(item.get("networkCardIndex"), 0)
        where = f"networkInterfaces[{index}]"
        if card is None:
            continue
        if card >= machine.network_cards:
            yield Refusal(
                f"{where}.networkCardIndex",
                "InvalidParameterValue",
                f"Network card index {card} is out of range: {machine.name} has {machine.network_cards} network "
                f"cards (0 to {machine.network_cards - 1})",
            )
        elif item.get("interfaceType") in _EFA and machine.efa_cards is not None and card not in machine.efa_cards:
            cards = f"cards {machine.efa_cards[0]} to {machine.efa_cards[-1]}" if machine.efa_cards else "no card"
            yield Refusal(
                f"{where}.interfaceType",
                "Unsupported" if not machine.efa_cards else "InvalidParameterValue",
                f"EFA interfaces are not supported on network card {card} of {machine.name}: {cards} take them",
            )
