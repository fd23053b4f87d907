"""Accelerators: what each GPU, Gaudi, Trainium or Inferentia is, whichever cloud or board carries it.

A name is `<model>[-<form factor>]-<memory>gb`: `h100-sxm-80gb`, `a10g-24gb`, `rtx-pro-6000-server-96gb`. The form
factor stands where the model was sold in more than one; SXM carries its generation only where one model had two
(`v100-sxm2-16gb`, `v100-sxm3-32gb`). The memory is the vendor's own figure for the product, per device. Names are
compared whole: a part of one proves nothing (`gb200` holds `b200`, `a10g` begins with `a10`).
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import flag, nearest_names, read_table

Vendor = Literal["nvidia", "amd", "habana", "aws"]
OpenKernelModule = Literal["required", "supported", "unsupported"]


@dataclass(frozen=True, slots=True)
class Accelerator:
    """One accelerator product, as one device of it appears to a node.

    Attributes:
        name: The project's own name, see the module.
        vendor: Whose driver and device plugin serve it.
        product: The vendor's name.
        architecture: The vendor's name of the chip family, in lower case.
        memory_mib: The product's stated memory. Drivers and cloud APIs report up to 8 % less (ECC, reserved pages),
            so compare with a tolerance. It says 1 GB = 1024 MiB, as every vendor's sheet for these products does.
        compute_capability: CUDA compute capability such as `9.0`; None where the vendor is not NVIDIA.
        gfx_target: LLVM target such as `gfx942`; None where the vendor is not AMD.
        mig_capable: Whether NVIDIA's MIG guide or mig-parted lists it.
        fabric_manager: Whether the node itself must run NVIDIA Fabric Manager, because the boards that carry this
            product have NVSwitches. False for NVL72 racks, whose fabric manager runs on the switch trays.
        open_kernel_module: Whether NVIDIA's open kernel module is `required`, `supported` or `unsupported`; None
            where the vendor is not NVIDIA.
        resource_name: What the vendor's device plugin advertises to Kubernetes.
        source: Where the row comes from.
        origins: How many independent origins confirm the memory; documents that copy each other count once.
        note: What a reader must know and no other column says.
    """

    name: str
    vendor: Vendor
    product: str
    architecture: str
    memory_mib: int
    compute_capability: str | None
    gfx_target: str | None
    mig_capable: bool
    fabric_manager: bool
    open_kernel_module: OpenKernelModule | None
    resource_name: str
    source: str
    origins: int
    note: str

    @property
    def is_instinct(self) -> bool:
        """Whether it is one of AMD's data-centre GPUs (CDNA), which are what AMD's operator is for."""
        return self.vendor == "amd" and self.architecture.startswith("cdna")


def accelerators() -> tuple[Accelerator, ...]:
    """Return every accelerator, sorted by name."""
    return tuple(_by_name().values())


def accelerator(name: str) -> Accelerator:
    """Return the accelerator of that exact name; raise UnknownNameError with the nearest names otherwise."""
    found = _by_name().get(name)
    if found is None:
        raise UnknownNameError("accelerator", name, nearest_names(name, _by_name()))
    return found


@cache
def _by_name() -> dict[str, Accelerator]:
    return {
        row["name"]: Accelerator(
            name=row["name"],
            vendor=cast("Vendor", row["vendor"]),
            product=row["product"],
            architecture=row["architecture"],
            memory_mib=int(row["memory_mib"]),
            compute_capability=row["compute_capability"] or None,
            gfx_target=row["gfx_target"] or None,
            mig_capable=flag(row["mig_capable"]),
            fabric_manager=flag(row["fabric_manager"]),
            open_kernel_module=cast("OpenKernelModule | None", row["open_kernel_module"] or None),
            resource_name=row["resource_name"],
            source=row["source"],
            origins=int(row["origins"]),
            note=row["note"],
        )
        for row in read_table("accelerators")
    }
