"""A local cloud with what a node pool needs: a network, its subnetwork with two more ranges, a cluster."""

from dataclasses import dataclass

from pulumi.runtime.proto import provider_pb2, status_pb2

from gpucloud.sim.gcp.clusters import CLUSTER
from gpucloud.sim.gcp.networks import NETWORK, SUBNETWORK
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.gcp.scheduling import RESERVATION
from gpucloud.sim.values import encode
from tests.sim.servicer import Cloud, Context, Made, Refused

REGION, ZONE = "us-central1", "us-central1-a"
GPU, ACCELERATOR = "a3-highgpu-8g", "nvidia-h100-80gb"  # sold in zones a, b and c of the region
KEY = "compute.googleapis.com/reservation-name"
SECONDARY = [
    {"rangeName": "pods", "ipCidrRange": "10.4.0.0/14"},
    {"rangeName": "services", "ipCidrRange": "10.8.0.0/20"},
]


def without_none(values):
    return {key: value for key, value in values.items() if value is not None}


def pool_inputs(cluster, **changes):
    """Inputs of a GPU pool; `config` holds changes of nodeConfig, None takes a property out."""
    config = without_none({"machineType": GPU, **changes.pop("config", {})})
    base = {"cluster": cluster, "name": "h100", "nodeLocations": [ZONE], "initialNodeCount": 2, "nodeConfig": config}
    return without_none({**base, **changes})


@dataclass
class Estate:
    """What tests build on."""

    cloud: Cloud
    network: Made
    subnetwork: Made
    cluster: Made

    def cluster_inputs(self, **changes):
        base = {
            "location": REGION,
            "network": self.network.id,
            "subnetwork": self.subnetwork.id,
            "removeDefaultNodePool": True,
            "initialNodeCount": 1,
            "deletionProtection": False,
            "datapathProvider": "ADVANCED_DATAPATH",
            "enableMultiNetworking": True,
            "ipAllocationPolicy": {"clusterSecondaryRangeName": "pods", "servicesSecondaryRangeName": "services"},
            "workloadIdentityConfig": {"workloadPool": "gpucloud-local.svc.id.goog"},
            "releaseChannel": {"channel": "UNSPECIFIED"},
        }
        return without_none({**base, **changes})

    def pool(self, **changes):
        return pool_inputs(changes.pop("cluster", self.cluster.id), **changes)

    def create(self, name="h100", **changes):
        return self.cloud.create(NODE_POOL, name, self.pool(name=name, **changes))

    def fail(self, name="h100", **changes):
        """Create a pool that fails late and return what the engine gets: the partial failure, and the error's text."""
        checked, failures = self.cloud.check(NODE_POOL, name, self.pool(name=name, **changes))
        assert failures == []
        return fail_late(self.cloud, "Create", NODE_POOL, name, properties=encode(checked))

    def reserve(self, zone=ZONE, count=4, machine_type=GPU, name="kept", **changes):
        inputs = {
            "name": name,
            "zone": zone,
            "specificReservationRequired": True,
            "specificReservation": {"count": count, "instanceProperties": {"machineType": machine_type}},
            **changes,
        }
        return self.cloud.create(RESERVATION, f"{name}-{zone}", inputs)

    def networks(self, count, prefix="gpu", profile=None):
        """Additional networks of one subnetwork each; with a profile, one network with so many subnetworks."""
        made = []
        for index in range(count):
            name = prefix if profile else f"{prefix}-{index}"
            found = next((item for item in self.cloud.made if item.name == name), None)
            inputs = without_none({"name": name, "autoCreateSubnetworks": False, "networkProfile": profile})
            network = found or self.cloud.create(NETWORK, name, inputs)
            block = f"172.{16 + len(self.cloud.made) % 16}.{index}.0/24"
            subnet = {"name": f"{prefix}-{index}", "network": network.id, "ipCidrRange": block, "region": REGION}
            self.cloud.create(SUBNETWORK, f"{prefix}-{index}-subnet", subnet)
            made.append({"network": name, "subnetwork": f"{prefix}-{index}"})
        return made


def fail_late(cloud, method, token, name, **fields):
    context = Context("test")
    request = {"Create": provider_pb2.CreateRequest, "Update": provider_pb2.UpdateRequest}[method]
    import asyncio

    try:
        asyncio.run(getattr(cloud.providers["gcp"], method)(request(urn=cloud.urn(token, name), **fields), context))
    except Refused as refusal:
        ((key, value),) = context.details
        assert key == "grpc-status-details-bin"
        detail = provider_pb2.ErrorResourceInitFailed()
        assert status_pb2.Status.FromString(value).details[0].Unpack(detail)
        return detail, str(refusal)
    raise AssertionError("it did not fail")


def make_estate(cloud):
    cloud.call("Configure", "gcp:x", args=encode({"region": REGION}))
    network = cloud.create(NETWORK, "main", {"name": "main", "autoCreateSubnetworks": False})
    subnetwork = cloud.create(
        SUBNETWORK,
        "nodes",
        {"name": "nodes", "network": network.id, "ipCidrRange": "10.0.0.0/20", "secondaryIpRanges": SECONDARY},
    )
    estate = Estate(cloud, network, subnetwork, None)
    estate.cluster = cloud.create(CLUSTER, "train", estate.cluster_inputs(name="train"))
    return estate
