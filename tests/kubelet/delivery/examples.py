"""A value of each key of KubeletConfiguration that every platform which takes the key takes, too."""

from typing import Any

EXAMPLES: dict[str, Any] = {
    "allowedUnsafeSysctls": ["net.core.somaxconn", "net.ipv4.*"],
    "containerLogMaxFiles": 4,
    "containerLogMaxSize": "40Mi",
    "cpuManagerPolicy": "static",
    "cpuManagerPolicyOptions": {"full-pcpus-only": "true"},
    "evictionHard": {"memory.available": "1Gi", "nodefs.available": "10%"},
    "evictionSoft": {"memory.available": "2Gi", "nodefs.available": "15%"},
    "evictionSoftGracePeriod": {"memory.available": "90s", "nodefs.available": "1m30s"},
    "featureGates": {"DRAConsumableCapacity": True, "NodeSwap": False},
    "imageGCHighThresholdPercent": 80,
    "imageGCLowThresholdPercent": 70,
    "kubeReserved": {"cpu": "500m", "memory": "2Gi"},
    "maxParallelImagePulls": 3,
    "maxPods": 64,
    "memoryManagerPolicy": "Static",
    "podPidsLimit": 65536,
    "reservedMemory": [
        {"numaNode": 0, "limits": {"memory": "2664Mi"}},
        {"numaNode": 1, "limits": {"memory": "2664Mi"}},
    ],
    "reservedSystemCPUs": "0,48",
    "serializeImagePulls": False,
    "shutdownGracePeriod": "120s",
    "shutdownGracePeriodCriticalPods": "30s",
    "systemReserved": {"cpu": "500m", "memory": "2Gi"},
    "topologyManagerPolicy": "restricted",
    "topologyManagerPolicyOptions": {"prefer-closest-numa-nodes": "true"},
    "topologyManagerScope": "pod",
}
