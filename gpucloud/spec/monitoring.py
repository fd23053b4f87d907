"""Who collects the metrics of a cluster's accelerators."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from gpucloud.spec.document import Document
from gpucloud.spec.names import LabelKey, LabelValue


class NoMonitoring(Document):
    """Exporters run, and nobody is told of them."""

    type: Literal["none"] = "none"


class ExistingMonitoring(Document):
    """A Prometheus operator is in the cluster already; its kinds have to be there before the stack."""

    type: Literal["existing"] = "existing"
    labels: dict[LabelKey, LabelValue] = Field(default_factory=dict, max_length=20)
    """Labels by which that Prometheus chooses its ServiceMonitors, such as `{release: prometheus}`."""


class KubePrometheusStack(Document):
    """The stack brings Prometheus, Alertmanager and Grafana (chart kube-prometheus-stack)."""

    type: Literal["kube-prometheus-stack"] = "kube-prometheus-stack"


def _expand_word(value: object) -> object:
    """Let `kube-prometheus-stack` stand for `{type: kube-prometheus-stack}`."""
    return {"type": value} if isinstance(value, str) else value


_Way = NoMonitoring | ExistingMonitoring | KubePrometheusStack
_Word = Literal["none", "existing", "kube-prometheus-stack"]
MonitoringSpec = Annotated[
    _Way, Field(discriminator="type"), BeforeValidator(_expand_word, json_schema_input_type=_Word | _Way)
]
