"""Arguments of the objects of a cluster's own API."""

import pulumi
import pulumi_kubernetes as k8s

from gpucloud.plan.stack_model import ManifestPlan


def metadata_args(plan: ManifestPlan) -> k8s.meta.v1.ObjectMetaArgs:
    """The object's name, fixed so that others can refer to it, its namespace where it lies in one, its labels."""
    labels = dict(plan.labels) or None
    return k8s.meta.v1.ObjectMetaArgs(name=plan.name, namespace=plan.namespace, labels=labels)


def pull_secret_args(name: str, namespace: str, configuration: pulumi.Input[str]) -> k8s.core.v1.SecretInitArgs:
    """A Secret with which pods of a namespace pull images; the configuration is a secret in Pulumi's state, too."""
    return k8s.core.v1.SecretInitArgs(
        metadata=k8s.meta.v1.ObjectMetaArgs(name=name, namespace=namespace),
        type="kubernetes.io/dockerconfigjson",
        string_data={".dockerconfigjson": pulumi.Output.secret(configuration)},
    )


def quota_args(plan: ManifestPlan) -> k8s.core.v1.ResourceQuotaInitArgs:
    """A resource quota; a scope selector, where it has one, names priority classes."""
    return k8s.core.v1.ResourceQuotaInitArgs(
        metadata=metadata_args(plan),
        spec=k8s.core.v1.ResourceQuotaSpecArgs(hard=plan.spec["hard"], scope_selector=_scope_selector(plan)),
    )


def _scope_selector(plan: ManifestPlan) -> k8s.core.v1.ScopeSelectorArgs | None:
    if "scopeSelector" not in plan.spec:
        return None
    return k8s.core.v1.ScopeSelectorArgs(
        match_expressions=[
            k8s.core.v1.ScopedResourceSelectorRequirementArgs(
                operator=entry["operator"], scope_name=entry["scopeName"], values=entry["values"]
            )
            for entry in plan.spec["scopeSelector"]["matchExpressions"]
        ]
    )
