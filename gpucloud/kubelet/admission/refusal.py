"""Why a kubelet refuses a pod, in its words: the pod's status has them as reason and message."""


class Refusal(Exception):  # noqa: N818  # an outcome, not an error of the caller
    """Raise where the kubelet gives up on a pod; `admit` turns it into its result."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
        self.message = message


def affinity_refusal() -> Refusal:
    """The policy does not take the best hint."""
    return Refusal("TopologyAffinityError", "Resources cannot be allocated with Topology locality")


def unexpected(problem: str) -> Refusal:
    """A manager could not allocate after the hints were merged."""
    return Refusal("UnexpectedAdmissionError", f"Allocate failed due to {problem}, which is unexpected")


def out_of(resource: str, requested: int, used: int, capacity: int) -> Refusal:
    """The node does not have as much; CPUs count in thousandths, memory in bytes."""
    return Refusal(
        f"OutOf{resource}",
        f"Node didn't have enough resource: {resource}, requested: {requested}, used: {used}, capacity: {capacity}",
    )
