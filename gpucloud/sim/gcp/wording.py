"""How pulumi-gcp words what Google's APIs refuse, and what failed late.

Sources: google.golang.org/api/googleapi `Error.Error()` for "googleapi: Error 409: …, alreadyExists"; the texts before
it from terraform-provider-google-beta 93c65b2, the `fmt.Errorf` of each resource; the bridge's "creating URN: …" from
pulumi-terraform-bridge 59de6c6 pkg/tfbridge/provider.go.
"""

from gpucloud.sim.answers import Wording
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import ResourceType

# Reasons of Google's JSON errors and the status that each comes with (googleapis.com "Standard error responses").
_STATUS = {
    "alreadyExists": 409,
    "backendError": 503,
    "badRequest": 400,
    "conditionNotMet": 412,
    "failedPrecondition": 400,
    "forbidden": 403,
    "invalid": 400,
    "notFound": 404,
    "quotaExceeded": 403,
    "rateLimitExceeded": 403,
    "resourceInUseByAnotherResource": 400,
    "required": 400,
    "resourceExhausted": 429,
}
_NAMES = {
    "gcp:container/cluster:Cluster": "GKE cluster",
    "gcp:container/nodePool:NodePool": "NodePool",
    "gcp:serviceaccount/account:Account": "service account",
}


def _refusal(kind: ResourceType, operation: str, error: CloudError) -> str:
    name = _NAMES.get(kind.token, kind.token.rpartition(":")[2])
    verb = {kind.delete_call: "deleting", kind.update_call: "updating", kind.create_call: "creating"}[operation]
    if not error.code:
        return f"local cloud: {error.message}"
    if error.code in _STATUS:
        answer = f"googleapi: Error {_STATUS[error.code]}: {error.message}, {error.code}"
        return f"local cloud: Error {verb} {name}: {answer}"
    return f"local cloud: Error waiting for {verb} {name}: {error.message} ({error.code})"


def _failure(kind: ResourceType, operation: str, urn: str, reason: str) -> str:
    verb = "creating" if operation == kind.create_call else "updating"
    return f"{verb} {urn}: {reason}"


WORDING = Wording(_refusal, _failure)
