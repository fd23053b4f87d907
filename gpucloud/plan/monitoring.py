"""Prometheus for a cluster's accelerators, and how exporters tell it of themselves."""

from collections.abc import Sequence
from typing import Any

from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.plan.tolerations import tolerations_of
from gpucloud.spec.cluster import GpuStackSpec
from gpucloud.spec.monitoring import ExistingMonitoring, KubePrometheusStack

# What a managed cluster runs where nobody else reaches it: without endpoints their alerts would fire for ever
# (prometheus-community/helm-charts, kube-prometheus-stack values: "If your ... is not deployed as a pod").
_OUT_OF_REACH = ("kubeControllerManager", "kubeEtcd", "kubeProxy", "kubeScheduler")
# Without these a Prometheus sees only what carries the label of its own release.
_SEES_ALL = ("podMonitor", "probe", "rule", "scrapeConfig", "serviceMonitor")


def monitoring_releases(stack: GpuStackSpec, pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The release of Prometheus, Alertmanager and Grafana; none where somebody else has them or nobody wants them.

    Grafana's password is left to the chart, which draws one: `admin` would be everybody's.
    """
    if not isinstance(stack.monitoring, KubePrometheusStack):
        return ()
    # The chart's own toleration, by which the node exporter runs on every node, and what it leaves out.
    everywhere = [{"effect": "NoSchedule", "operator": "Exists"}]
    evicting = [entry for entry in tolerations_of(pools) if entry["effect"] == "NoExecute"]
    return (
        pinned_release(
            "kube-prometheus-stack",
            {
                **{part: {"enabled": False} for part in _OUT_OF_REACH},
                "prometheus": {"prometheusSpec": {f"{kind}SelectorNilUsesHelmValues": False for kind in _SEES_ALL}},
                "prometheus-node-exporter": {"tolerations": [*everywhere, *evicting]},
            },
        ),
    )


def service_monitor(stack: GpuStackSpec) -> dict[str, Any]:
    """Values by which NVIDIA's operator tells Prometheus of the DCGM exporter; empty where nobody listens."""
    if not has_monitoring(stack):
        return {}
    return {"serviceMonitor": {"enabled": True, "honorLabels": True, **additional_labels(stack)}}


def has_monitoring(stack: GpuStackSpec) -> bool:
    """Whether ServiceMonitors are a kind of the cluster."""
    return stack.monitoring.type != "none"


def monitor_labels(stack: GpuStackSpec) -> dict[str, str]:
    """Labels that a ServiceMonitor needs to be seen, sorted."""
    own = stack.monitoring.labels if isinstance(stack.monitoring, ExistingMonitoring) else {}
    return dict(sorted(own.items()))


def additional_labels(stack: GpuStackSpec) -> dict[str, Any]:
    """Values by which a chart gives its ServiceMonitor these labels; empty where it needs none."""
    labels = monitor_labels(stack)
    return {"additionalLabels": labels} if labels else {}
