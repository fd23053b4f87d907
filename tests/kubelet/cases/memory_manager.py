"""Cases of the rules about the memory manager."""

from tests.kubelet.case import Case, configuration

# 2256Mi + 2Gi + 1Gi = 5328Mi
RESERVED = "kubeReserved: {memory: 2256Mi}\nsystemReserved: {memory: 2Gi}\nevictionHard: {memory.available: 1Gi}\n"
STATIC = f"memoryManagerPolicy: Static\n{RESERVED}"
SMALL = '{"sockets": 1, "numa": 2, "cores": 4, "threads": 1, "memory": "8Gi"}'


def _memory(*shares: str, before: str = STATIC, machine: str = "") -> str:
    entries = ", ".join(f"{{numaNode: {node}, limits: {{memory: {size}}}}}" for node, size in enumerate(shares))
    return configuration(f"{before}reservedMemory: [{entries}]\n", machine=machine)


def _percentage(percentage: str, bytes_: int) -> str:
    """A machine of 2 TiB, one eviction percentage, and the only share that equals it."""
    return configuration(
        f"memoryManagerPolicy: Static\nevictionHard: {{memory.available: {percentage}}}\n"
        f'reservedMemory: [{{numaNode: 0, limits: {{memory: "{bytes_}"}}}}]\n'
    )


CASES: tuple[Case, ...] = (
    Case("memory-manager-policy-is-known", True, configuration("memoryManagerPolicy: static\n")),
    Case("memory-manager-policy-is-known", True, configuration("memoryManagerPolicy: BestEffort\n")),
    Case("memory-manager-policy-is-known", False, configuration("memoryManagerPolicy: None\n")),
    Case(
        "memory-manager-policy-is-known",
        False,
        configuration("memoryManagerPolicy: static\nfeatureGates: {MemoryManager: false}\n"),
        kubernetes="1.31",
    ),
    Case(
        "reserved-memory-limits-are-memory",
        True,
        configuration("reservedMemory: [{numaNode: 0, limits: {cpu: 1}}]\n"),
    ),
    Case("reserved-memory-limits-are-memory", False, _memory("2664Mi", "2664Mi")),
    Case("reserved-memory-limits-are-not-zero", True, _memory("5328Mi", '"0"')),
    Case("reserved-memory-limits-are-not-zero", True, _memory("0Gi", before="")),
    Case("reserved-memory-limits-are-not-zero", False, _memory("2664Mi", "2664Mi")),
    Case(
        "reserved-memory-limits-stand-once",
        True,
        configuration(
            f"{STATIC}reservedMemory:\n- {{numaNode: 0, limits: {{memory: 2664Mi}}}}\n"
            "- {numaNode: 0, limits: {memory: 2664Mi}}\n"
        ),
    ),
    Case("reserved-memory-limits-stand-once", False, _memory("2664Mi", "2664Mi")),
    Case("reserved-memory-is-of-numa-nodes-that-exist", True, _memory("1776Mi", "1776Mi", "1776Mi")),
    Case(
        "reserved-memory-is-of-numa-nodes-that-exist",
        True,
        configuration(f"{STATIC}reservedMemory: [{{numaNode: -1, limits: {{memory: 5328Mi}}}}]\n"),
    ),
    Case("reserved-memory-is-of-numa-nodes-that-exist", False, _memory("5328Mi")),
    Case("reserved-memory-is-of-numa-nodes-that-exist", False, _memory("1Gi", "1Gi", "1Gi", before="")),
    Case("reserved-memory-limits-are-kept-as-int64", True, _memory("2664.5Mi", "2663.5Mi")),
    Case("reserved-memory-limits-are-kept-as-int64", True, _memory("2664Mi", "2664.0Mi")),
    Case("reserved-memory-limits-are-kept-as-int64", True, _memory("1433.6000061035156Mi", "2664Mi")),
    Case("reserved-memory-limits-are-kept-as-int64", False, _memory("2793406464", "2664Mi")),
    Case("reserved-memory-limits-are-kept-as-int64", False, _memory("2664.5Mi", before="")),
    Case("reserved-memory-sums-to-what-is-reserved", True, _memory("2664Mi", "2663Mi")),
    Case("reserved-memory-sums-to-what-is-reserved", True, _memory('"2793406465"', "2664Mi")),
    Case("reserved-memory-sums-to-what-is-reserved", True, configuration(STATIC)),
    Case(
        "reserved-memory-sums-to-what-is-reserved",
        True,
        configuration(f"{STATIC}reservedMemory: [{{numaNode: 0, limits: {{memory: 5328Mi, hugepages-1Gi: 2Gi}}}}]\n"),
    ),
    Case("reserved-memory-sums-to-what-is-reserved", False, _memory("2664Mi", "2664Mi")),
    Case("reserved-memory-sums-to-what-is-reserved", False, _memory("5328Mi")),
    Case(
        "reserved-memory-sums-to-what-is-reserved",
        False,
        _memory("100Mi", before="memoryManagerPolicy: Static\n"),
    ),
    Case(
        "reserved-memory-sums-to-what-is-reserved",
        True,
        _memory("100Mi", before="memoryManagerPolicy: Static\nevictionHard: {nodefs.available: 10%}\n"),
    ),
    Case(
        "reserved-memory-sums-to-what-is-reserved",
        False,
        _memory(
            "100Mi",
            before="memoryManagerPolicy: Static\nevictionHard: {nodefs.available: 10%}\n"
            "mergeDefaultEvictionSettings: true\n",
        ),
    ),
    Case("reserved-memory-sums-to-what-is-reserved", False, _percentage("1%", 21990232064)),
    Case("reserved-memory-sums-to-what-is-reserved", False, _percentage("5%", 109951164416)),
    Case("reserved-memory-sums-to-what-is-reserved", True, _percentage("5%", 109951162777)),
    Case("reserved-memory-sums-to-what-is-reserved", False, _percentage("10%", 219902328832)),
    Case("reserved-memory-sums-to-what-is-reserved", False, _percentage("15%", 329853501440)),
    Case(
        "static-memory-policy-reserves-something",
        True,
        configuration("memoryManagerPolicy: Static\nevictionHard: {memory.available: 0%}\n"),
    ),
    Case("static-memory-policy-reserves-something", False, _memory("2664Mi", "2664Mi")),
    Case("reserved-memory-has-the-static-policy", True, _memory("2664Mi", "2664Mi", before=RESERVED)),
    Case("reserved-memory-has-the-static-policy", False, _memory("2664Mi", "2664Mi")),
    Case("reserved-memory-limits-are-above-zero", True, _memory("6352Mi", "-1Gi")),
    Case("reserved-memory-limits-are-above-zero", True, _memory("-1Gi", before="")),
    Case("reserved-memory-limits-are-above-zero", False, _memory("2664Mi", "2664Mi")),
    Case("reserved-memory-fits-each-numa-node", True, _memory("5328Mi", machine=SMALL)),
    Case("reserved-memory-fits-each-numa-node", False, _memory("2664Mi", "2664Mi", machine=SMALL)),
)
