"""Platforms whose nodes read a KubeletConfiguration of ours: nodeadm, kubeadm and its drop-in, Karpenter's class."""

from collections.abc import Mapping
from typing import Any

import yaml

from gpucloud.kubelet.decoding import API_VERSION, KIND
from gpucloud.kubelet.delivery.delivered import Delivered, Linux, Values

NODE_CONFIG = "nodeadm.yaml"
DROP_IN = "50-gpucloud.conf"
PATCH = "kubeletconfiguration+merge.yaml"
NODE_CLASS = "ec2nodeclass.yaml"
_SYSCTL_FILE = "sysctl.d-50-gpucloud.conf"
_NODEADM = "node.eks.aws/v1alpha1"
_KARPENTER = "karpenter.k8s.aws/v1"
_HEAD = {"apiVersion": API_VERSION, "kind": KIND}


def render_nodeadm(values: Values, linux: Linux) -> Delivered:
    """A NodeConfig part; nodeadm writes it over its own file as a drop-in (awslabs/amazon-eks-ami, nodeadm/doc)."""
    del linux
    config = {"apiVersion": _NODEADM, "kind": "NodeConfig", "spec": {"kubelet": {"config": _plain(values)}}}
    return Delivered("nodeadm", {NODE_CONFIG: dump(config)} if values else {})


def render_kubeadm(values: Values, linux: Linux) -> Delivered:
    """A patch for `kubeadm init|join --patches`, and the same as a drop-in for `--config-dir` on nodes that run.

    kubeadm applies `kubeletconfiguration+merge.yaml` over the cluster's own configuration; the drop-in is for a kubelet
    that is started with `--config-dir` (stable since 1.35). Sysctls are a file for /etc/sysctl.d.
    """
    documents: dict[str, str] = {}
    if values:
        text = dump({**_HEAD, **_plain(values)})
        documents = {DROP_IN: text, PATCH: text}
    sysctls = {name: value for name, value in linux.items() if "." in name or "/" in name}
    if sysctls:
        documents[_SYSCTL_FILE] = "".join(f"{name} = {value}\n" for name, value in sorted(sysctls.items()))
    return Delivered("kubeadm", dict(sorted(documents.items())))


def render_karpenter(values: Values, linux: Linux) -> Delivered:
    """The part of an EC2NodeClass that Karpenter gives to its nodes' kubelets."""
    del linux
    node_class = {"apiVersion": _KARPENTER, "kind": "EC2NodeClass", "spec": {"kubelet": _plain(values)}}
    return Delivered("karpenter", {NODE_CLASS: dump(node_class)} if values else {})


def read_nodeadm(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration and the kernel settings of a NodeConfig."""
    if NODE_CONFIG not in delivered.documents:
        return {}, {}
    return _load(delivered, NODE_CONFIG)["spec"]["kubelet"]["config"], {}


def read_kubeadm(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration of the drop-in, and the sysctls of the file beside it."""
    found = _load(delivered, DROP_IN) if DROP_IN in delivered.documents else {}
    sysctls = str(delivered.documents.get(_SYSCTL_FILE, ""))
    pairs = (line.split(" = ", 1) for line in sysctls.splitlines())
    return {key: value for key, value in found.items() if key not in _HEAD}, dict(pairs)


def read_karpenter(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration of an EC2NodeClass."""
    return (_load(delivered, NODE_CLASS)["spec"]["kubelet"], {}) if delivered.documents else ({}, {})


def dump(document: Mapping[str, Any]) -> str:
    """YAML with sorted keys and no line broken."""
    return yaml.safe_dump(document, sort_keys=True, width=10_000)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _load(delivered: Delivered, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(str(delivered.documents[name]))
    return found
