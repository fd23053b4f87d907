"""An admission policy that keeps pods from taking GPUs past the scheduler."""

from collections.abc import Sequence

from gpucloud.facts.charts import chart
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec

_NAME = "gpucloud-gpu-devices"
_API = "admissionregistration.k8s.io/v1"
_STABLE_SINCE = (1, 30)
_ACTIONS = {"deny": ["Deny"], "warn": ["Warn"]}
_OPEN = ("kube-node-lease", "kube-system")
_NO_DEVICE_FILES = (
    "!has(object.spec.volumes) || object.spec.volumes.all(volume, "
    "!has(volume.hostPath) || !volume.hostPath.path.matches('^/+dev/+nvidia'))"
)
_MESSAGE = (
    "a hostPath below /dev/nvidia gives a pod GPUs that the scheduler gives to others, too: "
    "ask for them by resources.limits or by a claim"
)


def has_device_guard(version: str | None) -> bool:
    """Whether a Kubernetes minor has such policies: they are stable since 1.30. An unknown one is taken to be newer."""
    return version is None or tuple(int(part) for part in version.split(".")[:2]) >= _STABLE_SINCE


def guard_manifests(
    stack: GpuStackSpec, pools: Sequence[NodePoolPlan], releases: Sequence[ReleasePlan], version: str | None
) -> tuple[ManifestPlan, ...]:
    """The policy and its binding, for clusters with NVIDIA pools; none where it is off.

    Namespaces of operators that need the host and kube-system, where device plugins live, are left alone. Without
    NVIDIA's operator, as on GKE with its own driver, it holds likewise.
    """
    nvidia = any(pool.machine.resource_name == "nvidia.com/gpu" for pool in pools)
    if stack.device_guard == "off" or not nvidia or not has_device_guard(version):
        return ()
    needs_host = {release.namespace for release in releases if chart(release.chart).pod_security == "privileged"}
    free = sorted({*_OPEN, *needs_host})
    policy = {
        "failurePolicy": "Fail",
        "matchConstraints": {
            "namespaceSelector": {
                "matchExpressions": [{"key": "kubernetes.io/metadata.name", "operator": "NotIn", "values": free}]
            },
            "resourceRules": [
                {"apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"]}
            ],
        },
        "validations": [{"expression": _NO_DEVICE_FILES, "message": _MESSAGE}],
    }
    binding = {"policyName": _NAME, "validationActions": _ACTIONS[stack.device_guard]}
    return (
        ManifestPlan(_NAME, None, _API, "ValidatingAdmissionPolicy", policy),
        ManifestPlan(_NAME, None, _API, "ValidatingAdmissionPolicyBinding", binding),
    )
