"""The memory that the Static memory manager wants named, to the byte, and how it is shared out."""

import pytest
from hypothesis import given, strategies as st

from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.quantity_spelling import canonical_quantity, is_kept_as_int64
from gpucloud.kubelet.reserved_memory import (
    memory_shares,
    required_memory,
    split_evenly,
    written_back,
    written_shares,
)
from tests.kubelet.configurations import of

MEBIBYTE, GIBIBYTE, TEBIBYTE = 2**20, 2**30, 2**40


def test_the_example_of_the_reference():
    configuration = of(
        kubeReserved={"memory": "2256Mi"}, systemReserved={"memory": "2Gi"}, evictionHard={"memory.available": "1Gi"}
    )
    assert required_memory(configuration) == 5328 * MEBIBYTE
    assert split_evenly(5328 * MEBIBYTE, configuration.machine) == ((0, 2664 * MEBIBYTE), (1, 2664 * MEBIBYTE))
    assert written_shares(((0, 2664 * MEBIBYTE), (1, 2664 * MEBIBYTE))) == (
        "[{numaNode: 0, limits: {memory: 2664Mi}}, {numaNode: 1, limits: {memory: 2664Mi}}]"
    )


def test_eviction_counts_by_default_and_not_once_another_signal_is_written():
    assert required_memory(of()) == 100 * MEBIBYTE
    assert required_memory(of(evictionHard={})) == 0
    assert required_memory(of(evictionHard={"nodefs.available": "10%"})) == 0
    merged = of(evictionHard={"nodefs.available": "10%"}, mergeDefaultEvictionSettings=True)
    assert required_memory(merged) == 100 * MEBIBYTE
    assert required_memory(of(evictionHard={"memory.available": "0%"})) == 0


@pytest.mark.parametrize(("share", "off_by"), [("1%", -491), ("5%", 1639), ("10%", 3277), ("15%", 13108)])
def test_a_percentage_of_two_tebibytes_is_off_as_measured(share, off_by):
    exact = TEBIBYTE * 2 * int(share.removesuffix("%")) // 100
    assert required_memory(of(evictionHard={"memory.available": share})) - exact == off_by


def test_memory_that_is_no_whole_number_of_bytes_is_refused():
    with pytest.raises(ValueError, match="no whole number"):
        required_memory(of(kubeReserved={"memory": "100m"}))


def test_a_remainder_lies_on_node_0_and_no_share_is_zero():
    machine = NodeMachine(numa=4, sockets=2, memory=64 * GIBIBYTE)
    assert split_evenly(3 * MEBIBYTE + 1, machine) == ((0, 3 * MEBIBYTE + 1),)
    assert split_evenly(9 * MEBIBYTE, machine) == (
        (0, 3 * MEBIBYTE),
        (1, 2 * MEBIBYTE),
        (2, 2 * MEBIBYTE),
        (3, 2 * MEBIBYTE),
    )
    assert split_evenly(0, machine) == ()


def test_nodes_without_memory_have_no_share():
    machine = NodeMachine(sockets=2, numa=2, cores=144, threads=1, memory=960 * GIBIBYTE, cpuless_numa=16)
    assert [node for node, _ in split_evenly(GIBIBYTE, machine)] == [0, 1]


def test_what_cannot_be_reserved_is_refused():
    with pytest.raises(ValueError, match="cannot be reserved"):
        split_evenly(-1, NodeMachine())
    with pytest.raises(ValueError, match="cannot be reserved"):
        split_evenly(2**50, NodeMachine())


@given(st.integers(0, 2 * TEBIBYTE), st.integers(1, 16))
def test_shares_always_sum_to_the_byte(required, numa):
    machine = NodeMachine(numa=numa)
    shares = split_evenly(required, machine)
    assert sum(size for _, size in shares) == required
    assert all(size > 0 for _, size in shares)
    assert all(size % MEBIBYTE == 0 for node, size in shares if node)


@pytest.mark.parametrize(
    "text",
    ["1", "2664Mi", "99999999Mi", "99Ti", "99999Gi", "2.5G", "1e9", "1.5e3", "9E", "-1Gi", "+1Gi", "0512Mi", "1.Gi"],
)
def test_quantities_that_are_kept_as_int64(text):
    assert is_kept_as_int64(text)


@pytest.mark.parametrize(
    "text",
    ["1.0", "1000m", "2664.5Mi", "1.0Gi", "0.5Gi", "100Ti", "1Pi", "100000Gi", "10E", "1e99", "1e-3", "1.5"],
)
def test_quantities_that_are_not(text):
    assert not is_kept_as_int64(text)


def test_limits_may_be_numbers():
    configuration = of(reservedMemory=[{"numaNode": 1, "limits": {"memory": 1073741824}}, {"limits": None}])
    assert list(memory_shares(configuration)) == [(0, 1, "memory", "1073741824")]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2664.5Mi", "2728448Ki"),
        ("0.5Gi", "512Mi"),
        ("1000m", "1"),
        ("1500m", "1500m"),
        ("1.50", "1500m"),
        ("0.1Ki", "102400m"),
        ("1000000", "1M"),
        ("1e5", "100e3"),
        ("12e6", "12e6"),
        ("0012", "0012"),
        ("100Ti", "100Ti"),
        ("-1024Mi", "-1Gi"),
        ("0.0", "0"),
        ("1000E", "1"),
    ],
)
def test_quantities_as_the_kubelet_writes_them_back(text, written):
    assert canonical_quantity(text) == written


def test_the_main_file_is_written_back_before_drop_ins_are_merged():
    entries = [{"numaNode": 0, "limits": {"memory": "2664.5Mi"}}, {"numaNode": 1}]
    assert written_back(entries) == [{"numaNode": 0, "limits": {"memory": "2728448Ki"}}, {"numaNode": 1}]
