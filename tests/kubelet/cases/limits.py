"""Cases of the rules about counts and small ranges."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("counts-are-not-negative", True, configuration("maxPods: -1\n")),
    Case("counts-are-not-negative", True, configuration("podsPerCore: -1\n")),
    Case("counts-are-not-negative", True, configuration("maxOpenFiles: -1\n")),
    Case("counts-are-not-negative", False, configuration("maxPods: 0\npodsPerCore: 0\nmaxOpenFiles: 0\n")),
    Case("reported-images-are-counted", True, configuration("nodeStatusMaxImages: -2\n")),
    Case("reported-images-are-counted", False, configuration("nodeStatusMaxImages: -1\n")),
    Case("oom-score-is-the-kernels", True, configuration("oomScoreAdj: -1001\n")),
    Case("oom-score-is-the-kernels", True, configuration("oomScoreAdj: 1001\n")),
    Case("oom-score-is-the-kernels", False, configuration("oomScoreAdj: -1000\n")),
    Case("packet-marks-are-bits", True, configuration("iptablesDropBit: 32\n")),
    Case("packet-marks-are-bits", True, configuration("iptablesMasqueradeBit: -1\n")),
    Case("packet-marks-are-bits", False, configuration("iptablesDropBit: 0\niptablesMasqueradeBit: 31\n")),
    Case("pods-have-a-process-limit", True, configuration("podPidsLimit: -1\n")),
    Case("pods-have-a-process-limit", True, configuration("podPidsLimit: -5\n")),
    Case("pods-have-a-process-limit", False, configuration("podPidsLimit: 16384\n")),
    Case("process-limit-is-above-zero", True, configuration("podPidsLimit: 0\n")),
    Case("process-limit-is-above-zero", False, configuration("podPidsLimit: 1\n")),
)
