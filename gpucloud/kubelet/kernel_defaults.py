"""The kernel parameters that a kubelet with protectKernelDefaults wants to find, or else ends.

Source: k8s.io/kubernetes v1.36.3 pkg/kubelet/cm/container_manager_linux.go (setupKernelTunables) and
k8s.io/component-helpers v0.36.3 node/util/sysctl/sysctl.go.
"""

from collections.abc import Iterator, Mapping

from gpucloud.errors import Problem

KERNEL_DEFAULTS: Mapping[str, int] = {
    "kernel.keys.root_maxbytes": 25_000_000,
    "kernel.keys.root_maxkeys": 1_000_000,
    "kernel.panic": 10,
    "kernel.panic_on_oops": 1,
    "vm.overcommit_memory": 1,
    "vm.panic_on_oom": 0,
}


def other_kernel_defaults(sysctls: Mapping[str, str | int], *, protect: bool) -> Iterator[Problem]:
    """What a node's own sysctls take from the kubelet: each would end a kubelet with `protectKernelDefaults: true`.

    Args:
        sysctls: What the node sets, by names with dots; parameters that are not set are taken to be as wanted.
        protect: The configuration's protectKernelDefaults. Without it the kubelet writes the values itself.
    """
    if not protect:
        return
    for name, wanted in KERNEL_DEFAULTS.items():
        if name in sysctls and str(sysctls[name]).strip() != str(wanted):
            yield Problem(
                f"sysctls.{name}",
                f"{sysctls[name]} while protectKernelDefaults wants {wanted}, the kubelet would not start",
                f"set {wanted}, or protectKernelDefaults: false",
            )
