"""Every machine type has a layout whose sums are the machine's."""

import pytest

from gpucloud.facts.machine_types import clouds, machine_type, machine_types
from gpucloud.facts.numa_layouts import numa_layout

MACHINES = [machine for cloud in clouds() for machine in machine_types(cloud)]


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: f"{machine.cloud}-{machine.name}")
def test_sums_are_the_machines(machine):
    layout = numa_layout(machine)
    assert layout.cores * layout.threads == machine.vcpus
    assert len(layout.gpus_per_numa) == layout.numa_nodes
    assert sum(layout.gpus_per_numa) == machine.advertised_devices
    assert 1 <= layout.sockets <= layout.numa_nodes <= layout.cores
    assert layout.assumed == (machine.numa_nodes is None)
    assert layout.source


def test_known_layouts():
    p5 = numa_layout(machine_type("aws", "p5.48xlarge"))
    assert (p5.sockets, p5.numa_nodes, p5.cores, p5.threads, p5.gpus_per_numa) == (2, 2, 96, 2, (4, 4))
    assert not p5.assumed
    a100 = numa_layout(machine_type("azure", "Standard_ND96asr_v4"))
    assert (a100.numa_nodes, a100.gpus_per_numa) == (4, (2, 2, 2, 2))
    assert numa_layout(machine_type("aws", "g4dn.xlarge")).gpus_per_numa == (1,)


def test_the_assumption_holds_on_most_of_what_is_known():
    known = [machine for machine in MACHINES if machine.numa_nodes]
    right = [
        machine
        for machine in known
        if machine.numa_nodes == (2 if machine.accelerator_count >= 8 or machine.vcpus >= 128 else 1)
    ]
    assert (len(known), len(right)) == (12, 8)
