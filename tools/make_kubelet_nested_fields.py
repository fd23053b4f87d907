"""Write kubelet_nested_fields.csv and kubelet_defaults.csv from the kubelet's own types and defaulting code.

Run: `python tools/make_kubelet_nested_fields.py` (needs Go and its module proxy).
"""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

from kubelet_check import SOURCE, ask, ask_lines

DATA = Path(__file__).resolve().parents[1] / "gpucloud/facts/data"


def main() -> None:
    """Write both tables, or with --check exit 1 where one differs."""
    fields = [
        (field["path"], field["kind"], field["go_type"], f"{SOURCE}: k8s.io/kubelet config/v1beta1")
        for field in ask_lines("fields")
    ]
    _put("kubelet_nested_fields", ("path", "kind", "go_type", "source"), sorted(fields))
    defaults = _leaves(json.loads(ask("defaults")))
    source = f"{SOURCE}: pkg/kubelet/apis/config/v1beta1 SetDefaults_KubeletConfiguration on Linux"
    _put("kubelet_defaults", ("field", "value", "source"), sorted((*row, source) for row in defaults))


def _leaves(configuration: dict[str, Any]) -> list[tuple[str, str]]:
    return [
        (key, json.dumps(value, sort_keys=True, separators=(",", ":")))
        for key, value in sorted(configuration.items())
        if key not in {"kind", "apiVersion"}
    ]


def _put(name: str, heading: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows([heading, *rows])
    target = DATA / f"{name}.csv"
    if "--check" in sys.argv:
        if target.read_text(encoding="utf-8") != sink.getvalue():
            sys.exit(f"{target.name} differs from its source")
        return
    target.write_text(sink.getvalue(), encoding="utf-8")
    print(f"{target.name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
