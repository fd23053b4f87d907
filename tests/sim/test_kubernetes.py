"""Kubernetes objects and Helm releases."""

import pytest

from gpucloud.sim.values import UNKNOWN, encode
from tests.sim.servicer import Refused

NAMESPACE, RELEASE = "kubernetes:core/v1:Namespace", "kubernetes:helm.sh/v3:Release"
CONFIG_MAP, POLICY = "kubernetes:core/v1:ConfigMap", "kubernetes:nvidia.com/v1:ClusterPolicy"
CHART = {
    "chart": "gpu-operator",
    "version": "v25.3.0",
    "namespace": "gpu-operator",
    "values": {"driver": {"enabled": False}},
}


def test_a_release_is_recorded_and_counts_its_revisions(cloud):
    cloud.create(NAMESPACE, "ns", {"metadata": {"name": "gpu-operator"}})
    made = cloud.create(RELEASE, "gpu-operator", CHART)
    assert made.outputs["values"] == CHART["values"]
    assert made.outputs["status"]["status"] == "deployed"
    assert made.outputs["status"]["revision"] == 1
    assert made.id.startswith("gpu-operator/gpu-operator-")
    changed = cloud.update(made, {**CHART, "version": "v25.3.1"})
    assert (changed.outputs["status"]["revision"], changed.outputs["status"]["version"]) == (2, "v25.3.1")


@pytest.mark.parametrize(
    ("token", "inputs"),
    [(RELEASE, CHART), (CONFIG_MAP, {"metadata": {"namespace": "gpu-operator"}, "data": {"a": "b"}})],
)
def test_a_missing_namespace_is_refused(cloud, token, inputs):
    with pytest.raises(Refused, match='namespaces "gpu-operator" not found'):
        cloud.create(token, "x", inputs)


def test_a_release_may_make_its_namespace(cloud):
    cloud.create(RELEASE, "gpu-operator", {**CHART, "createNamespace": True})


def test_a_taken_name_is_refused(cloud):
    cloud.create(CONFIG_MAP, "a", {"metadata": {"name": "same"}})
    with pytest.raises(Refused, match='AlreadyExists: ConfigMap "default/same" already exists'):
        cloud.create(CONFIG_MAP, "b", {"metadata": {"name": "same"}})


def test_two_clusters_have_names_of_their_own(cloud):
    cloud.create(CONFIG_MAP, "a", {"metadata": {"name": "same"}})
    cloud.call("Configure", "kubernetes:x", args=encode({"kubeconfig": "another"}))
    cloud.create(CONFIG_MAP, "b", {"metadata": {"name": "same"}})


def test_an_unknown_kubeconfig_is_no_hindrance_to_a_preview(cloud):
    cloud.call("Configure", "kubernetes:x", args=encode({"kubeconfig": UNKNOWN}))
    made = cloud.create(NAMESPACE, "ns", {"metadata": {"name": "gpu-operator"}}, preview=True)
    assert made.outputs["metadata"]["name"] == "gpu-operator"
    assert made.outputs["metadata"]["uid"] is UNKNOWN


def test_custom_resources_of_any_kind_are_stored(cloud):
    inputs = {"apiVersion": "nvidia.com/v1", "kind": "ClusterPolicy", "metadata": {"name": "p"}, "spec": {"mig": {}}}
    made = cloud.create(POLICY, "policy", inputs)
    assert made.id == "p"
    assert made.outputs["spec"] == {"mig": {}}


def test_objects_are_held_against_the_schema(cloud):
    pod = {"spec": {"containers": [{"name": "a", "image": "b", "volumeMount": []}]}}
    assert cloud.check("kubernetes:core/v1:Pod", "pod", pod)[1] == [
        (
            "spec.containers[0].volumeMount",
            "unknown property 'volumeMount' of spec.containers[0]; did you mean 'volumeMounts'?",
        )
    ]
    pod["spec"]["containers"][0] = {"name": "a", "image": "b", "resources": {"limits": {"nvidia.com/gpu": "8"}}}
    assert cloud.check("kubernetes:core/v1:Pod", "pod", pod)[1] == []


def test_an_unnamed_object_keeps_its_name_and_gets_another_when_it_is_replaced(cloud):
    made = cloud.create(CONFIG_MAP, "settings", {"data": {"a": "b"}})
    assert made.outputs["metadata"]["name"].startswith("settings-")
    changed = cloud.update(made, {"data": {"a": "c"}})
    assert changed.outputs["metadata"]["name"] == made.outputs["metadata"]["name"]
    assert changed.outputs["metadata"]["resourceVersion"] == "2"
