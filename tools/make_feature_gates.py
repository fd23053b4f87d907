"""Write feature_gates.csv and feature_gate_dependencies.csv: what a kubelet of each minor knows, from its own registry.

For each minor a small Go program on k8s.io/kubernetes of the newest patch prints the gates that the kubelet registers:
those of pkg/features, of logs (cmd/kubelet/app), of metrics (pkg/kubelet/server) and those of the controller manager,
which it gets by importing pkg/cluster/ports. At 1.36 they are the same as those of the whole binary.
Run: `python tools/make_feature_gates.py` (needs Go and its module proxy; a few minutes when nothing is built yet).
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from fact_tables import Row, csv_text, write_or_check

VERSIONS = {31: "1.31.14", 32: "1.32.13", 33: "1.33.13", 34: "1.34.4", 35: "1.35.4", 36: "1.36.3"}
PROGRAM = """
package main

import (
	"encoding/json"
	"os"

	utilfeature "k8s.io/apiserver/pkg/util/feature"
	"k8s.io/component-base/featuregate"
	logsapi "k8s.io/component-base/logs/api/v1"
	metricsfeatures "k8s.io/component-base/metrics/features"
	_ "k8s.io/controller-manager/pkg/features/register"
	_ "k8s.io/kubernetes/pkg/features"
)

type dependent interface {
	Dependencies() map[featuregate.Feature][]featuregate.Feature
}

func main() {
	gates := utilfeature.DefaultMutableFeatureGate
	for _, add := range []func(featuregate.MutableVersionedFeatureGate) error{
		func(gate featuregate.MutableVersionedFeatureGate) error { return logsapi.AddFeatureGates(gate) },
		func(gate featuregate.MutableVersionedFeatureGate) error { return metricsfeatures.AddFeatureGates(gate) },
	} {
		if err := add(gates); err != nil {
			panic(err)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	needs := map[featuregate.Feature][]featuregate.Feature{}
	if known, ok := any(gates).(dependent); ok {
		needs = known.Dependencies()
	}
	for name, spec := range gates.GetAll() {
		encoder.Encode(map[string]any{
			"name": name, "default": spec.Default, "locked": spec.LockToDefault, "stage": spec.PreRelease,
			"needs": needs[name],
		})
	}
}
"""
# AllAlpha and AllBeta stand for many others and are no gate of their own.
GROUPS = frozenset({"AllAlpha", "AllBeta"})


def gates_of(version: str) -> list[dict[str, Any]]:
    """The gates that a kubelet of a version registers, sorted by name."""
    with tempfile.TemporaryDirectory(prefix="gates-") as folder:
        _module(Path(folder), version)
        printed = _go(Path(folder), "run", "-mod=mod", ".")
    found = [json.loads(line) for line in printed.splitlines()]
    return sorted((gate for gate in found if gate["name"] not in GROUPS), key=lambda gate: str(gate["name"]))


def _module(folder: Path, version: str) -> None:
    """A module on k8s.io/kubernetes, whose own go.mod names its staging modules at a version that nobody serves."""
    (folder / "main.go").write_text(PROGRAM, encoding="utf-8")
    _go(folder, "mod", "init", "gpucloud.invalid/gates")
    downloaded = json.loads(_go(folder, "mod", "download", "-json", f"k8s.io/kubernetes@v{version}"))
    staging = "v0." + version.partition(".")[2]
    for line in Path(downloaded["GoMod"]).read_text(encoding="utf-8").splitlines():
        module, _, rest = line.strip().partition(" ")
        if module.startswith("k8s.io/") and rest.startswith("v0.0.0") and "-" not in rest.split(" ")[0]:
            _go(folder, "mod", "edit", f"-replace={module}={module}@{staging}")
    _go(folder, "mod", "edit", f"-require=k8s.io/kubernetes@v{version}")
    _go(folder, "mod", "tidy")


def _go(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "CGO_ENABLED": "0", "GOWORK": "off", "GOFLAGS": "-p=1"}
    if "-mod=mod" in arguments:
        environment["GOFLAGS"] = ""
    done = subprocess.run(["go", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"go {' '.join(arguments)}: {done.stderr[-2000:]}")
    return done.stdout


def main() -> int:
    """Write both tables, or with --check say which would change."""
    gates: list[Row] = []
    needs: list[Row] = []
    for minor, version in VERSIONS.items():
        source = f"k8s.io/kubernetes v{version}: the registry of its kubelet"
        for gate in gates_of(version):
            stage = str(gate["stage"]).lower() or "ga"
            gates.append(
                {
                    "minor": str(minor),
                    "name": gate["name"],
                    "default": str(gate["default"]).lower(),
                    "locked": str(gate["locked"]).lower(),
                    "stage": stage,
                    "source": source,
                }
            )
            needs += [
                {"minor": str(minor), "name": gate["name"], "needs": other, "source": source}
                for other in sorted(gate["needs"] or ())
            ]
        print(f"1.{minor}: {sum(row['minor'] == str(minor) for row in gates)} gates", flush=True)
    return write_or_check(
        __doc__ or "",
        {
            "feature_gates.csv": csv_text(("minor", "name", "default", "locked", "stage", "source"), gates),
            "feature_gate_dependencies.csv": csv_text(("minor", "name", "needs", "source"), needs),
        },
    )


if __name__ == "__main__":
    sys.exit(main())
