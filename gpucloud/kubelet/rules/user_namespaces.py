"""IDs of pods in user namespaces of their own."""

from collections.abc import Iterator
from typing import Any

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_LINUX = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation_linux.go"
_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/userns/userns_manager.go, kubelet_pods.go"
_UNIT = 65536
_ALL_IDS = 2**32
_PATH = "userNamespaces.idsPerPod"


def _ids_per_pod(configuration: Configuration) -> Any:
    return (configuration.written.get("userNamespaces") or {}).get("idsPerPod")


def _is_valid(ids: int) -> bool:
    return _UNIT <= ids < _ALL_IDS and ids % _UNIT == 0


@rule("kubelet", ("userNamespaces",), _LINUX)
def ids_come_in_whole_units(configuration: Configuration) -> Iterator[Problem]:
    """A pod gets one or more whole units of 65536 IDs, fewer than there are."""
    ids = _ids_per_pod(configuration)
    if ids is not None and not _is_valid(ids):
        yield Problem(_PATH, f"{ids} is no multiple of 65536 below 4294967296, {NO_START}", "write 65536")


@rule("kubelet", ("userNamespaces", "maxPods"), _MANAGER)
def pods_find_ids(configuration: Configuration) -> Iterator[Problem]:
    """All pods of a node share 4294967296 IDs less the first pod's worth: 65535 pods at the usual 65536 each.

    That is where no subordinate IDs are configured for a user `kubelet` on the host, which can make them fewer.
    """
    if not configuration.gates.get("UserNamespacesSupport", False):
        return
    ids, pods = _ids_per_pod(configuration), configuration.values["maxPods"]
    if ids is None:
        ids = _UNIT
    if pods < 0 or not _is_valid(ids):
        return
    room = _ALL_IDS // ids - 1
    if _ALL_IDS % ids:
        yield Problem(_PATH, f"{ids} does not divide all IDs evenly, {NO_START}", "write 65536 times a power of two")
    elif room < pods:
        yield Problem(
            "maxPods" if ids == _UNIT else _PATH,
            f"{ids} IDs per pod are enough for {room} pods, not {pods}, {NO_START}",
            f"write maxPods up to {room}" if room else "write fewer IDs per pod",
        )


RULES: tuple[Rule, ...] = (ids_come_in_whole_units, pods_find_ids)
