"""The functions (`get_…`) of the package `aws` that the local cloud answers."""

from collections.abc import Callable

from gpucloud.errors import UnknownNameError
from gpucloud.facts.machine_types import general_machine_types, machine_types
from gpucloud.facts.zones import region as find_region, zone_offers, zone_region
from gpucloud.sim.aws.filters import select, take_one
from gpucloud.sim.aws.identifiers import ACCOUNT
from gpucloud.sim.aws.zones import zone_id, zone_names
from gpucloud.sim.errors import CloudError
from gpucloud.sim.store import Row, Store
from gpucloud.sim.values import Inputs

_SUBNET, _VPC, _CLUSTER = "aws:ec2/subnet:Subnet", "aws:ec2/vpc:Vpc", "aws:eks/cluster:Cluster"


def _caller(_arguments: Inputs, _region: str, _store: Store) -> Inputs:
    return {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/local-cloud",
        "id": ACCOUNT,
        "userId": "AIDALOCALCLOUD",
    }


def _partition(_arguments: Inputs, _region: str, _store: Store) -> Inputs:
    return {"dnsSuffix": "amazonaws.com", "id": "aws", "partition": "aws", "reverseDnsPrefix": "com.amazonaws"}


def _region(arguments: Inputs, region: str, _store: Store) -> Inputs:
    name = str(arguments.get("region") or arguments.get("name") or region)
    try:
        find_region("aws", name)
    except UnknownNameError as error:
        raise CloudError("", f"no matching EC2 Region found: {error}") from error
    endpoint = f"ec2.{name}.amazonaws.com"
    return {"description": name, "endpoint": endpoint, "id": name, "name": name, "region": name}


def _zones(arguments: Inputs, region: str, store: Store) -> Inputs:
    lost = {zone for (zone,) in store.db.execute("SELECT zone FROM lost_zone")}
    state = arguments.get("state")
    left_out = {*(arguments.get("excludeNames") or ()), *(arguments.get("excludeZoneIds") or ())}
    if arguments.get("filters"):
        raise CloudError("InvalidParameterValue", "filters of getAvailabilityZones are not modelled by the local cloud")
    names = [
        name
        for name in zone_names(region)
        if not {name, zone_id(name)} & left_out
        and (state is None or (name in lost) == (state in {"impaired", "unavailable", "information"}))
    ]
    answer = {"groupNames": [region], "id": region, "names": names, "region": region}
    return {**arguments, **answer, "zoneIds": [zone_id(name) for name in names]}


def _offerings(arguments: Inputs, region: str, _store: Store) -> Inputs:
    kind = arguments.get("locationType", "region")
    filters = {str(entry["name"]): {str(v) for v in entry["values"]} for entry in arguments.get("filters") or []}
    unknown = set(filters) - {"instance-type", "location"}
    if unknown:
        raise CloudError("InvalidParameterValue", f"the filter '{min(unknown)}' is not valid")
    known = [
        entry.name for cloud_types in (machine_types("aws"), general_machine_types("aws")) for entry in cloud_types
    ]
    locations = {
        "region": {region: zone_names(region)},
        "availability-zone": {name: (name,) for name in zone_names(region)},
        "availability-zone-id": {zone_id(name): (name,) for name in zone_names(region)},
    }[kind]
    rows = sorted(
        (location, name)
        for name in known
        if name in filters.get("instance-type", {name})
        for location, zones in locations.items()
        if location in filters.get("location", {location})
        and any(zone_offers("aws", zone_region("aws", zone), zone, name) is not False for zone in zones)
    )
    return {
        **arguments,
        "id": region,
        "instanceTypes": [name for _, name in rows],
        "locationTypes": [kind for _ in rows],
        "locations": [location for location, _ in rows],
        "region": region,
    }


def _subnet(arguments: Inputs, region: str, store: Store) -> Inputs:
    row = take_one(
        select(store, _SUBNET, region, arguments, ("availabilityZone", "availabilityZoneId", "cidrBlock", "vpcId")),
        "Subnet",
    )
    network_size = 2 ** (32 - int(str(row.outputs["cidrBlock"]).partition("/")[2]))
    extra = {
        "availableIpAddressCount": network_size - 5,  # Amazon VPC User Guide: five addresses of a subnet are reserved
        "customerOwnedIpv4Pool": "",
        "defaultForAz": False,
        "enableLniAtDeviceIndex": 0,
        "mapCustomerOwnedIpOnLaunch": False,
        "outpostArn": "",
    }
    return _describe(row, arguments, extra)


def _describe(row: Row, arguments: Inputs, extra: Inputs) -> Inputs:
    outputs = {key: value for key, value in row.outputs.items() if key != "tagsAll" and not key.startswith("__")}
    answer = {**outputs, **extra, "id": row.id, "state": "available", "tags": row.outputs.get("tagsAll", {})}
    return {**answer, "filters": arguments["filters"]} if arguments.get("filters") else answer


def _subnets(arguments: Inputs, region: str, store: Store) -> Inputs:
    rows = select(store, _SUBNET, region, {**arguments, "id": None}, ())
    return {
        **arguments,
        "id": region,
        "ids": [row.id for row in rows],
        "region": region,
        "tags": arguments.get("tags") or {},
    }


def _vpc(arguments: Inputs, region: str, store: Store) -> Inputs:
    row = take_one(select(store, _VPC, region, arguments, ("cidrBlock", "dhcpOptionsId")), "VPC")
    block = {
        "associationId": f"vpc-cidr-assoc-{row.id[4:]}",
        "cidrBlock": row.outputs["cidrBlock"],
        "state": "associated",
    }
    extra = {"cidrBlockAssociations": [block], "default": False, "ipv6CidrBlockAssociations": []}
    return _describe(row, arguments, extra)


def _cluster(arguments: Inputs, region: str, store: Store) -> Inputs:
    row = store.find_one(_CLUSTER, region, str(arguments["name"]))
    if row is None or row.status != "active":
        raise CloudError("ResourceNotFoundException", f"No cluster found for name: {arguments['name']}.")
    outputs = row.outputs
    single = {
        "accessConfigs": "accessConfig",
        "certificateAuthorities": "certificateAuthority",
        "computeConfigs": "computeConfig",
        "controlPlaneScalingConfigs": "controlPlaneScalingConfig",
        "kubeApiServerConfigs": "kubeApiServerConfig",
        "kubeControllerManagerConfigs": "kubeControllerManagerConfig",
        "kubeSchedulerConfigs": "kubeSchedulerConfig",
        "kubernetesNetworkConfigs": "kubernetesNetworkConfig",
        "outpostConfigs": "outpostConfig",
        "remoteNetworkConfigs": "remoteNetworkConfig",
        "storageConfigs": "storageConfig",
        "upgradePolicies": "upgradePolicy",
        "zonalShiftConfigs": "zonalShiftConfig",
    }
    plain = (
        "arn",
        "clusterId",
        "createdAt",
        "deletionProtection",
        "endpoint",
        "identities",
        "platformVersion",
        "region",
        "roleArn",
        "status",
        "version",
        "vpcConfig",
    )
    return {
        **{many: [outputs[one]] if outputs.get(one) else [] for many, one in single.items()},
        **{name: outputs[name] for name in plain},
        "enabledClusterLogTypes": outputs.get("enabledClusterLogTypes", []),
        "id": row.id,
        "name": row.id,
        "tags": outputs.get("tagsAll", {}),
    }


def _cluster_auth(arguments: Inputs, region: str, store: Store) -> Inputs:
    found = _cluster(arguments, region, store)
    return {"id": found["name"], "name": found["name"], "region": region, "token": "k8s-aws-v1.local-cloud"}


FUNCTIONS: dict[str, Callable[[Inputs, str, Store], Inputs]] = {
    "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings": _offerings,
    "aws:ec2/getSubnet:getSubnet": _subnet,
    "aws:ec2/getSubnets:getSubnets": _subnets,
    "aws:ec2/getVpc:getVpc": _vpc,
    "aws:eks/getCluster:getCluster": _cluster,
    "aws:eks/getClusterAuth:getClusterAuth": _cluster_auth,
    "aws:index/getAvailabilityZones:getAvailabilityZones": _zones,
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getPartition:getPartition": _partition,
    "aws:index/getRegion:getRegion": _region,
}


def invoke(token: str, arguments: Inputs, settings: Inputs, store: Store) -> Inputs:
    """Return the answer of a function; LookupError, with the names of those that there are, for any other."""
    if token not in FUNCTIONS:
        raise LookupError(", ".join(sorted(FUNCTIONS)))
    region = str(arguments.get("region") or settings.get("region") or "")
    return FUNCTIONS[token](arguments, region, store)
