"""When an object counts as made: what pulumi-kubernetes waits for, of the kinds that it waits for.

Source: pulumi-kubernetes, docs of "Await" and the annotation `pulumi.com/skipAwait`. Of its rules those that a played
node can fulfil are here; Ingress, PersistentVolumeClaim and Service are not waited for.
"""

from collections.abc import Callable, Mapping

from gpucloud.sim.errors import CloudError
from gpucloud.sim.values import Inputs

SKIP = "pulumi.com/skipAwait"
REPLACE_UNREADY = "pulumi.com/replaceUnready"


def is_made(found: Inputs) -> bool:
    """Return whether an object, as the API server has it, is what a caller waits for; CloudError where it never will.

    The error has the API server's own words.
    """
    annotations = found["metadata"].get("annotations") or {}
    if str(annotations.get(SKIP, "")).lower() == "true":
        return True
    rule = _RULES.get(found["kind"])
    return rule is None or rule(found["metadata"], found.get("spec") or {}, found.get("status") or {})


def is_replaced_unready(body: Inputs) -> bool:
    """Return whether an object that was not made is to go before the next try; the provider does so with Jobs alone.

    Source: pulumi-kubernetes, provider.go, Diff.
    """
    annotations = body["metadata"].get("annotations") or {}
    return body["kind"] == "Job" and str(annotations.get(REPLACE_UNREADY, "")).lower() == "true"


def _pod(_metadata: Inputs, _spec: Inputs, status: Inputs) -> bool:
    return _condition(status, "Ready") or status.get("phase") == "Succeeded"


def _job(_metadata: Inputs, _spec: Inputs, status: Inputs) -> bool:
    if _condition(status, "Failed"):
        raise CloudError("Failed", _message(status, "Failed"))
    return _condition(status, "Complete")


def _deployment(metadata: Inputs, spec: Inputs, status: Inputs) -> bool:
    return _seen(metadata, status) and int(status.get("availableReplicas") or 0) >= int(spec.get("replicas", 1))


def _stateful_set(metadata: Inputs, spec: Inputs, status: Inputs) -> bool:
    return _seen(metadata, status) and int(status.get("readyReplicas") or 0) >= int(spec.get("replicas", 1))


def _daemon_set(metadata: Inputs, _spec: Inputs, status: Inputs) -> bool:
    wanted = int(status.get("desiredNumberScheduled") or 0)
    return _seen(metadata, status) and int(status.get("numberReady") or 0) >= wanted


def _definition(_metadata: Inputs, _spec: Inputs, status: Inputs) -> bool:
    return _condition(status, "Established")


_RULES: Mapping[str, Callable[[Inputs, Inputs, Inputs], bool]] = {
    "CustomResourceDefinition": _definition,
    "DaemonSet": _daemon_set,
    "Deployment": _deployment,
    "Job": _job,
    "Pod": _pod,
    "StatefulSet": _stateful_set,
}


def _seen(metadata: Inputs, status: Inputs) -> bool:
    return int(status.get("observedGeneration") or 0) >= int(metadata.get("generation") or 0)


def _condition(status: Inputs, kind: str) -> bool:
    return any(entry["type"] == kind and entry["status"] == "True" for entry in status.get("conditions") or [])


def _message(status: Inputs, kind: str) -> str:
    return next(str(entry.get("message", "")) for entry in status["conditions"] if entry["type"] == kind)
