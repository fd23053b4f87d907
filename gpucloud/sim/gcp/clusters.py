"""GKE clusters. Defaults: terraform-provider-google-beta 93c65b2 container/resource_container_cluster.go."""

import base64

from gpucloud.sim.gcp.identifiers import container_link, find_name, find_row
from gpucloud.sim.gcp.networks import SUBNETWORK
from gpucloud.sim.gcp.places import find_location, find_project, is_zone, region_of, zones_of
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.values import Inputs

SERVICE = "container.googleapis.com"
CLUSTER = "gcp:container/cluster:Cluster"
# What a cluster gets that asks for no version: the local cloud's own choice, not what GKE offers today.
DEFAULT_VERSION = "1.34.3-gke.1318000"
_DEFAULT_PODS = "10.4.0.0/14"
_DEFAULT_SERVICES = "34.118.224.0/20"
_ZONES_OF_A_CLUSTER = 3  # GKE, "Regional clusters": three zones of the region unless node_locations says otherwise


def cluster_id(draft: Draft) -> str:
    """Return `projects/P/locations/L/clusters/N`."""
    return f"projects/{find_project(draft)}/locations/{find_location(draft)}/clusters/{find_name(draft)}"


def master_version(wanted: object) -> str:
    """Return the whole version that GKE resolves a wanted one to; `1.34` and nothing become a build of our own."""
    text = str(wanted or "")
    if not text or text in {"latest", "-"}:
        return DEFAULT_VERSION
    if "-gke." in text:
        return text
    parts = text.split(".")
    head = ".".join(parts) if len(parts) > 2 else f"{text}.{DEFAULT_VERSION.split('.')[2].partition('-')[0]}"  # noqa: PLR2004
    return f"{head}-gke.{DEFAULT_VERSION.rpartition('.')[2]}"


def node_zones(inputs: Inputs, location: str) -> list[str]:
    """Return the zones of a cluster's nodes without those of one pool."""
    given = [str(zone) for zone in inputs.get("nodeLocations") or []]
    if is_zone(location):
        return sorted({location, *given})
    return sorted(given) or list(zones_of(location)[:_ZONES_OF_A_CLUSTER])


def _cluster(draft: Draft) -> Inputs:
    inputs, location, project = draft.inputs, find_location(draft), find_project(draft)
    name = find_name(draft)
    version = master_version(inputs.get("minMasterVersion"))
    private = inputs.get("privateClusterConfig") or {}
    ranges = inputs.get("ipAllocationPolicy") or {}
    named = _secondary_ranges(draft)
    pods = named.get(str(ranges.get("clusterSecondaryRangeName"))) or ranges.get("clusterIpv4CidrBlock")
    pods = str(pods or inputs.get("clusterIpv4Cidr") or _DEFAULT_PODS)
    services = named.get(str(ranges.get("servicesSecondaryRangeName"))) or ranges.get("servicesIpv4CidrBlock")
    services = str(services or _DEFAULT_SERVICES)
    # .invalid is reserved (RFC 2606): nothing may ever answer there.
    endpoint = f"{name}.{location}.gke.local-cloud.invalid"
    return {
        "clusterIpv4Cidr": pods,
        "databaseEncryption": {"keyName": "", "state": "DECRYPTED"},
        "datapathProvider": "LEGACY_DATAPATH",
        "defaultMaxPodsPerNode": 110,
        "defaultSnatStatus": {"disabled": False},
        "effectiveLabels": {**(inputs.get("resourceLabels") or {}), "goog-pulumi-provisioned": "true"},
        "enableL4IlbSubsetting": False,
        "endpoint": endpoint,
        "ipAllocationPolicy": {"clusterIpv4CidrBlock": pods, "servicesIpv4CidrBlock": services, "stackType": "IPV4"},
        "labelFingerprint": draft.digits(8, "labels"),
        "location": location,
        "masterAuth": {
            "clientCertificate": "",
            "clientCertificateConfig": {"issueClientCertificate": False},
            "clientKey": "",
            "clusterCaCertificate": _certificate(name),
        },
        "masterVersion": version,
        "name": name,
        "networkingMode": "VPC_NATIVE",
        "nodeLocations": [zone for zone in node_zones(inputs, location) if zone != location],
        "nodePools": [] if inputs.get("removeDefaultNodePool") else [{"name": "default-pool", "version": version}],
        "nodeVersion": version,
        "operation": "",
        "privateClusterConfig": {
            "peeringName": "",
            "privateEndpoint": f"private.{endpoint}" if private.get("enablePrivateNodes") else "",
            "publicEndpoint": endpoint,
        },
        "project": project,
        "pulumiLabels": {**(inputs.get("resourceLabels") or {}), "goog-pulumi-provisioned": "true"},
        "releaseChannel": {"channel": "REGULAR"},
        "selfLink": container_link(draft.id),
        "servicesIpv4Cidr": services,
        "subnetwork": "",
        "tpuIpv4CidrBlock": "",
    }


def _secondary_ranges(draft: Draft) -> dict[str, str]:
    region = region_of(find_location(draft))
    found = find_row(draft.store, SUBNETWORK, str(draft.inputs.get("subnetwork", "")), find_project(draft), region)
    items = (found.inputs.get("secondaryIpRanges") or []) if found else []
    return {str(item["rangeName"]): str(item.get("ipCidrRange") or "") for item in items}


def _certificate(name: str) -> str:
    """Return text in the place of a certificate: readable as what it is, trusted by nothing."""
    return base64.b64encode(f"local cloud: not a certificate ({name})".encode()).decode()


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


TYPES = (
    ResourceType(
        CLUSTER,
        SERVICE,
        "CreateCluster",
        "UpdateCluster",
        "DeleteCluster",
        cluster_id,
        _cluster,
        {
            "deletionPolicy": "DELETE",
            "deletionProtection": True,
            "enableKubernetesAlpha": False,
            "enableLegacyAbac": False,
            "enableMultiNetworking": False,
            "enableShieldedNodes": True,
            "network": "default",
        },
        Autoname(),
        _name,
        computed_members={
            "ipAllocationPolicy": ("clusterIpv4CidrBlock", "servicesIpv4CidrBlock", "stackType"),
            "masterAuth": ("clientCertificate", "clientKey", "clusterCaCertificate"),
            "privateClusterConfig": ("peeringName", "privateEndpoint", "publicEndpoint"),
        },
        volatile=frozenset({"masterVersion", "nodeVersion", "labelFingerprint"}),
        failed_is_replaced=False,
    ),
)
