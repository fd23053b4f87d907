"""Each rule over inputs alone: one case that passes, one that fails."""

import pytest

from gpucloud.sim.gcp.clusters import CLUSTER
from gpucloud.sim.gcp.iam import ACCOUNT
from gpucloud.sim.gcp.networks import FIREWALL, NAT, NETWORK, SUBNETWORK
from gpucloud.sim.gcp.node_pools import NODE_POOL
from gpucloud.sim.gcp.scheduling import POLICY, RESERVATION
from gpucloud.sim.values import UNKNOWN
from tests.sim.gcp.estate import ACCELERATOR, GPU, KEY, pool_inputs, without_none


def pool(**changes):
    return pool_inputs("c", **changes)


def config(**changes):
    return pool(config=changes)


def gpu(machine=GPU, kind=ACCELERATOR, count=8, **more):
    return config(machineType=machine, guestAccelerators=[{"type": kind, "count": count, **more}])


def kubelet(**changes):
    return config(kubeletConfig=changes)


def scaled(**changes):
    return pool(initialNodeCount=None, autoscaling=changes)


def affinity(kind, **more):
    return {"reservationAffinity": {"consumeReservationType": kind, **more}}


NONE = affinity("NO_RESERVATION")
QUEUED = {"queuedProvisioning": {"enabled": True}, "initialNodeCount": None}
UP_TO_8 = {"totalMinNodeCount": 0, "totalMaxNodeCount": 8}
FLEX = {"flexStart": True, **NONE}
NO_REPAIR = {"management": {"autoRepair": False, "autoUpgrade": True}}
COMPACT = {"placementPolicy": {"type": "COMPACT"}}
TAINT = {"key": "team", "value": "a", "effect": "NO_SCHEDULE"}


def queued(config=NONE, **changes):
    return pool(**{**QUEUED, "autoscaling": UP_TO_8, "config": config, **changes})


def flex(config=FLEX, **changes):
    return pool(**{**NO_REPAIR, "config": config, "initialNodeCount": None, **changes})


def specific(key=KEY, values=("kept",)):
    return config(**affinity("SPECIFIC_RESERVATION", **without_none({"key": key, "values": list(values)})))


CLUSTER_INPUTS = {"location": "us-central1", "initialNodeCount": 1}
SUBNET = {"network": "n", "ipCidrRange": "10.0.0.0/20"}
NAT_INPUTS = {
    "router": "r",
    "natIpAllocateOption": "AUTO_ONLY",
    "sourceSubnetworkIpRangesToNat": "ALL_SUBNETWORKS_ALL_IP_RANGES",
}
RULE = {"network": "n", "allows": [{"protocol": "tcp"}], "sourceRanges": ["10.0.0.0/8"]}
ROCE = "projects/p/global/networkProfiles/us-central1-b-vpc-roce"
RDMA = {"networkProfile": ROCE, "autoCreateSubnetworks": False}
RESERVED = {"machineType": GPU}


def cluster(**changes):
    return {**CLUSTER_INPUTS, **changes}


def subnet(**changes):
    return without_none({**SUBNET, **changes})


def nat(**changes):
    return without_none({**NAT_INPUTS, **changes})


def rule(**changes):
    return without_none({**RULE, **changes})


def ranges(*names):
    return subnet(
        secondaryIpRanges=[{"rangeName": n, "ipCidrRange": f"10.{i + 1}.0.0/16"} for i, n in enumerate(names)]
    )


def reservation(count=1, **properties):
    specific = {"count": count, "instanceProperties": {**RESERVED, **properties}}
    return {"zone": "us-central1-a", "specificReservation": specific}


def private(block):
    return cluster(privateClusterConfig={"enablePrivateNodes": True, "masterIpv4CidrBlock": block})


# token, inputs that pass, inputs that fail, path and part of the reason of the failure
CASES = {
    # the provider's own schema
    "enumeration": (
        NODE_POOL,
        config(imageType="COS_CONTAINERD"),
        config(loggingVariant="LOUD"),
        "nodeConfig.loggingVariant",
        "to be one of",
    ),
    "enumeration in a list": (
        NODE_POOL,
        config(taints=[TAINT]),
        config(taints=[{**TAINT, "effect": "NoSchedule"}]),
        "nodeConfig.taints[0].effect",
        "NO_SCHEDULE",
    ),
    "driver version": (
        NODE_POOL,
        gpu(gpuDriverInstallationConfig={"gpuDriverVersion": "LATEST"}),
        gpu(gpuDriverInstallationConfig={"gpuDriverVersion": "570.1"}),
        "nodeConfig.guestAccelerators[0].gpuDriverInstallationConfig.gpuDriverVersion",
        "INSTALLATION_DISABLED",
    ),
    "least": (NODE_POOL, config(diskSizeGb=10), config(diskSizeGb=9), "nodeConfig.diskSizeGb", "at least (10)"),
    "topology policy": (
        NODE_POOL,
        kubelet(topologyManager={"policy": "restricted", "scope": "pod"}),
        kubelet(topologyManager={"policy": "strict"}),
        "nodeConfig.kubeletConfig.topologyManager.policy",
        "single-numa-node",
    ),
    "pattern": (SUBNETWORK, subnet(name="nodes"), subnet(name="Nodes"), "name", "regular expression"),
    "short pattern": (ACCOUNT, {"accountId": "gpu-nodes"}, {"accountId": "gpu"}, "accountId", "regular expression"),
    "conflict": (FIREWALL, rule(), rule(sourceTags=["a"], targetServiceAccounts=["b"]), "sourceTags", "conflicts with"),
    "exactly one": (FIREWALL, rule(), rule(denies=[{"protocol": "udp"}]), "allows", "only one of"),
    "autopilot": (
        CLUSTER,
        cluster(removeDefaultNodePool=True),
        cluster(removeDefaultNodePool=True, enableAutopilot=False),
        "removeDefaultNodePool",
        "conflicts with enableAutopilot",
    ),
    # names
    "pool name": (NODE_POOL, pool(name="a" * 40), pool(name="a" * 41), "name", "no longer than 40 characters"),
    "pool name form": (NODE_POOL, pool(name="gpu-1"), pool(name="1-gpu"), "name", "must start with a letter"),
    "pool prefix": (
        NODE_POOL,
        pool(name=None, namePrefix="a" * 31),
        pool(name=None, namePrefix="a" * 32),
        "namePrefix",
        "31",
    ),
    "cluster name": (CLUSTER, cluster(name="a" * 40), cluster(name="a" * 41), "name", "longer than 40 characters"),
    "cluster name form": (CLUSTER, cluster(name="a-1"), cluster(name="A"), "name", "lowercase letters"),
    "cluster name end": (CLUSTER, cluster(name="a-1"), cluster(name="a-"), "name", "must end with"),
    # sizes
    "two counts": (
        NODE_POOL,
        pool(),
        pool(nodeCount=1),
        "nodeCount",
        "Cannot set both initial_node_count and node_count",
    ),
    "count beside autoscaling": (
        NODE_POOL,
        pool(autoscaling={"minNodeCount": 0, "maxNodeCount": 4}),
        pool(nodeCount=1, initialNodeCount=None, autoscaling={"minNodeCount": 0, "maxNodeCount": 4}),
        "nodeCount",
        "alongside autoscaling",
    ),
    "two kinds of limits": (
        NODE_POOL,
        scaled(**UP_TO_8),
        scaled(minNodeCount=1, totalMaxNodeCount=8),
        "autoscaling",
        "both",
    ),
    "minimum": (
        NODE_POOL,
        scaled(minNodeCount=2, maxNodeCount=2),
        scaled(minNodeCount=3, maxNodeCount=2),
        "autoscaling.minNodeCount",
        "must not exceed",
    ),
    "initial count": (
        NODE_POOL,
        pool(autoscaling={"minNodeCount": 2, "maxNodeCount": 2}),
        pool(autoscaling={"minNodeCount": 3, "maxNodeCount": 4}),
        "initialNodeCount",
        "within the autoscaling limits [3, 4]",
    ),
    "initial count in all": (
        NODE_POOL,
        pool(autoscaling={"totalMinNodeCount": 0, "totalMaxNodeCount": 2}),
        pool(autoscaling={"totalMinNodeCount": 0, "totalMaxNodeCount": 1}),
        "initialNodeCount",
        "[0, 1]",
    ),
    "upgrade": (
        NODE_POOL,
        pool(upgradeSettings={"maxSurge": 0, "maxUnavailable": 1}),
        pool(upgradeSettings={"maxSurge": 0, "maxUnavailable": 0}),
        "upgradeSettings",
        "At least one of max_surge and max_unavailable",
    ),
    "blue-green": (
        NODE_POOL,
        pool(upgradeSettings={"strategy": "BLUE_GREEN"}),
        pool(upgradeSettings={"strategy": "BLUE_GREEN", "maxSurge": 1}),
        "upgradeSettings",
        "BLUE_GREEN",
    ),
    # capacity
    "spot and preemptible": (
        NODE_POOL,
        config(spot=True),
        config(spot=True, preemptible=True),
        "nodeConfig.preemptible",
        "Only one",
    ),
    "spot with reservation": (
        NODE_POOL,
        config(spot=True, **NONE),
        config(spot=True, **affinity("ANY_RESERVATION")),
        "nodeConfig.reservationAffinity.consumeReservationType",
        "Spot VMs cannot consume reservations",
    ),
    "queued with reservation": (
        NODE_POOL,
        queued(),
        queued(config={}),
        "nodeConfig.reservationAffinity.consumeReservationType",
        "Queued_provisioning requires reservation affinity to be set to none",
    ),
    "queued with minimum": (
        NODE_POOL,
        queued(),
        queued(autoscaling={"totalMinNodeCount": 1, "totalMaxNodeCount": 8}),
        "autoscaling.totalMinNodeCount",
        "minimum node count of 0",
    ),
    "queued without autoscaling": (
        NODE_POOL,
        queued(),
        queued(autoscaling=None),
        "autoscaling",
        "requires autoscaling",
    ),
    "queued and compact": (NODE_POOL, queued(), queued(**COMPACT), "placementPolicy", "does not support COMPACT"),
    "queued spot": (
        NODE_POOL,
        queued(),
        queued(config={"spot": True, **NONE}),
        "nodeConfig.spot",
        "does not support Spot",
    ),
    "flex with repair": (
        NODE_POOL,
        flex(),
        flex(management=None),
        "management.autoRepair",
        "auto-repair to be disabled",
    ),
    "flex of fixed size": (NODE_POOL, flex(), flex(nodeCount=2), "nodeCount", "fixed number"),
    "flex with reservation": (
        NODE_POOL,
        flex(),
        flex(config={"flexStart": True}),
        "nodeConfig.reservationAffinity.consumeReservationType",
        "Flex Start requires reservation affinity",
    ),
    "flex spot": (NODE_POOL, flex(), flex(config={**FLEX, "spot": True}), "nodeConfig.spot", "exclude each other"),
    "flex for long": (
        NODE_POOL,
        flex(config={**FLEX, "maxRunDuration": "604800s"}),
        flex(config={**FLEX, "maxRunDuration": "604801s"}),
        "nodeConfig.maxRunDuration",
        "seven days",
    ),
    "duration": (
        NODE_POOL,
        config(maxRunDuration="3600s"),
        config(maxRunDuration="1h"),
        "nodeConfig.maxRunDuration",
        "Invalid duration",
    ),
    "placement type": (
        NODE_POOL,
        pool(**COMPACT),
        pool(placementPolicy={"type": "SPREAD"}),
        "placementPolicy.type",
        "COMPACT is the only one",
    ),
    "compact over zones": (
        NODE_POOL,
        pool(**COMPACT),
        pool(**COMPACT, nodeLocations=["us-central1-a", "us-central1-b"]),
        "nodeLocations",
        "single zone, not in 2",
    ),
    "compact and blue-green": (
        NODE_POOL,
        pool(**COMPACT, upgradeSettings={"strategy": "SURGE"}),
        pool(**COMPACT, upgradeSettings={"strategy": "BLUE_GREEN"}),
        "upgradeSettings.strategy",
        "not supported with blue-green",
    ),
    "compact and flex": (
        NODE_POOL,
        flex(config={**FLEX, "machineType": "a4-highgpu-8g"}, **COMPACT),
        flex(**COMPACT),
        "placementPolicy",
        "A3 Ultra, A4 and H4D",
    ),
    "reservation key": (
        NODE_POOL,
        specific(),
        specific(key="name"),
        "nodeConfig.reservationAffinity.key",
        "requires key",
    ),
    "reservation values": (
        NODE_POOL,
        specific(),
        specific(values=()),
        "nodeConfig.reservationAffinity.values",
        "exactly one",
    ),
    "reservation block": (
        NODE_POOL,
        specific(values=["projects/p/reservations/kept/reservationBlocks/b1"]),
        specific(values=["projects/p/zones/z/reservations/kept"]),
        "nodeConfig.reservationAffinity.values[0]",
        "Invalid reservation",
    ),
    "values without reservation": (
        NODE_POOL,
        config(**NONE),
        config(**affinity("NO_RESERVATION", key=KEY, values=["kept"])),
        "nodeConfig.reservationAffinity",
        "takes neither key nor values",
    ),
    # accelerators
    "machine type": (
        NODE_POOL,
        config(machineType="e2-medium"),
        config(machineType="p5.48xlarge"),
        "nodeConfig.machineType",
        "does not exist",
    ),
    "machine type of a known family": (
        NODE_POOL,
        config(machineType="a3-highgpu-8g"),
        config(machineType="a3-highgpu-3g"),
        "nodeConfig.machineType",
        "does not exist",
    ),
    "default machine type": (
        NODE_POOL,
        gpu(),
        gpu(machine=None),
        "nodeConfig.machineType",
        "Cannot use default machine type (e2-medium) with GPUs",
    ),
    "implied accelerator": (
        NODE_POOL,
        gpu(),
        gpu(kind="nvidia-l4"),
        "nodeConfig.guestAccelerators[0]",
        "comes with 8 x nvidia-h100-80gb",
    ),
    "implied count": (NODE_POOL, gpu(), gpu(count=4), "nodeConfig.guestAccelerators[0]", "comes with 8 x"),
    "attached accelerator": (
        NODE_POOL,
        gpu("n1-standard-8", "nvidia-tesla-t4", 2),
        gpu("n1-standard-8", "nvidia-tesla-t4", 3),
        "nodeConfig.guestAccelerators[0]",
        "3 x nvidia-tesla-t4 cannot be attached",
    ),
    "accelerator on other machines": (
        NODE_POOL,
        gpu("n1-standard-8", "nvidia-tesla-t4", 1),
        gpu("n2-standard-8", "nvidia-tesla-t4", 1),
        "nodeConfig.guestAccelerators[0]",
        "cannot be attached",
    ),
    "two types": (
        NODE_POOL,
        gpu(),
        config(guestAccelerators=[{"type": ACCELERATOR, "count": 8}, {"type": "nvidia-l4", "count": 1}]),
        "nodeConfig.guestAccelerators",
        "one type",
    ),
    "partition": (
        NODE_POOL,
        gpu("a2-highgpu-1g", "nvidia-tesla-a100", 1, gpuPartitionSize="1g.5gb"),
        gpu("a2-highgpu-1g", "nvidia-tesla-a100", 1, gpuPartitionSize="1g.24gb"),
        "nodeConfig.guestAccelerators[0].gpuPartitionSize",
        "one of 1g.10gb, 1g.5gb",
    ),
    "partition without MIG": (
        NODE_POOL,
        gpu("g2-standard-8", "nvidia-l4", 1),
        gpu("g2-standard-8", "nvidia-l4", 1, gpuPartitionSize="1g.5gb"),
        "nodeConfig.guestAccelerators[0].gpuPartitionSize",
        "cannot be partitioned",
    ),
    "sharing strategy": (
        NODE_POOL,
        gpu(gpuSharingConfig={"gpuSharingStrategy": "MPS", "maxSharedClientsPerGpu": 48}),
        gpu(gpuSharingConfig={"gpuSharingStrategy": "SLICES", "maxSharedClientsPerGpu": 2}),
        "nodeConfig.guestAccelerators[0].gpuSharingConfig.gpuSharingStrategy",
        "TIME_SHARING",
    ),
    "clients": (
        NODE_POOL,
        gpu(gpuSharingConfig={"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 2}),
        gpu(gpuSharingConfig={"gpuSharingStrategy": "TIME_SHARING", "maxSharedClientsPerGpu": 49}),
        "nodeConfig.guestAccelerators[0].gpuSharingConfig.maxSharedClientsPerGpu",
        "between 2 and 48",
    ),
    "local disks": (
        NODE_POOL,
        config(ephemeralStorageLocalSsdConfig={"localSsdCount": 16}),
        config(ephemeralStorageLocalSsdConfig={"localSsdCount": 8}, localNvmeSsdBlockConfig={"localSsdCount": 8}),
        "nodeConfig.localNvmeSsdBlockConfig",
        "Only one of",
    ),
    # kubelet and Linux
    "pids": (
        NODE_POOL,
        kubelet(podPidsLimit=1024),
        kubelet(podPidsLimit=1023),
        "nodeConfig.kubeletConfig.podPidsLimit",
        "1024",
    ),
    "log files": (
        NODE_POOL,
        kubelet(containerLogMaxFiles=10),
        kubelet(containerLogMaxFiles=11),
        "nodeConfig.kubeletConfig.containerLogMaxFiles",
        "10",
    ),
    "log size": (
        NODE_POOL,
        kubelet(containerLogMaxSize="500Mi"),
        kubelet(containerLogMaxSize="1Gi"),
        "nodeConfig.kubeletConfig.containerLogMaxSize",
        "500Mi",
    ),
    "image thresholds": (
        NODE_POOL,
        kubelet(imageGcLowThresholdPercent=70, imageGcHighThresholdPercent=80),
        kubelet(imageGcLowThresholdPercent=80, imageGcHighThresholdPercent=80),
        "nodeConfig.kubeletConfig.imageGcLowThresholdPercent",
        "less than",
    ),
    "image age": (
        NODE_POOL,
        kubelet(imageMinimumGcAge="2m"),
        kubelet(imageMinimumGcAge="3m"),
        "nodeConfig.kubeletConfig.imageMinimumGcAge",
        "120",
    ),
    "quota period": (
        NODE_POOL,
        kubelet(cpuCfsQuotaPeriod="100ms"),
        kubelet(cpuCfsQuotaPeriod="100"),
        "nodeConfig.kubeletConfig.cpuCfsQuotaPeriod",
        "positive",
    ),
    "soft eviction": (
        NODE_POOL,
        kubelet(evictionSoft={"memoryAvailable": "100Mi"}, evictionSoftGracePeriod={"memoryAvailable": "5m"}),
        kubelet(evictionSoft={"memoryAvailable": "99Mi"}, evictionSoftGracePeriod={"memoryAvailable": "5m"}),
        "nodeConfig.kubeletConfig.evictionSoft.memoryAvailable",
        "at least 100Mi",
    ),
    "soft eviction share": (
        NODE_POOL,
        kubelet(evictionSoft={"imagefsAvailable": "15%"}, evictionSoftGracePeriod={"imagefsAvailable": "1m"}),
        kubelet(evictionSoft={"imagefsAvailable": "14%"}, evictionSoftGracePeriod={"imagefsAvailable": "1m"}),
        "nodeConfig.kubeletConfig.evictionSoft.imagefsAvailable",
        "between 15% and 50%",
    ),
    "grace period": (
        NODE_POOL,
        kubelet(evictionSoft={"pidAvailable": "10%"}, evictionSoftGracePeriod={"pidAvailable": "5m"}),
        kubelet(evictionSoft={"pidAvailable": "10%"}, evictionSoftGracePeriod={"pidAvailable": "6m"}),
        "nodeConfig.kubeletConfig.evictionSoftGracePeriod.pidAvailable",
        "at most 5m",
    ),
    "threshold without grace period": (
        NODE_POOL,
        kubelet(evictionSoft={"pidAvailable": "10%"}, evictionSoftGracePeriod={"pidAvailable": "5m"}),
        kubelet(evictionSoft={"pidAvailable": "10%"}),
        "nodeConfig.kubeletConfig.evictionSoftGracePeriod",
        "must have a grace period",
    ),
    "minimum reclaim": (
        NODE_POOL,
        kubelet(evictionMinimumReclaim={"memoryAvailable": "10%"}),
        kubelet(evictionMinimumReclaim={"memoryAvailable": "11%"}),
        "nodeConfig.kubeletConfig.evictionMinimumReclaim.memoryAvailable",
        "at most 10%",
    ),
    "sysctls": (
        NODE_POOL,
        kubelet(allowedUnsafeSysctls=["net.core.somaxconn", "kernel.shm*"]),
        kubelet(allowedUnsafeSysctls=["vm.swappiness"]),
        "nodeConfig.kubeletConfig.allowedUnsafeSysctls[0]",
        "in none of",
    ),
    "shutdown": (
        NODE_POOL,
        config(spot=True, kubeletConfig={"shutdownGracePeriodSeconds": 60}),
        kubelet(shutdownGracePeriodSeconds=60),
        "nodeConfig.kubeletConfig.shutdownGracePeriodSeconds",
        "Spot VMs or Preemptible VMs",
    ),
    "critical shutdown": (
        NODE_POOL,
        config(
            spot=True, kubeletConfig={"shutdownGracePeriodSeconds": 60, "shutdownGracePeriodCriticalPodsSeconds": 60}
        ),
        config(
            spot=True, kubeletConfig={"shutdownGracePeriodSeconds": 60, "shutdownGracePeriodCriticalPodsSeconds": 61}
        ),
        "nodeConfig.kubeletConfig.shutdownGracePeriodCriticalPodsSeconds",
        "must not exceed",
    ),
    "huge pages": (
        NODE_POOL,
        config(linuxNodeConfig={"hugepagesConfig": {"hugepageSize2m": 1024}}),
        config(linuxNodeConfig={"hugepagesConfig": {"hugepageSize2m": -1}}),
        "nodeConfig.linuxNodeConfig.hugepagesConfig.hugepageSize2m",
        "negative",
    ),
    # labels, taints, tags
    "label key": (
        NODE_POOL,
        config(labels={"a.b/c": "d"}),
        config(labels={"a b": "d"}),
        "nodeConfig.labels.a b",
        "Invalid label key",
    ),
    "label value": (NODE_POOL, config(labels={"a": "b"}), config(labels={"a": "b" * 64}), "nodeConfig.labels.a", "63"),
    "reserved label": (
        NODE_POOL,
        config(labels={"node.kubernetes.io/a": "b", "cloud.google.com/gke-queued": "true"}),
        config(labels={"node-role.kubernetes.io/gpu": "b"}),
        "nodeConfig.labels.node-role.kubernetes.io/gpu",
        "reserved",
    ),
    "taint twice": (
        NODE_POOL,
        config(taints=[TAINT, {**TAINT, "effect": "NO_EXECUTE"}]),
        config(taints=[TAINT, {**TAINT, "value": "b"}]),
        "nodeConfig.taints[1]",
        "Found more than one taint with key team and effect NO_SCHEDULE.",
    ),
    "taint key": (
        NODE_POOL,
        config(taints=[TAINT]),
        config(taints=[{**TAINT, "key": "-a"}]),
        "nodeConfig.taints[0].key",
        "Invalid",
    ),
    "tag": (NODE_POOL, config(tags=["gpu"]), config(tags=["a" * 64]), "nodeConfig.tags[0]", "no more than 63"),
    # clusters
    "cluster without nodes": (
        CLUSTER,
        cluster(),
        cluster(initialNodeCount=None),
        "initialNodeCount",
        "greater than zero",
    ),
    "version": (
        CLUSTER,
        cluster(minMasterVersion="1.34"),
        cluster(minMasterVersion="v1.34"),
        "minMasterVersion",
        "unsupported",
    ),
    "multi-networking": (
        CLUSTER,
        cluster(enableMultiNetworking=True, datapathProvider="ADVANCED_DATAPATH"),
        cluster(enableMultiNetworking=True),
        "datapathProvider",
        "requires Dataplane V2",
    ),
    "network policy": (
        CLUSTER,
        cluster(networkPolicy={"enabled": True}),
        cluster(networkPolicy={"enabled": True}, datapathProvider="ADVANCED_DATAPATH"),
        "networkPolicy.enabled",
        "not allowed",
    ),
    "control plane range": (
        CLUSTER,
        private("172.16.0.0/28"),
        private("172.16.0.0/27"),
        "privateClusterConfig.masterIpv4CidrBlock",
        "28",
    ),
    "two pod ranges": (
        CLUSTER,
        cluster(ipAllocationPolicy={"clusterSecondaryRangeName": "pods"}),
        cluster(ipAllocationPolicy={"clusterSecondaryRangeName": "pods", "clusterIpv4CidrBlock": "/14"}),
        "ipAllocationPolicy.clusterIpv4CidrBlock",
        "conflicts with",
    ),
    # networks
    "mtu": (NETWORK, {"mtu": 8244}, {"mtu": 9000}, "mtu", "1300 to 8896"),
    "mtu with profile": (NETWORK, {**RDMA, "mtu": 8896}, {**RDMA, "mtu": 8244}, "mtu", "8896"),
    "profile": (NETWORK, RDMA, {**RDMA, "networkProfile": "us-central1-b-vpc-roce"}, "networkProfile", "malformed"),
    "profile of a zone that there is not": (
        NETWORK,
        RDMA,
        {**RDMA, "networkProfile": ROCE.replace("central1-b", "central1-z")},
        "networkProfile",
        "was not found",
    ),
    "profile in auto mode": (NETWORK, RDMA, {"networkProfile": ROCE}, "autoCreateSubnetworks", "custom mode"),
    "range": (SUBNETWORK, SUBNET, subnet(ipCidrRange="10.0.0.1/20"), "ipCidrRange", "host bits"),
    "small range": (
        SUBNETWORK,
        subnet(ipCidrRange="10.0.0.0/29"),
        subnet(ipCidrRange="10.0.0.0/30"),
        "ipCidrRange",
        "/29",
    ),
    "no range": (SUBNETWORK, SUBNET, subnet(ipCidrRange=None), "ipCidrRange", "not specified"),
    "range name twice": (SUBNETWORK, ranges("a", "b"), ranges("a", "a"), "secondaryIpRanges[1].rangeName", "Duplicate"),
    "NAT addresses": (NAT, nat(), nat(natIpAllocateOption="MANUAL_ONLY"), "natIps", "At least one"),
    "NAT option": (NAT, nat(), nat(natIpAllocateOption=None), "natIpAllocateOption", "needs"),
    "NAT automatic": (NAT, nat(), nat(natIps=["a"]), "natIps", "AUTO_ONLY"),
    "NAT subnetworks": (
        NAT,
        nat(),
        nat(sourceSubnetworkIpRangesToNat="LIST_OF_SUBNETWORKS"),
        "subnetworks",
        "at least one",
    ),
    "firewall source": (FIREWALL, rule(), rule(sourceRanges=None), "sourceRanges", "must be defined"),
    "firewall block": (FIREWALL, rule(), rule(sourceRanges=["10.0.0.1/8"]), "sourceRanges[0]", "host bits"),
    # policies and reservations
    "policy kind": (POLICY, {"workloadPolicy": {"type": "HIGH_THROUGHPUT"}}, {}, "", "exactly one kind"),
    "distance": (
        POLICY,
        {"groupPlacementPolicy": {"collocation": "COLLOCATED", "maxDistance": 2}},
        {"groupPlacementPolicy": {"collocation": "COLLOCATED", "maxDistance": 4}},
        "groupPlacementPolicy.maxDistance",
        "between 1 and 3",
    ),
    "topology": (
        POLICY,
        {"workloadPolicy": {"type": "HIGH_THROUGHPUT", "acceleratorTopology": "1x72"}},
        {"workloadPolicy": {"type": "HIGH_THROUGHPUT", "acceleratorTopology": "72"}},
        "workloadPolicy.acceleratorTopology",
        "1x72",
    ),
    "topology of availability": (
        POLICY,
        {"workloadPolicy": {"type": "HIGH_THROUGHPUT", "acceleratorTopology": "1x72"}},
        {"workloadPolicy": {"type": "HIGH_AVAILABILITY", "acceleratorTopology": "1x72"}},
        "workloadPolicy.type",
        "HIGH_THROUGHPUT",
    ),
    "reservation of nothing": (RESERVATION, reservation(), reservation(0), "specificReservation.count", "less than 1"),
    "reserved machine type": (
        RESERVATION,
        reservation(),
        reservation(machineType="p5.48xlarge"),
        "specificReservation.instanceProperties.machineType",
        "not found",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_rule_passes_and_fails(cloud, name):
    token, good, bad, path, reason = CASES[name]
    assert cloud.problems(token, good) == []
    problems = cloud.problems(token, bad)
    assert [text for where, text in problems if where == path and reason in text], problems


def test_unknown_values_are_passed_over(cloud):
    inputs = pool(
        name=UNKNOWN,
        initialNodeCount=UNKNOWN,
        nodeLocations=UNKNOWN,
        autoscaling=UNKNOWN,
        config={
            "machineType": UNKNOWN,
            "guestAccelerators": UNKNOWN,
            "kubeletConfig": UNKNOWN,
            "labels": {"a": UNKNOWN},
        },
    )
    assert cloud.problems(NODE_POOL, inputs) == []


def test_all_problems_come_at_once(cloud):
    inputs = flex(config={"flexStart": True, "spot": True}, management=None, nodeCount=2, name="X" * 50)
    assert len(cloud.problems(NODE_POOL, inputs)) >= 5


def test_a_departure_from_the_schema_stops_before_the_rules(cloud):
    assert cloud.problems(NODE_POOL, {**pool(), "machineType": "x"}) == [
        ("machineType", "unknown property 'machineType' of gcp:container/nodePool:NodePool")
    ]
