"""The text that nodes boot with: a NodeConfig for nodeadm, or settings for Bottlerocket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpucloud.aws.compute_mode import compute_mode_script
from gpucloud.aws.registry_mirrors import mirror_settings, mirrors_script
from gpucloud.aws.seccomp import seccomp_script
from gpucloud.errors import InvalidInputError, Problem
from gpucloud.kubelet.delivery.bottlerocket import settings_lines
from gpucloud.kubelet.delivery.delivered import UndeliverableError
from gpucloud.kubelet.delivery.linux_script import linux_script
from gpucloud.kubelet.delivery.whole_file import dump
from gpucloud.plan.model import NodePoolPlan

# EC2: user data has 16 KB at most before it is encoded.
USER_DATA_LIMIT = 16 * 1024
_BOUNDARY = "GPUCLOUD"
# Bottlerocket has no setting for an array: its own client makes it, and moves onto it what grows (1.29 and newer).
_NVME_COMMANDS = (
    ("apiclient", "ephemeral-storage", "init"),
    ("apiclient", "ephemeral-storage", "bind", "--dirs", "/var/lib/containerd", "/var/lib/kubelet", "/var/log/pods"),
)
_NVME_STRATEGY = {"raid0": "RAID0", "raid10": "RAID10", "mount": "Mount"}


@dataclass(frozen=True, slots=True)
class JoinFacts:
    """What a node with an own image needs to join; EKS gives it to its own images by itself."""

    name: str
    endpoint: str
    certificate_authority: str
    service_cidr: str


def user_data(pool: NodePoolPlan, join: JoinFacts | None = None) -> str | None:
    """The user data of a pool's nodes; None where the image needs none.

    Raises InvalidInputError beyond 16 KB, which EC2 would refuse.
    """
    text = bottlerocket_settings(pool) if pool.image.family == "bottlerocket" else nodeadm_document(pool, join)
    if text is not None and len(text.encode()) > USER_DATA_LIMIT:
        raise InvalidInputError(
            [
                Problem(
                    f"node_pools[{pool.name}].kubelet",
                    f"makes user data of {len(text.encode())} bytes, EC2 takes {USER_DATA_LIMIT}",
                    "shorten the kubelet block, or put it into an own image",
                )
            ]
        )
    return text


def nodeadm_document(pool: NodePoolPlan, join: JoinFacts | None = None) -> str | None:
    """A MIME message with one NodeConfig (`node.eks.aws/v1alpha1`); EKS appends its own part, nodeadm merges both.

    Kernel settings, compute mode, seccomp profile and mirrors are shell scripts before it.

    awslabs/amazon-eks-ami, nodeadm/api/v1alpha1/nodeconfig_types.go.
    """
    spec: dict[str, Any] = {}
    if join is not None:
        spec["cluster"] = {
            "name": join.name,
            "apiServerEndpoint": join.endpoint,
            "certificateAuthority": join.certificate_authority,
            "cidr": join.service_cidr,
        }
        # With an own image nobody else tells the kubelet of its labels and taints.
        spec["kubelet"] = {"flags": _node_flags(pool)}
    if pool.disk.local_nvme != "none":
        spec["instance"] = {"localStorage": {"strategy": _NVME_STRATEGY[pool.disk.local_nvme]}}
    if pool.kubelet:
        spec.setdefault("kubelet", {})["config"] = dict(pool.kubelet)
    # nodeadm-run starts after cloud-final (its systemd unit): the kernel is set before the kubelet looks at it.
    scripts = [linux_script(pool.linux.settings)] if pool.linux else []
    scripts += [compute_mode_script(pool.compute_mode)] if pool.compute_mode else []
    scripts += [seccomp_script()] if pool.seccomp_profile else []
    scripts += [mirrors_script(pool.mirrors)] if pool.mirrors else []
    parts = [f"Content-Type: text/x-shellscript; charset=utf-8\n\n{script}" for script in scripts if script]
    if spec:
        parts.append(f"Content-Type: application/node.eks.aws\n\n{_node_config(spec)}")
    if not parts:
        return None
    joined = "".join(f"--{_BOUNDARY}\n{part}\n" for part in parts)
    return f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{_BOUNDARY}"\n\n{joined}--{_BOUNDARY}--\n'


def _node_config(spec: Mapping[str, Any]) -> str:
    return dump({"apiVersion": "node.eks.aws/v1alpha1", "kind": "NodeConfig", "spec": dict(spec)})


def _node_flags(pool: NodePoolPlan) -> list[str]:
    labels = ",".join(f"{key}={value}" for key, value in pool.labels)
    taints = ",".join(f"{taint.key}={taint.value}:{taint.effect}" for taint in pool.taints)
    return [f"--node-labels={labels}", *([f"--register-with-taints={taints}"] if taints else [])]


def bottlerocket_settings(pool: NodePoolPlan) -> str | None:
    """TOML settings; keys that Bottlerocket does not take are refused by the plan, so none is lost here.

    bottlerocket-os/bottlerocket-project-website, data/settings.
    """
    try:
        lines = settings_lines(pool.kubelet, pool.linux.settings if pool.linux else {})
    except UndeliverableError as error:
        raise InvalidInputError([Problem("kubelet", str(error), "use al2023")]) from error
    lines += _shared_devices(pool)
    lines += mirror_settings(pool.mirrors)
    if pool.disk.local_nvme == "raid0":
        lines += [
            "",
            "[settings.bootstrap-commands.local-nvme]",
            f"commands = {json.dumps(_NVME_COMMANDS)}",
            'mode = "always"',
            "essential = true",
        ]
    return "\n".join(lines).lstrip("\n") + "\n" if lines else None


def _shared_devices(pool: NodePoolPlan) -> list[str]:
    """How the image's own device plugin shares GPUs: turns under the usual resource name, one for each container.

    By default it would rename the resource (bottlerocket-project-website 6102096, data/settings/1.25.x,
    kubelet-device-plugins).
    """
    if pool.sharing is None or pool.sharing.way != "time-slicing":
        return []
    return [
        "",
        "[settings.kubelet-device-plugins.nvidia]",
        'device-sharing-strategy = "time-slicing"',
        "",
        "[settings.kubelet-device-plugins.nvidia.time-slicing]",
        f"replicas = {pool.sharing.replicas}",
        "rename-by-default = false",
        "fail-requests-greater-than-one = true",
    ]
