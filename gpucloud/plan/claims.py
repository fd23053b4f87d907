"""Device classes and claim templates of a cluster whose GPUs are claimed: how pods ask for the GPUs of one kind.

Devices carry no label of their node: a class says what kind of device, and the pod's node selector which pool. Two
pools with equal GPUs have one class. What the driver publishes of a device, and which of its classes is the bridge of
`nvidia.com/gpu`: kubernetes-sigs/dra-driver-nvidia-gpu v0.4.1, cmd/gpu-kubelet-plugin/deviceinfo.go, mig.go and
templates/deviceclass-gpu.yaml.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_labels import driver_names
from gpucloud.facts.device_mig import MigProfile, mig_profile, profile_names
from gpucloud.facts.feature_gates import feature_gate, gate_minors
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.stack_model import ManifestPlan
from gpucloud.spec.cluster import GpuStackSpec

_API = "resource.k8s.io/v1"
_DRIVER = "gpu.nvidia.com"
_MIG_RESOURCE = "nvidia.com/mig-"
_BRIDGE = "DRAExtendedResource"
MOST_DEVICES = 32
"""Devices of one claim (k8s.io/api v0.36.3, resource/v1/types.go, AllocationResultsMaxSize)."""


@dataclass(frozen=True, slots=True)
class DeviceKind:
    """What the devices of a pool are: whole GPUs, equal parts of one as the cloud sells them, or MIG instances.

    `names` is what the driver calls the product; `counts` are the devices of a node, of the pools that have them.
    """

    accelerator: str
    part: str
    profile: MigProfile | None
    names: tuple[str, ...]
    counts: tuple[int, ...]

    @property
    def class_name(self) -> str:
        """The name of the device class: `gpucloud-h100-sxm-80gb`, with `-1g.10gb` for instances, `-1of2` for parts."""
        part = "" if self.part == "1" else f"-{self.part.replace('/', 'of')}"
        profile = f"-{self.profile.resource_name.removeprefix(_MIG_RESOURCE)}" if self.profile else ""
        return f"gpucloud-{self.accelerator}{part}{profile}"

    def template_name(self, count: int) -> str:
        """The name of the template for so many devices: the class's, with `-x8` for more than one."""
        return self.class_name if count == 1 else f"{self.class_name}-x{count}"


def device_kinds(pools: Sequence[NodePoolPlan]) -> tuple[DeviceKind, ...]:
    """The kinds of claimed devices, sorted by name; one whose driver name no source has has no names."""
    counts: dict[tuple[str, str, str], set[int]] = {}
    clouds = {}
    for pool in pools:
        for profile in _profiles(pool) if pool.software.device_plugin == "dra" else ():
            key = (pool.machine.accelerator, pool.machine.accelerator_fraction, profile)
            counts.setdefault(key, set()).add(pool.machine.devices_per_node)
            clouds[key] = pool.cloud
    found = (_kind(*key, clouds[key], counts[key]) for key in counts)
    return tuple(sorted(found, key=lambda kind: kind.class_name))


def _profiles(pool: NodePoolPlan) -> set[str]:
    """The profiles of a pool's instances; an empty word for whole GPUs."""
    if pool.sharing is None:
        return {""}
    groups = pool.sharing.layout
    return {name for group in groups for name, _ in group.instances} if groups else {pool.sharing.profile or ""}


def _kind(name: str, part: str, profile: str, cloud: str, counts: set[int]) -> DeviceKind:
    return DeviceKind(
        accelerator=name,
        part=part,
        profile=mig_profile(name, profile) if profile else None,
        names=driver_names(accelerator(name), cloud, Fraction(part)),
        counts=tuple(sorted(counts)),
    )


def claim_manifests(
    stack: GpuStackSpec | None, pools: Sequence[NodePoolPlan], version: str | None
) -> tuple[ManifestPlan, ...]:
    """Classes of all kinds, and templates in the namespaces that the stack names; none without claimed GPUs.

    `version` is the cluster's minor, None where it is not known: then there is no class for the bridge of resources.
    Raises InvalidInputError for templates that no device could meet.
    """
    if stack is None:
        return ()
    kinds = [kind for kind in device_kinds(pools) if kind.names]
    if stack.claims is not None and not kinds:
        problem = "none of the pools has GPUs that are claimed and known by name, no device would ever meet a claim"
        raise InvalidInputError(
            [Problem("gpu_stack.claims", problem, "leave claims out, or plan pools that claim GPUs")]
        )
    found = [_class(kind.class_name, _of_kind(kind)) for kind in kinds]
    if has_bridge(version):
        found += _mig_bridges(kinds)
    if stack.claims is not None:
        namespaces = sorted(set(stack.claims.namespaces))
        if stack.claims.make_namespaces:
            found += (ManifestPlan(name, None, "v1", "Namespace", {}) for name in namespaces)
        found += (template for name in namespaces for kind in kinds for template in _templates(kind, name))
    return tuple(found)


def has_bridge(version: str | None) -> bool:
    """Whether pods of that minor that ask for a class's extended resource get claimed devices without being told to.

    Where the gate is off the API server drops the field (k8s.io/kubernetes, registry/resource/deviceclass/strategy.go).
    """
    if version is None:
        return False
    minor = min(int(version.split(".")[1]), gate_minors()[-1])
    gate = feature_gate(minor, _BRIDGE) if minor in gate_minors() else None
    return gate is not None and gate.default


def _mig_bridges(kinds: Sequence[DeviceKind]) -> Iterator[ManifestPlan]:
    """A class for each profile, whatever GPU it is of: of two classes with one resource the newer alone would count.

    k8s.io/api v0.36.3, resource/v1/types.go, ExtendedResourceName. Whole GPUs have theirs by the driver's own class,
    which is not to be had without; it has no instances.
    """
    profiles = {kind.profile.resource_name: kind.profile for kind in kinds if kind.profile is not None}
    for resource, profile in sorted(profiles.items()):
        name = f"gpucloud-{resource.removeprefix('nvidia.com/')}"
        yield _class(name, f"{_is('mig')} && {_profile(profile)}", extendedResourceName=resource)


def _class(name: str, expression: str, **more: str) -> ManifestPlan:
    spec = {"selectors": [{"cel": {"expression": expression}}], **more}
    return ManifestPlan(name, None, _API, "DeviceClass", spec, after_releases=True)


def _of_kind(kind: DeviceKind) -> str:
    named = f"{_attribute('productName')} in [{_quoted(kind.names)}]"
    if kind.profile is None:
        return f"{_is('gpu')} && {named}"
    return f"{_is('mig')} && {named} && {_profile(kind.profile)}"


def _is(kind: str) -> str:
    # The driver first: an attribute that a device has not is an error, and ends the search for devices.
    return f"device.driver == '{_DRIVER}' && {_attribute('type')} == '{kind}'"


def _profile(profile: MigProfile) -> str:
    return f"{_attribute('profile')} in [{_quoted(profile_names(profile))}]"


def _attribute(name: str) -> str:
    return f"device.attributes['{_DRIVER}'].{name}"


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _templates(kind: DeviceKind, namespace: str) -> Iterator[ManifestPlan]:
    """For one device, and for all of a node where these are whole GPUs.

    Counted, not `allocationMode: All`: that one takes 7 of 8 on a node that lost one, and any smaller node. No
    `matchAttribute`: GPUs of a node have several PCIe roots, and no network driver of the stack publishes its own.
    """
    whole = kind.counts if kind.profile is None else ()
    for count in sorted({1, *(count for count in whole if count <= MOST_DEVICES)}):
        spec, name = claim_spec(kind.class_name, count), kind.template_name(count)
        yield ManifestPlan(name, namespace, _API, "ResourceClaimTemplate", spec, after_releases=True)


def claim_spec(device_class: str, count: int, request: str = "gpus") -> dict[str, Any]:
    """The spec of a ResourceClaimTemplate for so many devices of a class, which are all of one node."""
    exactly = {"deviceClassName": device_class, "allocationMode": "ExactCount", "count": count}
    return {"spec": {"devices": {"requests": [{"name": request, "exactly": exactly}]}}}
