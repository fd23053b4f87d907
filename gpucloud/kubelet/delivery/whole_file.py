"""Platforms whose nodes read a KubeletConfiguration of ours: nodeadm, kubeadm and its drop-in, Karpenter's class."""

from collections.abc import Mapping
from typing import Any

import yaml

from gpucloud.facts.kubelet_platforms import KubeletPlatform, kubelet_setting
from gpucloud.kubelet.decoding import API_VERSION, KIND
from gpucloud.kubelet.delivery.delivered import Delivered, Linux, UndeliverableError, Values
from gpucloud.kubelet.delivery.linux_script import LINUX_SCRIPT, linux_documents, read_linux_script
from gpucloud.kubelet.yaml_writing import dump_yaml

NODE_CONFIG = "nodeadm.yaml"
DROP_IN = "50-gpucloud.conf"
PATCH = "kubeletconfiguration+merge.yaml"
NODE_CLASS = "ec2nodeclass.yaml"
_NODEADM = "node.eks.aws/v1alpha1"
_KARPENTER = "karpenter.k8s.aws/v1"
_HEAD = {"apiVersion": API_VERSION, "kind": KIND}


def render_nodeadm(values: Values, linux: Linux) -> Delivered:
    """A NodeConfig part; nodeadm writes it over its own file as a drop-in (awslabs/amazon-eks-ami, nodeadm/doc).

    Kernel settings are a shell part of the same user data.
    """
    _refuse_what_is_not_taken("nodeadm", values)
    config = {"apiVersion": _NODEADM, "kind": "NodeConfig", "spec": {"kubelet": {"config": _plain(values)}}}
    return Delivered("nodeadm", {**linux_documents(linux), **({NODE_CONFIG: dump(config)} if values else {})})


def render_kubeadm(values: Values, linux: Linux) -> Delivered:
    """A patch for `kubeadm init|join --patches`, and the same as a drop-in for `--config-dir` on nodes that run.

    kubeadm applies `kubeletconfiguration+merge.yaml` over the cluster's own configuration; the drop-in is for a kubelet
    that is started with `--config-dir` (stable since 1.35). Kernel settings are a script to run on the node.
    """
    _refuse_what_is_not_taken("kubeadm", values)
    documents: dict[str, str] = {}
    if values:
        text = dump({**_HEAD, **_plain(values)})
        documents = {DROP_IN: text, PATCH: text}
    documents |= linux_documents(linux)
    return Delivered("kubeadm", dict(sorted(documents.items())))


def render_karpenter(values: Values, linux: Linux) -> Delivered:
    """The part of an EC2NodeClass that Karpenter gives to its nodes' kubelets.

    Raises UndeliverableError for kernel settings: they are the business of the class's own user data.
    """
    _refuse_what_is_not_taken("karpenter", values)
    if linux:
        raise UndeliverableError(f"karpenter has no setting for {', '.join(sorted(linux))}")
    node_class = {"apiVersion": _KARPENTER, "kind": "EC2NodeClass", "spec": {"kubelet": _plain(values)}}
    return Delivered("karpenter", {NODE_CLASS: dump(node_class)} if values else {})


def read_nodeadm(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration and the kernel settings of a NodeConfig."""
    found = _load(delivered, NODE_CONFIG)["spec"]["kubelet"]["config"] if NODE_CONFIG in delivered.documents else {}
    return found, _linux(delivered)


def read_kubeadm(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration of the drop-in, and the kernel settings of the script beside it."""
    found = _load(delivered, DROP_IN) if DROP_IN in delivered.documents else {}
    return {key: value for key, value in found.items() if key not in _HEAD}, _linux(delivered)


def read_karpenter(delivered: Delivered) -> tuple[dict[str, Any], dict[str, Any]]:
    """The configuration of an EC2NodeClass."""
    return (_load(delivered, NODE_CLASS)["spec"]["kubelet"], {}) if delivered.documents else ({}, {})


def dump(document: Mapping[str, Any]) -> str:
    """YAML with sorted keys and no line broken."""
    return dump_yaml(document)


def _refuse_what_is_not_taken(platform: KubeletPlatform, values: Values) -> None:
    lacking = sorted(field for field in values if kubelet_setting(platform, field) is None)
    if lacking:
        raise UndeliverableError(f"{platform} does not take {', '.join(lacking)}")


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    return [_plain(entry) for entry in value] if isinstance(value, list | tuple) else value


def _load(delivered: Delivered, name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(str(delivered.documents[name]))
    return found


def _linux(delivered: Delivered) -> dict[str, Any]:
    return read_linux_script(str(delivered.documents.get(LINUX_SCRIPT, "")))
