"""Projects, regions and zones of the local cloud's Google account, from the provider's settings and from the facts.

Texts for what is missing: terraform-provider-google-beta 93c65b2 tpgresource/field_helpers.go and regional_utils.go.
"""

from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.zones import zones
from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

PROJECT = "gpucloud-local"
PROJECT_NUMBER = "123456789012"
SERVICE_ACCOUNT = f"{PROJECT_NUMBER}-compute@developer.gserviceaccount.com"


def is_zone(location: str) -> bool:
    """Return whether a location is a zone: Google's zones are a region with a letter behind it."""
    return location.count("-") >= 2  # noqa: PLR2004 - us-central1-a


def region_of(location: str) -> str:
    """Return the region of a region or a zone."""
    return location.rpartition("-")[0] if is_zone(location) else location


@cache
def zones_of(region: str) -> tuple[str, ...]:
    """Return a region's zones; none for a region that no source lists."""
    try:
        return zones("gcp", region)
    except UnknownNameError:
        return ()


def find_project(draft: Draft) -> str:
    """Return the project of a resource: its own, the provider's, or the local cloud's."""
    return str(draft.inputs.get("project") or draft.settings.get("project") or PROJECT)


def find_region(draft: Draft) -> str:
    """Return the region of a resource: its own, that of its zone, or the provider's; CloudError where none is set."""
    given = draft.inputs.get("region") or settings_region(draft.settings)
    if not given:
        raise CloudError("", "Cannot determine region: set in this resource, or set provider-level 'region' or 'zone'.")
    return short(str(given))


def settings_region(settings: Inputs) -> str:
    """Return the region that the provider is set to, by itself or by its zone; nothing where neither is set."""
    return str(settings.get("region") or region_of(str(settings.get("zone") or "")))


def find_location(draft: Draft) -> str:
    """Return the location of a cluster or node pool: its own, or the provider's zone or region."""
    given = draft.inputs.get("location") or draft.settings.get("zone") or draft.settings.get("region")
    if not given:
        raise CloudError("", "Cannot determine location: set location in this resource, or set provider-level zone.")
    return str(given)


def short(link: str) -> str:
    """Return the last part of a self link, id or name."""
    return link.rstrip("/").rpartition("/")[2]
