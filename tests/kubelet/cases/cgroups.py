"""Cases of the rules about control groups."""

from tests.kubelet.case import Case, configuration

CGROUP_V1 = '{"cgroup": "v1"}'

CASES: tuple[Case, ...] = (
    Case("host-has-cgroup-v2", True, configuration("", machine=CGROUP_V1)),
    Case("host-has-cgroup-v2", False, configuration("failCgroupV1: false\n", machine=CGROUP_V1)),
    Case("host-has-cgroup-v2", False, configuration("failCgroupV1: true\n")),
    Case("host-has-cgroup-v2", False, configuration("", machine=CGROUP_V1), kubernetes="1.34"),
    Case(
        "single-processes-die-alone-on-cgroup-v1",
        True,
        configuration("failCgroupV1: false\nsingleProcessOOMKill: false\n", machine=CGROUP_V1),
    ),
    Case(
        "single-processes-die-alone-on-cgroup-v1",
        False,
        configuration("failCgroupV1: false\nsingleProcessOOMKill: true\n", machine=CGROUP_V1),
    ),
    Case("single-processes-die-alone-on-cgroup-v1", False, configuration("singleProcessOOMKill: false\n")),
    Case("system-cgroups-have-a-root", True, configuration("systemCgroups: /system\n")),
    Case("system-cgroups-have-a-root", False, configuration("systemCgroups: /system\ncgroupRoot: /\n")),
    Case("cgroup-driver-is-known", True, configuration("cgroupDriver: Systemd\n")),
    Case("cgroup-driver-is-known", False, configuration("cgroupDriver: systemd\n")),
)
