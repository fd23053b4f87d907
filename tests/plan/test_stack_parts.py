"""What a GPU stack brings beside the operators of accelerators: for whom, with what, in which order."""

import json
from typing import Any

import pytest
import yaml

from gpucloud.errors import InvalidInputError
from gpucloud.facts.charts import chart, charts
from gpucloud.plan import ClusterPlan, plan_document
from gpucloud.plan.images import pulled_images
from gpucloud.plan.network_operator import RDMA_RESOURCE
from gpucloud.plan.pod_security import pod_security
from gpucloud.plan.release_order import in_order
from gpucloud.plan.stack_model import ManifestPlan, ReleasePlan
from tests.plan.test_values_paths import ASKED, MI300X, platform

IB = {"machine_type": "Standard_ND96isr_H100_v5", "zones": ["regional"], "fabric": "infiniband"}


def _azure(*pools: dict[str, Any], **stack: Any) -> ClusterPlan:
    cluster = {"name": "c", "cloud": "azure", "region": "eastus", "node_pools": list(pools), "gpu_stack": stack}
    return plan_document({"name": "e", "clusters": [cluster]}).clusters[0]


def _only(document: dict[str, Any]) -> ClusterPlan:
    return plan_document(document).clusters[0]


def _values(plan: ClusterPlan, name: str) -> Any:
    return next(release.values for release in plan.releases if release.chart == name)


def _object(plan: ClusterPlan, kind: str) -> ManifestPlan:
    (found,) = (entry for entry in plan.manifests if entry.kind == kind)
    return found


def test_drivers_of_infiniband_go_to_the_nodes_that_have_it_and_to_no_other() -> None:
    plan = _azure({"name": "ib", **IB}, {"name": "t4", "machine_type": "Standard_NC4as_T4_v3", "zones": ["1"]})
    policy = _object(plan, "NicClusterPolicy")
    (term,) = policy.spec["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]["nodeSelectorTerms"]
    assert term["matchExpressions"] == [{"key": "gpucloud.io/pool", "operator": "In", "values": ["ib"]}]
    assert policy.after_releases
    assert policy.name == "nic-cluster-policy"
    config = json.loads(policy.spec["rdmaSharedDevicePlugin"]["config"])
    assert f"rdma/{config['configList'][0]['resourceName']}" == RDMA_RESOURCE


def test_without_infiniband_there_is_no_network_operator() -> None:
    plan = _azure({"name": "t4", "machine_type": "Standard_NC4as_T4_v3", "zones": ["1"]})
    assert "network-operator" not in {release.chart for release in plan.releases}
    assert "NicClusterPolicy" not in {entry.kind for entry in plan.manifests}


@pytest.mark.parametrize("owner", ["vendor", "operator"])
def test_peer_memory_is_built_where_the_operator_builds_the_driver(owner: str) -> None:
    driver = _values(_azure({"name": "ib", **IB, "driver_owner": owner}), "gpu-operator")["driver"]
    assert driver.get("rdma") == ({"enabled": True, "useHostMofed": False} if owner == "operator" else None)


def test_discovery_has_one_owner_that_reaches_every_pool() -> None:
    """AMD's nodes with InfiniBand: the network operator's rule needs a discovery that is on those nodes."""
    pool = {**MI300X["clusters"][0]["node_pools"][0], "fabric": "infiniband", "taints": [{"key": "team"}]}
    plan = _only({**MI300X, "clusters": [{**MI300X["clusters"][0], "node_pools": [pool]}]})
    assert _values(plan, "network-operator")["nfd"]["enabled"] is False
    discovery = _values(plan, "gpu-operator-charts")["node-feature-discovery"]
    assert discovery["enabled"] is True
    assert {"amd.com/gpu", "team"} <= {entry["key"] for entry in discovery["worker"]["tolerations"]}


def test_neuron_has_its_plugin_on_its_machines_alone() -> None:
    document = platform("aws")
    document["clusters"][0]["node_pools"] += [
        {"name": "trn", "machine_type": "trn2.48xlarge", "zones": ["us-east-1a"], "taints": [{"key": "team"}]}
    ]
    document["clusters"][0]["node_pools"][1]["zones"] = ["us-east-2b"]
    document["clusters"][0]["node_pools"][0]["zones"] = ["us-east-2a"]
    document["clusters"][0]["region"] = "us-east-2"
    values = _values(_only(document), "neuron-helm-chart")
    assert values["neuronInstances"] == ["trn2.48xlarge"]
    assert {entry["key"] for entry in values["devicePlugin"]["tolerations"]} == {"aws.amazon.com/neuron", "team"}
    assert (values["npd"]["enabled"], values["draDriver"]["enabled"]) == (False, False)


def test_exporters_tell_a_prometheus_of_themselves_where_there_is_one() -> None:
    def monitor(**stack: Any) -> Any:
        return _values(_only(platform("aws", **stack)), "gpu-operator")["dcgmExporter"].get("serviceMonitor")

    assert monitor() is None
    assert monitor(monitoring="kube-prometheus-stack") == {"enabled": True, "honorLabels": True}
    labels = {"release": "mine"}
    assert monitor(monitoring={"type": "existing", "labels": labels})["additionalLabels"] == labels


def test_prometheus_sees_every_monitor_and_grafana_has_no_password_of_ours() -> None:
    values = _values(_only(platform("aws", monitoring="kube-prometheus-stack")), "kube-prometheus-stack")
    assert set(values["prometheus"]["prometheusSpec"].values()) == {False}
    assert "grafana" not in values
    own = {"kube-prometheus-stack": {"grafana": {"adminPassword": "admin"}}}
    document = platform("aws", monitoring="kube-prometheus-stack", values=own)
    with pytest.raises(InvalidInputError, match=r"grafana\.adminPassword.*existingSecret"):
        plan_document(document)


def test_kai_lets_no_pod_name_devices_that_it_did_not_ask_for() -> None:
    found = _values(_only(platform("gcp", batch_scheduling="kai")), "kai-scheduler")
    assert found == {"global": {"blockNvidiaVisibleDevices": True}}


def test_kueue_comes_before_the_queues_that_hold_back() -> None:
    document = platform("aws", batch_scheduling="kueue")
    document["clusters"][0]["node_pools"][0]["held_back"] = {"by": "kueue", "share": 0.5, "queue": "others"}
    plan = _only(document)
    assert _object(plan, "ClusterQueue").after_releases
    assert "kueue" in {release.chart for release in plan.releases if release.awaited}


def test_the_detector_watches_for_the_drivers_messages_and_for_nothing_else() -> None:
    settings = _values(_only(platform("gcp", node_problem_detector=True)), "node-problem-detector")["settings"]
    ((name, text),) = settings["custom_monitor_definitions"].items()
    assert settings["log_monitors"] == [f"/custom-config/{name}"]
    monitor = json.loads(text)
    conditions = {entry["type"] for entry in monitor["conditions"]}
    assert {rule["condition"] for rule in monitor["rules"] if rule["type"] == "permanent"} == conditions


@pytest.mark.parametrize(
    ("line", "reasons"),
    [
        ("NVRM: Xid (PCI:0000:10:1c): 63, pid=1896, Row Remapper: New row marked for remapping", {"GpuXid"}),
        ("NVRM: Xid (PCI:0000:06:00): 79, pid=1234, GPU has fallen off the bus.", {"GpuXid", "GpuXid79"}),
        ("NVRM: Xid (PCI:0000:06:00): 481, pid=1234", {"GpuXid"}),
        ("NVRM: loading NVIDIA UNIX Open Kernel Module", set()),
    ],
)
def test_a_line_of_the_kernels_log_is_told_apart(line: str, reasons: set[str]) -> None:
    import re

    settings = _values(_only(platform("gcp", node_problem_detector=True)), "node-problem-detector")["settings"]
    (text,) = settings["custom_monitor_definitions"].values()
    rules = json.loads(text)["rules"]
    assert {rule["reason"] for rule in rules if re.search(rule["pattern"], line)} == reasons


def test_a_training_runtime_asks_for_all_that_a_node_has() -> None:
    document = platform("aws", trainer=True)
    document["clusters"][0]["node_pools"][0]["fabric"] = "efa"
    runtime = _object(_only(document), "ClusterTrainingRuntime")
    (job,) = runtime.spec["template"]["spec"]["replicatedJobs"]
    pod = job["template"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["resources"]["limits"] == {
        "nvidia.com/gpu": "8",
        "vpc.amazonaws.com/efa": "32",
        "hugepages-2Mi": "5120Mi",
        "memory": "32000Mi",
    }
    assert container["securityContext"] == {"capabilities": {"add": ["IPC_LOCK"]}}
    assert pod["nodeSelector"] == {"gpucloud.io/pool": "p"}
    assert [entry["key"] for entry in pod["tolerations"]] == ["nvidia.com/gpu"]
    assert runtime.labels == {"trainer.kubeflow.org/framework": "torch"}


def test_a_training_runtime_over_infiniband_asks_for_the_adapters_once() -> None:
    runtime = _object(_azure({"name": "ib", **IB}, trainer=True), "ClusterTrainingRuntime")
    (job,) = runtime.spec["template"]["spec"]["replicatedJobs"]
    limits = job["template"]["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"]
    assert limits == {"nvidia.com/gpu": "8", RDMA_RESOURCE: "1"}


TCPXO = {"machine_type": "a3-megagpu-8g", "fabric": "tcpxo"}
RACK = {
    "machine_type": "a4x-highgpu-4g",
    "capacity": [{"type": "reserved", "reservation_id": "gb200"}],
    "driver_owner": "operator",
    "image": {"family": "ubuntu"},
}


@pytest.mark.parametrize(
    ("cloud", "changes", "stack", "version", "why"),
    [
        ("aws", {"sharing": {"type": "time-slicing", "replicas": 4}}, {}, "1.36", "its GPUs are shared"),
        ("aws", {"machine_type": "inf2.xlarge"}, {}, "1.36", "pods of the pool ask for aws.amazon.com/neuron"),
        ("gcp", TCPXO, {}, "1.35", "pods over tcpxo need annotations"),
        (
            "aws",
            {},
            {"allocation": "dra"},
            "1.35",
            "its GPUs are claimed, and pods that count them need Kubernetes 1.36",
        ),
        ("gcp", RACK, {"allocation": "dra"}, "1.36", "a channel of a ComputeDomain"),
        ("aws", {}, {"allocation": "dra"}, "1.36", None),
        ("aws", {}, {}, "1.35", None),
    ],
)
def test_a_pool_has_a_training_runtime_or_the_plan_says_why_not(
    cloud: str, changes: dict[str, Any], stack: dict[str, Any], version: str, why: str | None
) -> None:
    document = platform(cloud, trainer=True, **stack)
    document["clusters"][0]["kubernetes_version"] = version
    document["clusters"][0]["node_pools"][0] |= changes
    plan = _only(document)
    assert "kubeflow-trainer" in {release.chart for release in plan.releases}
    made = [entry.name for entry in plan.manifests if entry.kind == "ClusterTrainingRuntime"]
    assert plan.trainer is not None
    if why is None:
        assert made == ["torch-p"]
        assert (plan.trainer.runtimes, plan.trainer.without) == ((("p", "torch-p"),), ())
        return
    assert made == []
    ((pool, reason),) = plan.trainer.without
    assert (pool, plan.trainer.runtimes) == ("p", ())
    assert why in reason


def test_without_the_trainer_nobody_says_anything_of_runtimes() -> None:
    assert _only(platform("aws")).trainer is None


@pytest.mark.parametrize("document", ASKED, ids=lambda document: ",".join(document["clusters"][0]["gpu_stack"]))
def test_a_release_comes_after_those_that_bring_what_it_looks_for(document: dict[str, Any]) -> None:
    releases = _only(document).releases
    ordered = in_order(releases)
    assert sorted(release.name for release, _ in ordered) == sorted(release.name for release in releases)
    seen: list[str] = []
    for release, before in ordered:
        assert set(before) <= set(seen)
        assert {entry.name for entry in releases if entry.chart in release.after} == set(before)
        seen.append(release.name)


def test_no_two_charts_wait_for_each_other() -> None:
    every = [
        ReleasePlan(entry.name, entry.namespace, entry.name, entry.repository, entry.version, {}, entry.after)
        for entry in charts()
    ]
    assert len(in_order(every)) == len(every)
    assert {name for entry in charts() for name in entry.after} <= {entry.name for entry in charts()}


def test_a_namespace_lets_pass_what_its_pods_need_and_no_more() -> None:
    releases = _only(ASKED[0]).releases
    assert pod_security("gpu-operator", releases) == "privileged"
    assert pod_security("kueue-system", releases) == "restricted"
    assert pod_security("team-a", releases) == "restricted"
    assert pod_security("volcano-system", _only(ASKED[2]).releases) == "baseline"


def test_the_device_guard_leaves_only_those_alone_that_need_the_host() -> None:
    policy = _object(_only(ASKED[0]), "ValidatingAdmissionPolicy")
    (rule,) = policy.spec["matchConstraints"]["namespaceSelector"]["matchExpressions"]
    assert set(rule["values"]) == {"gpu-operator", "kube-node-lease", "kube-system", "monitoring"}


@pytest.mark.parametrize(
    ("version", "words"), [("1.31", "gpu-operator .* 1.32 to 1.36"), ("1.37", "gpu-operator .* 1.32 to 1.36")]
)
def test_a_kubernetes_that_a_chart_does_not_take_is_refused(version: str, words: str) -> None:
    document = platform("gcp", batch_scheduling="kueue")
    document["clusters"][0] |= {"kubernetes_version": version}
    document["clusters"][0]["node_pools"][0] |= {"driver_owner": "operator", "image": {"family": "ubuntu"}}
    with pytest.raises(InvalidInputError, match=rf"clusters\[c\]\.kubernetes_version: {words}"):
        plan_document(document)


def test_an_operator_of_another_version_has_a_range_that_nobody_has_read() -> None:
    document = platform("aws", operator_version="25.10.1")
    document["clusters"][0]["kubernetes_version"] = "1.31"
    assert _only(document).releases[0].version != chart("gpu-operator").version


GAUDI = {"machine_type": "dl1.24xlarge", "image": {"family": "custom", "id": "ami-0123456789abcdef0"}}


def test_gaudi_has_its_plugin_on_its_nodes_alone_and_from_the_mirror() -> None:
    document = platform("aws", pull_secret="own")
    document["clusters"][0] |= {"mirrors": [{"registry": "vault.habana.ai", "endpoint": "https://m.example.com/h"}]}
    document["clusters"][0]["node_pools"] += [
        {"name": "gaudi", "zones": ["us-east-1a"], "driver_owner": "host", "taints": [{"key": "team"}], **GAUDI}
    ]
    plan = _only(document)
    pod = _object(plan, "DaemonSet").spec["template"]["spec"]
    required = pod["affinity"]["nodeAffinity"]["requiredDuringSchedulingIgnoredDuringExecution"]
    assert required["nodeSelectorTerms"][0]["matchExpressions"][0]["values"] == ["gaudi"]
    assert {entry["key"] for entry in pod["tolerations"]} == {"habana.ai/gaudi", "team"}
    assert pod["imagePullSecrets"] == [{"name": "own"}]
    (image,) = (entry for entry in pulled_images(plan) if entry.release == "habanalabs-device-plugin")
    assert image.reference == pod["containers"][0]["image"]
    assert image.reference.startswith("m.example.com/h/docker-k8s-device-plugin/")


def test_a_runtime_asks_for_what_the_kubelet_lets_one_pod_have() -> None:
    document = platform("aws", trainer=True, pull_secret="own")
    document["clusters"][0]["node_pools"][0]["kubelet"] = {"topologyManagerPolicy": "single-numa-node"}
    (job,) = _object(_only(document), "ClusterTrainingRuntime").spec["template"]["spec"]["replicatedJobs"]
    pod = job["template"]["spec"]["template"]["spec"]
    assert pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] == "4"
    assert pod["imagePullSecrets"] == [{"name": "own"}]


@pytest.mark.parametrize("allocation", ["device-plugin", "dra"])
def test_gke_lets_pods_with_system_priorities_in_wherever_there_are_any(allocation: str) -> None:
    document = platform("gcp", batch_scheduling="volcano", node_problem_detector=True, allocation=allocation)
    cluster = document["clusters"][0]
    cluster["kubernetes_version"] = "1.35"
    cluster["node_pools"][0] |= {"driver_owner": "operator", "image": {"family": "ubuntu"}}
    plan = _only(document)
    quotas = {entry.namespace for entry in plan.manifests if entry.kind == "ResourceQuota"}
    needed = {release.namespace for release in plan.releases if chart(release.chart).critical_priority}
    assert quotas == needed >= {"gpu-operator", "node-problem-detector", "volcano-system"}
    assert ("dra-driver-nvidia-gpu" in quotas) == (allocation == "dra")


def test_other_clouds_need_no_quota_for_priorities() -> None:
    assert "ResourceQuota" not in {entry.kind for entry in _only(platform("aws", batch_scheduling="volcano")).manifests}


def test_kueue_admits_jobs_by_what_a_queue_counts() -> None:
    text = _values(_only(platform("aws", batch_scheduling="kueue")), "kueue")["managerConfig"]
    configuration = yaml.safe_load(text["controllerManagerConfigYaml"])
    assert configuration["resources"] == {"quotaCheckStrategy": "IgnoreUndeclared"}
    assert "trainer.kubeflow.org/trainjob" in configuration["integrations"]["frameworks"]


def test_every_exporter_is_told_of_where_there_is_a_prometheus() -> None:
    labels = {"release": "mine"}
    monitoring = {"type": "existing", "labels": labels}
    detector = _values(
        _only(platform("gcp", monitoring=monitoring, node_problem_detector=True)), "node-problem-detector"
    )
    assert detector["metrics"]["serviceMonitor"] == {"enabled": True, "additionalLabels": labels}
    stack = {**MI300X["clusters"][0]["gpu_stack"], "monitoring": monitoring}
    config = _object(_only({**MI300X, "clusters": [{**MI300X["clusters"][0], "gpu_stack": stack}]}), "DeviceConfig")
    assert config.spec["metricsExporter"]["prometheus"]["serviceMonitor"]["labels"] == labels


def test_problems_of_all_clusters_are_told_at_once() -> None:
    first, second = (platform("gcp", batch_scheduling="volcano")["clusters"][0] for _ in range(2))
    clusters = [
        {**first, "name": "a", "kubernetes_version": "1.36"},
        {**second, "name": "b", "kubernetes_version": "1.36"},
    ]
    with pytest.raises(InvalidInputError) as caught:
        plan_document({"name": "e", "clusters": clusters})
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["clusters[a].kubernetes_version", "clusters[b].kubernetes_version"]


@pytest.mark.parametrize(
    ("chart_name", "values", "tag"),
    [
        ("volcano", {"basic": {"image_tag_version": "v1.15.0"}}, "v1.15.0"),
        ("kai-scheduler", {"global": {"tag": "v0.16.5"}}, "v0.16.5"),
    ],
)
def test_images_with_one_prefix_are_listed_with_the_tag_that_is_said(
    chart_name: str, values: dict[str, Any], tag: str
) -> None:
    way = "volcano" if chart_name == "volcano" else "kai"
    plan = _only(platform("gcp", batch_scheduling=way, values={chart_name: values}))
    assert {entry.tag for entry in pulled_images(plan) if entry.chart == chart_name} == {tag}
