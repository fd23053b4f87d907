"""The gate after a deployment: what a cluster shows, judged against its plan. Reads nothing by itself."""

from gpucloud.verify.judge import CHECKS, judge, passes
from gpucloud.verify.seen import SeenCluster, SeenDaemonSet, SeenNode, Unseen
from gpucloud.verify.verdict import Outcome, Verdict

__all__ = [
    "CHECKS",
    "Outcome",
    "SeenCluster",
    "SeenDaemonSet",
    "SeenNode",
    "Unseen",
    "Verdict",
    "judge",
    "passes",
]
