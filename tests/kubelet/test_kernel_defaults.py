"""A kubelet that protects kernel defaults ends where the node sets them otherwise."""

import pytest

from gpucloud.kubelet.kernel_defaults import KERNEL_DEFAULTS, other_kernel_defaults


@pytest.mark.parametrize("name", KERNEL_DEFAULTS)
def test_another_value_ends_the_kubelet(name: str):
    (problem,) = other_kernel_defaults({name: "7"}, protect=True)

    assert problem.path == f"sysctls.{name}"
    assert f"set {KERNEL_DEFAULTS[name]}," in problem.fix


def test_the_wanted_values_are_no_problem():
    sysctls = {**{name: str(value) for name, value in KERNEL_DEFAULTS.items()}, "net.core.somaxconn": "4096"}

    assert list(other_kernel_defaults(sysctls, protect=True)) == []


def test_without_protection_the_kubelet_writes_them_itself():
    assert list(other_kernel_defaults({"kernel.panic": 0}, protect=False)) == []
