"""The package `gcp`: its types, its settings, its functions."""

import dataclasses
from functools import cache

from gpucloud.sim.errors import Refusal
from gpucloud.sim.gcp import clusters, iam, networks, node_pools, registry, scheduling
from gpucloud.sim.gcp.functions import invoke
from gpucloud.sim.gcp.identifiers import SCOPE
from gpucloud.sim.gcp.launching import launch_nodes, report_size, reserve_nodes
from gpucloud.sim.gcp.places import settings_region, zones_of
from gpucloud.sim.gcp.rules.limits import table_rule
from gpucloud.sim.gcp.rules.names import free_name_of
from gpucloud.sim.gcp.rules.removal import REMOVAL, find_parts
from gpucloud.sim.gcp.rules.table import ACCOUNT_RULES, INPUT_RULES
from gpucloud.sim.gcp.tables import replaces_of, unordered_of
from gpucloud.sim.gcp.wording import WORDING
from gpucloud.sim.model import ResourceType
from gpucloud.sim.provider import Package, SchemaOf
from gpucloud.sim.values import UNKNOWN, Inputs


@cache
def types() -> dict[str, ResourceType]:
    """Return the modelled types by token."""
    modelled = (*networks.TYPES, *scheduling.TYPES, *iam.TYPES, *registry.TYPES, *clusters.TYPES, node_pools.POOL_TYPE)
    return {kind.token: _complete(kind) for kind in sorted(modelled, key=lambda kind: kind.token)}


def _complete(kind: ResourceType) -> ResourceType:
    """Return the type with what tables say of it."""
    return dataclasses.replace(
        kind,
        check_inputs=(table_rule(kind.token), *INPUT_RULES.get(kind.token, ())),
        check_account=(free_name_of(kind.token, kind.identify), *ACCOUNT_RULES.get(kind.token, ())),
        check_removal=REMOVAL.get(kind.token, ()),
        goes_along=find_parts,
        replaces=replaces_of(kind.token),
        settle=_SETTLE.get(kind.token, kind.settle),
        report=report_size if kind.token == node_pools.NODE_POOL else kind.report,
        unordered=unordered_of(kind.token),
    )


_SETTLE = {node_pools.NODE_POOL: launch_nodes, scheduling.RESERVATION: reserve_nodes}


def _find_type(token: str, _schema_of: SchemaOf) -> ResourceType:
    found = types().get(token)
    if found is None:
        raise LookupError(", ".join(types()))
    return found


def _find_scope(_kind: ResourceType, _settings: Inputs, _values: Inputs) -> str:
    return SCOPE


def _check_settings(settings: Inputs) -> list[Refusal]:
    region, zone = settings.get("region"), settings.get("zone")
    if UNKNOWN in (region, zone):
        return []
    found = settings_region(settings)
    if found and not zones_of(found):
        return [Refusal("region" if region else "zone", "", f"no source lists a region {found!r} of Google Cloud")]
    return []


PACKAGE = Package("gcp", _find_type, _find_scope, _check_settings, invoke, WORDING)
