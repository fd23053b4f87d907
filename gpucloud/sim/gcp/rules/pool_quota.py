"""GPU quotas of a region, which GKE looks at before it makes a pool.

Text: GoogleCloudPlatform/k8s-config-connector issue 321.
"""

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.launch import find_launch
from gpucloud.sim.gcp.machines import find_machine
from gpucloud.sim.gcp.node_pools import find_cluster
from gpucloud.sim.gcp.places import find_project, region_of
from gpucloud.sim.gcp.quotas import limit_of, quota_name, used_gpus, wanted_gpus
from gpucloud.sim.model import Draft


def refuse_gpus_beyond_quota(draft: Draft) -> None:
    """Refuse more GPUs than the region's quota has left."""
    launch, cluster = find_launch(draft), find_cluster(draft)
    machine, wanted = find_machine(launch.machine_type), wanted_gpus(launch)
    if machine is None or cluster is None or not wanted:
        return
    region = region_of(str(cluster.outputs["location"]))
    name = quota_name(machine.gke_accelerator, launch.capacity_type)
    limit = limit_of(draft.store, region, name)
    free = limit - used_gpus(draft.store, region, name, draft.previous.seq if draft.previous is not None else 0)
    if wanted > free:
        project = find_project(draft)
        raise CloudError(
            "forbidden",
            f'Insufficient regional quota to satisfy request: resource "{name}": request requires '
            f"'{wanted}.0' and is short '{wanted - max(free, 0)}.0'. project has a quota of '{limit}.0' with "
            f"'{max(free, 0)}.0' available. View and manage quotas at "
            f"https://console.cloud.google.com/iam-admin/quotas?usage=USED&project={project}.",
        )


ACCOUNT_RULES = (refuse_gpus_beyond_quota,)
