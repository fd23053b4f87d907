"""What nodes of a pool look like to Kubernetes: labels, taints, and the resources that they bring."""

from collections.abc import Mapping, Sequence

from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_identity import device_identity
from gpucloud.facts.machine_types import Fabric, MachineType
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.device_plugin import DEVICE_PLUGIN_LABEL, configuration_name
from gpucloud.plan.mig_manager import mig_configuration
from gpucloud.plan.model import DiskPlan, MachinePlan, SoftwarePlan, TaintPlan
from gpucloud.plan.sharing_model import SharingPlan
from gpucloud.spec.node_pool import NodePoolSpec

LABEL_PREFIX = "gpucloud.io/"
POOL_LABEL = f"{LABEL_PREFIX}pool"
ACCELERATOR_LABEL = f"{LABEL_PREFIX}accelerator"
FABRIC_LABEL = f"{LABEL_PREFIX}fabric"

FABRIC_RESOURCE: Mapping[Fabric, str] = {"efa": "vpc.amazonaws.com/efa"}
# Takes GKE's device plugin, and with it GKE's driver, off a node (NVIDIA/aicr#2047, nvidia-terraform-modules:gke).
NO_GKE_PLUGIN = ("gke-no-default-nvidia-gpu-device-plugin", "true")
# Keeps the NVIDIA operator off a node, where another pool of the cluster has brought it (NVIDIA GPU Operator
# documentation, "Preventing Installation of Operands on Some Nodes"): GKE's own driver would have a second owner there.
NO_OPERANDS = ("nvidia.com/gpu.deploy.operands", "false")
OPERANDS = "nvidia.com/gpu.deploy."
# GKE puts it on every node with an Arm processor (GKE documentation, "Prepare an Arm workload for deployment").
ARM_TAINT = TaintPlan("kubernetes.io/arch", "arm64", "NoSchedule", set_by_cloud=True)
# Tells the operator's MIG manager how to cut the node's GPUs (NVIDIA/mig-parted, config-default.yaml).
MIG_LABEL = "nvidia.com/mig.config"


def plan_labels(  # noqa: PLR0913, PLR0917  # all that labels say
    cloud: Cloud,
    pool: NodePoolSpec,
    machine: MachinePlan,
    fabric: Fabric,
    sharing: SharingPlan | None,
    software: SoftwarePlan,
) -> tuple[tuple[str, str], ...]:
    """Labels sorted by key: the person's, and those by which the library and the autoscaler find the pool's nodes.

    AKS and GKE put the autoscaler's label on nodes by themselves. Neuron nodes and those with unlike MIG instances have
    none: the autoscaler would wait for ever for a resource that it knows (kubernetes/autoscaler@55c37cd,
    processors/customresources/gpu_processor.go).
    """
    own = {POOL_LABEL: pool.name, ACCELERATOR_LABEL: machine.accelerator, FABRIC_LABEL: fabric}
    if sharing is None or not sharing.layout:
        own |= {
            label.key: label.value
            for label in device_identity(machine.accelerator, cloud).autoscaler_labels
            if label.set_by == "node-pool"
        }
    if cloud == "gcp":
        own |= dict([NO_OPERANDS if pool.driver_owner == "vendor" else NO_GKE_PLUGIN])
    if machine.resource_name == "nvidia.com/gpu" and own.get(NO_OPERANDS[0]) is None:
        own |= _kept_off(software)
    configuration = mig_configuration(sharing)
    if cloud == "aws" and configuration is not None:
        own[MIG_LABEL] = configuration
    configuration = configuration_name(sharing, software)
    if configuration is not None:
        own[DEVICE_PLUGIN_LABEL] = configuration
    return tuple(sorted((pool.labels | own).items()))


def _kept_off(software: SoftwarePlan) -> dict[str, str]:
    """What keeps those parts of NVIDIA's operator off a node that the node has already.

    They say so whether or not another pool of the cluster gets them from the operator, so that adding one changes
    nothing here (NVIDIA/gpu-operator v26.7.0, controllers/state_manager.go: gpuStateLabels).
    """
    has = {
        "driver": software.driver != "operator",
        "container-toolkit": software.toolkit != "operator",
        "device-plugin": software.device_plugin == "cloud",
    }
    return {f"{OPERANDS}{part}": "false" for part, there in has.items() if there}


def labels_for_scheduling(labels: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    """The labels that a pod may ask for: those by which NVIDIA's operator places its own parts are left out."""
    return tuple((key, value) for key, value in labels if not key.startswith(OPERANDS))


def plan_taints(cloud: Cloud, pool: NodePoolSpec, machine: MachinePlan) -> tuple[TaintPlan, ...]:
    """Taints sorted by key and effect; the accelerator's own taint is named after its resource.

    GKE puts that one on every node with GPUs by itself, and refuses or doubles it where it is declared again
    (terraform-provider-google#7928).
    """
    taints = {(taint.key, taint.effect): TaintPlan(taint.key, taint.value, taint.effect) for taint in pool.taints}
    if pool.gpu_taint:
        own = TaintPlan(machine.resource_name, "present", "NoSchedule", set_by_cloud=cloud == "gcp")
        taints.setdefault((own.key, own.effect), own)
    if cloud == "gcp" and machine.architecture == "arm64":
        taints.setdefault((ARM_TAINT.key, ARM_TAINT.effect), ARM_TAINT)
    return tuple(taints[key] for key in sorted(taints))


def plan_node_resources(
    pool: NodePoolSpec, machine: MachineType, devices: Sequence[tuple[str, int]], disk: DiskPlan, fabric: Fabric
) -> tuple[tuple[str, str], ...]:
    """Extended resources of one node, sorted: what an autoscaler must be told while the pool has no node to look at.

    `devices` are what its device plugin advertises: resource names and numbers.
    """
    resources = {name: str(count) for name, count in devices}
    resources["ephemeral-storage"] = f"{_ephemeral_gib(pool, machine, disk)}Gi"
    if fabric in FABRIC_RESOURCE:
        resources[FABRIC_RESOURCE[fabric]] = str(machine.fabric_nics)
    return tuple(sorted(resources.items()))


def _ephemeral_gib(pool: NodePoolSpec, machine: MachineType, disk: DiskPlan) -> int:
    """GiB that pods can fill: the NVMe array where it holds the kubelet's files, else the root volume."""
    array = machine.local_nvme_gb * 10**9 // 2**30
    match disk.local_nvme:
        case "raid0" if array:
            return array
        case "raid10" if array:
            return array // 2
        case _:
            return pool.root_disk.size_gib


def accelerator_vendor(machine: MachineType) -> str:
    """Vendor of a machine type's accelerator: `nvidia`, `amd`, `habana` or `aws`."""
    return accelerator(machine.accelerator).vendor
