"""What a resource names must exist. Code: Compute Engine and Kubernetes Engine APIs, HTTP 404."""

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.identifiers import find_row
from gpucloud.sim.gcp.networks import ROUTER, find_network
from gpucloud.sim.gcp.node_pools import find_cluster
from gpucloud.sim.gcp.places import find_project, find_region, region_of, short
from gpucloud.sim.gcp.rules.reading import text
from gpucloud.sim.gcp.scheduling import POLICY
from gpucloud.sim.model import Draft


def need_network(draft: Draft) -> None:
    """Refuse a network that there is not; every project has the network `default`."""
    reference = str(draft.inputs.get("network") or "default")
    if find_network(draft, reference) is None and short(reference) != "default":
        id_ = f"projects/{find_project(draft)}/global/networks/{short(reference)}"
        raise CloudError("notFound", f"The resource '{id_}' was not found")


def need_router(draft: Draft) -> None:
    """Refuse a NAT of a router that there is not."""
    region, name = find_region(draft), short(str(draft.inputs["router"]))
    id_ = f"projects/{find_project(draft)}/regions/{region}/routers/{name}"
    if find_row(draft.store, ROUTER, id_, find_project(draft)) is None:
        raise CloudError("notFound", f"The resource '{id_}' was not found")


def need_cluster(draft: Draft) -> None:
    """Refuse a node pool of a cluster that there is not."""
    if find_cluster(draft) is None:
        raise CloudError("notFound", f"Not found: {draft.inputs['cluster']}.")


def need_policy(draft: Draft) -> None:
    """Refuse a placement policy that there is not in the pool's region (API: PlacementPolicy.policyName)."""
    name, cluster = text(draft.inputs, "placementPolicy.policyName"), find_cluster(draft)
    if not name or cluster is None:
        return
    region = region_of(str(cluster.outputs["location"]))
    found = find_row(draft.store, POLICY, name, find_project(draft), region)
    if found is None or f"/regions/{region}/" not in found.id:
        raise CloudError("badRequest", f"Resource policy {name!r} was not found in region {region!r}.")


def need_member(draft: Draft) -> None:
    """Refuse a service account as a member that there is not, where it is of a project of the local cloud."""
    member = str(draft.inputs["member"])
    account = member.removeprefix("serviceAccount:")
    project = account.partition("@")[2].removesuffix(".iam.gserviceaccount.com")
    ours = member.startswith("serviceAccount:") and project == find_project(draft) and "[" not in member
    if not ours:
        return
    rows = draft.store.find("type = 'gcp:serviceaccount/account:Account'")
    if account not in [row.outputs.get("email") for row in rows]:
        raise CloudError("badRequest", f"Service account {account} does not exist.")
