"""Which cloud a zone, a region, a machine type or a quota is of: the commands to the local cloud name none.

A zone of Azure is written with its region, `eastus-1`, and nodes that Azure may place anywhere in it are in
`eastus-regional`; the zones of the other clouds are their own names.
"""

from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts import clouds, general_machine_type, machine_type
from gpucloud.facts.aws_quotas import vcpu_quotas
from gpucloud.facts.zones import REGIONAL, regions, zone_key, zones
from gpucloud.sim.azure_native.quotas import CODES as AZURE_QUOTAS


@cache
def zone_keys(cloud: str) -> tuple[str, ...]:
    """Return how the zones of a cloud are named among those of all regions, sorted; Azure's regions with `regional`."""
    found = [
        zone_key(cloud, region, zone)
        for region in regions(cloud)
        for zone in (*zones(cloud, region), *((REGIONAL,) if cloud == "azure" else ()))
    ]
    return tuple(sorted(found))


def cloud_of_zone(zone: str) -> str:
    """Return the cloud of a zone's name, or nothing."""
    return next((cloud for cloud in clouds() if zone in zone_keys(cloud)), "")


def cloud_of_region(region: str) -> str:
    """Return the cloud of a region's name, or nothing."""
    return next((cloud for cloud in clouds() if region in regions(cloud)), "")


@cache
def cloud_of_machine_type(name: str) -> str:
    """Return the cloud that has a machine type, accelerated or not, or nothing."""
    for cloud in clouds():
        for find in (machine_type, general_machine_type):
            try:
                find(cloud, name)
            except UnknownNameError:
                continue
            return cloud
    return ""


def quota_codes(cloud: str) -> tuple[str, ...]:
    """Return the names of a cloud's vCPU quotas; none for one that counts accelerators by names of its own."""
    match cloud:
        case "aws":
            return tuple(quota.code for quota in vcpu_quotas())
        case "azure":
            return AZURE_QUOTAS
        case _:
            return ()
