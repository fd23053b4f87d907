"""Every machine type has a layout whose sums are the machine's, and says which parts of it no source states."""

import pytest

from gpucloud.facts.machine_types import MachineType, clouds, machine_type, machine_types
from gpucloud.facts.numa_layouts import NumaLayout, numa_layout
from gpucloud.facts.tables import read_table

MACHINES = [machine for cloud in clouds() for machine in machine_types(cloud)]
ROWS = read_table("numa_layouts")


def layout_of(cloud: str, name: str) -> NumaLayout:
    return numa_layout(machine_type(cloud, name))


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine.cloud}-{machine.name}")
def test_sums_are_the_machines(machine: MachineType) -> None:
    layout = numa_layout(machine)
    assert layout.cores * layout.threads == machine.vcpus
    assert len(layout.gpus_per_numa) == layout.numa_nodes
    assert sum(layout.gpus_per_numa) == machine.advertised_devices
    assert 1 <= layout.sockets <= layout.numa_nodes <= layout.cores
    assert layout.assumed == ("numa_nodes" in layout.assumed_parts) == (machine.numa_nodes is None)
    assert layout.source.startswith("assumed: ") == layout.assumed
    assert list(layout.assumed_parts) == sorted(set(layout.assumed_parts))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_a_row_is_of_a_known_type_states_something_and_is_not_assumed(row: dict[str, str]) -> None:
    layout = layout_of(row["cloud"], row["name"])
    stated = {part for part in ("sockets", "threads", "gpus_per_numa", "cpuless_numa_nodes") if row[part]}
    assert stated
    assert row["source"]
    assert not stated & set(layout.assumed_parts)
    assert not row["gpus_per_numa"] or not layout.assumed


def test_rows_are_sorted_and_single() -> None:
    keys = [(row["cloud"], row["name"]) for row in ROWS]
    assert keys == sorted(set(keys))


def test_known_layouts() -> None:
    p5 = layout_of("aws", "p5.48xlarge")
    assert (p5.sockets, p5.numa_nodes, p5.cores, p5.threads, p5.gpus_per_numa) == (2, 2, 96, 2, (4, 4))
    assert p5.assumed_parts == ("sockets",)
    assert layout_of("aws", "p5en.48xlarge").assumed_parts == ("gpus_per_numa",)
    assert layout_of("aws", "g5.12xlarge").assumed_parts == ()
    a100 = layout_of("azure", "Standard_ND96asr_v4")
    assert (a100.numa_nodes, a100.cores, a100.threads, a100.gpus_per_numa) == (4, 96, 1, (2, 2, 2, 2))
    assert layout_of("azure", "Standard_NC96ads_A100_v4").gpus_per_numa == (1, 1, 1, 1)


def test_grace_has_whole_cores_and_nodes_without_cpus() -> None:
    gb200 = layout_of("aws", "p6e-gb200.36xlarge")
    assert (gb200.cores, gb200.threads, gb200.numa_nodes, gb200.gpus_per_numa) == (144, 1, 2, (2, 2))
    assert (gb200.cpuless_numa_nodes, gb200.assumed_parts) == (32, ())
    elsewhere = layout_of("azure", "Standard_ND128isr_GB300_v6")
    assert (elsewhere.threads, elsewhere.cpuless_numa_nodes) == (1, 32)
    assert "cpuless_numa_nodes" in elsewhere.assumed_parts


def test_what_is_assumed() -> None:
    small = layout_of("gcp", "n1-standard-1+8xnvidia-tesla-v100")
    assert (small.cores, small.threads, small.numa_nodes, small.gpus_per_numa) == (1, 1, 1, (8,))
    assert layout_of("gcp", "a3-highgpu-8g").gpus_per_numa == (4, 4)
    assert layout_of("gcp", "a3-highgpu-8g").assumed_parts == ("gpus_per_numa", "numa_nodes", "sockets")
    assert layout_of("azure", "Standard_NC4as_T4_v3").threads == 1
    assert "threads" in layout_of("azure", "Standard_NC4as_T4_v3").assumed_parts
    assert layout_of("azure", "Standard_NV36ads_A10_v5").threads == 2


def test_the_assumption_about_nodes_holds_on_most_of_what_is_known() -> None:
    known = [machine for machine in MACHINES if machine.numa_nodes]
    right = [
        machine
        for machine in known
        if machine.numa_nodes == (2 if machine.accelerator_count >= 8 or machine.vcpus >= 128 else 1)
    ]
    assert (len(known), len(right)) == (17, 13)
