"""The driver of Dynamic Resource Allocation: GPUs by ResourceClaims, in the place of the device plugin."""

from collections.abc import Sequence

from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.plan.tolerations import tolerations_of

OPERATOR_DRIVER_ROOT = "/run/nvidia/driver"
"""Where the operator's driver containers have the driver's files (NVIDIA/gpu-operator, hostPaths.driverInstallDir)."""
_NVL72 = ("gb200-", "gb300-")


def dra_releases(pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The driver's release for the pools whose devices are claimed; none without such a pool.

    Its root is where the driver is: in the operator's containers' folder, or on the node. GPUs are off in the chart
    until `gpuResourcesEnabledOverride` says that no device plugin is there; compute domains are for NVL72 racks alone
    (kubernetes-sigs/dra-driver-nvidia-gpu v0.4.1, templates/validation.yaml and docs).
    """
    claimed = [pool for pool in pools if pool.software.device_plugin == "dra"]
    if not claimed:
        return ()
    racks = any(is_in_nvl72_rack(pool) for pool in claimed)
    return (
        pinned_release(
            "dra-driver-nvidia-gpu",
            {
                "nvidiaDriverRoot": OPERATOR_DRIVER_ROOT if claimed[0].software.driver == "operator" else "/",
                "gpuResourcesEnabledOverride": True,
                "resources": {"gpus": {"enabled": True}, "computeDomains": {"enabled": racks}},
                "kubeletPlugin": {"tolerations": tolerations_of(claimed)},
            },
        ),
    )


def is_in_nvl72_rack(pool: NodePoolPlan) -> bool:
    """Whether the GPUs of several nodes reach each other's memory over NVLink, as those of a rack of 72 do."""
    return pool.machine.accelerator.startswith(_NVL72)
