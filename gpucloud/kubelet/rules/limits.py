"""Numbers of pods, files, images, and small ranges of the kernel's."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_COUNTS = ("maxPods", "podsPerCore", "maxOpenFiles")
_SCORES = range(-1000, 1001)
_BITS = range(32)


@rule("kubelet", _COUNTS, _VALIDATION)
def counts_are_not_negative(configuration: Configuration) -> Iterator[Problem]:
    """Pods and open files are counted from 0; 0 means the default, and no limit for podsPerCore."""
    for field in _COUNTS:
        count = configuration.written.get(field)
        if count is not None and count < 0:
            yield Problem(field, f"{count} is negative, {NO_START}", "write 0 or more")


@rule("kubelet", ("nodeStatusMaxImages",), _VALIDATION)
def reported_images_are_counted(configuration: Configuration) -> Iterator[Problem]:
    """A node reports a number of images, or all of them by -1."""
    images = configuration.written.get("nodeStatusMaxImages")
    if images is not None and images < -1:
        yield Problem("nodeStatusMaxImages", f"{images} is below -1, {NO_START}", "write -1 for all, or 0 or more")


@rule("kubelet", ("oomScoreAdj",), _VALIDATION)
def oom_score_is_the_kernels(configuration: Configuration) -> Iterator[Problem]:
    """The kernel's scores are -1000 to 1000."""
    score = configuration.written.get("oomScoreAdj")
    if score is not None and score not in _SCORES:
        yield Problem("oomScoreAdj", f"{score} is not within -1000 and 1000, {NO_START}", "write such as -999")


@rule("kubelet", ("iptablesDropBit", "iptablesMasqueradeBit"), _VALIDATION)
def packet_marks_are_bits(configuration: Configuration) -> Iterator[Problem]:
    """A packet's mark has the bits 0 to 31."""
    for field in ("iptablesDropBit", "iptablesMasqueradeBit"):
        bit = configuration.written.get(field)
        if bit is not None and bit not in _BITS:
            yield Problem(field, f"{bit} is no bit of a mark, {NO_START}", "write 0 to 31")


@rule("library", ("podPidsLimit",), "gpucloud; k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/v1beta1/defaults.go")
def pods_have_a_process_limit(configuration: Configuration) -> Iterator[Problem]:
    """Whoever writes the field wants a limit: any negative number is -1, and one pod's forks can end its neighbours."""
    limit = configuration.written.get("podPidsLimit")
    if limit is not None and limit < 0:
        yield Problem(
            "podPidsLimit",
            f"{limit} lets one pod take every process of the node, {STARTS}",
            "write a limit such as 16384, or 65536 where one pod has the node to itself",
        )


@rule("ignored", ("podPidsLimit",), "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/pod_container_manager_linux.go")
def process_limit_is_above_zero(configuration: Configuration) -> Iterator[Problem]:
    """The kubelet sets limits above 0 alone: 0 is as good as none."""
    if configuration.written.get("podPidsLimit") == 0:
        yield Problem("podPidsLimit", f"0 is no limit at all, {STARTS}", "write a limit such as 16384")


RULES: tuple[Rule, ...] = (
    counts_are_not_negative,
    reported_images_are_counted,
    oom_score_is_the_kernels,
    packet_marks_are_bits,
    pods_have_a_process_limit,
    process_limit_is_above_zero,
)
