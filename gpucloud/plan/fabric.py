"""Which network interfaces a node has: one that carries addresses, and those of the fabric between accelerators."""

from functools import cache

from gpucloud.facts.machine_types import Fabric, MachineType
from gpucloud.facts.vendor_machines import AwsMachine
from gpucloud.plan.model import InterfacePlan
from gpucloud.spec.node_pool import NodePoolSpec


def resolve_fabric(pool: NodePoolSpec, machine: MachineType) -> Fabric:
    """The fabric that the pool's nodes join: the one named, or with `native` the machine type's own."""
    return machine.fabric if pool.fabric.type == "native" else pool.fabric.type


@cache
def plan_interfaces(machine: MachineType) -> tuple[InterfacePlan, ...]:
    """The interfaces of a machine type with its whole fabric, by network card.

    Card 0 has the node's only addresses, and a fabric interface beside them where the card takes one (p6-b300's card 0
    does not); every other card has a fabric interface alone, which takes no address from the subnet. This is the
    layout of the EC2 User Guide ("efa-acc-inst-types") since 2025; older tools put the addresses on an EFA interface.
    Empty for a machine type without a fabric: the ordinary interface then needs no mention.
    """
    if not isinstance(machine.vendor, AwsMachine) or not machine.vendor.efa_cards:
        return ()
    fabric = [
        InterfacePlan(network_card=card, device=1 if card == 0 else 0, kind="fabric")
        for card in machine.vendor.efa_cards
    ]
    return (InterfacePlan(network_card=0, device=0, kind="ip"), *fabric)
