"""Helm values of a person's own: laid over the plan's, never over what follows from the pools."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpucloud.errors import InvalidInputError
from gpucloud.facts.chart_ownership import owned_value
from gpucloud.facts.charts import chart_values, charts
from gpucloud.facts.images import images
from gpucloud.facts.tables import read_table
from gpucloud.plan import plan_document
from gpucloud.plan.release_values import value_paths
from tests.plan.test_values_paths import ASKED, CLAIMED, MI300X, SPECS

# What the plan sets and a person may set otherwise.
OPEN = {
    ("gpu-operator", "dcgmExporter.config"),
    ("gpu-operator", "dcgmExporter.resources"),
    ("gpu-operator", "dcgmExporter.serviceMonitor"),
    ("kube-prometheus-stack", "kubeControllerManager.enabled"),
    ("kube-prometheus-stack", "kubeEtcd.enabled"),
    ("kube-prometheus-stack", "kubeProxy.enabled"),
    ("kube-prometheus-stack", "kubeScheduler.enabled"),
    ("kube-prometheus-stack", "prometheus.prometheusSpec"),
    ("kubeflow-trainer", "jobset.install"),
    ("kubeflow-trainer", "runtimes.defaultEnabled"),
    ("kueue", "controllerManager.replicas"),
    ("kueue", "managerConfig.controllerManagerConfigYaml"),
    ("node-problem-detector", "metrics.enabled"),
    ("node-problem-detector", "metrics.serviceMonitor"),
    ("volcano", "basic.image_pull_policy"),
}


def _document(values: dict[str, Any], **stack: Any) -> dict[str, Any]:
    pool = {"name": "p", "machine_type": "g5.xlarge", "zones": ["us-east-1a"], "sharing": "whole"}
    cluster = {"name": "c", "cloud": "aws", "region": "us-east-1", "node_pools": [pool]}
    return {"name": "prod", "clusters": [{**cluster, "gpu_stack": {"values": values, **stack}}]}


def _documents() -> Iterator[Any]:
    for path in SPECS:
        yield yaml.safe_load(Path(path).read_text("utf-8"))
    sliced = _document({})
    sliced["clusters"][0]["node_pools"][0]["sharing"] = {"type": "time-slicing", "replicas": 2}
    yield from (MI300X, CLAIMED, sliced, *ASKED)


def test_what_the_plan_sets_is_owned_or_open() -> None:
    seen = set()
    for document in _documents():
        for cluster in plan_document(document).clusters:
            for release in cluster.releases:
                for path in value_paths(release.values):
                    above = {(release.chart, path[:end]) for end in range(len(path) + 1)}
                    # What a pull secret of the stack is told to is the secret's, and a person may add to it.
                    secrets = {image.pull_secrets for image in images(release.chart)}
                    known = owned_value(release.chart, path) is not None or above & OPEN or path in secrets
                    assert known, (release.chart, path)
                    seen.add(release.chart)
    assert seen == {chart.name for chart in charts()}


def test_what_is_owned_is_a_value_of_the_chart() -> None:
    versions = {chart.name: chart.version for chart in charts()}
    for row in read_table("chart_ownership"):
        assert row["path"] in chart_values(row["chart"], versions[row["chart"]]), row["path"]
        assert row["reason"]
        assert row["fix"]


def test_a_value_is_laid_over_its_neighbours_stay() -> None:
    own = {"gpu-operator": {"dcgmExporter": {"resources": {"limits": {"memory": "2Gi"}}, "enabled": False}}}
    (release,) = plan_document(_document(own)).clusters[0].releases
    exporter = release.values["dcgmExporter"]
    assert exporter["resources"] == {"limits": {"memory": "2Gi"}, "requests": {"memory": "1Gi"}}
    assert exporter["enabled"] is False
    assert release.values["cdi"] == {"enabled": True}


def test_values_of_a_chart_that_is_not_installed_are_refused() -> None:
    with pytest.raises(InvalidInputError, match=r"clusters\[c\].gpu_stack.values\[cert-manager\].*not installed"):
        plan_document(_document({"cert-manager": {"replicaCount": 2}}))


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"nfd": {"enabled": False}}, "two owners or none"),
        ({"gpuCluster": {"deployCR": True}}, "exclude each other"),
        ({"devicePlugin": {"config": {"name": "mine"}}}, "shared otherwise"),
        ({"driver": {"useOpenKernelModules": True}}, "has no such value"),
    ],
)
def test_what_follows_from_the_pools_is_refused_with_the_reason(values: dict[str, Any], words: str) -> None:
    with pytest.raises(InvalidInputError, match=words):
        plan_document(_document({"gpu-operator": values}))
