"""The ranges and the network settings of an AKS cluster.

Sources: azure-aks-docs fb060ab concepts-network-azure-cni-overlay.md, configure-azure-cni.md, azure-cni-powered-by-
cilium.md, configure-kubenet.md; MicrosoftDocs SupportArticles error-code-servicecidroverlapexistingsubnetscidr.md.
"""

import ipaddress
from collections.abc import Iterator

from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.identifiers import find_by_id
from gpucloud.sim.azure_native.rules.cluster import pools_of
from gpucloud.sim.azure_native.rules.pool import is_known
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_CODE = "InvalidParameter"
_SERVICE_BITS = 12
_POD, _SERVICE = "10.244.0.0/16", "10.0.0.0/16"  # what AKS takes where none is given (azure-cni-overlay.md)
# "AKS clusters can't use" these for services, pods or the virtual network.
_FORBIDDEN = tuple(
    ipaddress.ip_network(block) for block in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
)
Network = ipaddress.IPv4Network


def read_range(text: object) -> Network | None:
    """Return an IPv4 range, or None for what is none."""
    try:
        return ipaddress.IPv4Network(str(text))
    except ValueError:
        return None


def network_of(cluster: Inputs) -> Inputs:
    """Return a cluster's network profile, empty where there is none."""
    profile = cluster.get("networkProfile")
    return profile if isinstance(profile, dict) else {}


def refuse_bad_ranges(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse ranges that are none, that AKS cannot use, that are too wide, that overlap; and a DNS address outside."""
    network = network_of(cluster)
    pod, service, address = network.get("podCidr"), network.get("serviceCidr"), network.get("dnsServiceIP")
    if not is_known(pod, service, address):
        return
    bad = False
    for name, given in (("podCidr", pod), ("serviceCidr", service)):
        found = read_range(given) if given is not None else None
        if given is not None and found is None:
            bad = True
            yield Refusal(f"networkProfile.{name}", _CODE, f"'{given}' is not an IPv4 range")
        elif found is not None and any(found.overlaps(forbidden) for forbidden in _FORBIDDEN):
            yield Refusal(f"networkProfile.{name}", _CODE, f"AKS clusters can't use {given}: its own range is in it")
    if bad:
        return
    yield from _check_services(read_range(service or _SERVICE), address, given=service is not None)
    pods, services = read_range(pod or _POD), read_range(service or _SERVICE)
    if has_pod_range(network) and pods and services and pods.overlaps(services):
        text = f"the pod range {pods} must not overlap the service range {services}"
        yield Refusal("networkProfile.podCidr", _CODE, text)


def _check_services(services: Network | None, address: object, *, given: bool) -> Iterator[Refusal]:
    if services is None:
        return
    if services.prefixlen <= _SERVICE_BITS:
        text = f"the service address CIDR must be smaller than /{_SERVICE_BITS}, not {services}"
        yield Refusal("networkProfile.serviceCidr", _CODE, text)
    if address is None:
        if given:
            text = "a serviceCidr of one's own needs a dnsServiceIP in it"
            yield Refusal("networkProfile.dnsServiceIP", _CODE, text)
        return
    try:
        found = ipaddress.IPv4Address(str(address))
    except ValueError:
        yield Refusal("networkProfile.dnsServiceIP", _CODE, f"'{address}' is not an IPv4 address")
        return
    if found not in services:
        text = f"dnsServiceIP {address} must be within the service range {services}"
        yield Refusal("networkProfile.dnsServiceIP", _CODE, text)
    elif found in {services.network_address, services.network_address + 1, services.broadcast_address}:
        text = f"dnsServiceIP {address} must not be the first address of the range, the API server's, nor its last"
        yield Refusal("networkProfile.dnsServiceIP", _CODE, text)


def has_pod_range(network: Inputs) -> bool:
    """Return whether pods have a range of their own: overlay, kubenet, or none said."""
    return network.get("networkPlugin", "kubenet") != "azure" or network.get("networkPluginMode") == "overlay"


def refuse_bad_plugins(cluster: Inputs) -> Iterator[Refusal]:
    """Refuse plugins, data planes and policies that do not go together."""
    network = network_of(cluster)
    plugin, mode = network.get("networkPlugin", "azure"), network.get("networkPluginMode")
    plane, policy = network.get("networkDataplane"), network.get("networkPolicy")
    if not is_known(plugin, mode, plane, policy):
        return
    if mode == "overlay" and plugin != "azure":
        text = "network plugin mode overlay applies only to network plugin azure"
        yield Refusal("networkProfile.networkPluginMode", _CODE, text)
    if plugin == "azure" and mode != "overlay" and network.get("podCidr") is not None:
        text = "with Azure CNI, a podCidr is for network plugin mode overlay alone"
        yield Refusal("networkProfile.podCidr", _CODE, text)
    if plane == "cilium" and plugin != "azure":
        yield Refusal("networkProfile.networkDataplane", _CODE, "the cilium data plane needs network plugin azure")
    if plane == "cilium" and policy in {"azure", "calico"}:
        text = f"the cilium data plane enforces policies itself: networkPolicy is cilium, not {policy}"
        yield Refusal("networkProfile.networkPolicy", _CODE, text)
    if policy == "cilium" and plane != "cilium":
        yield Refusal("networkProfile.networkPolicy", _CODE, "network policy cilium needs networkDataplane cilium")
    if policy == "azure" and plugin == "kubenet":
        yield Refusal("networkProfile.networkPolicy", _CODE, "network policy azure needs network plugin azure")


def refuse_subnets_of_ranges(draft: Draft) -> None:
    """Refuse a pool's subnet that overlaps the cluster's services or pods, and pools over several networks."""
    if draft.type == tokens.CLUSTER:
        cluster, pools = draft.inputs, pools_of(draft.inputs)
    else:
        found = draft.store.find("type = ? AND name = ?", tokens.CLUSTER, _cluster_key(draft.inputs))
        cluster, pools = (found[0].inputs, [*pools_of(found[0].inputs), draft.inputs]) if found else ({}, [])
    ids = [str(pool["vnetSubnetID"]) for pool in pools if pool.get("vnetSubnetID")]
    networks = {id_.lower().rpartition("/subnets/")[0] for id_ in ids}
    if len(networks) > 1:
        raise CloudError(
            "InvalidParameter", f"All node pools must reside in the same virtual network: {sorted(networks)}"
        )
    profile = network_of(cluster)
    services = read_range(profile.get("serviceCidr") or _SERVICE)
    pods = read_range(profile.get("podCidr") or _POD) if has_pod_range(profile) else None
    for id_ in ids:
        for block in _blocks_of(draft, id_):
            if services is not None and block.overlaps(services):
                raise CloudError(
                    "ServiceCidrOverlapExistingSubnetsCidr",
                    f"The specified service CIDR {services} is conflicted with an existing subnet CIDR {block}",
                )
            if pods is not None and block.overlaps(pods):
                raise CloudError(
                    "InvalidParameter", f"Pod CIDR space {pods} must not overlap with the cluster subnet range {block}"
                )


def _cluster_key(inputs: Inputs) -> str:
    return f"{inputs.get('resourceGroupName')}/{inputs.get('resourceName')}".lower()


def _blocks_of(draft: Draft, subnet_id: str) -> list[Network]:
    row = find_by_id(draft.store, subnet_id, tokens.SUBNET)
    given = subnet_blocks(row.inputs) if row is not None else []
    return [block for block in map(read_range, given) if block is not None]


def subnet_blocks(subnet: Inputs) -> list[str]:
    """Return the ranges of a subnet as written."""
    single = subnet.get("addressPrefix")
    return [str(block) for block in (subnet.get("addressPrefixes") or ([single] if single is not None else []))]
