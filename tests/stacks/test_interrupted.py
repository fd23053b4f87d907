"""An interrupted `make up` is finished by the next one, with nothing doubled and nothing lost."""

import os
import signal

import pytest

from gpucloud.sim import control, session
from tests.stacks.house import kill_group, wait_until

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stacks-interrupted")]


def kill_the_cloud(house, process):
    os.kill(session.find(house.local).pid, signal.SIGKILL)
    return process.communicate(timeout=120)[0]


def interrupt_the_command(_house, process):
    return kill_group(process, signal.SIGINT)


def kill_the_command(_house, process):
    return kill_group(process, signal.SIGKILL)


@pytest.mark.parametrize(
    ("interrupt", "call"),
    [
        (kill_the_cloud, "CreateCluster"),
        (kill_the_cloud, "CreateNodegroup"),
        (interrupt_the_command, "CreateNodegroup"),
        (kill_the_command, "CreateNodegroup"),
    ],
)
def test_the_next_up_goes_on_from_an_interruption(house, interrupt, call):
    control.delay(house.local, call, 5 if interrupt is interrupt_the_command else 60)
    process = house.start_make("up")
    wait_until(
        lambda: any(call.removeprefix("Create").lower() in c["type"].lower() for c in house.status().creating), process
    )
    shown = interrupt(house, process)
    assert process.returncode != 0
    assert "Traceback" not in shown
    control.clear_faults(house.local)
    assert "kubeconfig of gpu" in house.make("up")
    house.assert_nothing_lost_or_doubled()
    assert house.status().creating == []
    assert "no changes" in house.make("up")
    house.make("down")
    assert house.status().resources == {}
