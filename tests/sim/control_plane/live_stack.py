"""A project whose clouds are the local one, with a real API server for each cluster."""

from pathlib import Path
from typing import Any

from gpucloud.sim.kubernetes.control_plane.api import ApiServer
from gpucloud.sim.kubernetes.seen import api_at, kubeconfigs
from gpucloud.sim.session import Kubernetes
from tests.engine_environment import PulumiProject


class LiveStack:
    """A project with one program, its stack `dev`, and a local cloud that a test stops."""

    def __init__(self, folder: Path, program: str, kubernetes: Kubernetes = "real") -> None:
        self.root = folder / ".local"
        self.project = PulumiProject(folder)
        self.project.write("__main__.py", program)
        self.project.attach(self.root, kubernetes)
        self.run("stack", "init", "dev")
        self.set("aws:region", "us-east-1")

    def set(self, key: str, value: object) -> None:
        self.run("config", "set", key, str(value))

    def run(self, *arguments: str, **options: Any) -> str:
        return self.project.run(*arguments, **options)

    def api(self, cluster: str = "") -> ApiServer:
        """The API server of the one cluster that has this in its name."""
        (path,) = [path for name, path in kubeconfigs(self.root).items() if cluster in name]
        return api_at(path)
