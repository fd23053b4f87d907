"""Ids, self links and finding what a self link, an id or a name means.

Source of the forms: terraform-provider-google-beta 93c65b2, the `ReplaceVars` of each resource.
"""

from collections.abc import Callable

from gpucloud.sim.gcp.places import find_project, find_region, region_of, short
from gpucloud.sim.model import Draft
from gpucloud.sim.store import Row, Store

SCOPE = "google"  # ids hold project and location, so one scope is enough
_COMPUTE = "https://www.googleapis.com/compute/v1/"
_CONTAINER = "https://container.googleapis.com/v1/"


def find_name(draft: Draft) -> str:
    """Return the name of a resource: the program's, or the one that it has."""
    given = draft.inputs.get("name")
    if given is not None:
        return str(given)
    if draft.previous is not None:
        return short(draft.previous.id)
    return f"{draft.inputs.get('namePrefix', '')}{draft.decimals(26, 'prefix')}"


def in_project(collection: str) -> Callable[[Draft], str]:
    """Return a maker of ids such as `projects/P/global/networks/N`."""

    def identify(draft: Draft) -> str:
        return f"projects/{find_project(draft)}/global/{collection}/{find_name(draft)}"

    return identify


def in_region(collection: str) -> Callable[[Draft], str]:
    """Return a maker of ids such as `projects/P/regions/R/routers/N`."""

    def identify(draft: Draft) -> str:
        return f"projects/{find_project(draft)}/regions/{find_region(draft)}/{collection}/{find_name(draft)}"

    return identify


def compute_link(id_: str) -> str:
    """Return the self link of a Compute Engine resource."""
    return f"{_COMPUTE}{id_}"


def container_link(id_: str) -> str:
    """Return the self link of a GKE cluster."""
    return f"{_CONTAINER}{id_}"


def find_row(store: Store, token: str, reference: str, project: str, region: str = "") -> Row | None:
    """Return the active resource that a self link, an id or a name means; None where there is none.

    A name alone is looked for in the project and, for what is in a region, in that region.
    """
    path = reference.partition("projects/")[2]
    for row in store.find("type = ? AND status <> 'creating'", token):
        if path and row.id == f"projects/{path}":
            return row
        is_named = not path and short(row.id) == reference and row.id.split("/")[1] == project
        if is_named and (not region or f"/{region}/" in row.id or f"/{region_of(region)}/" in row.id):
            return row
    return None
