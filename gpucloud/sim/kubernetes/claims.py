"""Devices by ResourceClaims: what NVIDIA's DRA driver publishes for nodes, where its release is installed."""

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any
from uuid import UUID, uuid5

from gpucloud.facts.accelerators import Accelerator, accelerator
from gpucloud.facts.device_labels import driver_names
from gpucloud.facts.device_mig import MigProfile, mig_profile
from gpucloud.facts.machine_types import MachineType
from gpucloud.sim.kubernetes.clusters import Cluster
from gpucloud.sim.kubernetes.nodes import Played
from gpucloud.sim.kubernetes.releases import RELEASE_TOKEN
from gpucloud.sim.kubernetes.shared_devices import Division
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs

DRA_CHART = "dra-driver-nvidia-gpu"
_DRIVER = "gpu.nvidia.com"
_RESOURCE, _INSTANCE = "nvidia.com/gpu", "nvidia.com/mig-"
_API = "resource.k8s.io/v1"
# Identifiers follow from the node's name: an attribute has 64 characters, and some names of nodes nearly as many.
_DEVICES = UUID("8c1f5bb0-3f0e-5d0c-9a52-6e0b4b1f7a11")
# NVML's names as the driver has them (its go-nvlib, GetArchitectureAsString), where they are not the fact's own word.
_ARCHITECTURES = {"ada-lovelace": "Ada Lovelace", "blackwell-ultra": "Blackwell"}


def _class(name: str, kind: str, **more: str) -> dict[str, Any]:
    expression = f"device.driver == '{_DRIVER}' && device.attributes['{_DRIVER}'].type == '{kind}'"
    spec = {"selectors": [{"cel": {"expression": expression}}], **more}
    return {"apiVersion": _API, "kind": "DeviceClass", "metadata": {"name": name}, "spec": spec}


DEVICE_CLASSES: tuple[Mapping[str, Any], ...] = (
    _class(_DRIVER, "gpu", extendedResourceName=_RESOURCE),
    _class("mig.nvidia.com", "mig"),
    _class("vfio.gpu.nvidia.com", "vfio"),
)
"""Classes of a chart that gives GPUs (kubernetes-sigs/dra-driver-nvidia-gpu v0.4.1, templates/deviceclass-*.yaml)."""


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


def by_claims(played: Iterable[Played]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the nodes without counted GPUs, and a ResourceSlice for each node that has some."""
    bare, slices = [], []
    for entry in played:
        node = entry.node
        capacity = node["status"]["capacity"]
        devices = {key for key in capacity if key == _RESOURCE or key.startswith(_INSTANCE)}
        if entry.machine is not None and devices:
            slices.append(_slice(node["metadata"]["name"], entry.machine, entry.division))
        left = {key: value for key, value in capacity.items() if key not in devices}
        bare.append({**node, "status": {**node["status"], "capacity": left, "allocatable": left}})
    return bare, slices


def _slice(name: str, machine: MachineType, division: Division) -> dict[str, Any]:
    known, part = accelerator(machine.accelerator), Fraction(machine.accelerator_fraction)
    common = _attributes(known, driver_names(known, machine.cloud, part))
    devices: list[dict[str, Any]] = []
    for minor in range(machine.advertised_devices):
        uuid = f"GPU-{uuid5(_DEVICES, f'{name}/{minor}')}"
        cut = division.cut[minor]
        if cut is not None:
            for profile, count in sorted(cut.items()):
                devices += _instances(minor, uuid, mig_profile(machine.accelerator, profile), count, common)
            continue
        attributes = {**common, **_texts(type="gpu", uuid=uuid)}
        capacity = {"memory": {"value": f"{int(known.memory_mib * part)}Mi"}}
        devices.append({"name": f"gpu-{minor}", "attributes": attributes, "capacity": capacity})
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


def _attributes(known: Accelerator, names: tuple[str, ...]) -> dict[str, Any]:
    """What GPUs and their instances have alike (the driver's deviceinfo.go and mig.go), of what facts say."""
    architecture = _ARCHITECTURES.get(known.architecture, known.architecture.capitalize())
    product = names[0] if names else known.product
    version = {"cudaComputeCapability": {"version": f"{known.compute_capability}.0"}}
    return {**_texts(productName=product, architecture=architecture), **version}


def _instances(
    minor: int, uuid: str, profile: MigProfile, count: int, common: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Instances as the driver names them. Their places on the GPU are counted here: no source of ours has NVIDIA's."""
    plain = profile.name.replace(".", "").replace("+", "-").lower()
    for place in range(count):
        texts = _texts(
            type="mig", profile=profile.name, parentUUID=uuid, uuid=f"MIG-{uuid5(_DEVICES, f'{uuid}/{plain}/{place}')}"
        )
        yield {
            "name": f"gpu-{minor}-mig-{plain}-{profile.profile_id or 0}-{place}",
            "attributes": {**common, **texts},
            # As the profile's name has it: what NVML reports is some percent less.
            "capacity": {"memory": {"value": f"{profile.memory_gb}G"}},
        }


def _texts(**values: str) -> dict[str, Any]:
    return {name: {"string": value} for name, value in values.items()}
