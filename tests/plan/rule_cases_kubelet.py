"""Cases of the rules about the kubelet block, on the platforms that differ; the kubelet's own are in tests/kubelet."""

from typing import Any

from tests.plan.rule_case import Case


def _memory(share: str) -> dict[str, Any]:
    """612 MiB are kept for Kubernetes and eviction together."""
    return {
        "memoryManagerPolicy": "Static",
        "kubeReserved": {"cpu": "100m", "memory": "512Mi"},
        "evictionHard": {"memory.available": "100Mi"},
        "reservedMemory": [{"numaNode": 0, "limits": {"memory": share}}],
    }


NUMA = {"align": "restricted"}
P5 = {"machine_type": "p5.48xlarge"}

KUBELET_CASES: list[tuple[str, Case]] = [
    (
        "kubelet_accepts_the_keys",
        Case(
            {
                "image": {"family": "bottlerocket"},
                "kubelet": {"profile": "training", "reservedSystemCPUs": "0-1", "systemReserved": {"memory": "1Gi"}},
            },
            {
                "image": {"family": "bottlerocket"},
                "kubelet": {"reservedSystemCPUs": "0-1", "kubeReserved": {"cpu": "1"}},
            },
            ("kubelet.kubeReserved.cpu",),
        ),
    ),
    (
        "platform_takes_the_keys",
        Case(
            {"image": {"family": "bottlerocket"}, "kubelet": {"maxPods": 58}},
            {"image": {"family": "bottlerocket"}, "kubelet": {"maxPods": 58, "oomScoreAdj": -5}},
            ("kubelet.oomScoreAdj",),
        ),
    ),
    (
        "platform_takes_the_keys",
        Case(
            {"image": {"family": "bottlerocket"}, "kubelet": {"reservedSystemCPUs": "0-1"}},
            {"kubelet": {"reservedSystemCPUs": "0-1"}},
            ("kubelet.reservedSystemCPUs",),
        ),
    ),
    (
        "platform_takes_the_keys",
        Case(
            {"kubelet": {"cpuManagerPolicy": "none", "maxPods": 110}},
            {"kubelet": {"memoryManagerPolicy": "None", "maxPods": 5}},
            ("kubelet.memoryManagerPolicy", "kubelet.maxPods"),
            cloud="azure",
        ),
    ),
    (
        "platform_takes_the_keys",
        Case(
            {"kubelet": {"memoryManagerPolicy": "None", "podPidsLimit": 4096}},
            {"kubelet": {"evictionHard": {"memory.available": "1Gi"}, "containerLogMaxSize": "1Gi"}},
            ("kubelet.evictionHard", "kubelet.containerLogMaxSize"),
            cloud="gcp",
        ),
    ),
    (
        "taints_come_from_the_pool",
        Case(
            {"kubelet": {"registerNode": True}},
            {"kubelet": {"registerWithTaints": [{"key": "a", "effect": "NoSchedule"}]}},
            ("kubelet.registerWithTaints",),
        ),
    ),
    (
        "kubelet_accepts_the_keys",
        Case(
            {"kubelet": {"topologyManagerPolicy": "restricted"}},
            {"kubelet": {"topologyManagerPolicy": "foo"}},
            ("kubelet.topologyManagerPolicy",),
        ),
    ),
    (
        "kubelet_accepts_the_keys",
        Case(
            {"kubelet": {"imageGCHighThresholdPercent": 81}},
            {"kubelet": {"imageGCHighThresholdPercent": 80}},
            ("kubelet.imageGCHighThresholdPercent",),
        ),
    ),
    # What the platform reserves by itself counts: EKS images reserve CPU, and a zero above it takes that away.
    (
        "kubelet_accepts_the_keys",
        Case(
            {"kubelet": {"cpuManagerPolicy": "static"}},
            {"kubelet": {"cpuManagerPolicy": "static", "kubeReserved": {"cpu": "0"}}},
            ("kubelet.cpuManagerPolicy",),
        ),
    ),
    (
        "kubelet_accepts_the_keys",
        Case({"kubelet": _memory("612Mi")}, {"kubelet": _memory("611Mi")}, ("kubelet.reservedMemory",)),
    ),
    (
        "static_memory_is_known_before",
        Case(
            {"kubelet": {"numa": {"align": "restricted", "memory": True}}},
            {
                "kubelet": {
                    "numa": {"align": "restricted", "memory": True},
                    "evictionHard": {"memory.available": "1%"},
                }
            },
            ("kubelet.evictionHard",),
        ),
    ),
    (
        "numa_intent_is_not_contradicted",
        Case(
            {"kubelet": {"numa": NUMA, "topologyManagerPolicy": "restricted"}},
            {"kubelet": {"numa": NUMA, "topologyManagerPolicy": "best-effort", "cpuManagerPolicy": "none"}},
            ("kubelet.topologyManagerPolicy", "kubelet.cpuManagerPolicy"),
        ),
    ),
    (
        "numa_intent_has_its_fields",
        Case(
            {"kubelet": {"numa": NUMA}},
            {"kubelet": {"numa": {**NUMA, "scope": "pod", "memory": True}}},
            ("kubelet.numa.memory", "kubelet.numa.scope"),
            cloud="azure",
        ),
    ),
    (
        "shutdown_fits_the_notice",
        Case(
            {"kubelet": {"shutdownGracePeriod": "110s"}, "capacity": ("spot",)},
            {"kubelet": {"shutdownGracePeriod": "5m"}, "capacity": ("spot",)},
            ("kubelet.shutdownGracePeriod",),
        ),
    ),
    (
        "gke_shuts_spot_nodes_down_alone",
        Case(
            {"kubelet": {"shutdownGracePeriod": "30s"}, "capacity": ("spot",)},
            {"kubelet": {"shutdownGracePeriod": "30s"}, "capacity": ("on-demand", "spot")},
            ("kubelet.shutdownGracePeriod",),
            cloud="gcp",
        ),
    ),
    (
        "largest_pod_fits",
        Case(
            {**P5, "largest_pod": {"cpu": "180", "memory": "1900Gi", "nvidia.com/gpu": "8"}},
            {**P5, "largest_pod": {"cpu": "192", "memory": "3Ti", "nvidia.com/gpu": "9"}},
            ("largest_pod.cpu", "largest_pod.memory", "largest_pod.nvidia.com/gpu"),
        ),
    ),
    (
        "largest_pod_fits",
        Case(
            {"kubelet": {"profile": "training"}, "largest_pod": {"cpu": "2"}},
            {"kubelet": {"profile": "training"}, "largest_pod": {"cpu": "two"}},
            ("largest_pod.cpu",),
        ),
    ),
]
