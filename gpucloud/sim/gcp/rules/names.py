"""Names: their forms where no table has them, and that they are free.

Sources: pulumi-gcp issue 1510 for the text on node pools; Compute Engine API v1, "already exists" (HTTP 409).
"""

import re
from collections.abc import Callable, Iterator

from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.gcp.identifiers import SCOPE
from gpucloud.sim.gcp.rules.reading import text
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_POOL = r"(?:[a-z](?:[-a-z0-9]{0,38}[a-z0-9])?)"
_LONGEST_PREFIX = 31
_TAKEN = {
    "gcp:container/cluster:Cluster": "Already exists: {}.",
    "gcp:container/nodePool:NodePool": "resource - {} - already exists",
    "gcp:serviceaccount/account:Account": "Service account {} already exists within project {}.",
}


def refuse_bad_pool_name(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a node pool's name that GKE does not take, above all one of more than 40 characters."""
    name, prefix = text(inputs, "name"), text(inputs, "namePrefix")
    if name and not re.fullmatch(_POOL, name):
        reason = (
            f'Invalid value for field "node_pool.name": "{name}". Must be a match of regex \'{_POOL}\' (only lowercase '
            "alphanumerics and '-' allowed, must start with a letter and end with an alphanumeric, and must be no "
            "longer than 40 characters)."
        )
        yield Refusal("name", "badRequest", reason)
    if len(prefix) > _LONGEST_PREFIX:
        reason = '"name_prefix" cannot be longer than 31 characters, name is limited to 40'
        yield Refusal("namePrefix", "", reason)


def free_name_of(token: str, identify: Callable[[Draft], str]) -> Callable[[Draft], None]:
    """Return the rule that a new resource's name is free; the provider itself says so of a node pool."""

    def check(draft: Draft) -> None:
        id_ = identify(draft)
        if draft.previous is not None or draft.store.find_one(token, SCOPE, id_) is None:
            return
        wording = _TAKEN.get(token, "The resource '{}' already exists")
        code = "" if token == "gcp:container/nodePool:NodePool" else "alreadyExists"  # noqa: S105 - a type token
        raise CloudError(code, wording.format(id_, id_.split("/")[1]))

    return check
