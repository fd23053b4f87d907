"""A Kubernetes control plane on this machine: etcd, API server, controllers, scheduler, and kwok for its nodes."""

import json
import shutil
import socket
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

from gpucloud.errors import LocalCloudError
from gpucloud.sim.kubernetes.control_plane import credentials
from gpucloud.sim.kubernetes.control_plane.api import ApiServer
from gpucloud.sim.kubernetes.control_plane.processes import Processes

SERVICE_RANGE = "10.96.0.0/16"
FAKE = ("kwok.x-k8s.io/node", "fake")
"""The annotation by which a node is kwok's to play: its heartbeats, and its pods from bound to ready."""
STAGES = Path(__file__).with_name("stages.yaml")
_START_SECONDS = 90.0


class ControlPlane:
    """A control plane whose data lives in one folder; it answers on a port of the loopback that nobody else has.

    Not secured against other users of the machine but by tokens: etcd answers every process on the loopback. Nodes are
    objects only: a pod on one becomes Ready, and nothing of it runs.

    Attributes:
        api: The API server, as a cluster administrator.
        kubeconfig: The same for any other client.
    """

    def __init__(self, directory: Path, programs: Mapping[str, Path]) -> None:
        self._directory = directory.resolve()
        self._programs = programs
        self._processes = Processes(self._directory)
        self.api: ApiServer
        self.kubeconfig: dict[str, Any]

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start all of it, on what an earlier start of this folder stored; it is ready when this returns.

        LocalCloudError, with the last words of the program that failed, where it does not come up; nothing runs then.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        self._directory.chmod(0o700)
        self._processes.end_left_over()
        try:
            self._start()
        except BaseException:
            self._processes.stop()
            raise

    def stop(self) -> None:
        """End all of it; what is stored stays."""
        self._processes.stop()

    def forget(self) -> None:
        """Remove what is stored; for a control plane that is stopped."""
        shutil.rmtree(self._directory, ignore_errors=True)

    def _start(self) -> None:
        etcd, peers, port, *other = _free_ports(6)
        etcd_address = f"http://127.0.0.1:{etcd}"
        self._run(
            "etcd",
            data_dir=self._directory / "etcd",
            listen_client_urls=etcd_address,
            advertise_client_urls=etcd_address,
            listen_peer_urls=f"http://127.0.0.1:{peers}",
            initial_advertise_peer_urls=f"http://127.0.0.1:{peers}",
            initial_cluster=f"default=http://127.0.0.1:{peers}",
            # What a crash of the machine would lose is a simulation's.
            unsafe_no_fsync="true",
        )
        tokens = credentials.make_tokens(self._directory / "tokens.csv")
        key = self._directory / "service-accounts.pem"
        if not key.is_file():
            credentials.make_signing_key(key)
        certificates = self._directory / "certificates"
        self._run(
            "kube-apiserver",
            etcd_servers=etcd_address,
            bind_address="127.0.0.1",
            advertise_address="127.0.0.1",
            secure_port=port,
            cert_dir=certificates,
            token_auth_file=self._directory / "tokens.csv",
            authorization_mode="RBAC",
            service_account_issuer="https://kubernetes.default.svc",
            service_account_key_file=key,
            service_account_signing_key_file=key,
            service_cluster_ip_range=SERVICE_RANGE,
            # As in every managed cluster: drivers and device plugins are privileged, and Pod Security judges the rest.
            allow_privileged="true",
            # A cluster of one server has no endpoints to reconcile, and 127.0.0.1 is refused as one.
            endpoint_reconciler_type="none",
        )
        address = f"https://127.0.0.1:{port}"
        authority = self._wait_for_certificate(certificates / "apiserver.crt")
        self.api = ApiServer(address, authority, tokens[credentials.ADMIN])
        self.kubeconfig = credentials.kubeconfig(address, authority, tokens[credentials.ADMIN])
        self._wait(self.api.answers)
        accounts = {"root_ca_file": certificates / "apiserver.crt", "service_account_private_key_file": key}
        controllers = {**accounts, "use_service_account_credentials": "true"}
        for name, port_of_its_own, more in (
            ("kube-controller-manager", other[0], controllers),
            ("kube-scheduler", other[1], {}),
        ):
            self._run(
                name,
                kubeconfig=self._kubeconfig_of(f"system:{name}", address, authority, tokens),
                bind_address="127.0.0.1",
                secure_port=port_of_its_own,
                cert_dir=certificates,
                leader_elect="false",
                **more,
            )
        self._run(
            "kwok",
            config=STAGES,
            kubeconfig=self._kubeconfig_of("kwok", address, authority, tokens),
            manage_nodes_with_annotation_selector="=".join(FAKE),
            manage_all_nodes="false",
            node_lease_duration_seconds="40",
            server_address=f"127.0.0.1:{other[2]}",
        )
        default_account = "/api/v1/namespaces/default/serviceaccounts/default"
        self._wait(lambda: _exists(self.api, default_account))

    def _run(self, name: str, **options: object) -> None:
        flags = [f"--{option.replace('_', '-')}={value}" for option, value in options.items()]
        self._processes.start(name, [str(self._programs[name]), *flags])

    def _kubeconfig_of(self, user: str, address: str, authority: str, tokens: Mapping[str, str]) -> Path:
        path = self._directory / f"{user.removeprefix('system:')}.kubeconfig"
        path.touch(mode=0o600)
        path.write_text(json.dumps(credentials.kubeconfig(address, authority, tokens[user])), encoding="utf-8")
        return path

    def _wait_for_certificate(self, path: Path) -> str:
        """The certificate that the API server makes for itself at its first start."""
        self._wait(lambda: path.is_file() and path.read_text("utf-8").rstrip().endswith("-----END CERTIFICATE-----"))
        return path.read_text("utf-8")

    def _wait(self, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not done():
            ended = self._processes.ended()
            if ended is not None:
                raise LocalCloudError(f"the control plane does not come up: {ended}; logs are in {self._directory}")
            if time.monotonic() > deadline:
                raise LocalCloudError(
                    f"the control plane did not come up in {_START_SECONDS:.0f} s; logs are in {self._directory}"
                )
            time.sleep(0.05)


def _exists(api: ApiServer, path: str) -> bool:
    try:
        api.request("GET", path)
    except LocalCloudError:
        return False
    return True


def _free_ports(count: int) -> list[int]:
    """Ports that nobody has now; held together, so that they differ."""
    with_sockets = [socket.socket() for _ in range(count)]
    try:
        for entry in with_sockets:
            entry.bind(("127.0.0.1", 0))
        return [int(entry.getsockname()[1]) for entry in with_sockets]
    finally:
        for entry in with_sockets:
            entry.close()
