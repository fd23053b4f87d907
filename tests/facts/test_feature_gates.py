"""The gates that kubelets of six minors know."""

import pytest

from gpucloud.facts.feature_gates import feature_gate, feature_gates, gate_minors, removed_in
from gpucloud.facts.tables import read_table

STAGES = {"alpha", "beta", "deprecated", "ga"}


def test_minors_are_all_that_the_library_supports() -> None:
    assert gate_minors() == (31, 32, 33, 34, 35, 36)


@pytest.mark.parametrize("minor", gate_minors())
def test_every_gate_is_whole_and_what_it_needs_exists(minor: int) -> None:
    gates = feature_gates(minor)
    assert list(gates) == sorted(gates)
    for name, gate in gates.items():
        assert (gate.minor, gate.name) == (minor, name)
        assert gate.stage in STAGES
        assert gate.source.startswith(f"k8s.io/kubernetes v1.{minor}.")
        assert set(gate.needs) <= set(gates)
        assert name not in gate.needs
        assert gate.stage != "alpha" or not gate.default or name == "WindowsHostNetwork"


@pytest.mark.parametrize("minor", gate_minors())
def test_a_gate_that_is_on_finds_what_it_needs_on(minor: int) -> None:
    gates = feature_gates(minor)
    assert all(gates[other].default for gate in gates.values() if gate.default for other in gate.needs)


@pytest.mark.parametrize(
    ("minor", "name"),
    [
        (31, "ComponentSLIs"),  # registered by the kubelet's server
        (31, "ContextualLogging"),  # by the kubelet's command
        (36, "NativeHistograms"),  # by the kubelet's server
        (36, "ControllerManagerReleaseLeaderElectionLockOnExit"),  # by what pkg/cluster/ports imports
        (36, "APIServerTracing"),  # by the API server's library
        (36, "WatchListClient"),  # by client-go
    ],
)
def test_gates_that_other_modules_register_are_known(minor: int, name: str) -> None:
    assert feature_gate(minor, name) is not None


def test_what_kubelet_1_36_was_measured_to_do() -> None:
    swap = feature_gate(36, "NodeSwap")
    assert swap is not None
    assert (swap.default, swap.locked, swap.stage) == (True, True, "ga")
    rules = feature_gate(36, "DRADeviceTaintRules")
    assert rules is not None
    assert "DRADeviceTaints" in rules.needs
    for name in ("MemoryManager", "CPUManager", "TopologyManager", "KubeletDropInConfig"):
        assert feature_gate(36, name) is None
    assert (removed_in("CPUManager"), removed_in("MemoryManager")) == (33, 36)


def test_dependencies_exist_from_1_35_on() -> None:
    assert {row["minor"] for row in read_table("feature_gate_dependencies")} == {"35", "36"}


def test_removed_says_the_first_minor_without_it() -> None:
    assert removed_in("ComponentSLIs") == 35
    assert feature_gate(34, "ComponentSLIs") is not None
    assert removed_in("NodeSwap") is None
    assert removed_in("NoSuchGate") is None
    # Gone before the first minor of the table, so not known to have been there.
    assert removed_in("TopologyManager") is None


def test_a_minor_outside_the_table_is_refused() -> None:
    with pytest.raises(KeyError):
        feature_gates(30)
    assert feature_gate(36, "NodeSwaps") is None
