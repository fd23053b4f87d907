"""One child process of the language host."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

# How a child is asked to end, and how long each request may take. The engine gives a language host 5 s between its own
# interrupt and its kill (ExecPlugin in pkg/resource/plugin/plugin.go of v3.259.0); these are less together, so that
# the host sees the child's end. After a refused preview a program hangs in its last call to the engine, deaf to the
# interrupt, until it is terminated: the first wait is one that a person notices.
REQUESTS_TO_END = ((signal.SIGINT, 1.0), (signal.SIGTERM, 1.0), (signal.SIGKILL, 2.0))
# The engine first cancels by a call and then interrupts the process group, children included. A second interrupt would
# hit a program in the middle of ending itself, so the call waits for the group's.
SECONDS_TO_GROUP_INTERRUPT = 0.5
CHUNK_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class ChildCommand:
    """What to start, where, with which environment."""

    arguments: Sequence[str]
    directory: Path
    environment: Mapping[str, str]


class Children:
    """All processes that the host runs now, each interrupted at most once."""

    def __init__(self) -> None:
        self._running: set[asyncio.subprocess.Process] = set()
        self._interrupted: set[asyncio.subprocess.Process] = set()

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
            await asyncio.shield(self._stop(process))
            self._running.discard(process)
            self._interrupted.discard(process)

    async def cancel(self) -> None:
        """End all after the engine's call; its interrupt of the whole group is expected right behind it."""
        await asyncio.sleep(SECONDS_TO_GROUP_INTERRUPT)
        await self.stop()

    async def stop(self, *, interrupted: bool = False) -> None:
        """Interrupt all (unless they were, with the group), wait, then terminate and kill those that stay."""
        if interrupted:
            self._interrupted |= self._running
        await asyncio.gather(*(self._stop(process) for process in tuple(self._running)))

    async def _stop(self, process: asyncio.subprocess.Process) -> None:
        for number, seconds in REQUESTS_TO_END:
            if process.returncode is not None:
                return
            if number is not signal.SIGINT or process not in self._interrupted:
                self._interrupted.add(process)
                with contextlib.suppress(ProcessLookupError):
                    process.send_signal(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(process.wait(), seconds)


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
