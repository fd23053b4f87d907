"""What AKS refuses of an agent pool, from its inputs alone: each rule with a case that passes and one that fails."""

import pytest

from gpucloud.sim.azure_native import tokens
from tests.sim.azure.estate import PLAIN, RESERVABLE

SPOT = {"scaleSetPriority": "Spot"}
A10 = {"vmSize": "Standard_NV36ads_A10_v5", "availabilityZones": None}
MI300X = {"vmSize": "Standard_ND96isr_MI300X_v5", "availabilityZones": None}
CPU = {"vmSize": PLAIN, "gpuProfile": None}

PASSING = {
    "the pool itself": {},
    "twelve characters": {"agentPoolName": "a23456789012"},
    "bounds": {"enableAutoScaling": True, "minCount": 0, "maxCount": 8, "count": 0},
    "a system pool": {**CPU, "mode": "System"},
    "driver of AKS": {"gpuProfile": {"driver": "Install"}},
    "driver of AKS unsaid": {"gpuProfile": None},
    "AMD without a driver": {**MI300X, "gpuProfile": {"driver": "None"}},
    "MIG": {"gpuInstanceProfile": "MIG1g"},
    "spot": {**SPOT, "scaleSetEvictionPolicy": "Delete", "spotMaxPrice": -1},
    "spot at a price": {**SPOT, "spotMaxPrice": 12.34567},
    "the taint of spot": {**SPOT, "nodeTaints": ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]},
    "the label of spot": {**SPOT, "nodeLabels": {"kubernetes.azure.com/scalesetpriority": "spot"}},
    "labels and taints": {"nodeLabels": {"gpu.dev/pool": "h100"}, "nodeTaints": ["nvidia.com/gpu=present:NoSchedule"]},
    "surge": {"upgradeSettings": {"maxSurge": "33%", "drainTimeoutInMinutes": 30}},
    "in place": {"upgradeSettings": {"maxSurge": "0", "maxUnavailable": "1"}},
    "placement in a zone": {"proximityPlacementGroupID": "/subscriptions/other/ppg"},
    "kubelet": {
        "kubeletConfig": {
            "cpuManagerPolicy": "static",
            "topologyManagerPolicy": "single-numa-node",
            "imageGcHighThreshold": 90,
            "imageGcLowThreshold": 70,
            "allowedUnsafeSysctls": ["net.*", "kernel.msg*"],
            "containerLogMaxFiles": 2,
            "podMaxPids": -1,
            "cpuCfsQuotaPeriod": "100ms",
        }
    },
    "Linux": {
        "linuxOSConfig": {
            "transparentHugePageEnabled": "always",
            "transparentHugePageDefrag": "defer+madvise",
            "sysctls": {"netIpv4IpLocalPortRange": "1024 65535", "netCoreRmemMax": 134217728, "vmSwappiness": 0},
        }
    },
    "tags for scaling from zero": {"tags": {"k8s.io_cluster-autoscaler_node-template_resources_nvidia.com_gpu": "8"}},
    "fifty tags": {"tags": {f"tag{n}": "x" for n in range(50)}},
    "Windows": {**CPU, "osType": "Windows", "agentPoolName": "win001"},
    "single machines": {"type": "VirtualMachines", "virtualMachinesProfile": {"scale": {"manual": []}}},
}

FAILING = {
    "thirteen characters": ({"agentPoolName": "a234567890123"}, "agentPoolName", "does not match"),
    "a hyphen": ({"agentPoolName": "gpu-pool"}, "agentPoolName", "does not match"),
    "a digit first": ({"agentPoolName": "1gpu"}, "agentPoolName", "does not match"),
    "upper case": ({"agentPoolName": "Gpu"}, "agentPoolName", "does not match"),
    "Windows name": (
        {**CPU, "osType": "Windows", "agentPoolName": "windows"},
        "agentPoolName",
        "6 characters or less",
    ),
    "a size that nobody lists": ({"vmSize": "Standard_ND96isr_H100_v6"}, "vmSize", "VMSizeNotSupported"),
    "no bounds": ({"enableAutoScaling": True}, "enableAutoScaling", "minCount and maxCount are required"),
    "bounds without the autoscaler": ({"minCount": 1, "maxCount": 2}, "minCount", "cannot be set"),
    "bounds upside down": ({"enableAutoScaling": True, "minCount": 3, "maxCount": 2}, "minCount", "more than maxCount"),
    "count outside": (
        {"enableAutoScaling": True, "minCount": 3, "maxCount": 4, "count": 2},
        "count",
        "is not between minCount 3 and maxCount 4",
    ),
    "too many": ({"count": 1001}, "count", "must be from 0 to 1000"),
    "an empty system pool": ({**CPU, "mode": "System", "count": 0}, "count", "must be from 1 to 1000"),
    "a mode that there is not": ({"mode": "Worker"}, "mode", "none of System, User, Gateway"),
    "a system pool on Windows": (
        {**CPU, "mode": "System", "osType": "Windows", "agentPoolName": "win"},
        "osType",
        "must be Linux",
    ),
    "few pods of a system pool": ({**CPU, "mode": "System", "maxPods": 20}, "maxPods", "at least 30 pods"),
    "many pods": ({"maxPods": 251}, "maxPods", "is too high"),
    "a driver that there is not": ({"gpuProfile": {"driver": "Nvidia"}}, "gpuProfile.driver", "none of Install, None"),
    "a driver without a GPU": ({**CPU, "gpuProfile": {"driver": "None"}}, "gpuProfile", "has no GPU"),
    "AMD with AKS's driver": ({**MI300X, "gpuProfile": {"driver": "Install"}}, "gpuProfile.driver", "set the driver"),
    "AMD with nothing said": ({**MI300X, "gpuProfile": None}, "gpuProfile.driver", "set the driver"),
    "a MIG profile that there is not": ({"gpuInstanceProfile": "MIG5g"}, "gpuInstanceProfile", "none of MIG1g"),
    "MIG on an A10": ({**A10, "gpuInstanceProfile": "MIG1g"}, "gpuInstanceProfile", "does not support GPU instance"),
    "the retired tag": ({"tags": {"SkipGPUDriverInstall": "true"}}, "tags.SkipGPUDriverInstall", "no longer supported"),
    "eviction without spot": ({"scaleSetEvictionPolicy": "Delete"}, "scaleSetEvictionPolicy", "unless"),
    "price without spot": ({"spotMaxPrice": -1}, "spotMaxPrice", "unless the scaleSetPriority is 'Spot'"),
    "a free price": ({**SPOT, "spotMaxPrice": 0}, "spotMaxPrice", "MaxPriceValueInvalid"),
    "a fine price": ({**SPOT, "spotMaxPrice": 1.123456}, "spotMaxPrice", "up to five decimal places"),
    "spot with surge": ({**SPOT, "upgradeSettings": {"maxSurge": "1"}}, "upgradeSettings.maxSurge", "can't set"),
    "spot in a reservation": (
        {**SPOT, "capacityReservationGroupID": "/subscriptions/x"},
        "capacityReservationGroupID",
        "Spot pool cannot use",
    ),
    "a spot system pool": ({**CPU, **SPOT, "mode": "System"}, "mode", "require user node pools"),
    "spot on single machines": ({**SPOT, "type": "VirtualMachines"}, "scaleSetPriority", "VirtualMachineScaleSets"),
    "placement over zones": (
        {"vmSize": RESERVABLE, "availabilityZones": ["2", "3"], "proximityPlacementGroupID": "/subscriptions/x/ppg"},
        "availabilityZones",
        "only one availability zone",
    ),
    "placement without a scale set": (
        {"type": "VirtualMachines", "proximityPlacementGroupID": "/subscriptions/x/ppg"},
        "proximityPlacementGroupID",
        "VirtualMachineScaleSets",
    ),
    "zones of an availability set": ({"type": "AvailabilitySet"}, "availabilityZones", "VirtualMachineScaleSets"),
    "single machines' profile": (
        {"virtualMachinesProfile": {"scale": {}}},
        "virtualMachinesProfile",
        "VirtualMachines",
    ),
    "gateway profile": (
        {"gatewayProfile": {"publicIPPrefixSize": 31}},
        "gatewayProfile",
        "agent pool mode is not Gateway",
    ),
    "a zone that there is not": ({"availabilityZones": ["4"]}, "availabilityZones", "allowed values: 1, 2, 3"),
    "a zone with its region": ({"availabilityZones": ["swedencentral-1"]}, "availabilityZones", "allowed values"),
    "a zone twice": ({"availabilityZones": ["1", "1"]}, "availabilityZones", "stands twice"),
    "both of an upgrade": (
        {"upgradeSettings": {"maxSurge": "1", "maxUnavailable": "1"}},
        "upgradeSettings",
        "exclude each other",
    ),
    "none of an upgrade": (
        {"upgradeSettings": {"maxSurge": "0", "maxUnavailable": "0"}},
        "upgradeSettings",
        "must be greater than 0",
    ),
    "an unavailable system": (
        {**CPU, "mode": "System", "upgradeSettings": {"maxUnavailable": "1"}},
        "upgradeSettings.maxUnavailable",
        "system node pools",
    ),
    "half a surge": ({"upgradeSettings": {"maxSurge": "0.5"}}, "upgradeSettings.maxSurge", "does not match"),
    "CPU manager": (
        {"kubeletConfig": {"cpuManagerPolicy": "dynamic"}},
        "kubeletConfig.cpuManagerPolicy",
        "none of none, static",
    ),
    "topology manager": (
        {"kubeletConfig": {"topologyManagerPolicy": "single"}},
        "kubeletConfig.topologyManagerPolicy",
        "none of none, best-effort, restricted, single-numa-node",
    ),
    "thresholds": (
        {"kubeletConfig": {"imageGcLowThreshold": 90, "imageGcHighThreshold": 80}},
        "kubeletConfig.imageGcLowThreshold",
        "higher than imageGcHighThreshold",
    ),
    "low threshold above the default": (
        {"kubeletConfig": {"imageGcLowThreshold": 90}},
        "kubeletConfig.imageGcLowThreshold",
        "higher than imageGcHighThreshold 85",
    ),
    "threshold": ({"kubeletConfig": {"imageGcHighThreshold": 101}}, "kubeletConfig.imageGcHighThreshold", "too high"),
    "log files": ({"kubeletConfig": {"containerLogMaxFiles": 1}}, "kubeletConfig.containerLogMaxFiles", "too low"),
    "unsafe sysctl": (
        {"kubeletConfig": {"allowedUnsafeSysctls": ["vm.swappiness"]}},
        "kubeletConfig.allowedUnsafeSysctls[0]",
        "does not match",
    ),
    "a setting of the kubelet that AKS has not": (
        {"kubeletConfig": {"memoryManagerPolicy": "Static"}},
        "kubeletConfig.memoryManagerPolicy",
        "unknown property",
    ),
    "sysctl": (
        {"linuxOSConfig": {"sysctls": {"netCoreSomaxconn": 128}}},
        "linuxOSConfig.sysctls.netCoreSomaxconn",
        "is too low (128 < 4096)",
    ),
    "huge pages": (
        {"linuxOSConfig": {"transparentHugePageEnabled": "yes"}},
        "linuxOSConfig.transparentHugePageEnabled",
        "none of always, madvise, never",
    ),
    "ports": (
        {"linuxOSConfig": {"sysctls": {"netIpv4IpLocalPortRange": "1000 65535"}}},
        "linuxOSConfig.sysctls.netIpv4IpLocalPortRange",
        "the first port must be",
    ),
    "one port": (
        {"linuxOSConfig": {"sysctls": {"netIpv4IpLocalPortRange": "32768-60999"}}},
        "linuxOSConfig.sysctls.netIpv4IpLocalPortRange",
        "is not a first and a last port",
    ),
    "label of AKS": (
        {"nodeLabels": {"kubernetes.azure.com/mode": "user"}},
        "nodeLabels.kubernetes.azure.com/mode",
        "reserved for AKS",
    ),
    "label of Kubernetes": ({"nodeLabels": {"kubernetes.io/os": "x"}}, "nodeLabels.kubernetes.io/os", "reserved"),
    "label of a zone": (
        {"nodeLabels": {"topology.kubernetes.io/zone": "1"}},
        "nodeLabels.topology.kubernetes.io/zone",
        "reserved",
    ),
    "the label of spot without spot": (
        {"nodeLabels": {"kubernetes.azure.com/scalesetpriority": "spot"}},
        "nodeLabels.kubernetes.azure.com/scalesetpriority",
        "reserved",
    ),
    "label key": ({"nodeLabels": {"-x": "1"}}, "nodeLabels.-x", "Invalid node label key"),
    "label value": ({"nodeLabels": {"x": "a b"}}, "nodeLabels.x", "Invalid node label value"),
    "taint": ({"nodeTaints": ["gpu:Never"]}, "nodeTaints[0]", "is not a taint key=value:effect"),
    "taint of AKS": (
        {"nodeTaints": ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]},
        "nodeTaints[0]",
        "reserved for AKS",
    ),
    "taint twice": ({"nodeTaints": ["a=1:NoSchedule", "a=2:NoSchedule"]}, "nodeTaints[1]", "stands twice"),
    "the tags of EKS": (
        {"tags": {"k8s.io/cluster-autoscaler/node-template/label/a": "b"}},
        "tags.k8s.io/cluster-autoscaler/node-template/label/a",
        "InvalidTagNameCharacters",
    ),
    "fifty-one tags": ({"tags": {f"tag{n}": "x" for n in range(51)}}, "tags", "TooManyTags"),
    "a tag in two spellings": ({"tags": {"Team": "a", "team": "b"}}, "tags.Team", "without regard to case"),
    "a long tag": ({"tags": {"team": "x" * 257}}, "tags.team", "at most 256"),
    "a long tag name": ({"tags": {"x" * 513: "x"}}, f"tags.{'x' * 513}", "at most 512"),
    "a big disk": ({"osDiskSizeGB": 2049}, "osDiskSizeGB", "is too high"),
    "a drain for ever": (
        {"upgradeSettings": {"drainTimeoutInMinutes": 1441}},
        "upgradeSettings.drainTimeoutInMinutes",
        "is too high",
    ),
    "an unknown property": ({"gpuDriver": "None"}, "gpuDriver", "unknown property 'gpuDriver'"),
}


@pytest.mark.parametrize("changes", PASSING.values(), ids=PASSING)
def test_a_good_pool_passes(azure, changes):
    assert azure.problems(**changes) == []


@pytest.mark.parametrize(("changes", "where", "text"), FAILING.values(), ids=FAILING)
def test_a_bad_pool_is_refused(azure, changes, where, text):
    found = azure.problems(**changes)
    assert any(path == where and text in reason for path, reason in found), found


def test_pools_inside_a_cluster_are_held_against_the_same_rules(azure):
    pools = [{"name": "Sys-1", "mode": "System", "vmSize": PLAIN, "count": 3, "tags": {"a/b": "c"}}]
    inputs = {**azure.cluster.inputs, "resourceName": "other", "agentPoolProfiles": pools}
    found = dict(azure.cloud.problems(tokens.CLUSTER, inputs))
    assert "does not match" in found["agentPoolProfiles[0].name"]
    assert "InvalidTagNameCharacters" in found["agentPoolProfiles[0].tags.a/b"]


def test_unknown_values_are_not_judged(azure):
    unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
    names = ("vmSize", "count", "availabilityZones", "mode", "scaleSetPriority", "gpuProfile", "nodeTaints", "tags")
    assert azure.problems(**dict.fromkeys(names, unknown), kubeletConfig=unknown, upgradeSettings=unknown) == []
