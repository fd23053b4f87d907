"""What the GPU Operator is told beside the owners of its parts."""

from typing import Any

from tests.plan.pools import plan_of, pool

BY_VARIABLE = {"name": "ACCEPT_NVIDIA_VISIBLE_DEVICES_ENVVAR_WHEN_UNPRIVILEGED", "value": "false"}


def _values(**changes: Any) -> Any:
    releases = plan_of(pool(**changes)).clusters[0].releases
    return next(release.values for release in releases if release.name == "gpu-operator")


def test_the_exporter_has_memory_for_eight_gpus() -> None:
    assert _values()["dcgmExporter"]["resources"]["limits"] == {"memory": "1Gi"}


def test_a_toolkit_of_ours_gives_no_gpus_to_who_only_names_them() -> None:
    own = {"image": {"family": "custom", "id": "ami-0123456789abcdef0"}, "driver_owner": "operator"}
    assert _values(**own)["toolkit"] == {"enabled": True, "env": [BY_VARIABLE]}


def test_a_toolkit_of_the_cloud_is_left_alone() -> None:
    assert _values()["toolkit"] == {"enabled": False}
