"""How the host's gRPC servers listen and how large a message may be."""

from collections.abc import Callable
from typing import NoReturn, Protocol

import grpc
import grpc.aio

# The engine's own limit (rpcutil.GrpcChannelOptions of the Pulumi SDK, v3.259.0): 400 MiB.
MAX_MESSAGE_BYTES = 400 * 1024 * 1024
CHANNEL_OPTIONS = (
    ("grpc.max_receive_message_length", MAX_MESSAGE_BYTES),
    ("grpc.max_send_message_length", MAX_MESSAGE_BYTES),
)


class CallContext(Protocol):
    """What the host uses of grpc.aio's ServicerContext, which has no types of its own."""

    async def abort(self, code: grpc.StatusCode, details: str = ...) -> NoReturn:
        """End the call with an error."""


async def listen(add_handlers: Callable[[grpc.aio.Server], None]) -> tuple[grpc.aio.Server, int]:
    """Return a started server on a free port of the local address, and that port."""
    server = grpc.aio.server(options=CHANNEL_OPTIONS)
    add_handlers(server)
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    return server, port
