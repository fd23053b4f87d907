"""The local cloud's process: one gRPC server a package, one database.

`python -m gpucloud.sim.server DIRECTORY [played|real]`; the second word is which Kubernetes its clusters have.
"""

import asyncio
import importlib
import json
import os
import signal
import sys
from pathlib import Path

import grpc
from pulumi.runtime._grpc_settings import _GRPC_CHANNEL_OPTIONS
from pulumi.runtime.proto import provider_pb2_grpc

from gpucloud.sim.kubernetes.control_plane.planes import Planes
from gpucloud.sim.kubernetes.control_plane.programs import find_programs
from gpucloud.sim.kubernetes.live import Live
from gpucloud.sim.kubernetes.live_releases import LiveReleases
from gpucloud.sim.kubernetes.package import live_package
from gpucloud.sim.provider import Package, Provider
from gpucloud.sim.schema_cache import SchemaCache
from gpucloud.sim.session import STATE_FILE, Kubernetes
from gpucloud.sim.store import Store

# Modules are imported without their SDKs: a schema is read from an SDK when a resource of that package is first met.
_MODULES = ("aws", "azure_native", "gcp", "kubernetes")


def packages(planes: Planes | None = None) -> tuple[Package, ...]:
    """Return the packages that the local cloud plays; with `planes` Kubernetes objects go to real API servers."""
    found = [importlib.import_module(f"gpucloud.sim.{name}.package").PACKAGE for name in _MODULES]
    if planes is None:
        return tuple(found)
    return tuple(
        live_package(Live(planes), LiveReleases(planes)) if package.name == "kubernetes" else package
        for package in found
    )


async def serve(directory: Path, kubernetes: Kubernetes = "played") -> None:
    """Answer until SIGTERM; the ports stand in `server.json` once all of them answer."""
    store = Store(directory)
    planes = Planes(directory / "kubernetes", find_programs(), store) if kubernetes == "real" else None
    if planes is not None:
        await planes.follow()  # clusters from before have their control planes again once the local cloud answers
    done = asyncio.Event()
    keeping = [asyncio.create_task(planes.keep(done))] if planes is not None else []
    schemas = SchemaCache(directory / "schemas")
    ports: dict[str, int] = {}
    servers: list[grpc.aio.Server] = []
    for package in packages(planes):
        server = grpc.aio.server(options=[*_GRPC_CHANNEL_OPTIONS, ("grpc.so_reuseport", 0)])
        provider_pb2_grpc.add_ResourceProviderServicer_to_server(Provider(package, store, schemas), server)
        ports[package.name] = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        servers.append(server)
    draft = directory / f"{STATE_FILE}.{os.getpid()}"
    draft.write_text(json.dumps({"pid": os.getpid(), "ports": ports, "kubernetes": kubernetes}), "utf-8")
    draft.replace(directory / STATE_FILE)
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, done.set)
    await done.wait()
    for server in servers:
        await server.stop(grace=2)
    await asyncio.gather(*keeping)
    (directory / STATE_FILE).unlink(missing_ok=True)
    store.close()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), "real" if sys.argv[2:] == ["real"] else "played"))
