"""One policy pack that is a directory: its process behind the proxy, and its output as the engine's stream."""

import asyncio
import os
from collections.abc import AsyncIterator

from pulumi.runtime.proto import language_pb2

from toolchain.language_host.child import Children, merge_output
from toolchain.language_host.policy_proxy import PolicyProxy
from toolchain.language_host.runtime_options import RuntimeOptions
from toolchain.language_host.source_plugin import policy_pack_command, request_environment


async def run_policy_pack(
    children: Children, request: language_pb2.RunPluginRequest, options: RuntimeOptions
) -> AsyncIterator[language_pb2.RunPluginResponse]:
    """Return the pack's output; the first line of stdout is the proxy's port in place of the pack's own."""
    proxy = PolicyProxy()
    await proxy.start()
    try:
        yield language_pb2.RunPluginResponse(stdout=f"{proxy.port}\n".encode())
        stack = await proxy.stack()
        command = policy_pack_command(request, options, os.environ | request_environment(request), stack)
        async with children.start(command, capture=True) as process:
            attaching: asyncio.Task[None] | None = None
            first_line = b""
            async for name, chunk in merge_output(process):
                if name == "stderr":
                    yield language_pb2.RunPluginResponse(stderr=chunk)
                    continue
                if attaching is not None:
                    yield language_pb2.RunPluginResponse(stdout=chunk)
                    continue
                line, newline, rest = (first_line + chunk).partition(b"\n")
                if not newline:
                    first_line = line
                elif line.strip().isdigit():
                    attaching = asyncio.create_task(proxy.attach(int(line)))
                    if rest:
                        yield language_pb2.RunPluginResponse(stdout=rest)
                else:
                    # A print before the pack listens: shown, and the next line is tried.
                    yield language_pb2.RunPluginResponse(stdout=line + newline)
                    first_line = rest
            code = await process.wait()
            proxy.refuse(f"the policy pack ended with exit code {code}")
            yield language_pb2.RunPluginResponse(exitcode=code)
    finally:
        await proxy.stop()
