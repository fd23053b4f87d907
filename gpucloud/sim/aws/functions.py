"""The functions (`get_…`) of the package `aws` that the local cloud answers."""

from collections.abc import Callable

from gpucloud.sim.aws.identifiers import ACCOUNT
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs


def _caller(_arguments: Inputs, _region: str, _store: Store) -> Inputs:
    user = "local-cloud"
    return {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/{user}",
        "id": ACCOUNT,
        "userId": "AIDALOCALCLOUD",
    }


FUNCTIONS: dict[str, Callable[[Inputs, str, Store], Inputs]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
}


def invoke(token: str, arguments: Inputs, settings: Inputs, store: Store) -> Inputs:
    """Return the answer of a function; LookupError, with the names of those that there are, for any other."""
    if token not in FUNCTIONS:
        raise LookupError(", ".join(sorted(FUNCTIONS)))
    region = str(arguments.get("region") or settings.get("region") or "")
    return FUNCTIONS[token](arguments, region, store)
