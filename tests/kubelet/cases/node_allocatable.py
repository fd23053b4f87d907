"""Cases of the rules about what is left for pods."""

from tests.kubelet.case import Case, configuration

SYSTEM = "systemReserved: {cpu: 500m}\nsystemReservedCgroup: /system\n"
SMALL = '{"sockets": 1, "numa": 1, "cores": 4, "threads": 1, "memory": "8Gi", "ephemeralStorage": "10Gi"}'


def _enforce(*values: str, before: str = SYSTEM) -> str:
    return configuration(f"{before}enforceNodeAllocatable: [{', '.join(values)}]\n")


CASES: tuple[Case, ...] = (
    Case("enforcements-are-known", True, _enforce("pods", "system")),
    Case("enforcements-are-known", True, _enforce("system-reserved-compressible"), kubernetes="1.31"),
    Case("enforcements-are-known", True, _enforce('""')),
    Case("enforcements-are-known", False, _enforce("pods", "system-reserved-compressible")),
    Case("enforcements-are-known", False, _enforce()),
    Case("enforcements-stand-once", True, _enforce("pods", "pods")),
    Case("enforcements-stand-once", False, _enforce("pods", "system-reserved")),
    Case("enforcing-nothing-stands-alone", True, _enforce("none", "pods")),
    Case("enforcing-nothing-stands-alone", False, _enforce("none")),
    Case("enforcements-are-whole-or-compressible", True, _enforce("system-reserved", "system-reserved-compressible")),
    Case("enforcements-are-whole-or-compressible", False, _enforce("system-reserved", "pods")),
    Case("enforced-reservations-have-cgroups", True, _enforce("system-reserved", before="systemReserved: {cpu: 1m}\n")),
    Case(
        "enforced-reservations-have-cgroups",
        True,
        _enforce("kube-reserved-compressible", before=SYSTEM + "kubeReserved: {cpu: 1m}\n"),
    ),
    Case("enforced-reservations-have-cgroups", False, _enforce("system-reserved")),
    Case("enforced-reservations-are-not-empty", True, _enforce("kube-reserved", before="kubeReservedCgroup: /kube\n")),
    Case(
        "enforced-reservations-are-not-empty",
        True,
        _enforce("kube-reserved-compressible", before="kubeReservedCgroup: /kube\nkubeReserved: {}\n"),
    ),
    Case("enforced-reservations-are-not-empty", False, _enforce("system-reserved", "pods")),
    Case("enforcement-has-cgroups-per-qos", True, configuration("cgroupsPerQOS: false\n")),
    Case(
        "enforcement-has-cgroups-per-qos", True, _enforce("system-reserved", before=SYSTEM + "cgroupsPerQOS: false\n")
    ),
    Case("enforcement-has-cgroups-per-qos", False, _enforce("none", before="cgroupsPerQOS: false\n")),
    Case("enforcement-has-cgroups-per-qos", False, _enforce(before="cgroupsPerQOS: false\n")),
    Case("reservations-fit-the-machine", True, configuration("kubeReserved: {cpu: 4001m}\n", machine=SMALL)),
    Case(
        "reservations-fit-the-machine",
        True,
        configuration("kubeReserved: {memory: 4Gi}\nsystemReserved: {memory: 4Gi}\n", machine=SMALL),
    ),
    Case(
        "reservations-fit-the-machine", True, configuration("kubeReserved: {ephemeral-storage: 10Gi}\n", machine=SMALL)
    ),
    Case(
        "reservations-fit-the-machine",
        False,
        configuration("kubeReserved: {ephemeral-storage: 11Gi}\nlocalStorageCapacityIsolation: false\n", machine=SMALL),
    ),
    Case(
        "reservations-fit-the-machine",
        True,
        configuration("kubeReserved: {memory: 1e400}\nsystemReserved: {memory: 1m}\n", machine=SMALL),
    ),
    Case("reservations-fit-the-machine", False, configuration('kubeReserved: {pid: "10E"}\n', machine=SMALL)),
    Case("reservations-fit-the-machine", False, configuration('kubeReserved: {cpu: "4"}\n', machine=SMALL)),
    Case("reservations-fit-the-machine", True, configuration("evictionHard: {memory.available: NaN%}\n")),
    Case(
        "reservations-fit-the-machine",
        False,
        configuration("evictionHard: {memory.available: NaN%}\nkubeReserved: {memory: 1Gi}\n"),
    ),
    Case("something-is-left-for-pods", True, configuration('kubeReserved: {cpu: "4"}\n', machine=SMALL)),
    Case("something-is-left-for-pods", True, configuration('reservedSystemCPUs: "0-3"\n', machine=SMALL)),
    Case("something-is-left-for-pods", True, configuration("evictionHard: {nodefs.available: 100.0%}\n")),
    Case("something-is-left-for-pods", False, configuration("kubeReserved: {cpu: 3999m}\n", machine=SMALL)),
)
