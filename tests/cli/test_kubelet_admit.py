"""`gpucloud kubelet admit`: where a pod lands, what it dies with, and with which exit code."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from gpucloud.cli.app import app
from gpucloud.errors import InvalidInputError, UnknownNameError

RUN = CliRunner()
P5 = ("--machine", "p5.48xlarge")
WHOLE = "cpu=90,memory=1Ti,nvidia.com/gpu=8"
HALF = "cpu=40,memory=500Gi,nvidia.com/gpu=4"
CONFIG = """apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
cpuManagerPolicy: static
kubeReserved: {cpu: 500m, memory: 2Gi}
topologyManagerScope: pod
topologyManagerPolicy: single-numa-node
"""


def admit(*arguments: str) -> Result:
    return RUN.invoke(app, ["kubelet", "admit", *arguments])


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    tmp_path.joinpath("kubelet.yaml").write_text(CONFIG)
    return "kubelet.yaml"


def test_eight_gpus_over_two_sockets_never_fit_one_numa_node(config):
    result = admit(*P5, "--config", config, "--pod", WHOLE)
    assert result.exit_code == 1
    assert result.output.startswith("GPUs: 4 on NUMA node 0, 4 on NUMA node 1")
    assert "refused with TopologyAffinityError" in result.output
    answer = admit(*P5, "--config", config, "--pod", WHOLE, "--format", "json")
    assert answer.exit_code == 1
    found = json.loads(answer.output)
    assert (found["admitted"], found["reason"], found["containers"]) == (False, "TopologyAffinityError", [])


def test_half_of_the_node_fits_and_so_does_all_of_it_where_nothing_is_aligned(config):
    result = admit(*P5, "--config", config, "--pod", HALF)
    assert result.exit_code == 0
    assert "admitted, Guaranteed" in result.output
    assert "4 of node 0" in result.output
    assert max(map(len, result.output.splitlines())) <= 100
    assert admit(*P5, "--pod", WHOLE).exit_code == 0


def test_pods_before_the_last_are_taken_as_running(config):
    nodes = []
    for pods in (1, 2):
        result = admit(*P5, "--config", config, *["--pod", HALF] * pods, "--format", "json")
        assert result.exit_code == 0
        nodes.append(json.loads(result.output)["containers"][0]["numa_nodes"])
    assert nodes == [[0], [1]]
    assert admit(*P5, "--config", config, *["--pod", HALF] * 3).exit_code == 1


def test_gpus_lie_as_the_option_says(config):
    shifted = admit(*P5, "--config", config, "--gpus-per-numa", "0,8", "--pod", "cpu=8,nvidia.com/gpu=8,memory=1Gi")
    assert shifted.exit_code == 0
    assert shifted.output.startswith("GPUs: 8 on NUMA node 1\n")
    assert "8 of node 1" in shifted.output


def test_a_manifest_and_a_described_machine_are_taken(config, tmp_path):
    container = {"name": "main", "resources": {"limits": {"cpu": "4", "memory": "1Gi"}}}
    tmp_path.joinpath("pod.json").write_text(json.dumps({"kind": "Pod", "spec": {"containers": [container]}}))
    tmp_path.joinpath("machine").write_text("sockets: 1\nnuma: 1\ncores: 8\nmemory: 64Gi\n")
    result = admit("--machine-file", "machine", "--config", config, "--pod-file", "pod.json", "--format", "json")
    assert result.exit_code == 0
    (placed,) = json.loads(result.output)["containers"]
    assert (placed["name"], len(placed["cpus"])) == ("main", 4)
    tmp_path.joinpath("described.yaml").write_text(f'# machine: {{"sockets": 1, "numa": 1, "cores": 8}}\n{CONFIG}')
    assert admit("--config", "described.yaml", "--pod", "cpu=4,memory=1Gi").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "--machine: is missing"),
        (P5, "--pod: is missing"),
        ((*P5, "--pod", "foo"), "'foo' is no resource with an amount"),
        ((*P5, "--pod", "cpu=x"), "pod.cpu"),
        ((*P5, "--pod", "cpu=1", "--gpus-per-numa", "x"), "--gpus-per-numa: x is no list"),
        ((*P5, "--pod", "cpu=1", "--gpus-per-numa", "4,²"), "is no list of numbers"),
        ((*P5, "--pod", "cpu=1", "--gpus-per-numa", "9" * 5000), "is no list of numbers"),
        ((*P5, "--pod", "cpu=1", "--gpus-per-numa", "4,4,4"), "the machine has 2"),
        ((*P5, "--pod-file", "missing.yaml"), "missing.yaml: no such file"),
        ((*P5, "--pod-file", "."), ".: is a directory"),
        ((*P5, "--pod-file", "/dev/zero"), "longer than 1 MiB"),
        ((*P5, "--pod-file", "kubelet.yaml"), "no spec with containers"),
        ((*P5, "--pod", "cpu=1", "--config", "missing.yaml"), "missing.yaml: no such file"),
        ((*P5, "--pod", "cpu=1", "--config", "/dev/zero"), "more than 1,048,576"),
        ((*P5, "--pod", "cpu=1", "--config", "bad.yaml"), "maxPods"),
        ((*P5, "--pod", "cpu=1", "--kubernetes-version", "1.29"), "use 1.31 to 1.36"),
    ],
)
def test_bad_questions_are_refused_with_what_to_do(config, tmp_path, arguments, said):
    tmp_path.joinpath("bad.yaml").write_text(f"{CONFIG}maxPods: -1\n")
    answer = admit(*arguments).exception
    assert isinstance(answer, InvalidInputError)
    assert said in str(answer)


def test_an_unknown_machine_has_its_nearest(config):
    answer = admit("--machine", "p5.48xlrge", "--pod", "cpu=1").exception
    assert isinstance(answer, UnknownNameError)
    assert "p5.48xlarge" in str(answer)
