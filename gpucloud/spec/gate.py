"""The gate after a deployment: what makes an update fail while the accelerators of a pool cannot be used."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from gpucloud.spec.document import Document

ImageReference = Annotated[
    str,
    Field(
        pattern=r"^([a-z0-9-]+(\.[a-z0-9-]+)+(:\d+)?|[a-z0-9-]+:\d+)(/[a-z0-9._-]+)+(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$",
        max_length=400,
    ),
]
"""An image with its registry: `nvcr.io/nvidia/cuda:13.0.0-base-ubuntu22.04`."""


class GateSpec(Document):
    """A Job for every pool that keeps a node: it asks for the node's accelerators and looks at what it was given."""

    allow_skipped: bool = False
    """Let pools pass unseen that the gate cannot look at, such as those at zero nodes. Otherwise they are refused."""
    deadline_seconds: Annotated[int, Field(ge=60, le=21_600)] = 1_800
    """How long a Job may take, with the time until a node is free and its driver is installed."""
    nvidia_image: ImageReference | None = None
    """What runs on NVIDIA GPUs: any image with glibc and a shell, `nvidia-smi` comes from the node. Left out: CUDA's
    base image, see `gpucloud stack images`."""
    amd_image: ImageReference | None = None
    """What runs on AMD GPUs: any image with a shell. Left out: busybox."""


def _expand_switch(value: object) -> object:
    """Let `true` stand for `{}` and `false` for none."""
    if isinstance(value, bool):
        return {} if value else None
    return value


GateField = Annotated[GateSpec | None, BeforeValidator(_expand_switch, json_schema_input_type=bool | GateSpec | None)]
