"""When an object counts as made."""

from typing import Any

import pytest

from gpucloud.sim.errors import CloudError
from gpucloud.sim.kubernetes.awaiting import REPLACE_UNREADY, SKIP, is_made, is_replaced_unready


def _object(kind: str, spec: Any = None, status: Any = None, **metadata: Any) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"generation": 2, **metadata}, "spec": spec or {}, "status": status or {}}


def _is(kind: str, status: str = "True") -> dict[str, Any]:
    return {"conditions": [{"type": kind, "status": status, "message": "words"}]}


CURRENT = {"observedGeneration": 2}
MADE = [
    _object("ConfigMap"),
    _object("CustomResourceDefinition", status=_is("Established")),
    _object("DaemonSet", status={**CURRENT, "desiredNumberScheduled": 3, "numberReady": 3}),
    _object("DaemonSet", status=CURRENT),
    _object("Deployment", {"replicas": 2}, {**CURRENT, "availableReplicas": 2}),
    _object("Deployment", {"replicas": 0}, CURRENT),
    _object("Job", status=_is("Complete")),
    _object("Pod", status=_is("Ready")),
    _object("Pod", status={"phase": "Succeeded"}),
    _object("StatefulSet", {"replicas": 1}, {**CURRENT, "readyReplicas": 1}),
    _object("Deployment", annotations={SKIP: "true"}),
]
NOT_YET = [
    _object("CustomResourceDefinition", status=_is("NamesAccepted")),
    _object("DaemonSet", status={**CURRENT, "desiredNumberScheduled": 3, "numberReady": 2}),
    _object("DaemonSet", status={"observedGeneration": 1, "desiredNumberScheduled": 3, "numberReady": 3}),
    _object("Deployment", {"replicas": 2}, {**CURRENT, "availableReplicas": 1}),
    _object("Deployment", {}, CURRENT),
    _object("Deployment", {"replicas": 2}, {"observedGeneration": 1, "availableReplicas": 2}),
    _object("Job"),
    _object("Pod", status=_is("Ready", "False")),
    _object("StatefulSet", {"replicas": 1}, CURRENT),
    _object("Deployment", annotations={SKIP: "false"}),
]


@pytest.mark.parametrize("found", MADE, ids=lambda found: found["kind"])
def test_made(found: dict[str, Any]) -> None:
    assert is_made(found)


@pytest.mark.parametrize("found", NOT_YET, ids=lambda found: found["kind"])
def test_not_yet(found: dict[str, Any]) -> None:
    assert not is_made(found)


def test_a_job_that_failed_never_will_be() -> None:
    with pytest.raises(CloudError, match="words"):
        is_made(_object("Job", status=_is("Failed")))


def test_only_a_job_that_says_so_is_made_anew() -> None:
    assert is_replaced_unready(_object("Job", annotations={REPLACE_UNREADY: "true"}))
    assert not is_replaced_unready(_object("Job", annotations={REPLACE_UNREADY: "false"}))
    assert not is_replaced_unready(_object("Job"))
    assert not is_replaced_unready(_object("Deployment", annotations={REPLACE_UNREADY: "true"}))
