"""Cases of the rules about reservations."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("reservations-name-known-resources", True, configuration('kubeReserved: {hugepages-2Mi: "1Gi"}\n')),
    Case("reservations-name-known-resources", True, configuration('systemReserved: {"nvidia.com/gpu": "1"}\n')),
    Case(
        "reservations-name-known-resources",
        False,
        configuration('kubeReserved: {cpu: 100m, memory: 1Gi, ephemeral-storage: 1Gi, pid: "1000"}\n'),
    ),
    Case("reservations-are-amounts", True, configuration("kubeReserved: {memory: 1 Gi}\n")),
    Case("reservations-are-amounts", True, configuration('systemReserved: {cpu: "-1"}\n')),
    Case("reservations-are-amounts", True, configuration('systemReserved: {memory: ""}\n')),
    Case("reservations-are-amounts", False, configuration('systemReserved: {cpu: "0", memory: 1.5Gi}\n')),
    Case(
        "reservations-are-amounts",
        False,
        configuration('systemReserved: {cpu: much}\nkubeReserved: {cpu: "-1"}\nreservedSystemCPUs: "0"\n'),
    ),
    Case("reserved-cpus-are-a-list-of-cpus", True, configuration('reservedSystemCPUs: "0, 1"\n')),
    Case("reserved-cpus-are-a-list-of-cpus", True, configuration('reservedSystemCPUs: "3-1"\n')),
    Case("reserved-cpus-are-a-list-of-cpus", False, configuration('reservedSystemCPUs: "0-1,96-97"\n')),
    Case("reserved-cpus-are-a-list-of-cpus", False, configuration('reservedSystemCPUs: ""\n')),
    Case("reserved-cpus-are-of-the-machine", True, configuration('reservedSystemCPUs: "0,192"\n')),
    Case(
        "reserved-cpus-are-of-the-machine",
        True,
        configuration('reservedSystemCPUs: "4"\n', machine='{"sockets": 1, "numa": 1, "cores": 4, "threads": 1}'),
    ),
    Case("reserved-cpus-are-of-the-machine", False, configuration('reservedSystemCPUs: "0,191"\n')),
    Case(
        "reserved-cpus-stand-without-reserved-cgroups",
        True,
        configuration('reservedSystemCPUs: "0"\nsystemReservedCgroup: /system\n'),
    ),
    Case(
        "reserved-cpus-stand-without-reserved-cgroups",
        True,
        configuration('reservedSystemCPUs: "0"\nkubeReservedCgroup: /runtime\n'),
    ),
    Case(
        "reserved-cpus-stand-without-reserved-cgroups",
        False,
        configuration('reservedSystemCPUs: "0"\nkubeReservedCgroup: ""\n'),
    ),
    Case(
        "reserved-cpus-stand-without-reserved-cgroups",
        False,
        configuration('reservedSystemCPUs: ""\nkubeReservedCgroup: /runtime\n'),
    ),
    Case(
        "reserved-cpus-are-the-only-cpu-reservation",
        True,
        configuration('reservedSystemCPUs: "0"\nkubeReserved: {cpu: 100m}\n'),
    ),
    Case(
        "reserved-cpus-are-the-only-cpu-reservation",
        False,
        configuration('reservedSystemCPUs: "0"\nkubeReserved: {memory: 1Gi}\n'),
    ),
    Case("qos-reservation-is-a-percentage-of-memory", True, configuration('qosReserved: {memory: "50"}\n')),
    Case("qos-reservation-is-a-percentage-of-memory", True, configuration('qosReserved: {memory: "101%"}\n')),
    Case("qos-reservation-is-a-percentage-of-memory", True, configuration('qosReserved: {cpu: "50%"}\n')),
    Case("qos-reservation-is-a-percentage-of-memory", False, configuration('qosReserved: {memory: "050%"}\n')),
    Case("qos-reservation-has-its-gate", True, configuration('qosReserved: {memory: "50%"}\n')),
    Case(
        "qos-reservation-has-its-gate",
        False,
        configuration('qosReserved: {memory: "50%"}\nfeatureGates: {QOSReserved: true}\n'),
    ),
)
