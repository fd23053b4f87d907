"""Configurations of GPU nodes on machines of all shapes: mostly as a person would write them, each field at times not.

Fields that hang together are drawn together: shares of memory that sum up, or miss it by a byte; options of a policy;
grace periods of soft thresholds. `documents.py` draws all other fields.
"""

from typing import Any

from hypothesis import strategies as st

from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.quantity import write_bytes
from gpucloud.kubelet.reserved_memory import required_memory, split_evenly

SIGNALS = (
    "memory.available",
    "nodefs.available",
    "nodefs.inodesFree",
    "imagefs.available",
    "imagefs.inodesFree",
    "pid.available",
)
_MEBIBYTE = 2**20

ODD_QUANTITIES = ("", "-1", "1 Gi", "1Gb", "much", "-0", "1e", "1Gi ", ".", "1e400", "0x10")
MEMORY = ("1Gi", "100Mi", "512Mi", "2Gi", "2256Mi", "1.5Gi", "1e9", "1G", "1000m", "0", "3000000000", "64Gi", "1n")
CPU = ("100m", "500m", "1", "0", "1n", "1.5", "4", "0.0")
HARD = ("100Mi", "1Gi", "500Mi", "5%", "10%", "15%", "1%", "0%", "100%", "0.0%", "33.333%", "1")
ODD_HARD = ("0", "-1", "-1%", "101%", "%", "5 %", "abc", "NaN%", "")
GRACE = ("1m", "90s", "1m30s", "0", "1h")
ODD_GRACE = ("1d", "-1s", "90", "")
CPU_OPTIONS = (
    "full-pcpus-only",
    "distribute-cpus-across-numa",
    "align-by-socket",
    "distribute-cpus-across-cores",
    "strict-cpu-reservation",
    "prefer-align-cpus-by-uncorecache",
)


def mostly(usual: tuple[Any, ...], odd: tuple[Any, ...]) -> st.SearchStrategy[Any]:
    """Usual values, and an odd one in about twenty."""
    return st.integers(0, 19).flatmap(lambda number: st.sampled_from(odd if number == 13 else usual))


@st.composite
def machines(draw: st.DrawFn) -> NodeMachine:
    """Machines of one to four sockets, some with many NUMA nodes, little memory, cgroup v1 or swap."""
    if draw(st.integers(0, 4)) < 2:
        return NodeMachine()
    numa = draw(st.sampled_from((1, 1, 2, 2, 4, 8, 9)))
    return NodeMachine(
        sockets=draw(st.sampled_from((1, 1, 2, 2))),
        numa=numa,
        cores=draw(st.sampled_from((16, 36, 72, 96))),
        threads=draw(st.sampled_from((1, 2))),
        memory=draw(st.sampled_from((8 << 30, 64 << 30, 2 << 40, (1 << 40) + 12345, 960 << 30))),
        ephemeral_storage=draw(st.sampled_from((100 << 30, 1 << 40))),
        cgroup=draw(st.sampled_from(("v2",) * 14 + ("v1",))),
        swap=draw(st.integers(0, 14)) == 0,
        cpuless_numa=draw(st.sampled_from((0, 0, 0, 0, 16))),
    )


@st.composite
def node_configurations(draw: st.DrawFn) -> tuple[dict[str, Any], NodeMachine]:
    """Fields of a configuration, and the machine that it is for."""
    machine = draw(machines())
    fields: dict[str, Any] = {}
    for part in (_cpu, _topology, _reservations, _eviction, _images, _rest):
        if draw(st.integers(0, 9)) < 6:
            fields |= draw(part())
    if draw(st.integers(0, 9)) < 4:
        fields |= draw(_memory(fields, machine))
    return fields, machine


@st.composite
def _cpu(draw: st.DrawFn) -> dict[str, Any]:
    policy = draw(mostly(("static", "static", "static", "none"), ("Static", "")))
    fields: dict[str, Any] = {"cpuManagerPolicy": policy}
    if policy == "static":
        fields["kubeReserved"] = {"cpu": draw(mostly(CPU, ODD_QUANTITIES)), "memory": draw(st.sampled_from(MEMORY))}
    if policy == "static" or draw(st.integers(0, 9)) == 0:
        names = draw(st.lists(st.sampled_from(CPU_OPTIONS), max_size=2, unique=True))
        value = mostly(("true", "true", "false", "1"), ("yes", ""))
        fields["cpuManagerPolicyOptions"] = {name: draw(value) for name in names}
        if set(names) & {"align-by-socket", "distribute-cpus-across-cores"}:
            fields["featureGates"] = {"CPUManagerPolicyAlphaOptions": draw(st.sampled_from((True, True, False)))}
    if draw(st.integers(0, 9)) == 0:
        fields["reservedSystemCPUs"] = draw(mostly(("0", "0-1", "0,4", "0-3"), ("1-0", "a", "1000", "-1", "0,,1")))
    return fields


@st.composite
def _topology(draw: st.DrawFn) -> dict[str, Any]:
    policies = ("none", "best-effort", "restricted", "single-numa-node")
    fields: dict[str, Any] = {"topologyManagerPolicy": draw(mostly(policies, ("foo", "None", "")))}
    if draw(st.booleans()):
        fields["topologyManagerScope"] = draw(mostly(("container", "pod"), ("node", "")))
    if draw(st.booleans()):
        options = {
            "prefer-closest-numa-nodes": mostly(("true", "false"), ("yes",)),
            "max-allowable-numa-nodes": mostly(("8", "9", "32", "64"), ("7", "x", "")),
        }
        names = draw(st.lists(st.sampled_from(sorted(options)), unique=True))
        fields["topologyManagerPolicyOptions"] = {name: draw(options[name]) for name in names}
    return fields


@st.composite
def _reservations(draw: st.DrawFn) -> dict[str, Any]:
    amounts = {
        "cpu": mostly(CPU, ODD_QUANTITIES),
        "memory": mostly(MEMORY, ODD_QUANTITIES),
        "ephemeral-storage": mostly(("1Gi", "10Gi", "50Gi"), ("900Ti", "-1")),
        "pid": mostly(("1000", "0"), ("-1",)),
    }
    fields: dict[str, Any] = {}
    for field in ("kubeReserved", "systemReserved"):
        names = draw(st.lists(st.sampled_from(sorted(amounts)), unique=True))
        fields[field] = {name: draw(amounts[name]) for name in names}
    if draw(st.integers(0, 19)) == 0:
        fields["systemReserved"]["hugepages-2Mi"] = "1Gi"
    if draw(st.integers(0, 4)) == 0:
        enforced = ("pods", "system-reserved", "kube-reserved", "none", "kube-reserved-compressible")
        fields["enforceNodeAllocatable"] = draw(st.lists(st.sampled_from(enforced), max_size=3))
        fields |= {"systemReservedCgroup": "/system", "kubeReservedCgroup": "/kube"}
    return fields


@st.composite
def _eviction(draw: st.DrawFn) -> dict[str, Any]:
    signals = st.lists(st.sampled_from(SIGNALS), max_size=4, unique=True)
    fields: dict[str, Any] = {"evictionHard": {name: draw(mostly(HARD, ODD_HARD)) for name in draw(signals)}}
    if draw(st.booleans()):
        soft = draw(signals)
        fields["evictionSoft"] = {name: draw(mostly(HARD, ODD_HARD)) for name in soft}
        grace = {name: draw(mostly(GRACE, ODD_GRACE)) for name in soft}
        if grace and draw(st.integers(0, 9)) == 0:
            grace.pop(soft[0])
        fields["evictionSoftGracePeriod"] = grace
    if draw(st.integers(0, 3)) == 0:
        reclaim = mostly(("0", "1Gi", "5%", "200%"), ("0%", "-1", "x"))
        fields["evictionMinimumReclaim"] = {name: draw(reclaim) for name in draw(signals)}
    if draw(st.integers(0, 5)) == 0:
        fields["mergeDefaultEvictionSettings"] = draw(st.booleans())
    return fields


@st.composite
def _memory(draw: st.DrawFn, fields: dict[str, Any], machine: NodeMachine) -> dict[str, Any]:
    """The Static policy, with the shares that it asks for: evenly, on one node, or a byte off."""
    found: dict[str, Any] = {"memoryManagerPolicy": draw(mostly(("Static",), ("static", "None", "")))}
    try:
        required = required_memory(configuration_of({**fields, **found}, machine, minor=36))
        required += draw(mostly((0, 0, 0), (-1, 1, 1024, -_MEBIBYTE)))
        shares = list(split_evenly(required, machine))
    except ValueError:
        shares = [(0, 100 * _MEBIBYTE)]
    if shares and draw(st.integers(0, 4)) == 0:
        shares = [(draw(st.sampled_from((0, machine.numa - 1, machine.numa_nodes))), sum(size for _, size in shares))]
    spelling = draw(mostly((write_bytes, str), (lambda size: f"{size / _MEBIBYTE}Mi", lambda size: f"{size}000m")))
    found["reservedMemory"] = [{"numaNode": node, "limits": {"memory": spelling(size)}} for node, size in shares]
    return found


@st.composite
def _images(draw: st.DrawFn) -> dict[str, Any]:
    values = {
        "imageGCHighThresholdPercent": mostly((85, 90, 81), (80, 101, -1)),
        "imageGCLowThresholdPercent": mostly((80, 70, 0), (90, -1)),
        "imageMinimumGCAge": mostly(("2m", "0s", "1h"), ("-1s", "2", "1d")),
        "imageMaximumGCAge": mostly(("0s", "168h", "3h"), ("1m", "-1s")),
        "serializeImagePulls": st.sampled_from((True, False)),
        "maxParallelImagePulls": mostly((1, 3, 5), (0, -1)),
        "registryPullQPS": mostly((5, 20, 0), (-1,)),
        "registryBurst": mostly((10, 40, 0), (-1,)),
    }
    names = draw(st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True))
    return {name: draw(values[name]) for name in names}


@st.composite
def _rest(draw: st.DrawFn) -> dict[str, Any]:
    values = {
        "maxPods": mostly((64, 110, 250), (-1, 70000)),
        "podPidsLimit": mostly((4096, -1, 0), ("4096",)),
        "podsPerCore": mostly((0, 10), (-1,)),
        "containerLogMaxSize": mostly(("50Mi", "10Mi", "-1"), ("50MB", "1.5", "")),
        "containerLogMaxFiles": mostly((5, 2), (1, 0)),
        "containerLogMaxWorkers": mostly((1, 3), (0,)),
        "containerLogMonitorInterval": mostly(("10s", "3s"), ("2s", "10")),
        "shutdownGracePeriod": mostly(("60s", "0s", "120s"), ("500ms", "60", "-1s")),
        "shutdownGracePeriodCriticalPods": mostly(("20s", "0s"), ("10m", "1ms")),
        "failSwapOn": st.booleans(),
        "memorySwap": mostly(
            ({"swapBehavior": "NoSwap"}, {"swapBehavior": "LimitedSwap"}, {}), ({"swapBehavior": "x"},)
        ),
        "cpuCFSQuotaPeriod": mostly(("100ms", "10ms"), ("2s", "1us")),
        "nodeLeaseDurationSeconds": mostly((40, 0), (-1,)),
        "featureGates": mostly(
            ({"MemoryQoS": True}, {"NodeSwap": True}, {"QOSReserved": False}),
            ({"Nonsense": True}, {"NodeSwap": False}, {"DRADeviceTaintRules": True, "DRADeviceTaints": False}),
        ),
        "crashLoopBackOff": mostly(({"maxContainerRestartPeriod": "60s"}, {}), ({"maxContainerRestartPeriod": "1ms"},)),
        "memoryThrottlingFactor": mostly((0.9, 1), (0, 1.1)),
        "allowedUnsafeSysctls": mostly((["net.*"], ["kernel.msg*"]), (["vm.swappiness"], ["net"])),
        "protectKernelDefaults": st.booleans(),
        "seccompDefault": st.booleans(),
    }
    names = draw(st.lists(st.sampled_from(sorted(values)), max_size=4, unique=True))
    return {name: draw(values[name]) for name in names}
