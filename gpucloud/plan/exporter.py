"""Values of the DCGM exporter, which NVIDIA's operator runs on every node with its GPUs."""

from typing import Any

from gpucloud.facts.dcgm_metrics import dcgm_metrics

_CONFIG_MAP = "gpucloud-dcgm-metrics"
# With 512 MiB it was killed for memory on nodes of 8 GPUs (pytorch/ci-infra#1011).
EXPORTER_RESOURCES = {"limits": {"memory": "1Gi"}, "requests": {"memory": "1Gi"}}


def exporter_values() -> dict[str, Any]:
    """Its memory, and the project's metrics as a list of its own (dcgm-exporter, etc/default-counters.csv: format)."""
    lines = "".join(f"{metric.field}, {metric.type}, {metric.help}\n" for metric in dcgm_metrics())
    return {
        "resources": EXPORTER_RESOURCES,
        "config": {"create": True, "name": _CONFIG_MAP, "data": lines},
    }
