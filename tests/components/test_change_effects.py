"""The facts about effects of changes against what the components declare and what providers replace."""

from typing import TYPE_CHECKING, Any

import pytest

from gpucloud.components.aws_gpu_node_pool import AwsGpuNodePool
from gpucloud.components.azure_gpu_node_pool import AzureGpuNodePool
from gpucloud.components.gcp_gpu_node_pool import GcpGpuNodePool
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan import EnvironmentPlan, plan_document
from gpucloud.plan.impact import impact
from gpucloud.sim.aws import replacement as aws_tables
from gpucloud.sim.azure_native import replacement as azure_tables
from gpucloud.sim.diff import find_changes
from gpucloud.sim.gcp import tables as gcp_tables
from tests.components import azure_programs, gcp_programs, programs
from tests.components.recorder import Declared, Record, record
from tests.plan.documents import document

if TYPE_CHECKING:
    from collections.abc import Callable

USUAL: dict[Cloud, dict[str, Any]] = {
    "aws": {"region": "us-east-1", "machine_type": "g5.48xlarge", "zones": ["us-east-1a"]},
    "azure": {"region": "swedencentral", "machine_type": "Standard_NC24ads_A100_v4", "zones": ["2"]},
    "gcp": {"region": "us-central1", "machine_type": "a2-highgpu-2g", "zones": ["us-central1-a"]},
}
CHANGES: dict[str, dict[str, Any]] = {
    "kubelet": {"kubelet": {"cpuManagerPolicy": "static"}},
    "pods": {"kubelet": {"maxPods": 64}},
    "disk": {"root_disk": {"size_gib": 900}},
    "labels": {"labels": {"team": "a"}},
    "taints": {"taints": [{"key": "dedicated", "value": "a"}]},
    "sizes": {"size": {"min": 1, "desired": 1, "max": 9}},
    "placement": {"placement": "cluster"},
    "kernel": {"linux": {"transparent_hugepages": "madvise"}},
    "machine": {"machine_type": {"aws": "g5.12xlarge", "azure": "Standard_NC48ads_A100_v4", "gcp": "a2-highgpu-4g"}},
    "sharing": {"sharing": {"type": "mig", "profile": "3g.40gb"}},
    "driver": {"driver_owner": {"aws": "vendor", "azure": "operator", "gcp": "vendor"}},
    "image": {"image": {"family": {"aws": "al2023", "azure": "azure-linux", "gcp": "ubuntu"}}},
}
LACKS = {
    ("aws", "kernel"),
    ("aws", "sharing"),
    ("aws", "driver"),
    ("aws", "image"),
    ("gcp", "driver"),
    ("gcp", "sharing"),
}
# GKE is told of accelerators only where its default driver and whole GPUs do not say it all; the facts take the worst.
OVERSTATED = {("gcp", "machine")}
CASES = [(cloud, name) for cloud in USUAL for name in CHANGES if (cloud, name) not in LACKS]


def planned(cloud: Cloud, change: dict[str, Any]) -> EnvironmentPlan:
    usual = dict(USUAL[cloud])
    region = usual.pop("region")
    return plan_document(document(cloud, {"region": region}, **{**usual, **of_cloud(change, cloud)}))


def of_cloud(value: Any, cloud: Cloud) -> Any:
    """A value, or the cloud's own where it has one for each."""
    if not isinstance(value, dict):
        return value
    return (
        value[cloud] if value.keys() == USUAL.keys() else {key: of_cloud(entry, cloud) for key, entry in value.items()}
    )


def declared(cloud: Cloud, plan: EnvironmentPlan) -> Record:
    pool = plan.clusters[0].node_pools[0]
    make: dict[Cloud, Callable[[], Any]] = {
        "aws": lambda: AwsGpuNodePool("pool", pool, programs.cluster_ref()),
        "azure": lambda: AzureGpuNodePool("pool", pool, azure_programs.cluster_ref()),
        "gcp": lambda: GcpGpuNodePool("pool", pool, gcp_programs.cluster_ref()),
    }
    return record(lambda: make[cloud]() and None)


def provider_replaces(cloud: Cloud, old: Declared, new: Declared) -> bool:
    tables: dict[Cloud, Any] = {"aws": aws_tables, "azure": azure_tables, "gcp": gcp_tables}
    replaces = tables[cloud].replaces_of(new.type) | frozenset(new.replace_on_changes or ())
    unordered = getattr(tables[cloud], "unordered_of", lambda _: frozenset())(new.type)
    inputs = ({key: value for key, value in one.inputs.items() if key not in new.ignore_changes} for one in (old, new))
    return any(change.replaces for change in find_changes(*inputs, replaces, unordered))


@pytest.mark.parametrize(("cloud", "name"), CASES)
def test_a_change_replaces_where_the_provider_does(cloud: Cloud, name: str) -> None:
    before, after = planned(cloud, {}), planned(cloud, CHANGES[name])
    old, new = declared(cloud, before), declared(cloud, after)
    kind = {"aws": "NodeGroup", "azure": "AgentPool", "gcp": "NodePool"}[cloud]
    kept = {entry.name: entry for entry in old.of_type(f":{kind}")}
    pairs = [(kept[entry.name], entry) for entry in new.of_type(f":{kind}")]
    assert pairs
    found = impact(before, after)
    replaced = any(provider_replaces(cloud, *pair) for pair in pairs)
    assert (found.effect == "replaces") == (replaced or (cloud, name) in OVERSTATED)
    if cloud == "aws" and found.effect != "replaces":
        templates = [[entry.inputs for entry in one.of_type(":LaunchTemplate")] for one in (old, new)]
        assert (found.effect == "rolls-nodes") == (templates[0] != templates[1])
    if found.effect == "replaces":
        orders = {change.create_before_delete for change in found.at_least("replaces")}
        assert orders == {not entry.delete_before_replace for _, entry in pairs}
