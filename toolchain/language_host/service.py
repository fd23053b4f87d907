"""The RPCs of `pulumirpc.LanguageRuntime`.

Not served (the engine is answered UNIMPLEMENTED): GenerateProgram, GenerateProject, GeneratePackage, Pack and Link,
which write code for `pulumi convert` and `pulumi package add`; those need a Pulumi installation.
"""
# ruff: noqa: N802, ARG002 - the names and the arguments are those of the gRPC service

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import language_pb2 as proto, language_pb2_grpc, plugin_pb2

from toolchain.language_host.channel import CallContext
from toolchain.language_host.child import Children, merge_output
from toolchain.language_host.dependencies import PythonReport, report_python
from toolchain.language_host.flags import HostFlags
from toolchain.language_host.installation import installation_commands
from toolchain.language_host.policy_pack import run_policy_pack
from toolchain.language_host.program import interpret_exit, program_command, typecheck_command
from toolchain.language_host.runtime_options import (
    RuntimeOptions,
    RuntimeOptionsError,
    activate,
    find_python,
    read_options,
)
from toolchain.language_host.source_plugin import POLICY_PACK, output_item, plugin_command, request_environment

_NO_DEBUGGER = "this language host cannot attach a debugger; use a Pulumi installation, which brings its own host"
# Of this host, not of the engine or an SDK: `pulumi about` prints it.
VERSION = "0.1.0"


class LanguageHost(language_pb2_grpc.LanguageRuntimeServicer):
    """Runs Python programs, policy packs and plugins for one engine."""

    def __init__(self, flags: HostFlags) -> None:
        self._flags = flags
        self._children = Children()
        self._cancelling: asyncio.Task[None] | None = None

    async def stop(self, *, interrupted: bool) -> None:
        """End all children; returns when the last is gone. `interrupted`: the whole process group was."""
        await self._children.stop(interrupted=interrupted)

    async def Handshake(
        self, request: proto.LanguageHandshakeRequest, context: CallContext
    ) -> proto.LanguageHandshakeResponse:
        """Take the address of an engine that attached itself (PULUMI_DEBUG_LANGUAGES)."""
        self._flags = HostFlags(request.engine_address, self._flags.executor, self._flags.tracing)
        return proto.LanguageHandshakeResponse()

    async def GetPluginInfo(self, request: empty_pb2.Empty, context: CallContext) -> plugin_pb2.PluginInfo:
        """Answer the version of this host."""
        return plugin_pb2.PluginInfo(version=VERSION)

    async def GetRequiredPackages(
        self, request: proto.GetRequiredPackagesRequest, context: CallContext
    ) -> proto.GetRequiredPackagesResponse:
        """Answer none.

        The engine uses the answer only to fetch provider plugins ahead of the run. A provider of the local cloud is
        attached and needs no fetch; listing every SDK of the virtual environment would have the engine try to
        download plugins of clouds that the program never touches. A provider that is used is fetched at first use.
        """
        return proto.GetRequiredPackagesResponse()

    async def GetRequiredPlugins(
        self, request: proto.GetRequiredPluginsRequest, context: CallContext
    ) -> proto.GetRequiredPluginsResponse:
        """Answer none, for the reason that GetRequiredPackages gives."""
        return proto.GetRequiredPluginsResponse()

    async def RuntimeOptionsPrompts(
        self, request: proto.RuntimeOptionsRequest, context: CallContext
    ) -> proto.RuntimeOptionsResponse:
        """Answer no question for `pulumi new`: the one toolchain that is served needs none."""
        return proto.RuntimeOptionsResponse()

    async def Template(self, request: proto.TemplateRequest, context: CallContext) -> proto.TemplateResponse:
        """Leave a template as it is."""
        return proto.TemplateResponse()

    async def About(self, request: proto.AboutRequest, context: CallContext) -> proto.AboutResponse:
        """Answer which Python runs the program."""
        report = await self._report(request.info, context)
        return proto.AboutResponse(
            executable=report.executable, version=report.version, metadata={"toolchain": "pip", "host": "gpucloud"}
        )

    async def GetProgramDependencies(
        self, request: proto.GetProgramDependenciesRequest, context: CallContext
    ) -> proto.GetProgramDependenciesResponse:
        """Answer the packages of the program's Python; without transitive ones, those that no other one requires."""
        report = await self._report(request.info, context)
        return proto.GetProgramDependenciesResponse(
            dependencies=[
                proto.DependencyInfo(name=package.name, version=package.version)
                for package in report.packages
                if package.direct or request.transitiveDependencies
            ]
        )

    async def InstallDependencies(
        self, request: proto.InstallDependenciesRequest, context: CallContext
    ) -> AsyncIterator[proto.InstallDependenciesResponse]:
        """Make the virtual environment and install what the program lists; the first failure ends it."""
        options = await self._options(request.info, context, is_plugin=request.is_plugin)
        for command in installation_commands(request, options, os.environ):
            async with self._children.start(command, capture=True) as process:
                async for name, chunk in merge_output(process):
                    yield proto.InstallDependenciesResponse(**{name: chunk})
                if code := await process.wait():
                    text = f"{' '.join(command.arguments)} failed with exit code {code}"
                    await context.abort(grpc.StatusCode.FAILED_PRECONDITION, text)

    async def Run(self, request: proto.RunRequest, context: CallContext) -> proto.RunResponse:
        """Run the program to its end."""
        if request.attach_debugger:
            return proto.RunResponse(error=_NO_DEBUGGER)
        options = await self._options(request.info, context)
        try:
            command = program_command(request, self._flags, options, os.environ)
        except RuntimeOptionsError as error:
            return proto.RunResponse(error=str(error))
        if options.typechecker:
            check = typecheck_command(request, options, os.environ)
            async with self._children.start(check, capture=False) as process:
                if await process.wait():
                    return proto.RunResponse(error=f"{options.typechecker} refused the program; its report is above")
        async with self._children.start(command, capture=False) as process:
            return interpret_exit(await process.wait())

    async def RunPlugin(
        self, request: proto.RunPluginRequest, context: CallContext
    ) -> AsyncIterator[proto.RunPluginResponse]:
        """Run a plugin or a policy pack that is a directory; its output is the stream, its exit code the last item."""
        if request.attach_debugger:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, _NO_DEBUGGER)
        is_pack = request.kind == POLICY_PACK
        options = await self._options(request.info, context, is_plugin=not is_pack)
        try:
            if is_pack:
                async for response in run_policy_pack(self._children, request, options):
                    yield response
                return
            command = plugin_command(request, options, os.environ | request_environment(request))
            async with self._children.start(command, capture=True) as process:
                async for name, chunk in merge_output(process):
                    yield output_item(name, chunk)
                yield proto.RunPluginResponse(exitcode=await process.wait())
        except RuntimeOptionsError as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    async def Cancel(self, request: empty_pb2.Empty, context: CallContext) -> empty_pb2.Empty:
        """Interrupt what runs, and answer at once; the calls that wait for it then answer as usual.

        At once, because a program may be waiting for the engine (its last call ends when the engine closes its
        monitor), and the engine waits for this answer before it does so.
        """
        self._cancelling = asyncio.create_task(self._children.cancel())
        return empty_pb2.Empty()

    async def _options(
        self, info: proto.ProgramInfo, context: CallContext, *, is_plugin: bool = False
    ) -> RuntimeOptions:
        try:
            return read_options(info, is_plugin=is_plugin)
        except RuntimeOptionsError as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))

    async def _report(self, info: proto.ProgramInfo, context: CallContext) -> PythonReport:
        options = await self._options(info, context)
        directory = Path(info.program_directory or ".")
        try:
            python = find_python(options, os.environ)
            return await report_python(self._children, python, directory, activate(options, os.environ))
        except (RuntimeOptionsError, RuntimeError) as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))
