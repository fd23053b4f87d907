"""`gpucloud kubelet render`: which documents it prints, and what it refuses."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from gpucloud.cli.app import app
from gpucloud.errors import InvalidInputError, UnknownNameError
from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS
from gpucloud.facts.kubelet_profiles import PROFILES

RUN = CliRunner()


def render(*arguments: str) -> Result:
    return RUN.invoke(app, ["kubelet", "render", *arguments])


@pytest.fixture
def document(tmp_path: Path) -> Any:
    """Writes an environment of one pool, or of two clusters with a pool of one name, and gives its path."""

    def write(kubelet: dict[str, Any], clusters: tuple[str, ...] = ("train",), **fields: Any) -> str:
        pool = {"name": "h100", "machine_type": "p5.48xlarge", "zones": ["us-east-1a"], "size": {"max": 2}, **fields}
        path = tmp_path / "prod.yaml"
        described = [
            {"name": name, "cloud": "aws", "region": "us-east-1", "node_pools": [{**pool, "kubelet": kubelet}]}
            for name in clusters
        ]
        path.write_text(yaml.safe_dump({"name": "prod", "clusters": described}))
        return str(path)

    return write


def test_a_pool_is_written_for_its_own_platform(document):
    result = render(document({"maxPods": 60}), "--pool", "h100")
    assert result.exit_code == 0
    name, _, text = result.output.partition("\n")
    assert name == "# nodeadm.yaml"
    assert yaml.safe_load(text)["spec"]["kubelet"]["config"] == {"maxPods": 60}


def test_a_pool_is_written_for_another_platform_and_as_json(document):
    file = document({"maxPods": 60}, image={"family": "bottlerocket"})
    assert "max-pods = 60" in render(file, "--pool", "train/h100").output
    answer = json.loads(render(file, "--pool", "h100", "--target", "kubeadm", "--format", "json").output)
    assert answer["platform"] == "kubeadm"
    for text in answer["documents"].values():
        assert yaml.safe_load(text) == {
            "apiVersion": "kubelet.config.k8s.io/v1beta1",
            "kind": "KubeletConfiguration",
            "maxPods": 60,
        }
    assert answer["documents"]


def test_a_pool_that_says_nothing_gets_nothing(document):
    result = render(document({}), "--pool", "h100")
    assert (result.exit_code, result.output) == (0, "# nothing: the pool leaves its kubelets as nodeadm makes them\n")


def test_what_the_target_does_not_take_is_refused_with_what_it_has_instead(document):
    result = render(document({"evictionHard": {"memory.available": "1Gi"}}), "--pool", "h100", "--target", "aks")
    assert isinstance(result.exception, InvalidInputError)
    assert result.exception.problems[0].path.endswith("kubelet.evictionHard")
    assert result.output == ""


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_is_written_for_every_platform(profile, platform):
    result = render("--profile", profile, "--machine", "p5.48xlarge", "--target", platform, "--format", "json")
    assert result.exit_code == 0
    answer = json.loads(result.output)
    assert answer["platform"] == platform
    assert answer["documents"]


@pytest.mark.parametrize(
    ("machine", "platform"),
    [("p5.48xlarge", "nodeadm"), ("Standard_ND96isr_H100_v5", "aks"), ("a3-megagpu-8g", "gke")],
)
def test_a_profile_without_a_target_is_written_for_the_machines_own_cloud(machine, platform):
    answer = json.loads(render("--profile", "training", "--machine", machine, "--format", "json").output)
    assert answer["platform"] == platform


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--profile", "training"),
        ("--machine", "p5.48xlarge"),
        ("--pool", "h100"),
        ("prod.yaml",),
        ("prod.yaml", "--pool", "h100", "--machine", "p5.48xlarge"),
        ("prod.yaml", "--profile", "training", "--machine", "p5.48xlarge"),
    ],
)
def test_half_of_a_question_is_refused(arguments):
    answer = render(*arguments).exception
    assert isinstance(answer, InvalidInputError)
    assert "SPEC and --pool, or --profile and --machine" in str(answer)


def test_a_name_that_nothing_has_is_refused_with_the_nearest(document):
    file = document({"maxPods": 60})
    for arguments, near in (
        ((file, "--pool", "h10"), "h100"),
        (("--profile", "training", "--machine", "p5.48xlrge"), "p5.48xlarge"),
        (("--profile", "training", "--machine", "aws/p5.48xlrge"), "p5.48xlarge"),
    ):
        answer = render(*arguments).exception
        assert isinstance(answer, UnknownNameError)
        assert near in str(answer)
    assert render(file, "--pool", "h100", "--target", "openshift").exit_code == 2
    assert render("--profile", "batch", "--machine", "p5.48xlarge").exit_code == 2


def test_a_pool_of_two_clusters_has_to_be_named_with_its_cluster(document):
    file = document({"maxPods": 60}, clusters=("serve", "train"))
    answer = render(file, "--pool", "h100").exception
    assert isinstance(answer, InvalidInputError)
    assert "serve/h100 or train/h100" in str(answer)
    assert render(file, "--pool", "train/h100").exit_code == 0
