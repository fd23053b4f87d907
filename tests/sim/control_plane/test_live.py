"""Objects on an API server that a test plays: how long they are waited for, and which are made anew."""

import time
from typing import Any

import pytest

from gpucloud.sim.kubernetes.awaiting import REPLACE_UNREADY
from gpucloud.sim.kubernetes.control_plane.api import ApiError
from gpucloud.sim.kubernetes.live import Live
from gpucloud.sim.kubernetes.package import live_package
from gpucloud.sim.values import encode
from tests.sim.servicer import Cloud, Refused

JOB = "kubernetes:batch/v1:Job"
POD = {"spec": {"containers": [{"name": "gate", "image": "example.invalid/gate"}], "restartPolicy": "Never"}}


class Server:
    """An API server with one Job: what it is now, and what was asked."""

    def __init__(self, becomes: str, found: str = "") -> None:
        self.becomes, self.asked = becomes, list[str]()
        self.job = self._job(found) if found else None

    @staticmethod
    def _job(state: str) -> dict[str, Any]:
        conditions = [{"type": state, "status": "True", "message": "BackoffLimitExceeded"}] if state else []
        return {"kind": "Job", "metadata": {"name": "gate"}, "status": {"conditions": conditions}}

    async def api_of(self, _scope: str) -> "Server":
        return self

    def path_of(self, _body: Any) -> str:
        return "/jobs/gate"

    def apply(self, _body: Any, _manager: str, *, force: bool) -> Any:
        assert force
        self.asked.append("APPLY")
        self.job = self.job or self._job(self.becomes)
        return self.job

    def request(self, method: str, _path: str) -> Any:
        if method == "DELETE":
            self.asked.append(method)
            self.job = None
        elif self.job is None:
            raise ApiError(404, "NotFound", "jobs gate not found")
        return self.job


def _create(local: Cloud, server: Server, *, timeout: float = 0, anew: str = "true") -> None:
    live: Any = Live(server)  # type: ignore[arg-type]
    provider = local.providers["kubernetes"]
    provider._package = live_package(live, live)
    inputs = {"metadata": {"name": "gate", "annotations": {REPLACE_UNREADY: anew}}, "spec": {"template": POD}}
    local.call("Create", JOB, urn=local.urn(JOB, "gate"), properties=encode(inputs), timeout=timeout)


def test_a_call_takes_no_longer_than_its_program_says(cloud: Cloud) -> None:
    started = time.monotonic()
    with pytest.raises(Refused, match="timed out waiting to be Ready"):
        _create(cloud, Server(becomes=""), timeout=0.3)
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("found", ["Failed", "Suspended"])
def test_a_job_that_was_not_made_is_made_anew_where_it_says_so(cloud: Cloud, found: str) -> None:
    server = Server(becomes="Complete", found=found)
    _create(cloud, server)
    assert server.asked == ["DELETE", "APPLY"]


def test_a_job_that_was_made_or_is_new_is_left_alone(cloud: Cloud) -> None:
    for found in ("Complete", ""):
        server = Server(becomes="Complete", found=found)
        _create(cloud, server)
        assert server.asked == ["APPLY"]
        cloud.store.db.execute("DELETE FROM resource")


def test_a_job_that_does_not_say_so_stays_failed(cloud: Cloud) -> None:
    server = Server(becomes="Complete", found="Failed")
    with pytest.raises(Refused, match="BackoffLimitExceeded"):
        _create(cloud, server, anew="false")
    assert server.asked == ["APPLY"]
