"""A real control plane: what it schedules, refuses and forgets."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gpucloud.errors import LocalCloudError
from gpucloud.sim import session
from gpucloud.sim.kubernetes.control_plane.api import ApiError, ApiServer
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from gpucloud.sim.reset import reset
from tests.sim.control_plane.running import GPUS, gpu_pod, programs

pytestmark = pytest.mark.xdist_group("control-plane")
PODS = "/api/v1/namespaces/default/pods"


def _condition(kind: str, status: str) -> Callable[[Any], bool]:
    return lambda found: any(
        entry["type"] == kind and entry["status"] == status for entry in found["status"].get("conditions", [])
    )


def _gone(api: ApiServer, path: str) -> bool:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            api.request("GET", path)
        except ApiError as error:
            return error.code == 404
        time.sleep(0.1)
    return False


def test_it_says_which_kubernetes_it_is(plane: ControlPlane) -> None:
    assert plane.api.request("GET", "/version")["gitVersion"] == "v1.36.3"


def test_pods_get_gpus_until_there_are_none(plane: ControlPlane) -> None:
    for name in ("takes-all", "comes-late", "is-not-tolerant"):
        plane.api.apply(gpu_pod(name, gpus=8, tolerates=name != "is-not-tolerant"), "tests")
        if name == "takes-all":
            found = plane.api.wait(f"{PODS}/{name}", lambda pod: pod["status"]["phase"] == "Running")
            assert found["spec"]["nodeName"] == "gpu-1"
            assert _condition("Ready", "True")(found)
    late = plane.api.wait(f"{PODS}/comes-late", _condition("PodScheduled", "False"))
    assert f"Insufficient {GPUS}" in late["status"]["conditions"][0]["message"]
    other = plane.api.wait(f"{PODS}/is-not-tolerant", _condition("PodScheduled", "False"))
    assert "untolerated taint" in other["status"]["conditions"][0]["message"]
    plane.api.request("DELETE", f"{PODS}/takes-all")
    plane.api.wait(f"{PODS}/comes-late", lambda pod: pod["status"]["phase"] == "Running")
    for name in ("comes-late", "is-not-tolerant"):
        plane.api.request("DELETE", f"{PODS}/{name}")
        assert _gone(plane.api, f"{PODS}/{name}")


def test_a_job_completes_and_its_namespace_goes_whole(plane: ControlPlane) -> None:
    pod = gpu_pod("", gpus=4)["spec"]
    plane.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "batch"}}, "tests")
    job = {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": "train", "namespace": "batch"},
        "spec": {"template": {"spec": {**pod, "restartPolicy": "Never"}}},
    }
    plane.api.apply(job, "tests")
    plane.api.wait("/apis/batch/v1/namespaces/batch/jobs/train", _condition("Complete", "True"))
    plane.api.request("DELETE", "/api/v1/namespaces/batch")
    assert _gone(plane.api, "/api/v1/namespaces/batch")


def test_a_quota_of_gpus_is_held(plane: ControlPlane) -> None:
    quota = {
        "apiVersion": "v1",
        "kind": "ResourceQuota",
        "metadata": {"name": "few", "namespace": "quota"},
        "spec": {"hard": {f"requests.{GPUS}": "4"}},
    }
    plane.api.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "quota"}}, "tests")
    plane.api.apply(quota, "tests")
    path = plane.api.path_of(quota)
    plane.api.wait(path, lambda found: "used" in found.get("status", {}))
    plane.api.wait("/api/v1/namespaces/quota/serviceaccounts", lambda found: bool(found["items"]))
    pod = gpu_pod("greedy", gpus=8)
    pod["metadata"]["namespace"] = "quota"
    with pytest.raises(ApiError, match="exceeded quota: few") as refused:
        plane.api.apply(pod, "tests")
    assert refused.value.code == 403
    pod["spec"]["containers"][0]["resources"]["limits"][GPUS] = "4"
    assert plane.api.apply(pod, "tests", dry_run=True)["metadata"]["name"] == "greedy"
    with pytest.raises(ApiError, match="not found"):
        plane.api.request("GET", "/api/v1/namespaces/quota/pods/greedy")


def test_a_privileged_pod_is_for_pod_security_to_judge(plane: ControlPlane) -> None:
    """Device plugins are privileged; an API server refuses that by itself unless it is told otherwise."""
    pod = gpu_pod("device-plugin", gpus=1)
    pod["spec"]["containers"][0]["securityContext"] = {"privileged": True}
    assert plane.api.apply(pod, "tests", dry_run=True)["metadata"]["name"] == "device-plugin"
    labels = {"pod-security.kubernetes.io/enforce": "baseline"}
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "confined", "labels": labels}}
    plane.api.apply(namespace, "tests")
    plane.api.wait("/api/v1/namespaces/confined/serviceaccounts", lambda found: bool(found["items"]))
    pod["metadata"]["namespace"] = "confined"
    with pytest.raises(ApiError, match='violates PodSecurity "baseline:latest": privileged'):
        plane.api.apply(pod, "tests", dry_run=True)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"spec": {"hard": {"requests.nvidia.com/gpu": "many"}}}, "quantities must match the regular expression"),
        ({"spec": {"hard": {}, "harder": {}}}, "harder"),
        ({"kind": "ResourceQuoter"}, 'no matches for kind "ResourceQuoter"'),
        ({"apiVersion": "gpus/v1"}, 'no matches for kind "ResourceQuota" in version "gpus/v1"'),
        ({"metadata": {"name": "Few"}}, "lowercase RFC 1123"),
    ],
)
def test_what_the_server_refuses_is_said(plane: ControlPlane, change: dict[str, Any], says: str) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}, "spec": {"hard": {}}}
    with pytest.raises(ApiError, match=says):
        plane.api.apply({**quota, **change}, "tests", dry_run=True)


def test_another_managers_field_is_not_taken(plane: ControlPlane) -> None:
    config = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "shared"}, "data": {"owner": "one"}}
    plane.api.apply(config, "one")
    with pytest.raises(ApiError, match='conflict with "one"') as refused:
        plane.api.apply({**config, "data": {"owner": "two"}}, "two")
    assert refused.value.code == 409
    assert plane.api.apply({**config, "data": {"owner": "two"}}, "two", force=True)["data"] == {"owner": "two"}


def test_a_stranger_is_not_let_in(plane: ControlPlane) -> None:
    authority = plane._directory / "certificates" / "apiserver.crt"
    stranger = ApiServer(plane.api.address, authority.read_text("utf-8"), "not-a-token")
    with pytest.raises(ApiError) as refused:
        stranger.request("GET", PODS)
    assert refused.value.code == 401


KILLED = """
import os, signal, sys
from pathlib import Path
from gpucloud.sim.kubernetes.control_plane.control_plane import ControlPlane
from gpucloud.sim.kubernetes.control_plane.programs import find_programs
plane = ControlPlane(Path(sys.argv[1]), find_programs())
plane.start()
plane.api.apply({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "stays"}}, "tests")
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_after_a_kill_the_next_start_goes_on_from_what_was_stored(tmp_path: Path) -> None:
    found = programs()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(_left_over(tmp_path)) == 5
    with ControlPlane(tmp_path, found) as plane:
        stored = plane.api.request("GET", "/api/v1/namespaces/default/configmaps/stays")
        assert stored["metadata"]["name"] == "stays"
        assert len(_left_over(tmp_path)) == 5
    assert _left_over(tmp_path) == []


def test_stop_and_reset_end_what_a_killed_local_cloud_left(tmp_path: Path) -> None:
    programs()
    folder = tmp_path / "sim" / "kubernetes" / "0123456789ab"
    folder.parent.mkdir(parents=True)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(folder)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(_left_over(folder)) == 5
    assert not session.stop(tmp_path)
    assert _left_over(folder) == []
    assert (folder / "etcd").is_dir()
    reset(tmp_path)
    assert not folder.exists()


def _left_over(directory: Path) -> list[str]:
    lines = subprocess.run(["ps", "-eww", "-o", "stat=,command="], capture_output=True, text=True, check=True).stdout
    return [line for line in lines.splitlines() if f"={directory}/" in line or f"--config={directory}" in line]


def test_a_program_that_fails_is_named_with_its_words(tmp_path: Path) -> None:
    with pytest.raises(LocalCloudError, match="kube-apiserver ended with 1") as failed:
        ControlPlane(tmp_path, {**programs(), "kube-apiserver": Path("/bin/false")}).start()
    assert str(tmp_path) in str(failed.value)
    assert _left_over(tmp_path) == []


def test_missing_programs_are_named_with_the_way_to_make_them(tmp_path: Path) -> None:
    from gpucloud.sim.kubernetes.control_plane.programs import VARIABLE, find_programs

    with pytest.raises(LocalCloudError, match="make kubernetes"):
        find_programs({VARIABLE: str(tmp_path)})
    for name in programs():
        (tmp_path / name).touch()
    assert find_programs({VARIABLE: str(tmp_path)})["etcd"] == tmp_path / "etcd"


def test_files_with_secrets_are_the_owners_alone(plane: ControlPlane) -> None:
    secret = ["tokens.csv", "service-accounts.pem", "kwok.kubeconfig", "kube-scheduler.kubeconfig"]
    assert {(plane._directory / name).stat().st_mode & 0o077 for name in secret} == {0}
    assert plane._directory.stat().st_mode & 0o077 == 0
    assert os.access(plane._directory / "tokens.csv", os.R_OK)
