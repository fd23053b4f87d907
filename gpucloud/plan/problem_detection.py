"""GPU faults that the kernel's log tells of, as events and conditions of nodes, where the cloud reports none."""

import json
from collections.abc import Sequence
from typing import Any

from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.monitoring import additional_labels, has_monitoring
from gpucloud.plan.node_affinity import nodes_of
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.spec.cluster import GpuStackSpec

CONDITION = "GpuHardwareProblem"
_FILE = "gpucloud-gpu-monitor.json"
# Faults after which a GPU is of no use before somebody acts, by the number that the driver logs: a double bit error
# (NVIDIA Health Validation, "Xid Checks": 48 is critical, drain), a page or row that could not be retired (NVIDIA
# "Dynamic Page Retirement", 64), a GPU that fell off the bus (NVIDIA/open-gpu-kernel-modules#1327, 79).
_FATAL = (48, 64, 79)


def problem_detection_releases(stack: GpuStackSpec, pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The release of the node problem detector on nodes with NVIDIA GPUs; none where nobody asked for it.

    It watches for the GPU driver's messages alone: what else happens on a node the cloud's own detector reports, and
    two would write the same conditions.
    """
    served = [pool for pool in pools if pool.machine.resource_name == "nvidia.com/gpu"]
    if not stack.node_problem_detector or not served:
        return ()
    return (
        pinned_release(
            "node-problem-detector",
            {
                "settings": {
                    "custom_monitor_definitions": {_FILE: _monitor()},
                    "log_monitors": [f"/custom-config/{_FILE}"],
                },
                **_metrics(stack),
                "affinity": {"nodeAffinity": nodes_of(served)},
                "tolerations": tolerations_of(served),
            },
        ),
    )


def _metrics(stack: GpuStackSpec) -> dict[str, Any]:
    if not has_monitoring(stack):
        return {}
    return {"metrics": {"enabled": True, "serviceMonitor": {"enabled": True, **additional_labels(stack)}}}


def _monitor() -> str:
    """A file of the detector's system log monitor (kubernetes/node-problem-detector 6632ca67, config)."""
    return json.dumps(
        {
            "plugin": "kmsg",
            "logPath": "/dev/kmsg",
            "lookback": "5m",
            "bufferSize": 10,
            "source": "gpucloud-gpu-monitor",
            "metricsReporting": True,
            "conditions": [{"type": CONDITION, "reason": "NoGpuHardwareProblem", "message": "no fatal Xid was logged"}],
            "rules": [
                {"type": "temporary", "reason": "GpuXid", "pattern": r"NVRM: Xid \(.*\): \d+.*"},
                *(_fatal(number) for number in _FATAL),
            ],
        },
        indent=2,
        sort_keys=True,
    )


def _fatal(number: int) -> dict[str, Any]:
    return {
        "type": "permanent",
        "condition": CONDITION,
        "reason": f"GpuXid{number}",
        "pattern": rf"NVRM: Xid \(.*\): {number}\b.*",
    }
