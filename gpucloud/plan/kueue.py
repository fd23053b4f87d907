"""How Kueue is told to admit jobs: by the accelerators that a queue counts, whatever else they ask for."""

from collections.abc import Mapping
from typing import Any

from gpucloud.kubelet.yaml_writing import dump_yaml

# What Kueue's chart says by itself, all of which a value replaces (kubernetes-sigs/kueue v0.19.2,
# charts/kueue/values.yaml).
_CHARTS_OWN: Mapping[str, Any] = {
    "apiVersion": "config.kueue.x-k8s.io/v1beta2",
    "kind": "Configuration",
    "health": {"healthProbeBindAddress": ":8081"},
    "metrics": {"bindAddress": ":8443"},
    "webhook": {"port": 9443},
    "leaderElection": {"leaderElect": True, "resourceName": "c1f6bfd2.kueue.x-k8s.io"},
    "controller": {
        "groupKindConcurrency": {
            "ClusterQueue.kueue.x-k8s.io": 5,
            "Job.batch": 5,
            "LocalQueue.kueue.x-k8s.io": 5,
            "Pod": 5,
            "ResourceFlavor.kueue.x-k8s.io": 1,
            "Workload.kueue.x-k8s.io": 10,
        }
    },
    "clientConnection": {"burst": 500, "qps": 300},
    "integrations": {
        "frameworks": [
            "batch/job",
            "kubeflow.org/mpijob",
            "ray.io/rayjob",
            "ray.io/rayservice",
            "ray.io/raycluster",
            "jobset.x-k8s.io/jobset",
            "workload.codeflare.dev/appwrapper",
            "trainer.kubeflow.org/trainjob",
            "pod",
            "deployment",
            "statefulset",
            "leaderworkerset.x-k8s.io/leaderworkerset",
        ]
    },
}


def kueue_configuration() -> str:
    """Kueue's own configuration, in which what a queue does not count is no reason to refuse a job.

    By default a job that asks for CPU or for a fabric is never admitted by a queue that counts accelerators alone
    (apis/config/v1beta2/configuration_types.go, QuotaCheckStrategy).
    """
    return dump_yaml({**_CHARTS_OWN, "resources": {"quotaCheckStrategy": "IgnoreUndeclared"}}, width=80)
