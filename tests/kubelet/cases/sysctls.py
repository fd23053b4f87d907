"""Cases of the rules about sysctls that pods may set."""

from tests.kubelet.case import Case, configuration

CASES: tuple[Case, ...] = (
    Case("allowed-sysctls-are-patterns", True, configuration("allowedUnsafeSysctls: ['*.core']\n")),
    Case("allowed-sysctls-are-patterns", True, configuration("allowedUnsafeSysctls: ['net..core']\n")),
    Case("allowed-sysctls-are-patterns", True, configuration("allowedUnsafeSysctls: ['Net.core']\n")),
    Case("allowed-sysctls-are-patterns", True, configuration("allowedUnsafeSysctls: ['']\n")),
    Case("allowed-sysctls-are-patterns", True, configuration("allowedUnsafeSysctls: ['net." + "a" * 250 + "']\n")),
    Case("allowed-sysctls-are-patterns", False, configuration("allowedUnsafeSysctls: ['net.core.*']\n")),
    Case("allowed-sysctls-are-patterns", False, configuration("allowedUnsafeSysctls: ['kernel.msg*']\n")),
    Case(
        "allowed-sysctls-are-patterns",
        False,
        configuration("allowedUnsafeSysctls: ['net/ipv4/conf/eno2.100/rp_filter']\n"),
    ),
    Case("allowed-sysctls-are-of-a-namespace", True, configuration("allowedUnsafeSysctls: ['vm.overcommit_memory']\n")),
    Case("allowed-sysctls-are-of-a-namespace", True, configuration("allowedUnsafeSysctls: ['*']\n")),
    Case("allowed-sysctls-are-of-a-namespace", True, configuration("allowedUnsafeSysctls: ['kernel.*']\n")),
    Case("allowed-sysctls-are-of-a-namespace", True, configuration("allowedUnsafeSysctls: ['kernel.sh*']\n")),
    Case("allowed-sysctls-are-of-a-namespace", True, configuration("allowedUnsafeSysctls: ['net*']\n")),
    Case("allowed-sysctls-are-of-a-namespace", False, configuration("allowedUnsafeSysctls: ['kernel.shm*']\n")),
    Case("allowed-sysctls-are-of-a-namespace", False, configuration("allowedUnsafeSysctls: ['net.*']\n")),
    Case("allowed-sysctls-are-of-a-namespace", False, configuration("allowedUnsafeSysctls: ['net/core/somaxconn']\n")),
    Case("allowed-sysctls-are-of-a-namespace", False, configuration("allowedUnsafeSysctls: ['fs.mqueue.msg_max']\n")),
)
