"""What the kubelet asks of control groups."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START, STARTS

_VALIDATION = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation.go"
_LINUX = "k8s.io/kubernetes v1.36.3 pkg/kubelet/apis/config/validation/validation_linux.go"
_MANAGER = "k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/cgroup_manager_linux.go"
_DRIVERS = ("systemd", "cgroupfs")
_FIRST_MINOR_THAT_FAILS_ON_V1 = 35


def _fails_on_v1(configuration: Configuration) -> bool:
    written = configuration.written.get("failCgroupV1")
    return configuration.minor >= _FIRST_MINOR_THAT_FAILS_ON_V1 if written is None else bool(written)


@rule("kubelet", ("failCgroupV1",), _LINUX)
def host_has_cgroup_v2(configuration: Configuration) -> Iterator[Problem]:
    """On a host with cgroup v1 the kubelet starts only with failCgroupV1: false; it is true by default since 1.35."""
    if configuration.machine.cgroup == "v1" and _fails_on_v1(configuration):
        yield Problem(
            "failCgroupV1",
            f"true on a host with cgroup v1, {NO_START}",
            "boot the host with cgroup v2, or write failCgroupV1: false while that lasts",
        )


@rule("kubelet", ("singleProcessOOMKill",), _LINUX)
def single_processes_die_alone_on_cgroup_v1(configuration: Configuration) -> Iterator[Problem]:
    """Ending a whole container at once for want of memory needs cgroup v2."""
    if configuration.machine.cgroup == "v2" or _fails_on_v1(configuration):
        return
    if configuration.written.get("singleProcessOOMKill") is False:
        yield Problem("singleProcessOOMKill", f"false with cgroup v1, {NO_START}", "write true, or leave it out")


@rule("kubelet", ("systemCgroups", "cgroupRoot"), _VALIDATION)
def system_cgroups_have_a_root(configuration: Configuration) -> Iterator[Problem]:
    """A cgroup for the system's processes needs the root that all cgroups are below."""
    if configuration.written.get("systemCgroups") and not configuration.written.get("cgroupRoot"):
        yield Problem("systemCgroups", f"set without cgroupRoot, {NO_START}", "write cgroupRoot: /")


@rule("ignored", ("cgroupDriver",), _MANAGER)
def cgroup_driver_is_known(configuration: Configuration) -> Iterator[Problem]:
    """Whatever is not `systemd`, in that spelling, is cgroupfs to the kubelet."""
    driver = configuration.written.get("cgroupDriver")
    if driver and driver not in _DRIVERS:
        yield Problem(
            "cgroupDriver", f"{driver!r} is taken for cgroupfs, {STARTS}", "write systemd, as the container runtime has"
        )


RULES: tuple[Rule, ...] = (
    host_has_cgroup_v2,
    single_processes_die_alone_on_cgroup_v1,
    system_cgroups_have_a_root,
    cgroup_driver_is_known,
)
