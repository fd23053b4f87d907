"""Metrics of NVIDIA's DCGM exporter that the project asks for, so that idle and broken GPUs are seen.

The exporter's own list lacks the state of the NVSwitch fabric and how busy multiprocessors are; a name that it does not
know keeps it from starting.
"""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table

MetricType = Literal["counter", "gauge"]


@dataclass(frozen=True, slots=True)
class DcgmMetric:
    """One metric.

    Attributes:
        field: DCGM's name, or the exporter's own (`DCGM_EXP_`).
        type: As Prometheus has it.
        help: What it says, without a comma, which would end it.
        required: Whether every node with a GPU has it, so that a gate may ask for it.
        source: Where the row comes from.
    """

    field: str
    type: MetricType
    help: str
    required: bool
    source: str


@cache
def dcgm_metrics() -> tuple[DcgmMetric, ...]:
    """Return the metrics, sorted by field."""
    return tuple(
        DcgmMetric(
            field=row["field"],
            type=cast("MetricType", row["type"]),
            help=row["help"],
            required=row["required"] == "true",
            source=row["source"],
        )
        for row in read_table("dcgm_metrics")
    )
