"""What each cloud would refuse, refused first: documents as YAML gives them, problems with path, reason and fix."""

from typing import Any

import pytest

from gpucloud.errors import Problem
from gpucloud.facts.vendor_machines import Cloud
from tests.plan.documents import accepted, refused

COMPUTE = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Compute"
GROUP = f"{COMPUTE}/capacityReservationGroups/g"

OWN_IMAGE = {"family": "custom", "id": "ami-01234567"}

BAD: dict[str, tuple[Cloud, dict[str, Any], dict[str, Any], Problem]] = {
    "AKS pool name over 12 characters": (
        "azure",
        {"name": "training-a"},
        {"name": "training-h100"},
        Problem(
            "name",
            "makes the agent pool trainingh100o1, 14 characters where AKS takes 12",
            "shorten it by 2; dashes do not count",
        ),
    ),
    "GKE pool name over 40 characters": (
        "gcp",
        {"name": "n" * 33, "capacity": ["spot"]},
        {"name": "n" * 34, "capacity": ["spot"]},
        Problem(
            "name",
            f"makes the node pool {'n' * 34}-a-spot, 41 characters where GKE takes 40",
            "shorten it by 1",
        ),
    ),
    "one existing compact placement over two zones": (
        "gcp",
        {"zones": ["us-central1-a"], "placement": {"type": "existing", "name": "rack"}},
        {"placement": {"type": "existing", "name": "rack"}},
        Problem(
            "placement",
            "rack is one place and the pool has 2 zones, no launch elsewhere would match it",
            "give the pool one zone, or write `cluster`: every zone then has a placement of its own",
        ),
    ),
    "one existing proximity placement group over two zones": (
        "azure",
        {"zones": [1], "placement": {"type": "existing", "name": f"{COMPUTE}/proximityPlacementGroups/p"}},
        {"zones": [1, 3], "placement": {"type": "existing", "name": f"{COMPUTE}/proximityPlacementGroups/p"}},
        Problem(
            "placement",
            f"{COMPUTE}/proximityPlacementGroups/p is one place and the pool has 2 zones, no launch elsewhere would "
            "match it",
            "give the pool one zone, or write `cluster`: every zone then has a placement of its own",
        ),
    ),
    "flex-start with auto-repair": (
        "gcp",
        {"capacity": ["flex-start"]},
        {"capacity": ["flex-start"], "repair": True},
        Problem(
            "repair", "GKE does not repair flex-start nodes, it refuses the pool", "leave it out, or drop `flex-start`"
        ),
    ),
    "queued with a minimum": (
        "gcp",
        {"capacity": ["queued"], "size": {"max": 4}},
        {"capacity": ["queued"], "size": {"min": 1, "desired": 1, "max": 4}},
        Problem(
            "size.min",
            "1 nodes are wanted of a queued pool, GKE refuses one that does not start at zero",
            "set min to 0; a ProvisioningRequest brings the nodes",
        ),
    ),
    "spot with a reservation (Google Cloud)": (
        "gcp",
        {"capacity": [{"type": "reserved", "reservation_id": "r", "zone": "us-central1-a"}, "spot"]},
        {"capacity": [{"type": "spot", "reservation_id": "r"}]},
        Problem(
            "capacity[0]",
            "spot nodes cannot use a reservation, the request would be refused",
            "make it `type: reserved` and add a second entry `spot` for the overflow",
        ),
    ),
    "spot with a reservation (Azure)": (
        "azure",
        {"capacity": [{"type": "reserved", "reservation_id": GROUP, "zone": 1}, "spot"]},
        {"capacity": [{"type": "spot", "reservation_id": GROUP}]},
        Problem(
            "capacity[0]",
            "spot nodes cannot use a reservation, the request would be refused",
            "make it `type: reserved` and add a second entry `spot` for the overflow",
        ),
    ),
    "driver version pinned where AKS owns the driver": (
        "azure",
        {"driver_owner": "operator", "driver_version": "580.126.09"},
        {"driver_version": "580.126.09"},
        Problem(
            "driver_version",
            "AKS owns the driver and chooses 580.126.09 or not by itself",
            "leave it out; the operator takes a version (driver_owner: operator)",
        ),
    ),
    "driver version pinned where GKE owns the driver": (
        "gcp",
        {"driver_version": "latest"},
        {"driver_version": "580.126.09"},
        Problem(
            "driver_version",
            "GKE owns the driver and chooses 580.126.09 or not by itself",
            "use `default` or `latest`, or set driver_owner to `operator`; the operator takes a version "
            "(driver_owner: operator)",
        ),
    ),
    "driver version pinned where the EKS image owns the driver": (
        "aws",
        {
            "driver_owner": "operator",
            "image": {"family": "custom", "id": "ami-01234567"},
            "driver_version": "580.126.09",
        },
        {"driver_version": "580.126.09"},
        Problem(
            "driver_version",
            "EKS owns the driver and chooses 580.126.09 or not by itself",
            "leave it out; the operator takes a version (driver_owner: operator)",
        ),
    ),
    "a zone of Google Cloud that does not sell the type": (
        "gcp",
        {"zones": ["us-central1-b"], "machine_type": "a4-highgpu-8g", "capacity": ["spot"]},
        {"zones": ["us-central1-b", "us-central1-a"], "machine_type": "a4-highgpu-8g", "capacity": ["spot"]},
        Problem("zones[1]", "a4-highgpu-8g is not offered there, no node could start", "use us-central1-b"),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_with_path_reason_and_fix(name):
    cloud, good, bad, problem = BAD[name]
    assert refused(cloud, **good) == ()
    assert problem in refused(cloud, **bad)


@pytest.mark.parametrize("name", [name for name in BAD if name != "queued with a minimum"])
def test_nothing_else_is_wrong_with_it(name):
    cloud, _, bad, problem = BAD[name]
    assert refused(cloud, **bad) == (problem,)


@pytest.mark.parametrize(
    ("region", "machine_type"), [("westus", "Standard_NC24ads_A100_v4"), ("southeastus", "Standard_ND96isr_H100_v5")]
)
def test_a_size_that_azure_sells_regionally_alone_is_refused_in_a_zone(region, machine_type):
    """AKS answers a zone there with AvailabilityZoneNotSupported; the refusal names what is sold."""
    where = {"region": region}
    assert refused("azure", where, machine_type=machine_type, zones=["regional"]) == ()
    assert refused("azure", where, machine_type=machine_type, zones=[1]) == (
        Problem(
            "zones[0]",
            f"1 is not a zone of {region}, which has none: its sizes are sold for the whole region",
            "use regional",
        ),
    )


def test_every_problem_of_an_aks_pool_is_said_at_once():
    found = refused(
        "azure",
        {"tags": {"a/b": "x"}},
        name="much-too-long",
        zones=[1, 4],
        machine_type="Standard_ND96isr_MI300X_v5",
        capacity=["spot", "flex-start", {"type": "reserved", "reservation_id": "cr-1", "zone": 1, "blocks": ["b"]}],
        driver_version="580.126.09",
        fabric="efa",
        sharing={"type": "mig", "profile": "1g.10gb"},
        image={"family": "cos"},
        repair=False,
        root_disk={"iops": 5000},
        local_nvme="raid0",
        labels={"kubernetes.azure.com/mode": "user"},
        placement={"type": "existing", "name": "near"},
        kubelet={"systemReserved": {"cpu": "1"}},
        linux={"hugepages_1gi": 2},
    )
    assert [problem.path for problem in found] == sorted(
        (
            "capacity[1]",
            "capacity[2]",
            "capacity[2].blocks",
            "capacity[2].reservation_id",
            "clusters[train].tags[a/b]",
            "driver_owner",
            "driver_version",
            "fabric",
            "image.family",
            "image.family",
            "kubelet.systemReserved",
            "labels[kubernetes.azure.com/mode]",
            "linux.hugepages_1gi",
            "local_nvme",
            "name",
            "placement",
            "placement.name",
            "repair",
            "root_disk.iops",
            "sharing",
            "zones[1]",
        ),
        key=lambda path: path if path.startswith("clusters") else f"clusters[train].node_pools[much-too-long].{path}",
    )
    assert all(problem.problem and problem.fix for problem in found)


def test_every_problem_of_a_gke_pool_is_said_at_once():
    """Form and substance in one list: the mapping of `spot` is wrong by itself, the rest by what it means."""
    found = refused(
        "gcp",
        {"tags": {"Team": "x"}, "access": {"admins": ["arn:aws:iam::123456789012:role/a"]}},
        name="n" * 41,
        zones=["us-central1-a", "us-central1-b"],
        machine_type="a3-megagpu-8g",
        capacity=["flex-start", "queued", {"type": "reserved", "reservation_id": "a/b/c", "zone": "us-central1-a"}],
        size={"min": 1, "desired": 2, "max": 4},
        driver_owner="operator",
        driver_version="latest",
        sharing={"type": "mig", "profile": "1g.11gb"},
        repair=True,
        gpu_taint=False,
        taints=[{"key": "nvidia.com/gpu", "value": "present"}],
        root_disk={"throughput_mib_s": 700, "iops": 5000},
        local_nvme="raid10",
        placement="cluster",
        kubelet={"evictionHard": {"memory.available": "1Gi"}},
        fabric="roce",
        unknown=1,
    )
    assert {problem.path for problem in found} == {
        "capacity[0]",
        "capacity[1]",
        "capacity[2].reservation_id",
        "clusters[train].access.admins[0]",
        "clusters[train].tags[Team]",
        "driver_owner",
        "driver_version",
        "fabric",
        "gpu_taint",
        "kubelet.evictionHard",
        "local_nvme",
        "name",
        "repair",
        "root_disk.iops",
        "root_disk.throughput_mib_s",
        "sharing",
        "sharing.profile",
        "size.desired",
        "size.min",
        "taints[0]",
        "unknown",
    }
    assert all(problem.problem and problem.fix for problem in found)


def test_what_is_right_on_one_cloud_is_refused_on_the_others():
    """The same pool three times, but for what only one cloud has."""
    assert accepted("aws", fabric="efa").clusters[0].node_pools[0].fabric == "efa"
    assert [problem.path for problem in refused("gcp", fabric="efa")] == ["fabric"]
    assert [problem.path for problem in refused("aws", capacity=["flex-start"])] == ["capacity[0]"]
    assert [problem.path for problem in refused("azure", capacity=["queued"])] == ["capacity[0]"]
    block = {"type": "capacity-block", "reservation_id": "cr-1", "zone": "us-central1-a"}
    assert [problem.path for problem in refused("gcp", capacity=[block])] == ["capacity[0]"]
