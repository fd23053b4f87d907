"""What the aliases of azure-native cost a preview: agent pools through gpucloud against the SDK's own class."""

import shutil
import tempfile
from pathlib import Path

from benchmarks.measure import MeasurementError, Say, figure, ratio
from benchmarks.preview import compare_previews, make_project
from benchmarks.rows import Row
from gpucloud.sim import session

_OURS, _TYPED = "agent_pools", "agent_pools_typed"


def run(*, quick: bool, say: Say) -> list[Row]:
    """Previews of a stack with one AKS pool, and of one with many, where the cost of each pool shows."""
    if shutil.which("pulumi") is None:
        raise MeasurementError("aks: there is no `pulumi` on PATH; `make bench` finds or makes it")
    rows = []
    for pools, rounds in ((1, 1 if quick else 5), (10 if quick else 50, 1 if quick else 3)):
        with tempfile.TemporaryDirectory(prefix="gpucloud-bench-") as folder:
            root = Path(folder)
            session.start(root)
            try:
                ours, typed = (make_project(root, name, pools) for name in (_OURS, _TYPED))
                compare_previews(ours, typed, rounds, say, f"aks: {pools} pools")
            finally:
                session.stop(root)
        size = f"preview of {pools} AKS pool{'s' if pools > 1 else ''}"
        rows += [
            Row("aks", f"{size}, the SDK's class", figure(typed.wall), "s"),
            Row("aks", f"{size}, gpucloud", figure(ours.wall), "s", ratio(ours.wall, typed.wall), "the SDK's class"),
            Row("aks", f"{size}, gpucloud, CPU", figure(ours.cpu), "s", ratio(ours.cpu, typed.cpu), "the SDK's class"),
        ]
    return rows
