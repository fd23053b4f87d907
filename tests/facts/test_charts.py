"""Chart pins and the value paths of the pinned versions."""

import pytest

from gpucloud.errors import UnknownNameError
from gpucloud.facts.charts import chart, chart_values, charts


@pytest.mark.parametrize("row", charts(), ids=lambda row: row.name)
def test_every_pin_has_checked_values(row) -> None:
    assert row.repository.startswith(("https://", "oci://"))
    assert row.source
    paths = chart_values(row.name, row.version)
    assert list(paths) == sorted(set(paths))


@pytest.mark.parametrize(
    "path",
    [
        "ccManager.enabled",
        "cdi.enabled",
        "daemonsets.tolerations",
        "dcgmExporter.enabled",
        "dcgmExporter.serviceMonitor.enabled",
        "devicePlugin.enabled",
        "driver.enabled",
        "driver.kernelModuleType",
        "gfd.enabled",
        "migManager.enabled",
        "nfd.enabled",
        "node-feature-discovery.worker.tolerations",
        "operator.runtimeClass",
        "toolkit.enabled",
        "validator.plugin.env",
    ],
)
def test_gpu_operator_has_the_path(path: str) -> None:
    assert path in chart_values("gpu-operator", "v26.7.0")


def test_the_path_that_became_a_no_op_is_not_there() -> None:
    assert "driver.useOpenKernelModules" not in chart_values("gpu-operator", "v26.7.0")


def test_efa_device_plugin_is_new_enough_for_efa_only_interfaces() -> None:
    pin = chart("aws-efa-k8s-device-plugin")
    assert tuple(int(part) for part in pin.version.removeprefix("v").split(".")) >= (0, 5, 10)
    assert "tolerations" in chart_values(pin.name, pin.version)


@pytest.mark.parametrize(
    "path",
    [
        "controllerManager.manager.tolerations",
        "controllerManager.nodeSelector",
        "crds.defaultCR.install",
        "crds.defaultCR.upgrade",
        "deviceConfig.spec.configManager.configManagerTolerations",
        "deviceConfig.spec.devicePlugin.devicePluginTolerations",
        "deviceConfig.spec.devicePlugin.enableDevicePlugin",
        "deviceConfig.spec.devicePlugin.nodeLabellerTolerations",
        "deviceConfig.spec.draDriver.enable",
        "deviceConfig.spec.driver.blacklist",
        "deviceConfig.spec.driver.enable",
        "deviceConfig.spec.driver.image",
        "deviceConfig.spec.driver.tolerations",
        "deviceConfig.spec.driver.version",
        "deviceConfig.spec.metricsExporter.tolerations",
        "deviceConfig.spec.selector",
        "installdefaultNFDRule",
        "kmm.controller.manager.tolerations",
        "kmm.enabled",
        "kmm.webhookServer.webhookServer.tolerations",
        "node-feature-discovery.enabled",
        "node-feature-discovery.worker.tolerations",
        "remediation.enabled",
    ],
)
def test_amd_gpu_operator_has_the_path(path: str) -> None:
    assert path in chart_values("gpu-operator-charts", chart("gpu-operator-charts").version)


@pytest.mark.parametrize("path", ["deviceConfig.spec.driver.enabled", "nfd.enabled", "driver.enabled"])
def test_amd_gpu_operator_lacks_what_the_nvidia_operator_calls_it(path: str) -> None:
    assert path not in chart_values("gpu-operator-charts", chart("gpu-operator-charts").version)


@pytest.mark.parametrize(
    "path", ["crds.enabled", "tolerations", "webhook.tolerations", "cainjector.tolerations", "nodeSelector"]
)
def test_cert_manager_has_the_path(path: str) -> None:
    assert path in chart_values("cert-manager", chart("cert-manager").version)


def test_unknown_charts_and_versions_are_refused() -> None:
    with pytest.raises(UnknownNameError) as caught:
        chart("gpu-operater")
    assert caught.value.nearest[0] == "gpu-operator"
    with pytest.raises(UnknownNameError, match=r"v26\.7\.0"):
        chart_values("gpu-operator", "v1")
