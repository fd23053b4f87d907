"""The DCGM exporter's list of metrics."""

import csv

from gpucloud.facts.dcgm_metrics import dcgm_metrics
from gpucloud.plan.exporter import exporter_values
from gpucloud.verify.metrics import FABRIC_STATUS, REQUIRED


def test_each_is_a_line_that_the_exporter_reads_back() -> None:
    """Three fields a line, the first a DCGM name, the second what Prometheus knows (etc/default-counters.csv)."""
    lines = list(csv.reader(exporter_values()["config"]["data"].splitlines(), skipinitialspace=True))
    assert lines == [[metric.field, metric.type, metric.help] for metric in dcgm_metrics()]
    for field, kind, _ in lines:
        assert field.startswith(("DCGM_FI_DEV_", "DCGM_FI_PROF_", "DCGM_EXP_"))
        assert kind in {"counter", "gauge"}


def test_the_gate_asks_for_what_the_list_has() -> None:
    listed = {metric.field for metric in dcgm_metrics()}
    assert {*REQUIRED, FABRIC_STATUS} <= listed
    assert len(REQUIRED) >= 3  # use, memory, errors


def test_xid_errors_are_counted_and_not_only_the_last_one_kept() -> None:
    listed = {metric.field: metric.type for metric in dcgm_metrics()}
    assert listed["DCGM_EXP_XID_ERRORS_COUNT"] == "gauge"
    assert listed["DCGM_FI_DEV_XID_ERRORS"] == "gauge"
