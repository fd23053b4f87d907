"""The networks between accelerators: how many, of which profile, in which zone, and what a node has of them."""

from tests.components.gcp_outputs import PROJECT, reservation
from tests.components.gcp_programs import (
    B200,
    GB200,
    H100_TCPX,
    H100_TCPXO,
    H200,
    REGION,
    RESERVED,
    cluster_ref,
    record_pool,
)

TCPXO = {"machine_type": H100_TCPXO, "fabric": "tcpxo", "capacity": ["spot"]}
ROCE = {"machine_type": H200, "fabric": "roce", "capacity": ["spot"], "zones": ["us-central1-b"]}


def interfaces_of(found, ending=""):
    pool = next(entry for entry in found.of_type("nodePool:NodePool") if entry.name.endswith(ending))
    configs = pool.inputs["networkConfig"]["additionalNodeNetworkConfigs"]
    return [(config["network"], config["subnetwork"]) for config in configs]


def test_tcpx_has_four_networks_of_one_subnet_and_tcpxo_eight():
    for count, changes in ((4, {**TCPXO, "machine_type": H100_TCPX, "fabric": "tcpx"}), (8, TCPXO)):
        found = record_pool(**changes)
        names = [f"pool-gpu-{index}" for index in range(count)]
        assert [entry.inputs["name"] for entry in found.of_type("network:Network")] == names
        assert [entry.inputs["name"] for entry in found.of_type("Subnetwork")] == names
        assert interfaces_of(found) == [(name, name) for name in names]
        for network in found.of_type("network:Network"):
            assert network.inputs["mtu"] == 8244
            assert network.inputs["autoCreateSubnetworks"] is False
            assert "networkProfile" not in network.inputs
            assert network.delete_before_replace


def test_networks_that_are_no_rdma_let_their_own_traffic_in():
    found = record_pool(**TCPXO)
    ranges = {entry.inputs["name"]: entry.inputs["ipCidrRange"] for entry in found.of_type("Subnetwork")}
    rules = found.of_type("Firewall")
    assert len(rules) == 8
    for rule in rules:
        network = rule.inputs["name"].removesuffix("-internal")
        assert rule.inputs["sourceRanges"] == [ranges[network]]
        assert [entry["protocol"] for entry in rule.inputs["allows"]] == ["tcp", "udp", "icmp"]


def test_an_rdma_network_has_a_profile_eight_subnets_and_no_firewall():
    found = record_pool(**ROCE)
    rdma = found.one("network:Network", "pool-rdma-b")
    url = f"https://www.googleapis.com/compute/v1/projects/{PROJECT}/global/networkProfiles/us-central1-b-vpc-roce"
    assert rdma.inputs["networkProfile"] == url
    assert "mtu" not in rdma.inputs
    assert [entry.name for entry in found.of_type("Firewall")] == ["pool-gpu-0"]
    subnets = [entry for entry in found.of_type("Subnetwork") if "-rdma-" in entry.name]
    assert len(subnets) == 8
    assert {entry.inputs["region"] for entry in subnets} == {REGION}
    first, *rest = interfaces_of(found)
    assert first == ("pool-gpu-0", "pool-gpu-0")
    assert rest == [("pool-rdma-b", f"pool-rdma-b-{index}") for index in range(8)]


def test_each_zone_has_an_rdma_network_of_its_own_and_shares_the_other():
    found = record_pool(
        machine_type=B200, fabric="roce", capacity=["spot"], zones=["us-west3-b", "us-west3-c"],
        ref=cluster_ref(region="us-west3"),
    )  # fmt: skip
    assert [entry.name for entry in found.of_type("network:Network")] == ["pool-gpu-0", "pool-rdma-b", "pool-rdma-c"]
    assert {network for network, _ in interfaces_of(found, "b-spot")} == {"pool-gpu-0", "pool-rdma-b"}
    assert {network for network, _ in interfaces_of(found, "c-spot")} == {"pool-gpu-0", "pool-rdma-c"}


def test_a_node_pool_waits_for_its_networks():
    found = record_pool(**ROCE)
    needed = {entry.key for kind in ("network:Network", "Subnetwork") for entry in found.of_type(kind)}
    assert needed <= set(found.one("nodePool:NodePool").dependencies)


def test_gke_makes_the_networks_of_an_nvlink_domain_itself():
    found = record_pool(
        machine_type=GB200, capacity=[RESERVED], fabric="roce", answers=reservation(GB200, "nvidia-gb200", 4)
    )
    pool = found.one("nodePool:NodePool").inputs
    assert pool["networkConfig"] == {"acceleratorNetworkProfile": "auto"}
    assert pool["nodeConfig"]["labels"]["cloud.google.com/gke-networking-dra-driver"] == "true"
    assert not found.of_type("network:Network")


def test_without_a_fabric_there_is_no_network_and_no_word_of_one():
    found = record_pool(machine_type=H100_TCPXO, capacity=["spot"])
    assert "networkConfig" not in found.one("nodePool:NodePool").inputs
    assert not found.of_type("network:Network")
