"""`gpucloud stack verify` against an API server that answers over HTTP."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from gpucloud.cli.app import app
from gpucloud.cli.cluster_reading import ClusterReader, UnreachableClusterError, metric_values
from gpucloud.errors import InvalidInputError
from gpucloud.plan import plan_document
from tests.verify.api_server import answering
from tests.verify.views import MADE

RUN = CliRunner()
POOL = {
    "name": "t4",
    "machine_type": "g4dn.xlarge",
    "zones": ["us-east-1a"],
    "size": {"min": 1, "desired": 1, "max": 1},
}
CLUSTER = {"name": "train", "cloud": "aws", "region": "us-east-1", "node_pools": [POOL]}
DOCUMENT = {"name": "prod", "clusters": [CLUSTER]}
EXPORTED = """# HELP DCGM_FI_DEV_GPU_UTIL GPU utilization (in %).
# TYPE DCGM_FI_DEV_GPU_UTIL gauge
DCGM_FI_DEV_GPU_UTIL{gpu="0",modelName="Tesla T4"} 12
DCGM_FI_DEV_GPU_UTIL{gpu="1",modelName="Tesla T4"} 1.5e1

DCGM_FI_DEV_FB_USED 3
DCGM_FI_DEV_XID_ERRORS{gpu="0"} 0
"""
NODES = "/api/v1/nodes"
PODS = "/api/v1/namespaces/gpu-operator/pods?labelSelector=app%3Dnvidia-dcgm-exporter"
POLICIES = "/apis/nvidia.com/v1/clusterpolicies"
DAEMON_SETS = "/apis/apps/v1/namespaces/gpu-operator/daemonsets"
METRICS = "/api/v1/namespaces/gpu-operator/pods/dcgm:9400/proxy/metrics"


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    """The document as a file."""
    path = tmp_path / "spec.yaml"
    path.write_text(yaml.safe_dump(DOCUMENT), "utf-8")
    return path


def _answers() -> dict[str, Any]:
    """A cluster that fits the document."""
    (pool,) = plan_document(DOCUMENT).clusters[0].node_pools
    labels = {**dict(pool.labels), **MADE, "nvidia.com/gpu.product": "Tesla-T4"}
    taints = [{"key": taint.key, "value": taint.value, "effect": taint.effect} for taint in pool.taints]
    status = {
        "conditions": [{"type": "Ready", "status": "True"}],
        "capacity": dict(pool.node_resources),
        "allocatable": dict(pool.node_resources),
    }
    node = {"metadata": {"name": "node-0", "labels": labels}, "spec": {"taints": taints}, "status": status}
    daemon_set = {"metadata": {"name": "driver"}, "status": {"desiredNumberScheduled": 1, "numberReady": 1}}
    return {
        NODES: {"items": [node]},
        DAEMON_SETS: {"items": [daemon_set]},
        POLICIES: {"items": [{"status": {"state": "ready"}}]},
        PODS: {"items": [{"metadata": {"name": "dcgm"}, "spec": {"nodeName": "node-0"}}]},
        METRICS: EXPORTED,
    }


def _verify(spec: Path, kubeconfig: Path, *more: str) -> Any:
    return RUN.invoke(app, ["stack", "verify", str(spec), "--kubeconfig", str(kubeconfig), *more])


def _told(spec: Path, answers: Mapping[str, Any], *more: str) -> Any:
    with answering(answers, spec.parent) as kubeconfig:
        return _verify(spec, kubeconfig, *more)


def test_the_gate_opens_for_a_cluster_that_fits(spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    found = _told(spec, _answers())
    assert found.exit_code == 0, found.output
    assert "train: the gate opens (9 pass)" in found.output
    assert max(len(line) for line in found.output.splitlines()) <= 100


def test_json_has_every_verdict(spec: Path) -> None:
    found = json.loads(_told(spec, _answers(), "--format", "json").output)
    assert found["passes"] is True
    assert {entry["outcome"] for entry in found["verdicts"]} == {"pass"}
    assert set(found["verdicts"][0]) == {"check", "subject", "outcome", "finding", "fix"}


def test_a_node_that_lost_its_gpu_closes_it(spec: Path) -> None:
    answers = _answers()
    answers[NODES]["items"][0]["status"]["allocatable"] = {"nvidia.com/gpu": "0"}
    found = _told(spec, answers)
    assert found.exit_code == 1
    assert "0 of 1 nvidia.com/gpu" in " ".join(found.output.split())
    assert "stays closed" in found.output


@pytest.mark.parametrize(
    ("path", "check"),
    [(DAEMON_SETS, "operands"), (POLICIES, "operands"), (PODS, "metrics"), (METRICS, "metrics")],
)
def test_what_the_credentials_do_not_show_is_skipped_and_closes_it(spec: Path, path: str, check: str) -> None:
    answers = {**_answers(), path: 403}
    found = _told(spec, answers, "--format", "json")
    assert found.exit_code == 1
    (skipped,) = [entry for entry in json.loads(found.output)["verdicts"] if entry["outcome"] == "skipped"]
    assert skipped["check"] == check
    assert "these credentials may not see it" in skipped["finding"]
    allowed = _told(spec, answers, "--allow-skipped", check, "--format", "json")
    assert allowed.exit_code == 0
    assert json.loads(allowed.output)["allowed_skipped"] == [check]


def test_a_cluster_without_the_operators_kind_has_no_policy(spec: Path) -> None:
    answers = _answers()
    del answers[POLICIES]
    found = _told(spec, answers)
    assert found.exit_code == 1
    assert "there is none" in found.output


def test_waiting_says_what_is_late_and_ends(spec: Path) -> None:
    found = _told(spec, {**_answers(), POLICIES: {"items": []}}, "--wait", "1")
    assert found.exit_code == 1
    assert "not yet: operands; 1 s left" in found.stderr


def test_a_server_that_does_not_answer_is_one_plain_error(spec: Path) -> None:
    with answering({}, spec.parent) as kubeconfig:
        pass
    found = _verify(spec, kubeconfig)
    assert isinstance(found.exception, UnreachableClusterError)
    assert "does not answer" in str(found.exception)


def test_credentials_that_may_not_list_nodes_end_it(tmp_path: Path) -> None:
    with (
        answering({NODES: 403}, tmp_path) as kubeconfig,
        pytest.raises(UnreachableClusterError, match="nodes cannot be listed"),
    ):
        ClusterReader(kubeconfig, None).read([], None)


def test_a_context_that_there_is_not_ends_it(spec: Path) -> None:
    found = _told(spec, {}, "--context", "other")
    assert isinstance(found.exception, UnreachableClusterError)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--allow-skipped", "metricz"), "metricz"),
        (("--cluster", "trian"), "--cluster: the document has no cluster trian; use train"),
        (("--pool", "t5"), "--pool: cluster train has no pool t5; use t4"),
    ],
)
def test_wrong_names_are_refused_before_anything_is_read(spec: Path, more: tuple[str, ...], words: str) -> None:
    found = _verify(spec, spec.parent / "none", *more).exception
    assert isinstance(found, InvalidInputError)
    assert words in str(found)


def test_a_document_of_several_clusters_asks_which(tmp_path: Path) -> None:
    path = tmp_path / "two.yaml"
    path.write_text(yaml.safe_dump({"name": "prod", "clusters": [CLUSTER, {**CLUSTER, "name": "serve"}]}), "utf-8")
    found = _verify(path, tmp_path / "none")
    assert "--cluster: the document has clusters serve, train" in str(found.exception)


def test_metrics_are_read_whatever_their_labels() -> None:
    assert metric_values(EXPORTED) == {
        "DCGM_FI_DEV_GPU_UTIL": (12.0, 15.0),
        "DCGM_FI_DEV_FB_USED": (3.0,),
        "DCGM_FI_DEV_XID_ERRORS": (0.0,),
    }
