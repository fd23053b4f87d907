"""The install script, run by a real shell on a directory that stands for a node, with a systemctl of ours."""

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpucloud.kubelet.delivery.kubeadm_script import install_script

OLD: dict[str, Any] = {"cpuManagerPolicy": "none", "maxPods": 64}
NEW: dict[str, Any] = {"cpuManagerPolicy": "static", "kubeReserved": {"cpu": "1"}, "maxPods": 64}
# Refuses the configuration that the file `bad` names, as a kubelet that cannot start over it.
SYSTEMCTL = """#!/bin/sh
echo "$1" >> "$GPUCLOUD_ROOT/calls"
case "$1" in
cat) echo "ExecStart=/usr/bin/kubelet --config-dir=/etc/kubernetes/kubelet.conf.d" ;;
stop) rm -f "$GPUCLOUD_ROOT/running"; [ ! -f "$GPUCLOUD_ROOT/kill-at-stop" ] || kill -9 "$PPID" ;;
start)
  [ ! -f "$GPUCLOUD_ROOT/kill-at-start" ] || { kill -9 "$PPID"; exit 0; }
  bad=$(cat "$GPUCLOUD_ROOT/bad" 2>/dev/null || echo nothing-is-bad)
  grep -q -e "$bad" "$GPUCLOUD_ROOT/etc/kubernetes/kubelet.conf.d/50-gpucloud.conf" 2>/dev/null && exit 0
  for name in cpu memory; do
    file="$GPUCLOUD_ROOT/var/lib/kubelet/${name}_manager_state"
    [ -f "$file" ] || echo fresh > "$file"
  done
  : > "$GPUCLOUD_ROOT/running" ;;
esac
"""
CURL = '#!/bin/sh\n[ -f "$GPUCLOUD_ROOT/running" ]\n'


class Node:
    """A directory that stands for a node's root."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.drop_in = root / "etc/kubernetes/kubelet.conf.d/50-gpucloud.conf"
        self.state = root / "var/lib/kubelet"
        self.programs = root / "programs"
        for folder in (self.state, self.programs):
            folder.mkdir(parents=True)
        for name, text in (("systemctl", SYSTEMCTL), ("curl", CURL)):
            (self.programs / name).write_text(text)
            (self.programs / name).chmod(0o755)
        (root / "running").touch()
        self.write_state("old")

    def write_state(self, text: str) -> None:
        for name in ("cpu_manager_state", "memory_manager_state"):
            (self.state / name).write_text(text)

    def states(self) -> tuple[str, str]:
        cpu, memory = (
            (self.state / name).read_text().strip() for name in ("cpu_manager_state", "memory_manager_state")
        )
        return cpu, memory

    def run(self, values: dict[str, Any]) -> int:
        environment = {
            "GPUCLOUD_ROOT": str(self.root),
            "GPUCLOUD_TRIES": "4",
            "GPUCLOUD_PAUSE": "0",
            "PATH": f"{self.programs}:{os.environ['PATH']}",
        }
        return subprocess.run(["sh", "-c", install_script(values)], env=environment, check=False).returncode

    def mark(self, name: str, text: str = "") -> Path:
        path = self.root / name
        path.write_text(text)
        return path

    @property
    def is_running(self) -> bool:
        return (self.root / "running").exists()

    def configured(self) -> dict[str, Any]:
        found: dict[str, Any] = yaml.safe_load(self.drop_in.read_text())
        return {key: value for key, value in found.items() if key not in ("apiVersion", "kind")}

    def starts(self) -> int:
        return (self.root / "calls").read_text().splitlines().count("start")


@pytest.fixture
def node(tmp_path: Path) -> Node:
    return Node(tmp_path)


def test_a_drop_in_is_installed_and_the_kubelet_runs(node: Node) -> None:
    assert node.run(NEW) == 0
    assert node.configured() == NEW
    assert node.is_running
    assert node.states() == ("fresh", "fresh")
    assert not (node.root / "var/lib/gpucloud/kubelet/journal").exists()


def test_a_second_run_does_nothing(node: Node) -> None:
    assert node.run(NEW) == 0
    node.write_state("given out")
    assert node.run(NEW) == 0
    assert node.starts() == 1
    assert node.states() == ("given out", "given out")


def test_a_kubelet_that_died_is_started_though_nothing_changed(node: Node) -> None:
    assert node.run(NEW) == 0
    (node.root / "running").unlink()
    assert node.run(NEW) == 0
    assert node.is_running


@pytest.mark.parametrize(
    ("change", "states"),
    [
        ({"maxPods": 100}, ("given out", "given out")),
        ({"kubeReserved": {"cpu": "2"}}, ("fresh", "given out")),
        ({"kubeReserved": {"cpu": "1", "memory": "1Gi"}}, ("given out", "given out")),
        ({"cpuManagerPolicy": "none"}, ("fresh", "given out")),
        ({"cpuManagerPolicyOptions": {"full-pcpus-only": "true"}}, ("given out", "given out")),
        ({"cpuManagerPolicyOptions": {"strict-cpu-reservation": "true"}}, ("fresh", "given out")),
        ({"memoryManagerPolicy": "Static"}, ("given out", "fresh")),
    ],
)
def test_a_state_file_is_cleared_exactly_where_its_manager_changed(
    node: Node, change: dict[str, Any], states: tuple[str, str]
) -> None:
    assert node.run(NEW) == 0
    node.write_state("given out")
    assert node.run({**NEW, **change}) == 0
    assert node.states() == states


def test_another_share_of_reserved_memory_clears_the_memory_managers_state_alone(node: Node) -> None:
    def shares(memory: str) -> dict[str, Any]:
        reserved = [{"numaNode": 0, "limits": {"memory": memory}}]
        return {**NEW, "memoryManagerPolicy": "Static", "reservedMemory": reserved}

    assert node.run(shares("1Gi")) == 0
    node.write_state("given out")
    assert node.run(shares("2Gi")) == 0
    assert node.states() == ("given out", "fresh")


def test_a_kubelet_that_does_not_start_gets_its_old_configuration_and_state_back(node: Node) -> None:
    assert node.run(OLD) == 0
    node.write_state("given out")
    node.mark("bad", "static")
    assert node.run(NEW) == 1
    assert node.configured() == OLD
    assert node.states() == ("given out", "given out")
    assert node.is_running


def test_a_node_without_a_drop_in_has_none_after_a_failure(node: Node) -> None:
    node.mark("bad", "static")
    assert node.run(NEW) == 1
    assert not node.drop_in.exists()
    assert node.states() == ("old", "old")
    assert node.is_running


def test_an_old_configuration_that_does_not_start_either_is_said(node: Node) -> None:
    assert node.run(OLD) == 0
    node.mark("bad", "maxPods")
    assert node.run(NEW) == 2
    assert node.configured() == OLD


@pytest.mark.parametrize("where", ["kill-at-stop", "kill-at-start"])
def test_a_run_that_was_killed_is_made_good_by_the_next(node: Node, where: str) -> None:
    assert node.run(OLD) == 0
    node.write_state("given out")
    moment = node.mark(where)
    assert node.run(NEW) < 0
    moment.unlink()
    assert node.run(NEW) == 0
    assert node.configured() == NEW
    assert node.states() == ("fresh", "given out")
    assert node.is_running


def test_a_killed_run_followed_by_a_failure_ends_with_the_first_configuration(node: Node) -> None:
    assert node.run(OLD) == 0
    node.write_state("given out")
    moment = node.mark("kill-at-start")
    assert node.run(NEW) < 0
    moment.unlink()
    node.mark("bad", "static")
    assert node.run(NEW) == 1
    assert node.configured() == OLD
    assert node.states() == ("given out", "given out")
    assert node.is_running


def test_a_run_that_breaks_before_anything_changed_starts_the_kubelet_again(node: Node) -> None:
    (node.programs / "sync").write_text("#!/bin/sh\nexit 1\n")
    (node.programs / "sync").chmod(0o755)
    assert node.run(NEW) == 1
    assert node.is_running
    assert not node.drop_in.exists()
    assert node.states() == ("old", "old")


def test_a_kubelet_that_does_not_read_drop_ins_is_left_alone(node: Node) -> None:
    (node.programs / "systemctl").write_text("#!/bin/sh\necho 'ExecStart=/usr/bin/kubelet'\n")
    assert node.run(NEW) == 3
    assert not node.drop_in.exists()
    assert node.states() == ("old", "old")


def test_an_empty_configuration_has_nothing_to_install() -> None:
    with pytest.raises(ValueError, match="empty"):
        install_script({})
