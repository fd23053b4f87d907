"""The engine's line to a policy pack, held until the stack is known.

The engine wants a port before it says for which stack the pack runs (ConfigureStack), and a Python pack wants to know
its stack from its environment when it starts. So the engine is given the port of this proxy; it answers Handshake and
ConfigureStack itself, starts nothing, and passes every other call through as bytes once the pack listens.
"""

import asyncio
import json

import grpc
import grpc.aio
from pulumi.runtime.proto import analyzer_pb2

from toolchain.language_host.channel import CHANNEL_OPTIONS, CallContext, listen

_SERVICE = "/pulumirpc.Analyzer/"


def config_environment(stack: analyzer_pb2.AnalyzerStackConfigureRequest) -> dict[str, str]:
    """Return the variables from which a Python policy pack learns its stack, project, mode and configuration."""
    named = {
        "PULUMI_ORGANIZATION": stack.organization,
        "PULUMI_PROJECT": stack.project,
        "PULUMI_STACK": stack.stack,
        "PULUMI_DRY_RUN": "true" if stack.dry_run else "false",
        "PULUMI_CONFIG": json.dumps(dict(stack.config), sort_keys=True),
    }
    return {name: value for name, value in named.items() if value}


class PolicyProxy(grpc.GenericRpcHandler):
    """A server that speaks for one policy pack; `port` is what the engine is told."""

    def __init__(self) -> None:
        self.port = 0
        self._server: grpc.aio.Server | None = None
        self._channel: grpc.aio.Channel | None = None
        loop = asyncio.get_running_loop()
        self._stack: asyncio.Future[analyzer_pb2.AnalyzerStackConfigureRequest | None] = loop.create_future()
        self._pack: asyncio.Future[grpc.aio.Channel] = loop.create_future()

    async def start(self) -> None:
        """Listen on a free local port."""
        self._server, self.port = await listen(lambda server: server.add_generic_rpc_handlers((self,)))

    async def stop(self) -> None:
        """End the line; calls that still wait for the pack fail."""
        self.refuse("the policy pack ended")
        if self._channel is not None:
            await self._channel.close()
        if self._server is not None:
            await self._server.stop(grace=None)

    async def stack(self) -> analyzer_pb2.AnalyzerStackConfigureRequest | None:
        """Return the stack's configuration once the engine sends it; None when it asks for the pack without a stack."""
        return await self._stack

    async def attach(self, port: int) -> None:
        """Connect to the pack, pass the stack's configuration on, and let the waiting calls through."""
        self._channel = grpc.aio.insecure_channel(f"127.0.0.1:{port}", options=CHANNEL_OPTIONS)
        stack = await self._stack
        if stack is not None:
            try:
                await self._forward(self._channel, "ConfigureStack", stack.SerializeToString())
            except grpc.aio.AioRpcError as error:
                # Packs made with an older pulumi-policy do not have the call; their environment told them.
                if error.code() is not grpc.StatusCode.UNIMPLEMENTED:
                    self.refuse(f"the policy pack refused the stack's configuration: {error.details()}")
                    return
        if not self._pack.done():
            self._pack.set_result(self._channel)

    def refuse(self, reason: str) -> None:
        """Fail all calls that wait for the pack, and all that come later."""
        if not self._pack.done():
            self._pack.set_exception(ConnectionError(reason))
            self._pack.exception()  # marked as seen: there may be no call that waits

    def service(self, details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler | None:
        """Return the handler of one call, by the name of its method."""
        method = str(details.method)
        if not method.startswith(_SERVICE):
            return None
        name = method.removeprefix(_SERVICE)

        async def answer(request: bytes, context: CallContext) -> bytes:
            match name:
                case "Handshake":
                    return b""
                case "ConfigureStack":
                    if not self._stack.done():
                        self._stack.set_result(analyzer_pb2.AnalyzerStackConfigureRequest.FromString(request))
                    return b""
                case _:
                    return await self._pass_on(name, request, context)

        return grpc.unary_unary_rpc_method_handler(answer)

    async def _pass_on(self, name: str, request: bytes, context: CallContext) -> bytes:
        if not self._stack.done():
            self._stack.set_result(None)  # as `pulumi policy publish` does: asks without a stack
        try:
            channel = await asyncio.shield(self._pack)
            return await self._forward(channel, name, request)
        except ConnectionError as error:
            await context.abort(grpc.StatusCode.UNAVAILABLE, str(error))
        except grpc.aio.AioRpcError as error:
            await context.abort(error.code(), error.details() or "")

    @staticmethod
    async def _forward(channel: grpc.aio.Channel, name: str, request: bytes) -> bytes:
        return bytes(await channel.unary_unary(_SERVICE + name)(request, wait_for_ready=True))
