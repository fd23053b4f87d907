"""Cases of the rules about swap."""

from tests.kubelet.case import Case, configuration

CGROUP_V1 = '{"cgroup": "v1"}'
WITH_SWAP = '{"swap": true}'

CASES: tuple[Case, ...] = (
    Case("swapping-host-is-wanted", True, configuration("", machine=WITH_SWAP)),
    Case("swapping-host-is-wanted", True, configuration("failSwapOn: true\n", machine=WITH_SWAP)),
    Case("swapping-host-is-wanted", False, configuration("failSwapOn: false\n", machine=WITH_SWAP)),
    Case("swapping-host-is-wanted", False, configuration("failSwapOn: true\n")),
    Case("swap-behavior-is-known", True, configuration("memorySwap: {swapBehavior: UnlimitedSwap}\n")),
    Case("swap-behavior-is-known", False, configuration("memorySwap: {swapBehavior: NoSwap}\n")),
    Case("swap-behavior-is-known", False, configuration("memorySwap: {}\n")),
    Case(
        "swap-behavior-has-its-gate",
        True,
        configuration("memorySwap: {swapBehavior: NoSwap}\nfeatureGates: {NodeSwap: false}\n"),
        kubernetes="1.33",
    ),
    Case(
        "swap-behavior-has-its-gate",
        False,
        configuration("memorySwap: {swapBehavior: ''}\nfeatureGates: {NodeSwap: false}\n"),
        kubernetes="1.33",
    ),
    Case(
        "limited-swap-runs-on-cgroup-v2",
        True,
        configuration(
            "failCgroupV1: false\nfailSwapOn: false\nmemorySwap: {swapBehavior: LimitedSwap}\n", machine=CGROUP_V1
        ),
    ),
    Case(
        "limited-swap-runs-on-cgroup-v2",
        False,
        configuration(
            "failCgroupV1: false\nfailSwapOn: false\nmemorySwap: {swapBehavior: NoSwap}\n", machine=CGROUP_V1
        ),
    ),
    Case(
        "limited-swap-runs-on-cgroup-v2",
        False,
        configuration("failSwapOn: false\nmemorySwap: {swapBehavior: LimitedSwap}\n"),
    ),
    Case("limited-swap-has-swap", True, configuration("memorySwap: {swapBehavior: LimitedSwap}\n")),
    Case("limited-swap-has-swap", False, configuration("failSwapOn: false\nmemorySwap: {swapBehavior: LimitedSwap}\n")),
)
