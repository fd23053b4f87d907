"""Swap: whether the host may have it, and who may use it."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_SERVER = "k8s.io/kubernetes v1.36.3 cmd/kubelet/app/server.go"
_CONTAINER_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/container_manager_linux.go"
_BEHAVIORS = ("NoSwap", "LimitedSwap")


def _behavior(configuration: Configuration) -> str:
    return (configuration.written.get("memorySwap") or {}).get("swapBehavior") or ""


@rule("kubelet", ("failSwapOn",), _CONTAINER_MANAGER)
def swapping_host_is_wanted(configuration: Configuration) -> Iterator[Problem]:
    """On a host with swap the kubelet starts only with failSwapOn: false."""
    if configuration.machine.swap and configuration.values["failSwapOn"]:
        yield Problem(
            "failSwapOn", f"true on a host with swap turned on, {NO_START}", "turn swap off, or write failSwapOn: false"
        )


@rule("kubelet", ("memorySwap", "featureGates"), _VALIDATION)
def swap_behavior_is_known(configuration: Configuration) -> Iterator[Problem]:
    """Pods swap not at all or within limits; UnlimitedSwap is gone."""
    behavior = _behavior(configuration)
    if behavior and behavior not in _BEHAVIORS and configuration.gates.get("NodeSwap", False):
        yield Problem(
            "memorySwap.swapBehavior", f"{behavior!r} is no behaviour, {NO_START}", "write NoSwap or LimitedSwap"
        )


@rule("kubelet", ("memorySwap", "featureGates"), _VALIDATION)
def swap_behavior_has_its_gate(configuration: Configuration) -> Iterator[Problem]:
    """A behaviour needs the gate NodeSwap, on for good since 1.34."""
    if _behavior(configuration) and not configuration.gates.get("NodeSwap", False):
        yield Problem(
            "memorySwap.swapBehavior",
            f"set while the gate NodeSwap is off, {NO_START}",
            "leave featureGates.NodeSwap out, or memorySwap",
        )


@rule("kubelet", ("memorySwap",), _SERVER)
def limited_swap_runs_on_cgroup_v2(configuration: Configuration) -> Iterator[Problem]:
    """LimitedSwap exists with cgroup v2 alone."""
    if configuration.machine.cgroup == "v2" or not configuration.gates.get("NodeSwap", False):
        return
    if _behavior(configuration) == "LimitedSwap":
        yield Problem("memorySwap.swapBehavior", f"LimitedSwap with cgroup v1, {NO_START}", "write NoSwap")


@rule("library", ("memorySwap", "failSwapOn"), _SERVER)
def limited_swap_has_swap(configuration: Configuration) -> Iterator[Problem]:
    """LimitedSwap next to failSwapOn: true is for hosts that have no swap: it never does anything."""
    if _behavior(configuration) == "LimitedSwap" and configuration.values["failSwapOn"]:
        yield Problem(
            "memorySwap.swapBehavior",
            f"LimitedSwap while failSwapOn refuses every host with swap, {STARTS}",
            "write failSwapOn: false, or NoSwap",
        )


RULES: tuple[Rule, ...] = (
    swapping_host_is_wanted,
    swap_behavior_is_known,
    swap_behavior_has_its_gate,
    limited_swap_runs_on_cgroup_v2,
    limited_swap_has_swap,
)
