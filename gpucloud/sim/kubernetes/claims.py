"""Devices by ResourceClaims: what NVIDIA's DRA driver publishes for nodes, where its release is installed."""

from collections.abc import Iterable, Mapping
from typing import Any

from gpucloud.facts.accelerators import accelerator
from gpucloud.sim.kubernetes.clusters import Cluster
from gpucloud.sim.kubernetes.releases import RELEASE_TOKEN
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs

DRA_CHART = "dra-driver-nvidia-gpu"
_DRIVER = "gpu.nvidia.com"
_RESOURCE, _INSTANCE = "nvidia.com/gpu", "nvidia.com/mig-"
_API = "resource.k8s.io/v1"
_ACCELERATOR_LABEL = "gpucloud.io/accelerator"

DEVICE_CLASS: Mapping[str, Any] = {
    "apiVersion": _API,
    "kind": "DeviceClass",
    "metadata": {"name": _DRIVER},
    "spec": {
        "extendedResourceName": _RESOURCE,
        "selectors": [
            {"cel": {"expression": f"device.driver == '{_DRIVER}' && device.attributes['{_DRIVER}'].type == 'gpu'"}}
        ],
    },
}
"""The class of whole GPUs (kubernetes-sigs/dra-driver-nvidia-gpu v0.4.1, templates/deviceclass-gpu.yaml)."""


def gives_gpus(values: Inputs) -> bool:
    """Return whether a release of the DRA driver with these values gives GPUs."""
    return bool(((values.get("resources") or {}).get("gpus") or {}).get("enabled"))


def claims_gpus(store: Store, cluster: Cluster) -> bool:
    """Return whether a release of the DRA driver gives this cluster's GPUs."""
    return any(
        row.scope in cluster.scopes
        and str(row.inputs.get("chart", "")).rpartition("/")[2] == DRA_CHART
        and gives_gpus(row.inputs.get("values") or {})
        for row in store.find("type = ? AND status = 'active'", RELEASE_TOKEN)
    )


def by_claims(nodes: Iterable[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the nodes without counted GPUs, and a ResourceSlice for each node that had some."""
    bare, slices = [], []
    for node in nodes:
        capacity = node["status"]["capacity"]
        devices = {key: int(value) for key, value in capacity.items() if key == _RESOURCE or key.startswith(_INSTANCE)}
        if any(devices.values()):
            slices.append(_slice(node, sum(devices.values())))
        left = {key: value for key, value in capacity.items() if key not in devices}
        bare.append({**node, "status": {**node["status"], "capacity": left, "allocatable": left}})
    return bare, slices


def _slice(node: Mapping[str, Any], count: int) -> dict[str, Any]:
    """Devices with the attributes and the capacity that the driver gives whole GPUs (its deviceinfo.go)."""
    name = node["metadata"]["name"]
    kind = node["metadata"]["labels"].get(_ACCELERATOR_LABEL)
    known = accelerator(kind) if kind else None
    attributes: dict[str, Any] = {"type": {"string": "gpu"}}
    if known is not None:
        attributes |= {"productName": {"string": known.product}, "architecture": {"string": known.architecture}}
    capacity = {"memory": {"value": f"{known.memory_mib}Mi"}} if known is not None else {}
    devices = [
        {
            "name": f"gpu-{index}",
            "attributes": {**attributes, "uuid": {"string": f"{name}-{index}"}},
            "capacity": capacity,
        }
        for index in range(count)
    ]
    return {
        "apiVersion": _API,
        "kind": "ResourceSlice",
        "metadata": {"name": f"{name}-{_DRIVER}"},
        "spec": {
            "driver": _DRIVER,
            "nodeName": name,
            "pool": {"name": name, "generation": 1, "resourceSliceCount": 1},
            "devices": devices,
        },
    }
