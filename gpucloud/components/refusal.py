"""How a component says no: the library's own text, without a traceback, before anything is declared."""

from collections.abc import Generator
from contextlib import contextmanager

import pulumi

from gpucloud.errors import GpuCloudError


@contextmanager
def refused_plainly(component: str) -> Generator[None]:
    """Turn what the library refuses into `pulumi.RunError`, whose text the engine prints as it is."""
    try:
        yield
    except GpuCloudError as error:
        raise pulumi.RunError(f"{component}:\n{error}") from None
