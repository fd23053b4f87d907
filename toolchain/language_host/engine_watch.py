"""Notices that the engine is gone, so that no host and no program outlives it."""

import asyncio
import os

POLL_SECONDS = 0.5


async def engine_gone(parent: int) -> None:
    """Return once the process that started the host is no longer its parent, which happens when that process ends.

    The engine starts a host in a process group of its own: neither Ctrl-C in a terminal nor the death of the engine
    reaches it. PR_SET_PDEATHSIG would be sent at the end of the engine's *thread*, which says nothing in Go.
    """
    while os.getppid() == parent:  # noqa: ASYNC110 - a change of parent raises no event
        await asyncio.sleep(POLL_SECONDS)
