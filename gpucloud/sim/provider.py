"""The gRPC `ResourceProvider` of one package, as the engine calls it; a `Package` says what it knows."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from gpucloud.sim.answers import Wording, abort, abort_partly, check_failure, diff_response
from gpucloud.sim.autoname import fill_name, is_autonamed
from gpucloud.sim.diff import find_changes
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.lifecycle import Outcome, create, delete, update
from gpucloud.sim.model import Draft, ResourceType
from gpucloud.sim.preview import preview_create, preview_update
from gpucloud.sim.schema import ResourceSchema
from gpucloud.sim.schema_cache import SchemaCache, sdk_version
from gpucloud.sim.schema_check import conform
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs, decode, encode, has_unknown

SchemaOf = Callable[[str], ResourceSchema | None]


@dataclass(frozen=True, slots=True)
class Package:
    """One Pulumi package as the local cloud plays it."""

    name: str
    find_type: Callable[[str, SchemaOf], ResourceType]  # LookupError for a type that is not modelled
    find_scope: Callable[[ResourceType, Inputs, Inputs], str]  # type, provider settings, inputs
    check_settings: Callable[[Inputs], list[Refusal]]
    invoke: Callable[[str, Inputs, Inputs, Store], Inputs]  # token, arguments, settings, store
    wording: Wording = Wording()  # noqa: RUF009 - frozen


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Answers the engine for one package; many engines and many provider instances may talk to it at once."""

    def __init__(self, package: Package, store: Store, schemas: SchemaCache) -> None:
        self._package = package
        self._store = store
        self._schemas = schemas
        self._settings: dict[str, Inputs] = {}  # by the address of the connection: each provider instance has its own
        self._latest: Inputs = {}

    # --- the session ---

    async def Handshake(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=False, accept_resources=False, accept_outputs=False
        )

    async def Attach(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        return empty_pb2.Empty()

    async def GetPluginInfo(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        return plugin_pb2.PluginInfo(version=sdk_version(self._package.name))

    async def GetSchema(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        await abort(context, "the local cloud has no package schema; `pulumi import` needs --generate-code=false")

    async def Cancel(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        return empty_pb2.Empty()

    async def CheckConfig(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        news = decode(request.news)
        failures = [check_failure(refusal) for refusal in self._package.check_settings(_read_settings(news))]
        return provider_pb2.CheckResponse(inputs=encode(news), failures=failures)

    async def DiffConfig(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: ARG002, D102, N802
        replaces = frozenset({"region"})
        changes = find_changes(decode(request.old_inputs), decode(request.news), replaces, frozenset())
        return diff_response(changes, delete_first=False)

    async def Configure(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        self._latest = self._settings[context.peer()] = _read_settings(decode(request.args))
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True, acceptResources=False)

    # --- a resource ---

    async def Check(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        kind, schema = await self._find(request.urn, context)
        olds, news = decode(request.olds), decode(request.news)
        self._note_known(request.urn, kind.token, olds)
        news = kind.fill_inputs(self._store, self._settings_of(context), olds, news)
        refusals: list[Refusal] = []
        if schema is not None:
            news, refusals = conform(schema, news)
        if kind.autoname is not None:
            news = fill_name(kind.autoname, self._store, request.urn, olds, news)
        if not refusals:
            for rule in kind.check_inputs:
                refusals.extend(rule(news))
        return provider_pb2.CheckResponse(
            inputs=encode(news), failures=[check_failure(refusal) for refusal in refusals]
        )

    async def Diff(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        kind, _ = await self._find(request.urn, context)
        row = self._row(kind, request, context)
        self._acknowledge(row)
        old, new = decode(request.old_inputs), decode(request.news)
        changes = find_changes(old, new, kind.replaces, kind.unordered)
        if row is not None and row.status == "failed" and kind.failed_is_replaced:
            return provider_pb2.DiffResponse(
                changes=provider_pb2.DiffResponse.DIFF_SOME,
                replaces=["status"],
                deleteBeforeReplace=True,
                diffs=["status"],
            )
        fixed_name = kind.autoname is not None and not is_autonamed(kind.autoname, new)
        return diff_response(changes, delete_first=kind.delete_before_replace or fixed_name)

    async def Create(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        kind, schema = await self._find(request.urn, context)
        settings = self._settings_of(context)
        inputs = decode(request.properties)
        if request.preview:
            return provider_pb2.CreateResponse(id="", properties=encode(preview_create(kind, schema, inputs)))
        await self._refuse_unknown(kind, inputs, context)
        scope = self._package.find_scope(kind, settings, inputs)
        draft = Draft(self._store, kind.token, request.urn, scope, inputs, settings=settings, timeout=request.timeout)
        try:
            outcome = await create(kind, draft)
        except CloudError as error:
            await abort(context, self._package.wording.refusal(kind, kind.create_call, error))
        if outcome.health:
            reasons = self._reasons(kind, kind.create_call, request.urn, outcome)
            await abort_partly(context, kind.create_call, kind, outcome, inputs, reasons)
        return provider_pb2.CreateResponse(id=outcome.id, properties=encode(outcome.outputs))

    async def Update(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        kind, schema = await self._find(request.urn, context)
        settings = self._settings_of(context)
        inputs = decode(request.news)
        row = self._row(kind, request, context)
        self._acknowledge(row)
        if request.preview:
            properties = preview_update(kind, schema, inputs, decode(request.old_inputs), decode(request.olds))
            return provider_pb2.UpdateResponse(properties=encode(properties))
        await self._refuse_unknown(kind, inputs, context)
        if row is None:
            gone = CloudError("ResourceNotFoundException", f"{kind.token} {request.id} does not exist")
            await abort(context, self._package.wording.refusal(kind, kind.update_call, gone))
        draft = Draft(
            self._store, kind.token, request.urn, row.scope, inputs, settings=settings, timeout=request.timeout
        )
        try:
            outcome = await update(kind, draft, row)
        except CloudError as error:
            await abort(context, self._package.wording.refusal(kind, kind.update_call, error))
        if outcome.health:
            reasons = self._reasons(kind, kind.update_call, request.urn, outcome)
            await abort_partly(context, kind.update_call, kind, outcome, inputs, reasons)
        return provider_pb2.UpdateResponse(properties=encode(outcome.outputs))

    async def Delete(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        kind, _ = await self._find(request.urn, context)
        row = self._row(kind, request, context)
        if row is not None:
            draft = Draft(self._store, kind.token, request.urn, row.scope, row.inputs, id=row.id)
            try:
                await delete(kind, draft, row)
            except CloudError as error:
                await abort(context, self._package.wording.refusal(kind, kind.delete_call, error))
        return empty_pb2.Empty()

    async def Read(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        kind, _ = await self._find(request.urn, context)
        row = self._row(kind, request, context)
        if row is None or row.status == "creating":
            return provider_pb2.ReadResponse(id="")
        if row.urn == request.urn:
            self._acknowledge(row)
        return provider_pb2.ReadResponse(id=row.id, properties=encode(row.outputs), inputs=encode(row.inputs))

    async def Invoke(self, request: Any, context: grpc.aio.ServicerContext) -> Any:  # noqa: D102, N802
        arguments = decode(request.args)
        try:
            result = self._package.invoke(request.tok, arguments, self._settings_of(context), self._store)
        except LookupError as error:
            await abort(
                context, f"the local cloud does not model the function {request.tok}; modelled: {error.args[0]}"
            )
        except CloudError as error:
            await abort(context, f"local cloud: invoking {request.tok}: {error}")
        return provider_pb2.InvokeResponse(**{"return": encode(result)})

    # --- inside ---

    async def _find(self, urn: str, context: grpc.aio.ServicerContext) -> tuple[ResourceType, ResourceSchema | None]:
        token = urn.split("::")[-2].rpartition("$")[2]
        try:
            return self._package.find_type(token, self._schemas.get), self._schemas.get(token)
        except LookupError as error:
            await abort(context, f"the local cloud does not model {token}; modelled: {error.args[0]}")

    def _reasons(self, kind: ResourceType, operation: str, urn: str, outcome: Outcome) -> list[str]:
        return [self._package.wording.failure(kind, operation, urn, reason) for reason in outcome.health]

    def _settings_of(self, context: grpc.aio.ServicerContext) -> Inputs:
        return self._settings.get(context.peer(), self._latest)

    def _row(self, kind: ResourceType, request: Any, context: grpc.aio.ServicerContext) -> Row | None:
        state = decode(request.properties if hasattr(request, "properties") else request.olds)
        scope = self._package.find_scope(kind, self._settings_of(context), state)
        return self._store.find_one(kind.token, scope, request.id)

    def _acknowledge(self, row: Row | None) -> None:
        if row is not None and not row.acknowledged:
            with self._store.write():
                self._store.acknowledge(row)

    def _note_known(self, urn: str, token: str, olds: Inputs) -> None:
        """Old inputs mean that the engine has a resource of this URN: the one with these inputs, else the oldest."""
        if not olds:
            return
        rows = self._store.find("urn = ? AND type = ?", urn, token)
        if rows and not any(row.acknowledged for row in rows):
            self._acknowledge(next((row for row in rows if row.inputs == olds), rows[0]))

    async def _refuse_unknown(self, kind: ResourceType, inputs: Inputs, context: grpc.aio.ServicerContext) -> None:
        unknown = sorted(name for name, value in inputs.items() if has_unknown(value))
        if unknown:
            await abort(context, f"local cloud: {kind.token}: still unknown outside a preview: {', '.join(unknown)}")


def _read_settings(values: Inputs) -> Inputs:
    """Return provider configuration with nested values decoded: the engine sends them as JSON text."""
    settings = dict(values)
    for key, value in values.items():
        if isinstance(value, str) and value[:1] in {"{", "["} and key != "kubeconfig":
            try:
                settings[key] = json.loads(value)
            except ValueError:
                continue
    return settings
