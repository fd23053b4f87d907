"""What a Pulumi program declares, recorded without an engine and judged by the installed SDK's own schema.

Plain mocks accept anything: unknown nested keys, wrong nested types, two resources of one name. This one refuses
them.
"""

import asyncio
import functools
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pulumi
from pulumi.output import Unknown as ProgramUnknown
from pulumi.runtime import mocks, rpc, settings

from gpucloud.sim.schema import ResourceSchema, find_class, recover
from gpucloud.sim.schema_check import conform
from gpucloud.sim.values import UNKNOWN
from tests.components import azure_outputs, gcp_outputs

AWS_ACCOUNT = "123456789012"
_AWS_ANSWERS = {
    "aws:index/getCallerIdentity:getCallerIdentity": {
        "accountId": AWS_ACCOUNT, "arn": f"arn:aws:iam::{AWS_ACCOUNT}:user/me", "id": AWS_ACCOUNT, "userId": "me",
    },
}  # fmt: skip
_SECRET_KEY = "4dabf18193072939515e22adb298388d"
schema_of = functools.cache(recover)


@dataclass(frozen=True)
class Declared:
    """One resource as the program declared it; names of other resources stand as `type::name`."""

    type: str
    name: str
    parent: str
    inputs: dict[str, Any]
    dependencies: tuple[str, ...]
    ignore_changes: tuple[str, ...]
    replace_on_changes: tuple[str, ...]
    delete_before_replace: bool
    version: str
    aliases: int
    import_id: str
    protect: bool
    retain_on_delete: bool
    error_hooks: tuple[str, ...]
    provider: str
    custom: bool

    @property
    def key(self) -> str:
        return f"{self.type}::{self.name}"


@dataclass
class Record:
    """All that one program declared, and the outputs that its components registered, by key."""

    resources: dict[str, Declared] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)

    def of_type(self, ending: str) -> list[Declared]:
        """Return the resources whose type ends with `ending`, sorted by name."""
        return sorted(
            (found for found in self.resources.values() if found.type.endswith(ending)), key=lambda found: found.name
        )

    def one(self, ending: str, name: str | None = None) -> Declared:
        """Return the one resource of a type, or the one of that name; any other number fails the test."""
        found = [entry for entry in self.of_type(ending) if name in {None, entry.name}]
        assert len(found) == 1, f"{ending} {name or ''}: {[entry.name for entry in self.of_type(ending)]}"
        return found[0]

    def children_of(self, declared: Declared) -> list[Declared]:
        return [entry for entry in self.resources.values() if entry.parent == declared.key]

    def to_json(self) -> str:
        """Return the whole record as JSON text, the same bytes for the same declarations in any order."""
        rows = [
            {
                "type": entry.type,
                "name": entry.name,
                "parent": entry.parent,
                "dependencies": list(entry.dependencies),
                **({"ignore_changes": list(entry.ignore_changes)} if entry.ignore_changes else {}),
                **({"error_hooks": list(entry.error_hooks)} if entry.error_hooks else {}),
                **({"provider": entry.provider} if entry.provider else {}),
                "inputs": entry.inputs,
            }
            for entry in sorted(self.resources.values(), key=lambda entry: entry.key)
        ]
        return json.dumps(rows, indent=1, sort_keys=True, ensure_ascii=False, default=_as_text) + "\n"


Answer = dict[str, Any] | Exception


def record(
    program: Callable[[], object],
    *,
    preview: bool = False,
    judge: bool = True,
    answers: Mapping[str, Answer] | None = None,
    into: dict[str, Declared] | None = None,
) -> Record:
    """Return what the program declares; AssertionError with every departure from the SDK's schema.

    `answers` are what functions give, by token; an exception is raised instead. `into` gets the resources of a program
    that fails, too.

    With `preview`, nothing that a cloud computes is known. What the program itself raises comes through. `judge=False`
    records without judging, for programs that stand for somebody else's.
    """
    loop = asyncio.new_event_loop()
    # A refused program leaves futures whose errors nobody asks for; what went wrong comes through without them.
    loop.set_exception_handler(lambda _loop, _context: None)
    asyncio.set_event_loop(loop)
    monitor = _Monitor(
        preview, judge, {**_AWS_ANSWERS, **azure_outputs.ANSWERS, **gcp_outputs.ANSWERS, **(answers or {})}
    )
    monitor.record.resources = {} if into is None else into
    try:
        settings.SETTINGS.rpc_manager.clear()
        settings.set_root_resource(None)
        mocks.set_mocks(monitor.mocks, project="gpucloud", stack="test", preview=preview, monitor=monitor)
        mocks.test(program)()
    except AssertionError as error:  # the SDK stumbles over some of what the schema refuses, with less of a text
        monitor.problems.append(str(error))
    finally:
        loop.run_until_complete(loop.shutdown_default_executor())
        loop.close()
        asyncio.set_event_loop(None)
        settings.set_root_resource(None)
    assert not monitor.problems, "\n".join(sorted(monitor.problems))
    return monitor.record


@contextmanager
def _own_loop() -> Iterator[None]:
    """An event loop for the worker thread that the SDK calls the monitor in; the SDK would leave its own open."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    try:
        yield
    finally:
        asyncio.set_event_loop(None)
        loop.close()


class _Answers(mocks.Mocks):
    def __init__(self, preview: bool, answers: Mapping[str, Answer]) -> None:
        self._preview = preview
        self._answers = answers

    def call(self, args: mocks.MockCallArgs) -> Any:
        answer = self._answers.get(args.token)
        if answer is None:
            raise AssertionError(f"the program calls {args.token}, which the recorder does not answer")
        if isinstance(answer, Exception):
            raise answer
        return answer

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str | None, dict[str, Any]]:
        if not args.custom:
            return None, {}
        if self._preview:
            return "", azure_outputs.previewed(args.typ, args.inputs)
        if args.typ.startswith("azure-native:"):
            return azure_outputs.id_of(args.typ, args.name), azure_outputs.computed(args.typ, args.name, args.inputs)
        if args.typ.startswith("gcp:"):
            return f"<{args.name}.id>", gcp_outputs.computed(args.typ, args.name, args.inputs)
        return f"<{args.name}.id>", _computed(args.typ, args.name, args.inputs)


class _Monitor(mocks.MockMonitor):
    """The mock monitor, which also keeps what its mocks never see: parents, dependencies and options."""

    def __init__(self, preview: bool, judge: bool, answers: Mapping[str, Answer]) -> None:
        super().__init__(_Answers(preview, answers))
        self.record = Record()
        self.problems: list[str] = []
        self._judge = judge

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802
        with _own_loop():
            if request.type != "pulumi:pulumi:Stack":
                self._keep(request)
            return super().RegisterResource(request)

    def Invoke(self, request: Any) -> Any:  # noqa: N802
        with _own_loop():
            return super().Invoke(request)

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802
        with _own_loop():
            if not request.urn.endswith("pulumi:pulumi:Stack::gpucloud-test"):
                outputs = pulumi.runtime.rpc.deserialize_properties(request.outputs, keep_unknowns=True)
                self.record.outputs[_key(request.urn)] = _plain(outputs)
            return super().RegisterResourceOutputs(request)

    def _keep(self, request: Any) -> None:
        inputs = _plain(pulumi.runtime.rpc.deserialize_properties(request.object, keep_unknowns=True))
        declared = Declared(
            type=request.type,
            name=request.name,
            parent=_key(request.parent),
            inputs=inputs,
            dependencies=tuple(sorted(_key(urn) for urn in request.dependencies)),
            ignore_changes=tuple(request.ignoreChanges),
            replace_on_changes=tuple(request.replaceOnChanges),
            delete_before_replace=request.deleteBeforeReplace,
            version=request.version,
            aliases=len(request.aliases),
            import_id=request.importId,
            protect=request.protect,
            retain_on_delete=request.retainOnDelete,
            error_hooks=tuple(request.hooks.on_error),
            provider=_key(request.provider.rpartition("::")[0]) if request.provider else "",
            custom=request.custom,
        )
        if declared.key in self.record.resources:
            self.problems.append(f"{declared.key}: declared twice")
        self.record.resources[declared.key] = declared
        if request.custom and self._judge:
            self.problems += [f"{declared.key}: {text}" for text in departures(request.type, inputs)]


def departures(token: str, inputs: dict[str, Any]) -> list[str]:
    """Return every departure of the inputs from the SDK's schema of the type; a value of a type to be turned is one."""
    if token.startswith("pulumi:providers:"):
        return []
    schema: ResourceSchema | None = schema_of(token)
    if schema is None:
        return _departures_of_custom_kind(token, inputs)
    conformed, refusals = conform(schema, inputs)
    found = [f"{refusal.path}: {refusal.message}" for refusal in refusals]
    return found or [
        f"{path}: is {old!r} where the schema has {new!r}" for path, old, new in _turned(inputs, conformed)
    ]


@functools.cache
def _groups_of_the_sdk() -> frozenset[str]:
    """Return the groups of the cluster's API that the SDK has classes for, such as `apps` and `helm.sh`."""
    assert find_class("kubernetes:core/v1:Namespace")  # loads the SDK's index
    tokens = (key.split(":") for key in rpc._RESOURCE_MODULES)
    return frozenset(version.partition("/")[0] for package, version, *_ in tokens if package == "kubernetes")


def _departures_of_custom_kind(token: str, inputs: dict[str, Any]) -> list[str]:
    """Return what is wrong with an object of a group that the SDK does not know, such as `networking.gke.io/v1`."""
    package, group_version, kind = (*token.split(":"), "", "")[:3]
    if package != "kubernetes" or group_version.partition("/")[0] in _groups_of_the_sdk():
        return ["no such type in the installed SDK"]
    found = []
    if (inputs.get("apiVersion"), inputs.get("kind")) != (group_version, kind):
        found.append(f"apiVersion and kind are {inputs.get('apiVersion')} {inputs.get('kind')}")
    if not inputs.get("metadata", {}).get("name"):
        found.append("metadata.name: others refer to the object by it")
    return found


def _turned(old: Any, new: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    match old, new:
        case dict(), dict():
            return [found for key in old for found in _turned(old[key], new.get(key), f"{path}.{key}".lstrip("."))]
        case list(), list():
            pairs = enumerate(zip(old, new, strict=True))
            return [found for i, (left, right) in pairs for found in _turned(left, right, f"{path}[{i}]")]
        case _:
            return [] if type(old) is type(new) and old == new else [(path, old, new)]


def _plain(value: Any) -> Any:  # noqa: PLR0911 - one return a kind of value
    """Return the value with whole numbers as int, secrets unwrapped, keys sorted and nulls left out."""
    match value:
        case ProgramUnknown():
            return UNKNOWN
        case bool():
            return value
        case float():
            return int(value) if value.is_integer() else value
        case dict():
            if _SECRET_KEY in value:
                return _plain(value["value"])
            return {key: _plain(value[key]) for key in sorted(value) if value[key] is not None}
        case list():
            return [_plain(item) for item in value]
        case pulumi.Resource():
            return "<resource>"
        case _:
            return value


def _as_text(value: Any) -> str:
    assert value is UNKNOWN, value
    return "<unknown>"


def _key(urn: str) -> str:
    """Return `type::name` of a URN, and nothing for none and for the stack's own."""
    if not urn or "pulumi:pulumi:Stack::" in urn:
        return ""
    _, kind, name = urn.rsplit("::", 2)
    return f"{kind.rpartition('$')[2]}::{name}"


def _computed(token: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the outputs of a resource: its inputs and what a cloud would add, as far as anything here reads it."""
    given = dict(inputs)
    match token:
        case "aws:eks/cluster:Cluster":
            given["endpoint"] = f"https://{name}.eks.example"
            given["certificateAuthority"] = {"data": f"<{name}.ca>"}
            given["vpcConfig"] = {**given.get("vpcConfig", {}), "clusterSecurityGroupId": f"<{name}.securityGroup>"}
        case "aws:eks/nodeGroup:NodeGroup":
            given.setdefault("nodeGroupName", f"{name}-0000000")
            given["resources"] = [{"autoscalingGroups": [{"name": f"<{name}.asg>"}], "remoteAccessSecurityGroupId": ""}]
        case "aws:ec2/launchTemplate:LaunchTemplate":
            given |= {"latestVersion": 1, "defaultVersion": 1}
    if token.startswith("aws:"):
        given.setdefault("arn", f"<{name}.arn>")
        if token != "aws:eks/nodeGroup:NodeGroup":
            given.setdefault("name", f"{name}-0000000")
    return given
