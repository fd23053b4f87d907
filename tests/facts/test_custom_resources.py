"""Kinds that charts and clouds bring: those that the plan uses are there, and each can be defined."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from gpucloud.facts.charts import charts
from gpucloud.facts.custom_resources import CustomResource, custom_resources
from gpucloud.plan import plan_document

GOLDEN = Path(__file__).parents[1] / "golden"
BRINGERS = ("gke", *(chart.name for chart in charts()))


def _all() -> Iterator[CustomResource]:
    for bringer in BRINGERS:
        yield from custom_resources(bringer)


def test_each_has_what_a_definition_needs_and_is_of_the_pinned_chart() -> None:
    versions = {chart.name: chart.version for chart in charts()}
    for entry in _all():
        assert entry.versions
        assert entry.scope in {"Cluster", "Namespaced"}
        assert entry.name == f"{entry.plural}.{entry.group}"
        pinned = entry.brought_by == "gke" or f"{versions[entry.brought_by].removeprefix('v')} " in entry.source
        assert pinned or entry.kind == "JobSet", "JobSet has a version of its own"


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*/spec.yaml")), ids=lambda path: path.parent.name)
def test_the_objects_of_a_plan_are_kinds_that_its_cluster_has(path: Path) -> None:
    plan = plan_document(yaml.safe_load(path.read_text("utf-8")))
    for cluster in plan.clusters:
        brought = {release.chart for release in cluster.releases} | ({"gke"} if cluster.cloud == "gcp" else set())
        known = {
            (f"{entry.group}/{version}", entry.kind)
            for bringer in brought
            for entry in custom_resources(bringer)
            for version in entry.versions
        }
        for manifest in cluster.manifests:
            # Kueue is in the cluster before: held_back says so. Groups below k8s.io are Kubernetes' own.
            group = manifest.api_version.partition("/")[0]
            if "." in group and "kueue" not in group and not group.endswith(".k8s.io"):
                assert (manifest.api_version, manifest.kind) in known


def test_what_nobody_brings_is_nothing() -> None:
    assert custom_resources("aws-efa-k8s-device-plugin") == ()
