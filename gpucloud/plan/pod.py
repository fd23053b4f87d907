"""A pod that asks for the accelerators of a pool in the way in which the pool gives them out, and nothing more."""

from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan.claims import MOST_DEVICES, claim_spec, device_kinds
from gpucloud.plan.dra import is_in_nvl72_rack
from gpucloud.plan.model import ClusterPlan, NodePoolPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.pod_resources import asked_devices, fabric_resources
from gpucloud.plan.tolerations import tolerations_of

_API = "resource.k8s.io/v1"
_CHANNEL = "imex-channel"
_CLAIM = "gpus"


def pod_objects(
    plan: ClusterPlan, pool: NodePoolPlan, count: int, image: str, path: str = "count"
) -> tuple[dict[str, Any], ...]:
    """A pod on that pool for so many accelerators, as Kubernetes takes it, after what it refers to and nobody makes.

    It satisfies Pod Security `restricted`. All of a node's accelerators come with the node's fabric, shared
    memory for NCCL and, by claims in an NVL72 rack, a compute domain; fewer come alone. Where the stack makes
    templates, the pod is in the first of their namespaces.
    Raises InvalidInputError where no node gives so many to one pod; `path` is what the problem names.
    """
    _refuse(pool, count, path)
    whole = count == pool.machine.devices_per_node > 1 and pool.sharing is None
    resources: dict[str, Any] = {}
    spec: dict[str, Any] = {
        "restartPolicy": "Never",
        "nodeSelector": {POOL_LABEL: pool.name},
        "tolerations": tolerations_of([pool]),
        "securityContext": {"runAsNonRoot": True, "runAsUser": 1000, "seccompProfile": _seccomp(pool)},
    }
    if not spec["tolerations"]:
        del spec["tolerations"]
    limits = fabric_resources(pool) if whole else {}
    first: list[dict[str, Any]] = []
    namespace = None
    if pool.software.device_plugin == "dra":
        namespace, template, first = _template(plan, pool, count)
        claims = [{"name": _CLAIM, "resourceClaimTemplateName": template}]
        if whole and is_in_nvl72_rack(pool):
            first.append(_compute_domain(pool, namespace))
            claims.append({"name": _CHANNEL, "resourceClaimTemplateName": f"{pool.name}-{_CHANNEL}"})
        resources["claims"] = [{"name": claim["name"]} for claim in claims]
        spec["resourceClaims"] = claims
    else:
        limits = {pool.machine.resource_name: str(count), **limits}
    if limits:
        resources["limits"] = dict(sorted(limits.items()))
    container: dict[str, Any] = {
        "name": "work",
        "image": image,
        "resources": resources,
        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
    }
    if whole:
        container["volumeMounts"] = [{"name": "shared-memory", "mountPath": "/dev/shm"}]  # noqa: S108 - NCCL's own path
        spec["volumes"] = [{"name": "shared-memory", "emptyDir": {"medium": "Memory"}}]
    metadata = _metadata(f"{pool.name}-example", namespace)
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": {**spec, "containers": [container]}}
    return (*first, pod)


def _refuse(pool: NodePoolPlan, count: int, path: str) -> None:
    by_claims = pool.software.device_plugin == "dra"
    most = min(pool.machine.devices_per_node, MOST_DEVICES) if by_claims else asked_devices(pool)
    if count > most:
        shared = f", shared by {pool.sharing.way}," if pool.sharing else ""
        problem = f"{pool.machine.machine_type}{shared} gives a pod at most {most}, {count} never fit"
        raise InvalidInputError([Problem(path, problem, f"ask for {most} or fewer")])


def _seccomp(pool: NodePoolPlan) -> dict[str, str]:
    if pool.seccomp_profile:
        return {"type": "Localhost", "localhostProfile": "gpucloud.json"}
    return {"type": "RuntimeDefault"}


def _template(plan: ClusterPlan, pool: NodePoolPlan, count: int) -> tuple[str | None, str, list[dict[str, Any]]]:
    """The template's namespace and name, and itself where the stack does not make it."""
    (kind,) = device_kinds([pool])
    name = kind.template_name(count)
    templates = (entry for entry in plan.manifests if entry.kind == "ResourceClaimTemplate")
    made = sorted((entry.namespace or "", entry.name) for entry in templates)
    namespace = made[0][0] if made else None
    if (namespace, name) in made:
        return namespace, name, []
    if not kind.names:
        raise InvalidInputError(
            [
                Problem(
                    f"node_pools[{pool.name}]",
                    f"no source says what the driver calls {pool.machine.machine_type}'s GPUs, no class selects them",
                    "write a claim on the class gpu.nvidia.com with a selector of your own",
                )
            ]
        )
    template = {"apiVersion": _API, "kind": "ResourceClaimTemplate", "metadata": _metadata(name, namespace)}
    return namespace, name, [{**template, "spec": claim_spec(kind.class_name, count)}]


def _compute_domain(pool: NodePoolPlan, namespace: str | None) -> dict[str, Any]:
    """The nodes of one workload, whose GPUs reach each other's memory over NVLink: one for each workload.

    The driver makes the channel's template of it. `numNodes` is 0 as its own comment recommends
    (kubernetes-sigs/dra-driver-nvidia-gpu v0.4.1, api/nvidia.com/resource/v1beta1/computedomain.go).
    """
    return {
        "apiVersion": "resource.nvidia.com/v1beta1",
        "kind": "ComputeDomain",
        "metadata": _metadata(f"{pool.name}-example", namespace),
        "spec": {"numNodes": 0, "channel": {"resourceClaimTemplate": {"name": f"{pool.name}-{_CHANNEL}"}}},
    }


def _metadata(name: str, namespace: str | None) -> dict[str, str]:
    return {"name": name, **({"namespace": namespace} if namespace else {})}
