"""Pods on the nodes that people rent: eight GPUs on two sockets."""

import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.kubelet.admission.admit import Admission, admit
from gpucloud.kubelet.admission.pod_reading import pod_of_manifest, pod_of_text
from gpucloud.kubelet.machine import NodeMachine

EIGHT = "cpu=180,memory=1Ti,nvidia.com/gpu=8"


def _admit(policy: str, text: str, *running: str, scope: str = "pod") -> Admission:
    values = {
        "cpuManagerPolicy": "static",
        "kubeReserved": {"cpu": "2"},
        "topologyManagerPolicy": policy,
        "topologyManagerScope": scope,
    }
    return admit(NodeMachine(), values, pod_of_text(text), (4, 4), running=[pod_of_text(each) for each in running])


@pytest.mark.parametrize("scope", ["pod", "container"])
def test_single_numa_node_never_admits_all_gpus(scope: str) -> None:
    """They lie on two NUMA nodes."""
    refused = _admit("single-numa-node", EIGHT, scope=scope)
    assert (refused.admitted, refused.reason) == (False, "TopologyAffinityError")
    assert refused.message == "Resources cannot be allocated with Topology locality"


def test_restricted_admits_all_gpus_with_cpus_of_both_sockets() -> None:
    """Two nodes are the fewest that any of the resources could come from."""
    admitted = _admit("restricted", EIGHT)
    assert admitted.containers[0].numa_nodes == (0, 1)
    assert admitted.containers[0].gpus_by_node == ((0, 4), (1, 4))


def test_restricted_refuses_all_gpus_with_cpus_of_one_socket() -> None:
    """CPUs prefer one node, GPUs two: no set of nodes is preferred by both."""
    assert _admit("restricted", "cpu=96,memory=1Ti,nvidia.com/gpu=8").reason == "TopologyAffinityError"


def test_one_gpu_pods_fragment_a_node() -> None:
    """With one GPU gone on each socket, six are free, yet a pod of four finds no socket."""
    small = "cpu=60,memory=1Gi,nvidia.com/gpu=1"
    refused = _admit("single-numa-node", "cpu=4,memory=1Gi,nvidia.com/gpu=4", small, small)
    assert refused.reason == "TopologyAffinityError"
    assert _admit("single-numa-node", "cpu=4,memory=1Gi,nvidia.com/gpu=4", small).admitted


def test_text_and_manifests_name_all_problems() -> None:
    """Every faulty part at once."""
    with pytest.raises(InvalidInputError) as found:
        pod_of_text("cpu=x,memory,nvidia.com/gpu=0.5")
    assert len(found.value.problems) == 3
    with pytest.raises(InvalidInputError):
        pod_of_manifest("kind: Pod\nspec: {containers: [{name: a, resources: {limits: {cpu: -1}}}]}")
    limits = "{cpu: 4, memory: 1Gi}"
    pod = pod_of_manifest(f"kind: Pod\nspec: {{containers: [{{name: a, resources: {{limits: {limits}}}}}]}}")
    assert pod.qos == "Guaranteed"
