"""Which kernel settings AKS and GKE take, under which name, and in which form."""

from importlib import import_module
from typing import Any

import pytest

from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS, KubeletPlatform
from gpucloud.facts.linux_platforms import (
    LinuxSetting,
    linux_refusal,
    linux_setting,
    linux_settings,
    linux_way,
    translate_linux,
)
from gpucloud.facts.setting_values import KINDS
from gpucloud.facts.tables import read_table
from tests.facts.sdk_wire_names import wire_type

SETTINGS = (*linux_settings("aks"), *linux_settings("gke"))
SDKS = {
    "aks": ("pulumi_azure_native.containerservice", "LinuxOSConfigArgs"),
    "gke": ("pulumi_gcp.container", "NodePoolNodeConfigLinuxNodeConfigArgs"),
}
TYPES = {
    "number": "int", "int": "int", "switch": "bool",
    "same": "str", "choice": "str", "text": "str", "number-text": "str", "numbers-text": "str",
}  # fmt: skip


def setting(platform: KubeletPlatform, name: str) -> LinuxSetting:
    found = linux_setting(platform, name)
    assert found is not None
    return found


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: f"{row.platform} {row.setting}")
def test_every_wire_name_is_in_the_sdk_with_that_type(row: LinuxSetting) -> None:
    module, arguments = SDKS[row.platform]
    is_in_map = row.platform == "gke" and row.path[0] == "sysctls"
    found = wire_type(import_module(module), arguments, row.path[:1] if is_in_map else row.path)
    assert found is not None
    assert ("Mapping[str, typing.Union[str" if is_in_map else f"Union[{TYPES[row.form.kind]},") in found
    assert row.source
    assert row.form.kind in KINDS


@pytest.mark.parametrize("platform", SDKS)
def test_a_name_that_the_sdk_lacks_is_not_found(platform: str) -> None:
    module, arguments = SDKS[platform]
    assert wire_type(import_module(module), arguments, ("hugepages",)) is None


def test_what_is_no_sysctl_has_the_projects_name() -> None:
    names = {"hugepages_1gi", "hugepages_2mi", "transparent_hugepage_defrag", "transparent_hugepages"}
    assert {row.setting for row in SETTINGS if "." not in row.setting} == names


def test_aks_has_no_huge_pages_of_its_own() -> None:
    assert linux_setting("aks", "hugepages_2mi") is None
    assert linux_setting("aks", "hugepages_1gi") is None
    assert linux_setting("aks", "kernel.shmmax") is None
    assert linux_setting("gke", "hugepages_2mi") is not None


def test_gke_keeps_the_sysctls_name_as_one_key() -> None:
    assert setting("gke", "net.core.rmem_max").path == ("sysctls", "net.core.rmem_max")
    assert setting("aks", "net.ipv4.tcp_keepalive_intvl").path == ("sysctls", "netIpv4TcpkeepaliveIntvl")


@pytest.mark.parametrize(
    ("platform", "name", "value", "written"),
    [
        ("aks", "net.core.rmem_max", 134217728, 134217728),
        ("aks", "net.core.rmem_max", "212992", 212992),
        ("aks", "vm.max_map_count", 262144, 262144),
        ("aks", "net.ipv4.tcp_tw_reuse", 1, True),
        ("aks", "net.ipv4.tcp_tw_reuse", "0", False),
        ("aks", "net.ipv4.ip_local_port_range", "1024  65535", "1024 65535"),
        ("aks", "transparent_hugepage_defrag", "defer+madvise", "defer+madvise"),
        ("gke", "net.core.rmem_max", 134217728, "134217728"),
        ("gke", "net.core.busy_poll", 50, "50"),
        ("gke", "kernel.perf_event_paranoid", -1, "-1"),
        ("gke", "net.ipv4.tcp_rmem", "4096 87380 6291456", "4096 87380 6291456"),
        ("gke", "kernel.shmmax", 18446744073692774399, "18446744073692774399"),
        ("gke", "transparent_hugepages", "madvise", "TRANSPARENT_HUGEPAGE_ENABLED_MADVISE"),
        ("gke", "transparent_hugepage_defrag", "defer+madvise", "TRANSPARENT_HUGEPAGE_DEFRAG_DEFER_WITH_MADVISE"),
        ("gke", "hugepages_2mi", 4096, 4096),
    ],
)
def test_value_in_the_platforms_form(platform: KubeletPlatform, name: str, value: Any, written: Any) -> None:
    found = translate_linux(setting(platform, name), value)
    assert found == written
    assert type(found) is type(written)


@pytest.mark.parametrize(
    ("platform", "name", "value", "reason"),
    [
        ("aks", "net.core.rmem_max", 212991, "must be at least 212992, not 212991"),
        ("aks", "net.core.rmem_max", "128Mi", "takes a whole number, not 128Mi"),
        ("aks", "net.ipv4.tcp_tw_reuse", 2, "takes 0 or 1, not 2"),
        ("aks", "net.ipv4.tcp_tw_reuse", True, "takes 0 or 1, not True"),
        ("aks", "net.ipv4.ip_local_port_range", "1024", "takes whole numbers of 1024-60999 and 32768-65535"),
        ("aks", "net.ipv4.ip_local_port_range", "1023 65535", "not 1023 65535"),
        ("aks", "transparent_hugepages", "defer", "takes always, madvise or never, not defer"),
        ("gke", "vm.overcommit_memory", 3, "takes 0, 1 or 2, not 3"),
        ("gke", "vm.swappiness", 201, "must be at most 200, not 201"),
        ("gke", "net.core.optmem_max", 0, "must be above 0, not 0"),
        ("gke", "net.ipv4.tcp_rmem", "4096 87380", "takes whole numbers of 1-, 1- and 1-"),
        ("gke", "net.core.busy_poll", None, "takes text or a whole number, not None"),
        ("gke", "net.ipv4.tcp_congestion_control", "bbr3", "not bbr3"),
        ("gke", "transparent_hugepages", "TRANSPARENT_HUGEPAGE_ENABLED_NEVER", "takes always, madvise or never"),
        ("gke", "hugepages_1gi", 0, "must be at least 1, not 0"),
    ],
)
def test_value_that_is_refused_with_a_reason(platform: KubeletPlatform, name: str, value: Any, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the whole reason is compared below
        translate_linux(setting(platform, name), value)
    assert reason in str(caught.value)


@pytest.mark.parametrize("table", ["linux_ways", "linux_alternatives"])
def test_way_or_alternative_of_a_known_platform_with_a_source(table: str) -> None:
    rows = read_table(table)
    assert rows
    names = {row.setting for row in SETTINGS if "." not in row.setting} | {"*", "memlock", "modules", "sysctl"}
    for row in rows:
        assert row["platform"] in KUBELET_PLATFORMS
        assert row["setting"] in names
        assert row["source"]


@pytest.mark.parametrize(
    ("platform", "name", "way"),
    [
        ("nodeadm", "hugepages_2mi", "script"),
        ("kubeadm", "net.core.rmem_max", "script"),
        ("bottlerocket", "net/core/rmem_max", "settings.kernel.sysctl"),
        ("bottlerocket", "hugepages_2mi", None),
        ("karpenter", "memlock", None),
        ("aks", "net.core.rmem_max", None),
    ],
)
def test_way_of_a_setting_without_an_input(platform: KubeletPlatform, name: str, way: str | None) -> None:
    assert linux_way(platform, name) == way


@pytest.mark.parametrize(
    ("platform", "name", "value", "fix"),
    [
        ("bottlerocket", "hugepages_2mi", 64, "use the sysctl vm.nr_hugepages, or image family al2023"),
        ("karpenter", "memlock", "unlimited", "use the userData of the EC2NodeClass"),
        ("gke", "modules", ["nvidia_peermem"], "remove it, or set it from a DaemonSet"),
        ("aks", "net.core.somaxconn", 128, "change the value"),
        ("nodeadm", "vm.swappiness", "1\n2", "write one line"),
    ],
)
def test_refusal_says_what_to_do(platform: KubeletPlatform, name: str, value: Any, fix: str) -> None:
    found = linux_refusal(platform, name, value)
    assert found is not None
    assert found.fix == fix


def test_what_has_a_way_is_not_refused() -> None:
    assert linux_refusal("tke", "memlock", "unlimited") is None
    assert linux_refusal("gke", "hugepages_2mi", 64) is None
