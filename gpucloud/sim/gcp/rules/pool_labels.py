"""Labels, taints and tags of a pool's nodes.

Sources: Kubernetes, "Labels and selectors" and "Taints and tolerations" for the forms; kubelet's check of --node-labels
(kubernetes pkg/kubelet/apis/well_known_labels.go) for prefixes, since GKE hands labels to it; terraform-provider-
google issue 7928 for the text on taints.
"""

import re
from collections.abc import Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.gcp.node_pools import NODE_POOL, find_cluster, has_accelerators
from gpucloud.sim.gcp.rules.reading import at, items, text
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_BAD = "badRequest"
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_NAME = re.compile(r"[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_DOMAIN = re.compile(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
_FREE = ("kubelet.kubernetes.io", "node.kubernetes.io")
_WELL_KNOWN = frozenset(
    {
        "kubernetes.io/arch",
        "kubernetes.io/hostname",
        "kubernetes.io/os",
        "beta.kubernetes.io/arch",
        "beta.kubernetes.io/instance-type",
        "beta.kubernetes.io/os",
        "failure-domain.beta.kubernetes.io/region",
        "failure-domain.beta.kubernetes.io/zone",
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
    }
)
_TAG = re.compile(r"[a-z]([-a-z0-9]{0,61}[a-z0-9])?")
GPU_TAINT = ("nvidia.com/gpu", "present", "NO_SCHEDULE")


def _is_key(key: str) -> bool:
    prefix, _, name = key.rpartition("/")
    return bool(_NAME.fullmatch(name)) and (not prefix or (len(prefix) <= 253 and bool(_DOMAIN.fullmatch(prefix))))  # noqa: PLR2004


def _is_reserved(key: str) -> bool:
    prefix = key.rpartition("/")[0]
    if not prefix or key in _WELL_KNOWN or any(prefix == free or prefix.endswith(f".{free}") for free in _FREE):
        return False
    return any(prefix == root or prefix.endswith(f".{root}") for root in ("kubernetes.io", "k8s.io"))


def refuse_bad_labels(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse labels that Kubernetes does not take, and those with a prefix that the kubelet may not set."""
    for key, value in (at(inputs, "nodeConfig.labels") or {}).items():
        place = f"nodeConfig.labels.{key}"
        if not _is_key(key):
            yield Refusal(place, _BAD, f"Invalid label key {key!r}.")
        elif _is_reserved(key):
            reason = f"Label key {key!r} is reserved: kubernetes.io and k8s.io prefixes are for Kubernetes itself."
            yield Refusal(place, _BAD, reason)
        if isinstance(value, str) and not _VALUE.fullmatch(value):
            yield Refusal(place, _BAD, f"Invalid label value {value!r} of {key}: at most 63 letters, digits, -, _, .")


def refuse_bad_taints(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse taints that Kubernetes does not take, and two of one key and effect."""
    seen: set[tuple[str, str]] = set()
    for index, taint in enumerate(items(inputs, "nodeConfig.taints")):
        key, value, effect = text(taint, "key"), text(taint, "value"), text(taint, "effect")
        place = f"nodeConfig.taints[{index}]"
        if key and not _is_key(key):
            yield Refusal(f"{place}.key", _BAD, f"Invalid taint key {key!r}.")
        if not _VALUE.fullmatch(value):
            yield Refusal(f"{place}.value", _BAD, f"Invalid taint value {value!r} of {key}.")
        if key and effect and (key, effect) in seen:
            yield Refusal(place, _BAD, f"Found more than one taint with key {key} and effect {effect}.")
        seen.add((key, effect))


def refuse_bad_tags(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse network tags that Compute Engine does not take (API: Instance.tags; 63 characters, RFC 1035)."""
    for index, tag in enumerate(items(inputs, "nodeConfig.tags")):
        if not _TAG.fullmatch(str(tag)):
            reason = f"Invalid tag {tag}: must be no more than 63 characters, lowercase letters, digits and hyphens."
            yield Refusal(f"nodeConfig.tags[{index}]", _BAD, reason)


def refuse_second_gpu_taint(draft: Draft) -> None:
    """Refuse a taint nvidia.com/gpu beside the one that GKE adds itself.

    GKE adds nvidia.com/gpu=present:NoSchedule to a pool with GPUs if the cluster has a pool without (GKE, "Run GPUs in
    Standard node pools"; terraform-google-kubernetes-engine issue 703). A declared taint of that key and effect with
    another value is then a second one. The very same taint is taken: toolkit main.tf declares it on every GPU pool.
    """
    if not has_accelerators(draft.inputs):
        return
    cluster = find_cluster(draft)
    pools = draft.store.find("type = ? AND urn <> ?", NODE_POOL, draft.urn) if cluster else []
    if all(has_accelerators(row.inputs) for row in pools if cluster and row.id.startswith(f"{cluster.id}/")):
        return
    for taint in items(draft.inputs, "nodeConfig.taints"):
        if (text(taint, "key"), text(taint, "effect")) == (GPU_TAINT[0], GPU_TAINT[2]) and text(
            taint, "value"
        ) != GPU_TAINT[1]:
            raise CloudError(_BAD, f"Found more than one taint with key {GPU_TAINT[0]} and effect {GPU_TAINT[2]}.")


INPUT_RULES = (refuse_bad_labels, refuse_bad_taints, refuse_bad_tags)
ACCOUNT_RULES = (refuse_second_gpu_taint,)
