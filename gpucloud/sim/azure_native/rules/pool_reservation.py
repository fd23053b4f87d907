"""Agent pools in a capacity reservation group.

Sources: azure-aks-docs fb060ab use-capacity-reservation-groups.md (identity, role, an empty group is passed over with a
warning); Azure/karpenter-provider-azure pull request 1839 (same region); azure-compute-docs
capacity-reservation-associate-virtual-machine-scale-set (size and zones). Known ids of roles: Azure built-in roles.
"""

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.agent_pools import find_cluster
from gpucloud.sim.azure_native.cluster import location_of
from gpucloud.sim.azure_native.identifiers import find_by_id, name_in, subscription_of
from gpucloud.sim.azure_native.pool_launch import Launch, read_launch
from gpucloud.sim.azure_native.reservations import find_group, is_set_by_command, reserved_in
from gpucloud.sim.azure_native.rules.pool_account import find_pools
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

# Roles that give no right on a capacity reservation group: Reader, Network Contributor. Others may be custom.
_WITHOUT_RIGHTS = frozenset({"acdd72a7-3385-48ef-bd42-f606fba81ae7", "4d97b98b-1d4f-4787-a291-c67834d212e7"})


def refuse_bad_reservation_group(draft: Draft) -> None:
    """Refuse a group that is not there, not within reach of the cluster's identity, or that has nothing that fits."""
    pools, region = find_pools(draft)
    for launch in (read_launch(pool, region) for pool in pools):
        if not launch.reservation_group:
            continue
        _refuse_missing(draft, launch)
        _refuse_without_rights(draft, launch)
        _refuse_other_place(draft, launch)


def _refuse_missing(draft: Draft, launch: Launch) -> None:
    id_ = launch.reservation_group
    foreign = not id_.lower().startswith(f"/subscriptions/{subscription_of(draft.settings)}/".lower())
    if find_group(draft.store, id_) is None and not is_set_by_command(draft.store, id_):
        where = "this subscription" if not foreign else "the local cloud (gpucloud sim fault reservation puts it there)"
        raise CloudError("ResourceNotFound", f"The capacity reservation group {id_} was not found in {where}.")


def _identities(draft: Draft) -> list[Inputs]:
    inputs = draft.inputs
    if draft.type != tokens.CLUSTER:
        cluster = find_cluster(draft)
        inputs = cluster.inputs if cluster is not None else {}
    ids = (inputs.get("identity") or {}).get("userAssignedIdentities") or ()
    rows = [find_by_id(draft.store, id_, tokens.IDENTITY) for id_ in ids]
    return [row.outputs for row in rows if row is not None]


def _refuse_without_rights(draft: Draft, launch: Launch) -> None:
    identities = _identities(draft)
    if not identities:
        raise CloudError(
            "BadRequest",
            "a capacity reservation group needs a cluster with a user-assigned managed identity: system-assigned "
            "managed identities don't work for this feature",
        )
    principals = {str(identity.get("principalId")) for identity in identities}
    for row in draft.store.find("type = ?", tokens.ASSIGNMENT):
        scope = f"/{str(row.inputs.get('scope', '')).strip('/')}".lower()
        covers = f"{launch.reservation_group.lower()}/".startswith(f"{scope}/")
        role = name_in(row.inputs.get("roleDefinitionId")).lower()
        if covers and row.inputs.get("principalId") in principals and role not in _WITHOUT_RIGHTS:
            return
    raise CloudError(
        "LinkedAuthorizationFailed",
        f"The client with object id '{min(principals)}' does not have permission to perform actions on the linked "
        f"scope(s) '{launch.reservation_group}': give the cluster's identity the role Contributor there, and let the "
        "pool depend on it",
    )


def _refuse_other_place(draft: Draft, launch: Launch) -> None:
    group = find_group(draft.store, launch.reservation_group)
    if group is not None and location_of(group.outputs) != launch.region:
        text = (
            f"capacity reservation group {group.id} is in {location_of(group.outputs)}, the cluster in {launch.region}"
        )
        raise CloudError("InvalidParameter", text)
    reserved = reserved_in(draft.store, launch.reservation_group)
    keys = {launch.key(zone) for zone in launch.zones}
    fitting = [r for r in reserved if r.machine_type.lower() == launch.machine_type.lower() and r.zone in keys]
    if reserved and not fitting:
        have = ", ".join(sorted(f"{r.machine_type} in {r.zone}" for r in reserved))
        raise CloudError(
            "OperationNotAllowed",
            f"The capacity reservation group {launch.reservation_group} has no reservation of {launch.machine_type} in "
            f"{', '.join(sorted(keys))}; it has {have}",
        )
