"""The disks of a node: the root volume, and what happens to the local NVMe drives that the machine type brings."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.spec.document import Document

LocalNvme = Literal["raid0", "raid10", "mount", "none"]
"""`raid0` / `raid10`: one file system over all drives, for images, logs and pods; `mount`: each its own; `none`."""


# EBS: a gp3 volume has 1 MiB/s for every 4 IOPS, and 500 IOPS for every GiB, of which 3,000 come with any size
# (EBS User Guide, as https://jayendrapatil.com/tag/ebs-io1/ restates it; https://github.com/runs-on/runs-on/issues/260).
_IOPS_PER_MIB_S = 4
_IOPS_PER_GIB = 500


class RootDiskSpec(Document):
    """The root volume; the defaults suit container images of 10 to 30 GB, whose pull and extraction bound a cold start.

    200 GiB and 600 MiB/s: below that, pulls of such images are disk-bound (pytorch/ci-infra PR 1033). Pools with small
    images may take less, as little as gp3 has: 125 MiB/s and 3,000 IOPS. 20 GiB is what EKS gives a node where nobody
    says a size (botocore, EKS CreateNodegroup.diskSize). Refused is what EBS would refuse at the first node: more
    throughput than the IOPS carry, and more IOPS than the size carries.
    """

    size_gib: Annotated[int, Field(ge=20, le=16_384)] = 200
    throughput_mib_s: Annotated[int, Field(ge=125, le=1_000)] = 600
    """At most a quarter of `iops`."""
    iops: Annotated[int, Field(ge=3_000, le=16_000)] = 4_000
    """At most 500 for each GiB."""

    @model_validator(mode="after")
    def _performance_is_carried(self) -> Self:
        if self.throughput_mib_s * _IOPS_PER_MIB_S > self.iops:
            raise PydanticCustomError(
                "disk_throughput",
                "{iops} IOPS carry {carried} MiB/s, EBS refuses a volume with {throughput}",
                {
                    "iops": self.iops,
                    "carried": self.iops // _IOPS_PER_MIB_S,
                    "throughput": self.throughput_mib_s,
                    "fix": f"set `iops` to {self.throughput_mib_s * _IOPS_PER_MIB_S} or more, or lower the throughput",
                },
            )
        if self.iops > self.size_gib * _IOPS_PER_GIB:
            raise PydanticCustomError(
                "disk_iops",
                "{size} GiB carry {carried} IOPS, EBS refuses a volume with {iops}",
                {
                    "size": self.size_gib,
                    "carried": self.size_gib * _IOPS_PER_GIB,
                    "iops": self.iops,
                    "fix": f"set `size_gib` to {-(-self.iops // _IOPS_PER_GIB)} or more, or lower `iops`",
                },
            )
        return self
