"""Why no pool is planned with NVIDIA vGPU, and what gives a part of a GPU instead."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import AzureMachine
from gpucloud.plan.rules.context import PoolContext
from gpucloud.spec.sharing import Vgpu

_WHOLE = "leave `sharing` out: the node counts the part as one device"


def vgpu_is_made_by_a_hypervisor(context: PoolContext) -> Iterator[Problem]:
    """A vGPU is cut by the host's driver, which the clouds keep to themselves; a guest has what its machine type says.

    NVIDIA/cloud-native-docs 52dcb7b, gpu-operator/install-gpu-operator-vgpu.rst: the host driver is installed on all
    hypervisors beforehand; the operator then wants a guest driver in an image of one's own, which may not be public,
    and a token of a license service. Clouds whose machine types are parts of a GPU bring guest driver and license:
    Azure/AgentBaker (GRID sizes) and Azure's size pages ("comes with a GRID license"), amazon-eks-ami 81fec2e
    (nvidia-kmod-load.sh) for g6f.
    """
    machine = context.machine
    if machine is None or not isinstance(context.pool.sharing, Vgpu):
        return
    cloud = context.place.cloud
    if isinstance(machine.vendor, AzureMachine) and machine.vendor.driver_kind == "grid":
        part = _part(machine)
        yield context.problem(
            "sharing",
            f"{machine.name} has {part} as a vGPU already, with the GRID driver and license that AKS and Azure bring; "
            "the operator's guest driver and another license would be a second owner",
            f"{_WHOLE}; driver_owner stays `vendor`",
        )
    elif machine.accelerator_count == 0:
        by = {"aws": "EKS's image loads the GRID driver of EC2 for it", "azure": "AKS has no NVIDIA driver for it",
              "gcp": "GKE installs the driver for it"}[cloud]  # fmt: skip
        yield context.problem(
            "sharing",
            f"{machine.name} has {_part(machine)} already, cut by the cloud; {by}, no source says that the operator's "
            "guest driver works there",
            _WHOLE,
        )
    else:
        yield context.problem(
            "sharing",
            f"{machine.name} passes whole GPUs to its guest, which cannot cut them into vGPUs: that takes NVIDIA's "
            "driver on the hypervisor",
            "use MIG, MPS or time slicing, or a machine type that is a part of a GPU",
        )


def _part(machine: MachineType) -> str:
    return f"{machine.accelerator_fraction if machine.accelerator_count == 0 else 'all'} of its {machine.accelerator}"
