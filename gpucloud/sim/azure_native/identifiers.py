"""Ids in the forms of Azure Resource Manager, made from a draft so that the same program gets the same ones.

Sources: paths of the operations in Azure/azure-rest-api-specs; AKS and managed identities write `resourcegroups` in
lower case, all others `resourceGroups` (outputs in azure-aks-docs spot-node-pool.md, pulumi-azure-native issues 2669
and 4401). Azure compares ids without regard to case, and so does the local cloud.
"""

import re
from collections.abc import Callable
from uuid import UUID

from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

# The ids that Azure's own documentation uses for examples: a subscription, a tenant, whoever is signed in.
SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
OBJECT = "33333333-3333-3333-3333-333333333333"

GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"
LOWER_GROUP = "/subscriptions/{subscriptionId}/resourcegroups/{resourceGroupName}"


def subscription_of(settings: Inputs) -> str:
    """Return the subscription that the provider is set to, or the local cloud's only one."""
    return str(settings.get("subscriptionId") or SUBSCRIPTION)


def at_path(path: str) -> Callable[[Draft], str]:
    """Return a maker of ids: the path with each `{input}` put in; a scope loses the slashes around it."""

    def identify(draft: Draft) -> str:
        values = {"subscriptionId": subscription_of(draft.settings), **draft.inputs}
        return re.sub(r"\{(\w+)\}", lambda found: str(values.get(found[1], "")).strip("/"), path)

    return identify


def key_of(*names: str) -> Callable[[Inputs], str]:
    """Return a maker of a resource's key within the subscription: some of its inputs, in lower case."""

    def make_key(inputs: Inputs) -> str:
        return "/".join(str(inputs.get(name, "")) for name in names).lower()

    return make_key


def same_id(one: object, other: object) -> bool:
    """Return whether two ids name the same resource."""
    return str(one).lower() == str(other).lower()


def find_by_id(store: Store, id_: object, token: str = "") -> Row | None:
    """Return the resource of an id in any spelling, of one type if a token is given, or None."""
    rows = store.find("lower(id) = ? AND type LIKE ?", str(id_).lower(), token or "azure-native:%")
    return rows[0] if rows else None


def find_by_key(store: Store, token: str, key: str) -> Row | None:
    """Return the resource of a type by its key, or None."""
    rows = store.find("type = ? AND name = ?", token, key)
    return rows[0] if rows else None


def name_in(id_: object) -> str:
    """Return the last part of an id: the resource's name."""
    return str(id_).rstrip("/").rpartition("/")[2]


def make_uuid(draft: Draft, salt: str) -> str:
    """Return a UUID that follows from the draft, such as a principal's."""
    return str(UUID(draft.digits(32, salt)))
