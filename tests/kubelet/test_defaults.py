"""Defaults against what SetDefaults_KubeletConfiguration of kubelet 1.36.3 was measured to set."""

from typing import Any

import pytest

from gpucloud.kubelet.decoding import decode
from gpucloud.kubelet.defaults import with_defaults
from gpucloud.kubelet.feature_gates import effective_gates, known_gates


def defaulted(**values: Any) -> dict[str, Any]:
    written, found = decode(values)
    assert not found
    return with_defaults(written, effective_gates(written.get("featureGates") or {}, 36))


@pytest.mark.parametrize(
    ("written", "field", "value"),
    [
        ({}, "maxPods", 110),
        ({"maxPods": 0}, "maxPods", 110),
        ({"healthzPort": 0}, "healthzPort", 0),
        ({"registryPullQPS": 0}, "registryPullQPS", 0),
        ({"podPidsLimit": -5}, "podPidsLimit", -1),
        ({"podPidsLimit": 0}, "podPidsLimit", 0),
        ({"imageMinimumGCAge": "0s"}, "imageMinimumGCAge", "2m0s"),
        ({"syncFrequency": "0"}, "syncFrequency", "1m0s"),
        ({"cpuManagerPolicy": ""}, "cpuManagerPolicy", "none"),
        ({"cpuManagerPolicy": "0s"}, "cpuManagerPolicy", "0s"),
        ({"containerLogMaxSize": ""}, "containerLogMaxSize", "10Mi"),
        ({"maxParallelImagePulls": 1}, "serializeImagePulls", True),
        ({"maxParallelImagePulls": 2}, "serializeImagePulls", False),
        ({"maxParallelImagePulls": 2, "serializeImagePulls": True}, "serializeImagePulls", True),
        ({"nodeStatusUpdateFrequency": "20s"}, "nodeStatusReportFrequency", "20s"),
        ({"nodeStatusUpdateFrequency": "0s"}, "nodeStatusReportFrequency", "5m0s"),
        ({"enforceNodeAllocatable": []}, "enforceNodeAllocatable", []),
        ({"evictionHard": {"a": "b"}}, "evictionHard", {"a": "b"}),
        ({"authorization": {"mode": ""}}, "authorization", defaulted()["authorization"]),
        ({"featureGates": {"KubeletCrashLoopBackOffMax": False}}, "crashLoopBackOff", None),
    ],
)
def test_a_default_is_the_kubelets(written: dict[str, Any], field: str, value: Any):
    assert defaulted(**written)[field] == value


def test_members_of_objects_have_defaults_of_their_own():
    values = defaulted(authentication={"webhook": {"cacheTTL": "0s", "enabled": False}})

    assert values["authentication"]["webhook"] == {"cacheTTL": "2m0s", "enabled": False}
    assert values["authentication"]["anonymous"] == {"enabled": False}


def test_default_thresholds_are_put_beside_what_is_written_where_that_is_asked_for():
    values = defaulted(evictionHard={"memory.available": "1Gi"}, mergeDefaultEvictionSettings=True)

    assert values["evictionHard"].keys() == {
        "imagefs.available",
        "imagefs.inodesFree",
        "memory.available",
        "nodefs.available",
        "nodefs.inodesFree",
    }
    assert values["evictionHard"]["memory.available"] == "1Gi"


def test_groups_of_gates_leave_what_is_locked_or_written():
    gates = effective_gates({"AllAlpha": True, "NodeLogQuery": False}, 35)
    plain = effective_gates({}, 35)

    assert not gates["NodeLogQuery"]
    assert sum(gates.values()) > sum(plain.values())
    assert {"AllAlpha", "AllBeta", "NodeLogQuery"} <= known_gates(35)
    assert effective_gates({"NoSuchGate": True}, 35) == plain
