"""Arguments of what the gate after a deployment declares in a cluster."""

from typing import Any, cast

import pulumi_kubernetes as k8s

from gpucloud.plan.gate_model import GateCheckPlan


def gate_claim_metadata_args(check: GateCheckPlan, namespace: str) -> k8s.meta.v1.ObjectMetaArgs:
    """Name and namespace of the template of a Job's claim."""
    return k8s.meta.v1.ObjectMetaArgs(name=check.name, namespace=namespace)


def gate_job_args(check: GateCheckPlan, namespace: str) -> k8s.batch.v1.JobInitArgs:
    """The Job, whose spec the plan has in Kubernetes' own spelling.

    One that has failed is made anew by the next update, where Pulumi would wait for it in vain (pulumi-kubernetes,
    docs of batch/v1 Job: `pulumi.com/replaceUnready`).
    """
    metadata = k8s.meta.v1.ObjectMetaArgs(
        name=check.name, namespace=namespace, annotations={"pulumi.com/replaceUnready": "true"}
    )
    return k8s.batch.v1.JobInitArgs(metadata=metadata, spec=cast("Any", dict(check.spec)))
