"""Every value that a release sets is one that this version of its chart has: Helm ignores one that it has not."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from gpucloud.facts.charts import chart_values, charts
from gpucloud.plan import plan_document
from gpucloud.plan.stack_model import ReleasePlan

GOLDEN = Path(__file__).parents[1] / "golden"
SPECS = sorted(path for path in GOLDEN.glob("*/spec.yaml"))
MI300X: dict[str, Any] = {
    "name": "amd",
    "clusters": [
        {
            "name": "serve",
            "cloud": "azure",
            "region": "westus",
            "gpu_stack": {"amd_driver_image": "registry.example.com/amd/driver"},
            "node_pools": [
                {
                    "name": "mi300x",
                    "machine_type": "Standard_ND96isr_MI300X_v5",
                    "zones": ["regional"],
                    "driver_owner": "operator",
                }
            ],
        }
    ],
}
CLAIMED: dict[str, Any] = {
    "name": "dra",
    "clusters": [
        {
            "name": "serve",
            "cloud": "aws",
            "region": "us-east-1",
            "gpu_stack": {"allocation": "dra"},
            "node_pools": [
                {
                    "name": "h100",
                    "machine_type": "p5.48xlarge",
                    "zones": ["us-east-1a"],
                    "size": {"min": 1, "desired": 1, "max": 2},
                }
            ],
        }
    ],
}


def platform(cloud: str, **stack: Any) -> dict[str, Any]:
    """A cluster with one pool of whole GPUs, whose stack asks for what no pool needs by itself."""
    machine, region, zone = {
        "aws": ("p5.48xlarge", "us-east-1", "us-east-1a"),
        "gcp": ("a2-highgpu-1g", "us-central1", "us-central1-a"),
    }[cloud]
    pool = {"name": "p", "machine_type": machine, "zones": [zone], "size": {"min": 1, "desired": 1, "max": 2}}
    cluster = {"name": "c", "cloud": cloud, "region": region, "node_pools": [pool], "gpu_stack": stack}
    return {"name": "asked", "clusters": [cluster]}


ASKED: tuple[dict[str, Any], ...] = (
    platform("aws", monitoring="kube-prometheus-stack", batch_scheduling="kueue", trainer=True),
    platform("gcp", batch_scheduling="kai", node_problem_detector=True, monitoring="kube-prometheus-stack"),
    platform("gcp", batch_scheduling="volcano", monitoring={"type": "existing", "labels": {"release": "mine"}}),
)

CUT: dict[str, Any] = {
    "name": "cut",
    "clusters": [
        {
            "name": cloud,
            "cloud": cloud,
            "region": region,
            "node_pools": [
                {"name": f"p{index}", "machine_type": machine, "zones": [zone], "sharing": {"type": "mig", **sharing}}
                for index, sharing in enumerate(cuts)
            ],
        }
        for cloud, region, zone, machine, cuts in (
            ("aws", "us-east-1", "us-east-1a", "p5.48xlarge", ({"layout": {"1g.10gb": 7}}, {"profile": "1g.10gb"})),
            ("azure", "swedencentral", "2", "Standard_NC24ads_A100_v4", ({"profile": "1g.10gb"},)),
        )
    ],
}


def unknown_paths(release: ReleasePlan, known: tuple[str, ...]) -> list[str]:
    """The values of a release that its chart has not; below a value that the chart leaves open, all are fine."""
    return [path for path in _paths(release.values) if not _has(path, frozenset(known))]


def _paths(values: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value:
            yield from _paths(value, f"{above}{key}.")
        else:
            yield f"{above}{key}"


def _has(path: str, known: frozenset[str]) -> bool:
    if path in known:
        return True
    parts = path.split(".")
    above = [".".join(parts[:count]) for count in range(len(parts) - 1, 0, -1)]
    nearest = next((candidate for candidate in above if candidate in known), None)
    # The chart's own file leaves it open: `{}` or nothing, such as the resources of a container.
    return nearest is not None and not any(other.startswith(f"{nearest}.") for other in known)


def _releases(document: Any) -> Iterator[ReleasePlan]:
    for cluster in plan_document(document).clusters:
        yield from cluster.releases


def _checked(releases: Iterator[ReleasePlan]) -> set[str]:
    seen = set()
    for release in releases:
        try:
            known = chart_values(release.chart, release.version)
        except LookupError:
            # An operator version of the document's own choice, for which nobody has read the values.
            continue
        assert unknown_paths(release, known) == [], f"{release.chart} {release.version}"
        seen.add(release.chart)
    return seen


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.parent.name)
def test_the_values_of_a_scenario_are_the_charts(path: Path) -> None:
    document = yaml.safe_load(path.read_text("utf-8"))
    _checked(_releases(document))


def test_the_scenarios_install_all_charts() -> None:
    """`tools/check_charts.py` looks at what the scenarios plan."""
    documents = [yaml.safe_load(path.read_text("utf-8")) for path in SPECS]
    assert {chart for document in documents for chart in _checked(_releases(document))} == {
        chart.name for chart in charts()
    }


@pytest.mark.parametrize("document", [MI300X, CLAIMED, CUT, *ASKED], ids=lambda document: document["name"])
def test_the_values_of_other_stacks_are_the_charts(document: Any) -> None:
    assert _checked(_releases(document))


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"driver": {"useOpenKernelModules": True}}, ["driver.useOpenKernelModules"]),
        ({"drivers": {"enabled": True}}, ["drivers.enabled"]),
        ({"dcgmExporter": {"resources": {"limits": {"memory": "1Gi"}}}}, []),
        (
            {"toolkit": {"env": [{"name": "A", "value": "b"}]}, "cdi": {"enabled": True, "default": True}},
            ["cdi.default"],
        ),
    ],
)
def test_a_wrong_path_is_found(values: dict[str, Any], wrong: list[str]) -> None:
    release = ReleasePlan("gpu-operator", "gpu-operator", "gpu-operator", "https://example.invalid", "v26.7.0", values)
    assert unknown_paths(release, chart_values("gpu-operator", "v26.7.0")) == wrong
