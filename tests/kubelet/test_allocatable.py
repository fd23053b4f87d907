"""What a node has left for pods, per resource, and whether a pool's largest pod fits."""

from fractions import Fraction

import pytest

from gpucloud.kubelet.allocatable import allocatable, fits
from gpucloud.kubelet.machine import NodeMachine
from tests.kubelet.configurations import of

GIBIBYTE = 2**30
SMALL = NodeMachine(sockets=1, numa=1, cores=4, threads=2, memory=8 * GIBIBYTE, ephemeral_storage=100 * GIBIBYTE)


def _left(configuration) -> dict[str, Fraction | None]:
    return {entry.resource: entry.allocatable for entry in allocatable(configuration)}


def test_capacity_less_every_reservation():
    configuration = of(
        SMALL,
        kubeReserved={"cpu": "100m", "memory": "1Gi", "ephemeral-storage": "1Gi", "pid": "1000"},
        systemReserved={"cpu": "400m", "memory": "512Mi"},
        evictionHard={"memory.available": "512Mi", "nodefs.available": "10%"},
    )
    assert _left(configuration) == {
        "cpu": Fraction(15, 2),
        "memory": 6 * GIBIBYTE,
        # A tenth in 32-bit floats is a little more than a tenth.
        "ephemeral-storage": 99 * GIBIBYTE - 10737418400,
        "pid": None,
    }
    cpu, memory, _, pid = allocatable(configuration)
    assert (cpu.capacity, cpu.kube, cpu.system, cpu.eviction) == (8, Fraction(1, 10), Fraction(2, 5), 0)
    assert (memory.eviction, memory.reserved) == (GIBIBYTE // 2, 2 * GIBIBYTE)
    assert (pid.capacity, pid.kube) == (None, 1000)


def test_named_cpus_replace_both_amounts():
    configuration = of(
        SMALL, reservedSystemCPUs="0,4", kubeReserved={"cpu": "3"}, systemReserved={"cpu": "3", "memory": "1Gi"}
    )
    cpu = allocatable(configuration)[0]
    assert (cpu.kube, cpu.system, cpu.allocatable) == (0, 2, 6)


def test_nothing_is_left_below_zero():
    assert _left(of(SMALL, kubeReserved={"memory": "9Gi"}))["memory"] == 0


@pytest.mark.parametrize("amount", ["much", "-1", ""])
def test_amounts_that_cannot_be_read_are_refused(amount):
    with pytest.raises(ValueError, match=r"."):
        allocatable(of(SMALL, kubeReserved={"memory": amount}))


def test_a_pod_that_fits_has_no_problems():
    configuration = of(SMALL, kubeReserved={"cpu": "500m", "memory": "1Gi"})
    assert fits(configuration, {"cpu": "7500m", "memory": "6Gi", "nvidia.com/gpu": "8"}) == ()


def test_a_pod_that_does_not_fit_says_what_is_left():
    configuration = of(SMALL, kubeReserved={"cpu": "500m", "memory": "1Gi"})
    cpu, memory = fits(configuration, {"memory": "8Gi", "cpu": "8"})
    assert cpu.path == "pod.cpu"
    assert "a node has 7500m left of 8" in cpu.problem
    assert memory.fix.startswith("ask for at most 7068Mi")


def test_whole_cores_only():
    reserved = {"cpuManagerPolicy": "static", "kubeReserved": {"cpu": "100m"}}
    whole = of(SMALL, **reserved, cpuManagerPolicyOptions={"full-pcpus-only": "true"})
    assert "SMTAlignmentError" in fits(whole, {"cpu": "3"})[0].problem
    assert fits(whole, {"cpu": "6"}) == ()
    assert fits(whole, {"cpu": "2500m"}) == ()
    assert fits(of(SMALL, **reserved), {"cpu": "7"}) == ()


def test_a_core_with_one_reserved_thread_is_no_whole_core():
    options = {"cpuManagerPolicy": "static", "cpuManagerPolicyOptions": {"full-pcpus-only": "true"}}
    one_core = of(SMALL, **options, reservedSystemCPUs="0,4")
    two_cores = of(SMALL, **options, reservedSystemCPUs="0,5")
    assert fits(one_core, {"cpu": "6"}) == ()
    assert "leaves 4 CPUs in whole cores" in fits(two_cores, {"cpu": "6"})[0].problem
