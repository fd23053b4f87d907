"""Cases of the rules about eviction."""

from tests.kubelet.case import Case, configuration

HARD = "evictionHard: {memory.available: 1Gi, nodefs.available: 10%, nodefs.inodesFree: 5%, imagefs.available: 15%, "
ALL = HARD + "imagefs.inodesFree: 5%}\n"


def _hard(signal: str, value: str) -> str:
    return configuration(f'evictionHard: {{{signal}: "{value}"}}\n')


def _soft(signal: str, value: str, grace: str = "1m30s", *, hard: str = "") -> str:
    return configuration(
        f'{hard}evictionSoft: {{{signal}: "{value}"}}\nevictionSoftGracePeriod: {{{signal}: {grace}}}\n'
    )


def _reclaim(signal: str, value: str, *, hard: str = ALL) -> str:
    return configuration(f'{hard}evictionMinimumReclaim: {{{signal}: "{value}"}}\n')


CASES: tuple[Case, ...] = (
    Case("eviction-signals-are-known", True, _hard("memory.avail", "1Gi")),
    Case("eviction-signals-are-known", True, _soft("rootfs.available", "10%")),
    Case("eviction-signals-are-known", True, configuration("evictionSoftGracePeriod: {cpu.available: 1m}\n")),
    Case("eviction-signals-are-known", True, _reclaim("nodefs.inodes", "5%")),
    Case("eviction-signals-are-known", False, configuration(ALL)),
    Case("eviction-signals-are-known", False, _hard("pid.available", "1000")),
    Case("eviction-thresholds-are-amounts-or-shares", True, _hard("memory.available", "0")),
    Case("eviction-thresholds-are-amounts-or-shares", True, _hard("memory.available", "-1Gi")),
    Case("eviction-thresholds-are-amounts-or-shares", True, _hard("memory.available", "100.1%")),
    Case("eviction-thresholds-are-amounts-or-shares", True, _hard("memory.available", "-1%")),
    Case("eviction-thresholds-are-amounts-or-shares", True, _hard("memory.available", "5 %")),
    Case("eviction-thresholds-are-amounts-or-shares", True, _soft("memory.available", "10GB")),
    Case("eviction-thresholds-are-amounts-or-shares", False, _hard("memory.available", "0%")),
    Case("eviction-thresholds-are-amounts-or-shares", False, _hard("memory.available", "100%")),
    Case("eviction-thresholds-are-amounts-or-shares", False, _hard("memory.available", "0.0%")),
    Case("eviction-thresholds-are-amounts-or-shares", False, _hard("memory.available", "100.000001%")),
    Case("eviction-grace-periods-are-durations", True, _soft("memory.available", "2Gi", "1d")),
    Case("eviction-grace-periods-are-durations", True, _soft("memory.available", "2Gi", '"90"')),
    Case("eviction-grace-periods-are-durations", True, _soft("memory.available", "2Gi", "-1s")),
    Case("eviction-grace-periods-are-durations", False, _soft("memory.available", "2Gi", '"0"')),
    Case("eviction-minimum-reclaims-are-amounts-or-shares", True, _reclaim("memory.available", "0%")),
    Case("eviction-minimum-reclaims-are-amounts-or-shares", True, _reclaim("memory.available", "-1Gi")),
    Case("eviction-minimum-reclaims-are-amounts-or-shares", False, _reclaim("memory.available", "0")),
    Case("eviction-minimum-reclaims-are-amounts-or-shares", False, _reclaim("memory.available", "200%")),
    Case("soft-evictions-have-grace-periods", True, configuration("evictionSoft: {memory.available: 2Gi}\n")),
    Case(
        "soft-evictions-have-grace-periods",
        True,
        configuration("evictionSoft: {memory.available: 2Gi}\nevictionSoftGracePeriod: {nodefs.available: 1m}\n"),
    ),
    Case("soft-evictions-have-grace-periods", False, configuration("evictionSoft: {memory.available: 0%}\n")),
    Case("soft-evictions-have-grace-periods", False, _soft("memory.available", "2Gi")),
    Case("grace-periods-have-soft-evictions", True, configuration("evictionSoftGracePeriod: {memory.available: 1m}\n")),
    Case("grace-periods-have-soft-evictions", False, _soft("memory.available", "2Gi")),
    Case("minimum-reclaims-have-thresholds", True, _reclaim("pid.available", "100")),
    Case("minimum-reclaims-have-thresholds", False, _reclaim("memory.available", "1Gi", hard="")),
    Case("container-file-system-has-no-threshold-of-its-own", True, _hard("containerfs.available", "10%")),
    Case("container-file-system-has-no-threshold-of-its-own", False, _hard("nodefs.available", "10%")),
    Case("soft-evictions-come-before-hard-ones", True, _soft("memory.available", "500Mi", hard=ALL)),
    Case("soft-evictions-come-before-hard-ones", True, _soft("nodefs.available", "50Gi")),
    Case("soft-evictions-come-before-hard-ones", True, _soft("imagefs.available", "15.0%")),
    Case("soft-evictions-come-before-hard-ones", False, _soft("memory.available", "2Gi", hard=ALL)),
    Case("soft-evictions-come-before-hard-ones", False, _soft("imagefs.available", "1Gi")),
    Case("hard-evictions-keep-the-other-defaults", True, _hard("memory.available", "1Gi")),
    Case("hard-evictions-keep-the-other-defaults", True, configuration("evictionHard: {}\n")),
    Case(
        "hard-evictions-keep-the-other-defaults",
        True,
        configuration("evictionHard: {memory.available: 100Mi, nodefs.available: 10%, imagefs.available: 15%}\n"),
    ),
    Case(
        "hard-evictions-keep-the-other-defaults",
        False,
        configuration("evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%}\n"),
    ),
    Case("hard-evictions-keep-the-other-defaults", False, configuration(ALL)),
    Case(
        "hard-evictions-keep-the-other-defaults",
        False,
        configuration("evictionHard: {memory.available: 1Gi}\nmergeDefaultEvictionSettings: true\n"),
    ),
    Case("eviction-percentages-are-numbers", True, _hard("memory.available", "NaN%")),
    Case("eviction-percentages-are-numbers", True, _reclaim("memory.available", "200%")),
    Case("eviction-percentages-are-numbers", False, _hard("memory.available", "99.9%")),
)
