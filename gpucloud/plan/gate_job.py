"""The Job that looks at a pool: what it asks for, where it runs, and what it may do there."""

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from typing import Any

from gpucloud.facts.accelerators import accelerator
from gpucloud.plan.claims import MOST_DEVICES, claim_spec
from gpucloud.plan.gate_model import GateCheckPlan
from gpucloud.plan.gate_script import amd_script, nvidia_script
from gpucloud.plan.mig_layout import layout_instances, layout_resources
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import POOL_LABEL
from gpucloud.plan.plan_fields import plain
from gpucloud.plan.pod_resources import asked_devices, asked_layout
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.plan.tolerations import tolerations_of

_HASH_LENGTH = 8
# A Job's name becomes a label of its pods, which takes 63 characters (kubernetes.io/docs, labels).
_NAME_LENGTH = 63
_CLAIM = "accelerators"
# Whole GPUs, and instances of any profile: the script tells these apart
# (kubernetes-sigs/dra-driver-nvidia-gpu v0.4.1, templates/deviceclass-*.yaml).
_WHOLE_CLASS, _MIG_CLASS = "gpu.nvidia.com", "mig.nvidia.com"
# An account that is nobody's, as distroless images call it; NVIDIA's device files may be opened by all.
_NOBODY = 65_532
# Runtimes that go by variables bring `nvidia-smi` for `utility`, and must not compare the image's CUDA with the driver:
# the script runs no CUDA (NVIDIA/cloud-native-docs 52dcb7b, container-toolkit/docker-specialized.md).
_ENVIRONMENT = (("NVIDIA_DISABLE_REQUIRE", "true"), ("NVIDIA_DRIVER_CAPABILITIES", "compute,utility"))


def plan_check(  # noqa: PLR0913  # all that a Job follows from
    pool: NodePoolPlan,
    image: str,
    deadline_seconds: int,
    *,
    releases: Sequence[ReleasePlan],
    pull_secret: str | None,
    kubernetes_version: str | None,
) -> GateCheckPlan:
    """The Job of one pool, under a name that changes with the machine, its sharing, and the software in it."""
    asked = asked_devices(pool)
    claim, claimed = _claim(pool, asked)
    template = _template(pool, image, asked, claims=claimed, pull_secret=pull_secret)
    spec = {
        "activeDeadlineSeconds": deadline_seconds,
        "backoffLimit": 0,
        "completions": 1,
        "parallelism": 1,
        "template": template,
    }
    judged = {
        "spec": spec,
        "pool": plain((pool.name, pool.machine, pool.image, pool.software, pool.sharing)),
        "releases": {release.name: release.version for release in releases},
        "kubernetes": kubernetes_version,
    }
    digest = hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).hexdigest()[:_HASH_LENGTH]
    name = f"gate-{pool.name}"[: _NAME_LENGTH - _HASH_LENGTH - 1].rstrip("-") + f"-{digest}"
    if claimed:
        named = [{"name": each, "resourceClaimTemplateName": name} for each in claimed]
        template["spec"]["resourceClaims"] = named
    return GateCheckPlan(pool.name, name, image, spec, claim)


def _claim(pool: NodePoolPlan, asked: int) -> tuple[dict[str, Any] | None, tuple[str, ...]]:
    """One claim's template and the names under which the pod has claims of it; none where devices are counted.

    A node with more devices than a claim takes is asked for by several alike.
    """
    if pool.software.device_plugin != "dra":
        return None, ()
    devices = sum(layout_instances(asked_layout(pool)).values()) or asked
    claims = next(count for count in itertools.count(1) if devices % count == 0 and devices // count <= MOST_DEVICES)
    cut = pool.sharing is not None and pool.sharing.way == "mig"
    spec = claim_spec(_MIG_CLASS if cut else _WHOLE_CLASS, devices // claims, _CLAIM)
    return spec, (_CLAIM,) if claims == 1 else tuple(f"{_CLAIM}-{index}" for index in range(claims))


def _template(
    pool: NodePoolPlan, image: str, asked: int, *, claims: Sequence[str], pull_secret: str | None
) -> dict[str, Any]:
    nvidia = accelerator(pool.machine.accelerator).vendor == "nvidia"
    container = {
        "name": "gate",
        "image": image,
        "command": ["sh", "-c", _script(pool, asked)],
        "resources": _resources(pool, asked, claims=claims),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
        },
        # The line that the script ends with is the pod's message, which Pulumi shows.
        "terminationMessagePolicy": "FallbackToLogsOnError",
        **({"env": [{"name": key, "value": value} for key, value in _ENVIRONMENT]} if nvidia else {}),
    }
    return {
        "metadata": {"labels": {"app.kubernetes.io/name": "gpucloud-gate", POOL_LABEL: pool.name}},
        "spec": {
            "automountServiceAccountToken": False,
            "containers": [container],
            "enableServiceLinks": False,
            "nodeSelector": {POOL_LABEL: pool.name},
            "restartPolicy": "Never",
            "securityContext": _pod_security(nvidia=nvidia),
            "tolerations": tolerations_of([pool]),
            **({"imagePullSecrets": [{"name": pull_secret}]} if pull_secret else {}),
        },
    }


def _pod_security(*, nvidia: bool) -> dict[str, Any]:
    """AMD's device files belong to root and its groups, and no capability is left that would open others' files."""
    account = {"runAsNonRoot": True, "runAsUser": _NOBODY, "runAsGroup": _NOBODY} if nvidia else {"runAsUser": 0}
    return {**account, "seccompProfile": {"type": "RuntimeDefault"}}


def _resources(pool: NodePoolPlan, asked: int, *, claims: Sequence[str]) -> Mapping[str, Any]:
    if claims:
        devices = {}
    elif layout := asked_layout(pool):
        devices = {name: str(count) for name, count in layout_resources(pool.machine.accelerator, layout)}
    else:
        devices = {pool.machine.resource_name: str(asked)}
    found: dict[str, Any] = {
        "requests": {"cpu": "100m", "memory": "256Mi", **devices},
        "limits": {"memory": "256Mi", **devices},
    }
    return {**found, "claims": [{"name": name} for name in claims]} if claims else found


def _script(pool: NodePoolPlan, asked: int) -> str:
    if layout := asked_layout(pool):
        return nvidia_script(pool, sum(len(group.gpus) for group in layout), layout_instances(layout))
    if pool.sharing is not None and pool.sharing.profile is not None:
        return nvidia_script(pool, asked // (pool.sharing.parts_per_gpu or 1), {pool.sharing.profile: asked})
    if accelerator(pool.machine.accelerator).vendor == "amd":
        return amd_script(pool, asked)
    return nvidia_script(pool, asked)
