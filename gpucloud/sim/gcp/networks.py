"""VPC networks, subnetworks, routers with their NAT, and firewall rules.

Defaults: terraform-provider-google-beta 93c65b2, the schemas of each; MTU 1460, Compute Engine API v1, Network.mtu.
"""

import ipaddress
from collections.abc import Callable

from gpucloud.sim.gcp.identifiers import compute_link, find_name, find_row, in_project, in_region
from gpucloud.sim.gcp.moments import made_at
from gpucloud.sim.gcp.places import find_project, find_region, short
from gpucloud.sim.model import Autoname, Draft, ResourceType
from gpucloud.sim.store import Row
from gpucloud.sim.values import Inputs

SERVICE = "compute.googleapis.com"
NETWORK, SUBNETWORK = "gcp:compute/network:Network", "gcp:compute/subnetwork:Subnetwork"
ROUTER, NAT = "gcp:compute/router:Router", "gcp:compute/routerNat:RouterNat"
FIREWALL = "gcp:compute/firewall:Firewall"
# pulumi-gcp ed6078a provider/resources.go: lowercaseAutoName for networks, subnetworks, routers and NATs, else 255.
SHORT_NAME = Autoname("name", 63, lower=True)
DEFAULT_MTU = 1460
# Compute Engine, "Network profiles": RDMA networks carry RoCE frames.
PROFILE_MTU = 8896


def find_network(draft: Draft, reference: object) -> Row | None:
    """Return the network that a property means."""
    return find_row(draft.store, NETWORK, str(reference), find_project(draft))


def find_subnetwork(draft: Draft, reference: object, region: str) -> Row | None:
    """Return the subnetwork that a property means, in a region."""
    return find_row(draft.store, SUBNETWORK, str(reference), find_project(draft), region)


def _network(draft: Draft) -> Inputs:
    numeric = draft.decimals(19, "network")
    profile = draft.inputs.get("networkProfile")
    return {
        "bgpAlwaysCompareMed": False,
        "bgpBestPathSelectionMode": "LEGACY",
        "bgpInterRegionCost": "",
        "gatewayIpv4": "",
        "internalIpv6Range": "",
        "mtu": PROFILE_MTU if profile else DEFAULT_MTU,
        "name": find_name(draft),
        "networkId": numeric,
        "numericId": numeric,
        "project": find_project(draft),
        "routingMode": "REGIONAL",
        "selfLink": compute_link(draft.id),
    }


def _subnetwork(draft: Draft) -> Inputs:
    block = str(draft.inputs.get("ipCidrRange") or "")
    return {
        "allowSubnetCidrRoutesOverlap": False,
        "creationTimestamp": made_at(draft),
        "externalIpv6Prefix": "",
        "fingerprint": draft.digits(11, "fingerprint"),
        "gatewayAddress": str(ipaddress.ip_network(block, strict=False)[1]) if block else "",
        "internalIpv6Prefix": "",
        "ipCidrRange": block,
        "ipv6CidrRange": "",
        "ipv6GceEndpoint": "",
        "name": find_name(draft),
        "privateIpGoogleAccess": False,
        "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS",
        "project": find_project(draft),
        "purpose": "PRIVATE",
        "region": find_region(draft),
        "secondaryIpRanges": [],
        "selfLink": compute_link(draft.id),
        "stackType": "IPV4_ONLY",
        "state": "READY",
        "subnetworkId": int(draft.decimals(15, "subnetwork")),
    }


def _router(draft: Draft) -> Inputs:
    return {
        "creationTimestamp": made_at(draft),
        "name": find_name(draft),
        "project": find_project(draft),
        "region": find_region(draft),
        "selfLink": compute_link(draft.id),
    }


def _nat_id(draft: Draft) -> str:
    router = short(str(draft.inputs["router"]))
    return f"{find_project(draft)}/{find_region(draft)}/{router}/{find_name(draft)}"


def _nat(draft: Draft) -> Inputs:
    return {
        "autoNetworkTier": "PREMIUM",
        "drainNatIps": [],
        "enableDynamicPortAllocation": False,
        "enableEndpointIndependentMapping": False,
        "endpointTypes": ["ENDPOINT_TYPE_VM"],
        "icmpIdleTimeoutSec": 30,
        "minPortsPerVm": 0,
        "name": find_name(draft),
        "natIps": [],
        "project": find_project(draft),
        "region": find_region(draft),
        "tcpEstablishedIdleTimeoutSec": 1200,
        "tcpTimeWaitTimeoutSec": 120,
        "tcpTransitoryIdleTimeoutSec": 30,
        "type": "PUBLIC",
        "udpIdleTimeoutSec": 30,
    }


def _firewall(draft: Draft) -> Inputs:
    return {
        "creationTimestamp": made_at(draft),
        "destinationRanges": [],
        "direction": "INGRESS",
        "enableLogging": False,
        "name": find_name(draft),
        "priority": 1000,
        "project": find_project(draft),
        "selfLink": compute_link(draft.id),
    }


def _parent(name: str) -> Callable[[Inputs], str]:
    def parent_of(inputs: Inputs) -> str:
        return short(str(inputs.get(name, "")))

    return parent_of


def _name(inputs: Inputs) -> str:
    return str(inputs.get("name", ""))


def _type(token: str, collection: str, **more: object) -> ResourceType:
    calls = {"create_call": f"{collection}.insert", "update_call": f"{collection}.patch"}
    return ResourceType(token, SERVICE, delete_call=f"{collection}.delete", name_of=_name, **calls, **more)  # type: ignore[arg-type]


_DELETION = {"deletionPolicy": "DELETE"}
_NETWORK_DEFAULTS = {
    **_DELETION,
    "autoCreateSubnetworks": True,
    "deleteBgpAlwaysCompareMed": False,
    "deleteDefaultRoutesOnCreate": False,
    "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
}

TYPES = (
    _type(
        NETWORK,
        "networks",
        identify=in_project("networks"),
        compute=_network,
        defaults=_NETWORK_DEFAULTS,
        autoname=SHORT_NAME,
    ),
    _type(
        SUBNETWORK,
        "subnetworks",
        identify=in_region("subnetworks"),
        compute=_subnetwork,
        defaults=_DELETION,
        autoname=SHORT_NAME,
        parent_of=_parent("network"),
        volatile=frozenset({"fingerprint"}),
    ),
    _type(
        ROUTER,
        "routers",
        identify=in_region("routers"),
        compute=_router,
        defaults=_DELETION,
        autoname=SHORT_NAME,
        parent_of=_parent("network"),
    ),
    # A NAT is a part of its router: it is made, changed and removed by a change of the router.
    ResourceType(
        NAT,
        SERVICE,
        "routers.patch",
        "routers.patch",
        "routers.patch",
        _nat_id,
        _nat,
        _DELETION,
        SHORT_NAME,
        _name,
        _parent("router"),
    ),
    _type(
        FIREWALL,
        "firewalls",
        identify=in_project("firewalls"),
        compute=_firewall,
        defaults=_DELETION,
        autoname=Autoname(),
        parent_of=_parent("network"),
    ),
)
