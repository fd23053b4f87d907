"""One child process of the language host."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# The engine gives a language host 5 s between its interrupt and its kill (ExecPlugin in pkg/resource/plugin/plugin.go
# of v3.259.0); a child gets less, so that the host sees its end.
GRACE_SECONDS = 3.0
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """What to start, where, with which environment."""

    arguments: Sequence[str]
    directory: Path
    environment: Mapping[str, str]


class Children:
    """All processes that the host runs now."""

    def __init__(self) -> None:
        self._running: set[asyncio.subprocess.Process] = set()

    @contextlib.asynccontextmanager
    async def start(self, command: ChildCommand, *, capture: bool) -> AsyncIterator[asyncio.subprocess.Process]:
        """Return the running process; when the block is left, on whatever way, the process is over.

        It stays in the host's process group: the engine interrupts, and at last kills, that group as a whole. Without
        `capture` it writes straight to the host's own stdout and stderr, which the engine prints line by line.
        """
        stream = asyncio.subprocess.PIPE if capture else None
        process = await asyncio.create_subprocess_exec(
            *command.arguments,
            cwd=command.directory,
            env=dict(command.environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=stream,
            stderr=stream,
        )
        self._running.add(process)
        try:
            yield process
        finally:
            await asyncio.shield(_stop(process))
            self._running.discard(process)

    async def stop(self) -> None:
        """Interrupt all, wait, and kill those that stay; returns when the last is gone."""
        await asyncio.gather(*(_stop(process) for process in tuple(self._running)))


async def _stop(process: asyncio.subprocess.Process) -> None:
    for number in (signal.SIGINT, signal.SIGKILL):
        if process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(process.wait(), GRACE_SECONDS)


async def merge_output(process: asyncio.subprocess.Process) -> AsyncIterator[tuple[str, bytes]]:
    """Return ("stdout" or "stderr", bytes) pairs in the order in which they arrive, until both streams end."""
    queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(maxsize=64)

    async def pump(name: str, stream: asyncio.StreamReader) -> None:
        while chunk := await stream.read(CHUNK_BYTES):
            await queue.put((name, chunk))
        await queue.put((name, b""))

    if process.stdout is None or process.stderr is None:
        raise RuntimeError("the process was started without captured output")
    pumps = [
        asyncio.create_task(pump("stdout", process.stdout)),
        asyncio.create_task(pump("stderr", process.stderr)),
    ]
    try:
        still_open = len(pumps)
        while still_open:
            name, chunk = await queue.get()
            if chunk:
                yield name, chunk
            else:
                still_open -= 1
    finally:
        for task in pumps:
            task.cancel()
