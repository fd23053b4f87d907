"""The nodes of a cluster as its cloud would register them, and what the device plugins would then advertise.

Labels and taints are those of the node group's own inputs, with the few that every cloud's kubelets set (Kubernetes,
well-known labels) and the cloud's name of the pool. GPUs count as they are cut and shared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, assert_never

from gpucloud.errors import UnknownNameError
from gpucloud.facts.machine_types import MachineType, general_machine_type, machine_type
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.sim.kubernetes.clusters import AKS, EKS, GKE, Cluster
from gpucloud.sim.kubernetes.control_plane.control_plane import FAKE
from gpucloud.sim.kubernetes.shared_devices import Division, division_of, operator_values
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_CLOUDS: Mapping[str, Cloud] = {EKS: "aws", AKS: "azure", GKE: "gcp"}
_ARCHITECTURES = {"arm64": "arm64", "x86_64": "amd64"}
# API spelling of taint effects (EKS, GKE) to Kubernetes' own.
_EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}
# GKE puts it on nodes of pools with GPUs by itself (hashicorp/terraform-provider-google#7928).
_GKE_TAINT = {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"}
# What kubelets of all clouds allow by default (KubeletConfiguration v1beta1, maxPods).
_PODS = 110


@dataclass(frozen=True, slots=True)
class Played:
    """A Node object, status included; the machine type that it is of where it has accelerators, and their division."""

    node: dict[str, Any]
    machine: MachineType | None
    division: Division


def played_nodes(store: Store, cluster: Cluster) -> Iterator[Played]:
    """Yield a node for every machine that the cluster's groups hold."""
    cloud = _CLOUDS[cluster.row.type]
    operator = operator_values(store, cluster)
    for group in (cluster.row, *cluster.groups):
        held = store.db.execute(
            "SELECT region, zone, machine_type, SUM(nodes) FROM allocation WHERE resource = ? "
            "GROUP BY region, zone, machine_type ORDER BY zone, machine_type",
            (group.seq,),
        ).fetchall()
        for region, zone, machine, count in held:
            for index in range(int(count)):
                yield _node(cloud, group, (str(region), str(zone), str(machine)), index, operator)


def _node(cloud: Cloud, group: Row, place: tuple[str, str, str], index: int, operator: Inputs | None) -> Played:
    region, zone, machine = place
    name = f"{_group_name(group)}-{zone}-{index}".lower().replace("_", "-")
    labels, taints = _given(cloud, group)
    known = _accelerated(cloud, machine)
    division = Division()
    if known is not None:
        count = known.advertised_devices
        division = division_of(cloud, group, labels, known.accelerator, count, operator)
    resources, architecture = _resources(cloud, machine, known, division)
    if cloud == "gcp" and "nvidia.com/gpu" in resources:
        taints = [*taints, _GKE_TAINT]
    node = {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "annotations": dict([FAKE]),
            "labels": {
                **labels,
                "kubernetes.io/arch": architecture,
                "kubernetes.io/hostname": name,
                "kubernetes.io/os": "linux",
                "node.kubernetes.io/instance-type": machine,
                "topology.kubernetes.io/region": region,
                "topology.kubernetes.io/zone": zone,
            },
        },
        "spec": {"taints": taints},
        "status": {"capacity": resources, "allocatable": resources, "nodeInfo": _node_info(architecture)},
    }
    return Played(node, known, division)


def _node_info(architecture: str) -> dict[str, str]:
    empty = ("bootID", "containerRuntimeVersion", "kernelVersion", "kubeProxyVersion", "kubeletVersion", "machineID")
    info = dict.fromkeys((*empty, "osImage", "systemUUID"), "")
    return {**info, "architecture": architecture, "operatingSystem": "linux"}


def _group_name(group: Row) -> str:
    return str(group.outputs.get("nodeGroupName") or group.outputs.get("name") or group.id)


def _given(cloud: Cloud, group: Row) -> tuple[dict[str, str], list[dict[str, str]]]:
    """Labels and taints of a group's inputs, with the label by which the cloud names the group."""
    name, inputs, outputs = _group_name(group), group.inputs, group.outputs
    match cloud:
        case "aws":
            labels = {**_texts(inputs.get("labels")), "eks.amazonaws.com/nodegroup": name}
            return labels, [_spelled(taint) for taint in inputs.get("taints") or []]
        case "azure":
            if group.type == AKS:
                return {"kubernetes.azure.com/mode": "system"}, []
            labels = {**_texts(outputs.get("nodeLabels")), "kubernetes.azure.com/agentpool": name}
            return labels, [_read_taint(text) for text in outputs.get("nodeTaints") or []]
        case "gcp":
            config = inputs.get("nodeConfig") or {}
            labels = {**_texts(config.get("labels")), "cloud.google.com/gke-nodepool": name}
            return labels, [_spelled(taint) for taint in config.get("taints") or []]
        case _:
            assert_never(cloud)


def _texts(labels: Any) -> dict[str, str]:
    return {str(key): str(value) for key, value in (labels or {}).items()}


def _spelled(taint: Inputs) -> dict[str, str]:
    effect = str(taint["effect"])
    return {"key": str(taint["key"]), "value": str(taint.get("value") or ""), "effect": _EFFECTS.get(effect, effect)}


def _read_taint(text: str) -> dict[str, str]:
    pair, _, effect = text.rpartition(":")
    key, _, value = pair.partition("=")
    return {"key": key, "value": value, "effect": effect}


def _accelerated(cloud: Cloud, name: str) -> MachineType | None:
    try:
        return machine_type(cloud, name)
    except UnknownNameError:
        return None


def _resources(cloud: Cloud, name: str, machine: MachineType | None, division: Division) -> tuple[dict[str, str], str]:
    """What a machine has, as a kubelet reports it, and Kubernetes' name of its architecture."""
    if machine is None:
        general = general_machine_type(cloud, name)
        return _sized(general.vcpus, general.memory_mib), _ARCHITECTURES[general.architecture]
    counted = {resource: str(count) for resource, count in division.counts.items()}
    return {**_sized(machine.vcpus, machine.memory_mib), **counted}, _ARCHITECTURES[machine.architecture]


def _sized(vcpus: int, memory_mib: int) -> dict[str, str]:
    return {"cpu": str(vcpus), "memory": f"{memory_mib}Mi", "pods": str(_PODS)}
