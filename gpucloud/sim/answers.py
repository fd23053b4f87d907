"""What the provider answers to the engine besides resources: refused inputs, differences, failures."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn

import grpc
from google.protobuf import any_pb2
from pulumi.runtime.proto import provider_pb2, status_pb2

from gpucloud.sim.diff import Change
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.lifecycle import Outcome
from gpucloud.sim.model import ResourceType
from gpucloud.sim.values import Inputs, encode


def check_failure(refusal: Refusal) -> Any:
    """Return what Check answers for one input that the API would refuse."""
    return provider_pb2.CheckFailure(property=refusal.path, reason=str(refusal))


def diff_response(changes: list[Change], *, delete_first: bool) -> Any:
    """Return what Diff answers: each changed property, and whether the resource is replaced, old one first if asked."""
    if not changes:
        return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE)
    kinds = provider_pb2.PropertyDiff
    table = {
        ("add", False): kinds.ADD,
        ("add", True): kinds.ADD_REPLACE,
        ("delete", False): kinds.DELETE,
        ("delete", True): kinds.DELETE_REPLACE,
        ("update", False): kinds.UPDATE,
        ("update", True): kinds.UPDATE_REPLACE,
    }
    detailed = {c.path: kinds(kind=table[c.kind, c.replaces], inputDiff=True) for c in changes}
    replaces = sorted({_root(change.path) for change in changes if change.replaces})
    return provider_pb2.DiffResponse(
        changes=provider_pb2.DiffResponse.DIFF_SOME,
        replaces=replaces,
        diffs=sorted({_root(change.path) for change in changes}),
        detailedDiff=detailed,
        hasDetailedDiff=True,
        deleteBeforeReplace=bool(replaces) and delete_first,
    )


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def refusal_text(kind: ResourceType, operation: str, error: CloudError) -> str:
    """Return the text of a refused call as the AWS SDK words it, marked as the local cloud's."""
    return f"local cloud: operation error {kind.service}: {operation}, api error {error.code}: {error.message}"


async def abort(context: grpc.aio.ServicerContext, text: str) -> NoReturn:
    """End the call with an error that the engine prints; nothing was made or changed."""
    await context.abort(grpc.StatusCode.UNKNOWN, text)
    raise AssertionError(text)


def failure_text(kind: ResourceType, operation: str, urn: str, reason: str) -> str:
    """Return one reason of a late failure as the provider of AWS words it: as the API gives it."""
    del kind, operation, urn
    return reason


@dataclass(frozen=True, slots=True)
class Wording:
    """How a package's provider words what goes wrong; without more, as the provider of AWS does."""

    refusal: Callable[[ResourceType, str, CloudError], str] = refusal_text  # type, operation, what the API answers
    failure: Callable[[ResourceType, str, str, str], str] = failure_text  # type, operation, URN, reason


async def abort_partly(  # noqa: PLR0913, PLR0917 - what the engine is told
    context: grpc.aio.ServicerContext,
    operation: str,
    kind: ResourceType,
    outcome: Outcome,
    inputs: Inputs,
    reasons: list[str],
) -> NoReturn:
    """Fail as a cloud does that made the resource and then could not finish it: the engine keeps it in its state."""
    detail = provider_pb2.ErrorResourceInitFailed(
        id=outcome.id, properties=encode(outcome.outputs), inputs=encode(inputs), reasons=reasons
    )
    packed = any_pb2.Any()
    packed.Pack(detail)
    text = f"local cloud: operation error {kind.service}: {operation}: {'; '.join(reasons)}"
    status = status_pb2.Status(code=grpc.StatusCode.UNKNOWN.value[0], message=text, details=[packed])
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    await abort(context, text)
