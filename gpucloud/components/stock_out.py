"""What a person reads when a zone has no capacity: what was wanted, where, and what to try next."""

from collections.abc import Mapping

import pulumi

from gpucloud.facts.capacity_errors import CapacityError, classify
from gpucloud.plan.model import NodePoolPlan, OfferingPlan


def stock_out_hook(name: str, pool: NodePoolPlan, offerings: Mapping[str, OfferingPlan]) -> pulumi.ErrorHook:
    """A hook that explains a failed node group by its cloud's error code; it never asks for a retry.

    `offerings` are the pool's, by the logical name of their node group. Retrying is the engine's with the same inputs,
    so it could not move nodes elsewhere; that takes a plan that knows of the stock-out.
    """

    def explain(failed: pulumi.ErrorHookArgs) -> bool:
        offering = offerings.get(failed.name)
        found = next((code for text in failed.errors if (code := classify(pool.cloud, text))), None)
        if offering is not None and found is not None:
            pulumi.log.error(explanation(pool, offering, found))
        return False

    return pulumi.ErrorHook(f"{name}-stock-out", explain)


def explanation(pool: NodePoolPlan, offering: OfferingPlan, found: CapacityError) -> str:
    """One line: pool, machine type, capacity type and zone, the cloud's code, and the next offering to try."""
    what = (
        f"{pool.name}: {pool.machine.machine_type} {offering.capacity_type} in {offering.zone} failed with {found.code}"
    )
    match found.meaning:
        case "no-capacity":
            later = [other for other in pool.offerings if other.order > offering.order]
            if not later:
                return f"{what}; it was the last in the failover order: add a zone or a capacity type, or wait"
            tried = f"{later[0].capacity_type} in {later[0].zone}"
            rest = "".join(f", then {other.capacity_type} in {other.zone}" for other in later[1:])
            return f"{what}; next in the failover order: {tried}{rest}"
        case "quota":
            return f"{what}; other zones share the quota: ask for more, or lower size.desired"
        case _:
            return f"{what}; {found.advice}"
