"""What AKS and GKE take of KubeletConfiguration, under which name, and in which form."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from gpucloud.facts.kubelet_fields import kubelet_field
from gpucloud.facts.kubelet_platforms import (
    KUBELET_PLATFORMS,
    KubeletPlatform,
    KubeletSetting,
    field_support,
    kubelet_setting,
    kubelet_settings,
    platform_takes,
    takes_whole_file,
    translate,
    unsupported,
)
from gpucloud.facts.setting_values import KINDS
from gpucloud.facts.tables import read_table
from tests.facts.sdk_wire_names import wire_type

ROWS = read_table("kubelet_platforms")
ALTERNATIVES = read_table("kubelet_alternatives")
SETTINGS = (*kubelet_settings("aks"), *kubelet_settings("gke"))
SDKS = {
    "aks": ("pulumi_azure_native.containerservice", "AgentPoolArgs", "KubeletConfigArgs"),
    "gke": ("pulumi_gcp.container", "NodePoolArgs", "NodePoolNodeConfigKubeletConfigArgs"),
}
TYPES = {
    "same": "str", "choice": "str", "duration": "str", "quantity": "str", "percent": "str",
    "bool": "bool", "int": "int", "seconds": "int", "mebibytes": "int", "sysctl-patterns": "Sequence", "map": "Args",
}  # fmt: skip


def setting(platform: KubeletPlatform, field: str) -> KubeletSetting:
    found = kubelet_setting(platform, field)
    assert found is not None
    return found


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: f"{row.platform} {row.field}")
def test_every_row_is_a_kubelet_field_with_a_source(row: KubeletSetting) -> None:
    assert kubelet_field(row.field.partition("[")[0]) is not None
    assert row.form.kind in KINDS
    assert row.source


@pytest.mark.parametrize("row", SETTINGS, ids=lambda row: f"{row.platform} {row.field}")
def test_every_wire_name_is_in_the_sdk_with_that_type(row: KubeletSetting) -> None:
    module, pool, kubelet = SDKS[row.platform]
    found = wire_type(import_module(module), pool if row.on_pool else kubelet, row.path)
    assert found is not None
    assert TYPES[row.form.kind] in found


@pytest.mark.parametrize("platform", SDKS)
def test_a_name_that_the_sdk_lacks_is_not_found(platform: str) -> None:
    module, pool, kubelet = SDKS[platform]
    assert wire_type(import_module(module), kubelet, ("reservedMemory",)) is None
    assert wire_type(import_module(module), pool, ("maxPodsPerZone",)) is None


@pytest.mark.parametrize("platform", SDKS)
def test_the_sdk_has_no_setting_without_a_row(platform: KubeletPlatform) -> None:
    module, _, kubelet = SDKS[platform]
    arguments = getattr(import_module(module), kubelet)
    names = {
        item.fget._pulumi_name
        for item in (getattr(arguments, name) for name in dir(arguments))
        if isinstance(item, property)
    }
    assert names == {row.path[0] for row in kubelet_settings(platform) if not row.on_pool}


def test_platforms_refuse_what_only_a_kubelet_file_can_say() -> None:
    common = {"kubeReserved", "systemReserved", "reservedMemory", "reservedSystemCPUs", "evictionHard", "featureGates"}
    assert not common & {*platform_takes("aks"), *platform_takes("gke")}
    assert kubelet_setting("aks", "memoryManagerPolicy") is None
    assert kubelet_setting("aks", "topologyManagerScope") is None
    assert "memoryManagerPolicy" in platform_takes("gke")
    assert not [field for field in platform_takes("gke") if "[" in field]
    assert list(platform_takes("gke")) == sorted(set(platform_takes("gke")))


@pytest.mark.parametrize(
    ("platform", "field", "value", "written"),
    [
        ("aks", "cpuManagerPolicy", "static", "static"),
        ("aks", "containerLogMaxSize", "1Gi", 1024),
        ("aks", "containerLogMaxSize", "50Mi", 50),
        ("aks", "podPidsLimit", -1, -1),
        ("aks", "maxPods", 250, 250),
        ("aks", "failSwapOn", False, False),
        ("aks", "cpuCFSQuotaPeriod", "5ms", "5ms"),
        ("aks", "allowedUnsafeSysctls", ["net.core.somaxconn", "kernel.shm*"], ["net.core.somaxconn", "kernel.shm*"]),
        ("gke", "memoryManagerPolicy", "Static", "Static"),
        ("gke", "containerLogMaxSize", "0.1Gi", "0.1Gi"),
        ("gke", "podPidsLimit", 4194303, 4194303),
        ("gke", "readOnlyPort", 0, "FALSE"),
        ("gke", "readOnlyPort", 10255, "TRUE"),
        ("gke", "shutdownGracePeriod", "2m", 120),
        ("gke", "shutdownGracePeriodCriticalPods", "10s", 10),
        ("gke", "imageMinimumGCAge", "1m60s", "1m60s"),
        ("gke", "crashLoopBackOff", {"maxContainerRestartPeriod": "30s"}, {"maxContainerRestartPeriod": "30s"}),
        (
            "gke",
            "evictionSoft",
            {"memory.available": "1Gi", "imagefs.inodesFree": "5%"},
            {"imagefsInodesFree": "5%", "memoryAvailable": "1Gi"},
        ),
        ("gke", "evictionSoftGracePeriod", {"pid.available": "5m"}, {"pidAvailable": "5m"}),
    ],
)
def test_value_in_the_platforms_form(platform: KubeletPlatform, field: str, value: Any, written: Any) -> None:
    found = translate(setting(platform, field), value)
    assert found == written
    assert type(found) is type(written)


@pytest.mark.parametrize(
    ("platform", "field", "value", "reason"),
    [
        ("aks", "cpuManagerPolicy", "Static", "takes none or static, not Static"),
        ("aks", "containerLogMaxSize", "50M", "takes whole MiB, not 50M"),
        ("aks", "containerLogMaxSize", "0Mi", "must be above 0, not 0Mi"),
        ("aks", "containerLogMaxSize", 50, "takes a quantity such as 100Mi, not 50"),
        ("aks", "maxPods", 251, "must be at most 250, not 251"),
        ("aks", "maxPods", True, "takes a whole number, not True"),
        ("aks", "maxPods", "110", "takes a whole number, not 110"),
        ("aks", "failSwapOn", "false", "takes true or false, not false"),
        ("aks", "allowedUnsafeSysctls", ["vm.swappiness"], "takes sysctls of kernel.shm*, kernel.msg*, "),
        ("aks", "allowedUnsafeSysctls", ["kernel.semi"], "not kernel.semi"),
        ("aks", "allowedUnsafeSysctls", "net.*", "takes a list of text, not net.*"),
        ("gke", "memoryManagerPolicy", "static", "takes None or Static, not static"),
        ("gke", "memoryManagerPolicy", None, "takes text, not None"),
        ("gke", "podPidsLimit", 4194304, "must be at most 4194303, not 4194304"),
        ("gke", "podPidsLimit", 1023, "must be at least 1024, not 1023"),
        ("gke", "containerLogMaxSize", "9Mi", "must be at least 10Mi, not 9Mi"),
        ("gke", "cpuCFSQuotaPeriod", "1s1ms", "must be at most 1s, not 1s1ms"),
        ("gke", "cpuCFSQuotaPeriod", "1 s", "takes a duration such as 30s, not 1 s"),
        ("gke", "readOnlyPort", 8080, "takes 0 or 10255, not 8080"),
        ("gke", "shutdownGracePeriod", "45s", "takes 30 or 120, not 45"),
        ("gke", "shutdownGracePeriod", "30.5s", "takes whole seconds, not 30.5s"),
        ("gke", "crashLoopBackOff", {"maxContainerRestartPeriod": "6m"}, "must be at most 300s, not 6m"),
        ("gke", "crashLoopBackOff", "5m", "takes a map, not 5m"),
        ("gke", "evictionSoft", {"memory.available": "10%"}, "memory.available: takes a quantity such as 100Mi"),
        ("gke", "evictionSoft", {"containerfs.available": "10%"}, "containerfs.available: takes imagefs.available, "),
        ("gke", "evictionSoft", {"pid.available": "51%"}, "pid.available: must be at most 50%, not 51%"),
        ("gke", "evictionMinimumReclaim", {"pid.available": "0%"}, "must be above 0%, not 0%"),
        ("gke", "evictionMinimumReclaim", {"pid.available": "1Gi"}, "takes a percentage such as 10%, not 1Gi"),
    ],
)
def test_value_that_is_refused_with_a_reason(platform: KubeletPlatform, field: str, value: Any, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 the whole reason is compared below
        translate(setting(platform, field), value)
    assert reason in str(caught.value)


def test_all_problems_of_a_map_come_at_once() -> None:
    with pytest.raises(ValueError, match=r"^memory\.available: .*; pid\.available: ") as caught:
        translate(setting("gke", "evictionSoft"), {"pid.available": "9%", "memory.available": "1Mi"})
    assert str(caught.value).count("must be at least") == 2


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['platform']} {row['field']}")
def test_row_of_any_platform(row: dict[str, str]) -> None:
    assert row["platform"] in KUBELET_PLATFORMS
    assert row["field"] == "*" or kubelet_field(row["field"].partition("[")[0]) is not None
    assert row["source"]
    assert bool(row["setting"]) == bool(row["kind"]) == (row["support"] in {"flag", "pool", "yes"})
    assert row["setting"].startswith("pool:") == (row["support"] == "pool")
    assert row["kind"] in {*KINDS, ""}
    assert row["note"] or row["support"] not in {"no", "preview"}


def test_a_key_of_a_platform_has_one_row_and_no_two_share_a_name() -> None:
    keys = [(row["platform"], row["field"]) for row in ROWS]
    assert keys == sorted(set(keys))
    names = [(row["platform"], row["setting"]) for row in ROWS if row["setting"]]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("row", ALTERNATIVES, ids=lambda row: f"{row['platform']} {row['field']}")
def test_alternative_stands_for_a_key_that_is_not_taken(row: dict[str, str]) -> None:
    platform = next(name for name in KUBELET_PLATFORMS if name == row["platform"])
    assert kubelet_field(row["field"]) is not None
    assert kubelet_setting(platform, row["field"]) is None
    assert row["alternative"] in field_support(platform, row["field"]).alternatives
    assert row["source"]


@pytest.mark.parametrize("platform", KUBELET_PLATFORMS)
def test_key_that_is_no_field_is_refused_with_the_nearest(platform: KubeletPlatform) -> None:
    (problem,) = unsupported(platform, {"maxPod": 3})
    assert problem.path == "maxPod"
    assert "maxPods" in problem.fix


def test_three_platforms_take_the_whole_file() -> None:
    assert [name for name in KUBELET_PLATFORMS if takes_whole_file(name)] == ["karpenter", "kubeadm", "nodeadm"]


def test_a_preview_is_refused_as_one() -> None:
    (problem,) = unsupported("aks", {"kubeReserved": {"cpu": "1"}})
    assert "preview" in problem.problem
    assert problem.fix == field_support("aks", "kubeReserved").alternatives[0]


def test_the_table_is_what_its_script_makes() -> None:
    script = Path(__file__).resolve().parents[2] / "tools/make_kubelet_platforms.py"
    assert subprocess.run([sys.executable, script, "--check"], check=False).returncode == 0
