"""The life of the host: listen, say the port, serve until told to stop."""

import asyncio
import os
import signal
from collections.abc import Sequence

from pulumi.runtime.proto import language_pb2_grpc

from toolchain.language_host.channel import listen
from toolchain.language_host.engine_watch import engine_gone
from toolchain.language_host.flags import HostFlags, parse_flags
from toolchain.language_host.service import LanguageHost


def main(arguments: Sequence[str]) -> int:
    """Serve until the engine interrupts the host or is gone; returns the exit code."""
    return asyncio.run(_serve(parse_flags(arguments), os.getppid()))


async def _serve(flags: HostFlags, parent: int) -> int:
    loop = asyncio.get_running_loop()
    signals: asyncio.Queue[signal.Signals] = asyncio.Queue()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, signals.put_nowait, number)

    host = LanguageHost(flags)
    server, port = await listen(lambda new: language_pb2_grpc.add_LanguageRuntimeServicer_to_server(host, new))
    print(port, flush=True)  # the first line of stdout is how the engine learns the port

    watch = asyncio.create_task(engine_gone(parent))
    ended_by = asyncio.create_task(signals.get())
    await asyncio.wait({watch, ended_by}, return_when=asyncio.FIRST_COMPLETED)
    await host.stop(interrupted=ended_by.done() and ended_by.result() is signal.SIGINT)
    await server.stop(grace=1.0)
    for task in (watch, ended_by):
        task.cancel()
    return 0
