"""The disks of a node: the root volume, and what happens to the local NVMe drives that the machine type brings."""

from typing import Annotated, Literal

from pydantic import Field

from gpucloud.spec.document import Document

LocalNvme = Literal["raid0", "raid10", "mount", "none"]
"""`raid0` / `raid10`: one file system over all drives, for images, logs and pods; `mount`: each its own; `none`."""


class RootDiskSpec(Document):
    """The root volume; the defaults suit container images of 10 to 30 GB, whose pull and extraction bound a cold start.

    200 GiB and 600 MiB/s: the floor below which image pulls of that size are disk-bound (pytorch/ci-infra PR 1033).
    """

    size_gib: Annotated[int, Field(ge=200, le=16_384)] = 200
    throughput_mib_s: Annotated[int, Field(ge=600, le=1_000)] = 600
    iops: Annotated[int, Field(ge=3_000, le=16_000)] = 4_000
