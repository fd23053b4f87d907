"""Kernel parameters: those that pods may set, and those that the kubelet insists on."""

import re
from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.kubelet.configuration import Configuration
from gpucloud.kubelet.rule import Rule, rule
from gpucloud.kubelet.rules.consequences import NO_START

_ALLOWLIST = "k8s.io/kubernetes v1.36.3 pkg/kubelet/sysctl/allowlist.go, pkg/apis/policy/validation/validation.go"
_NAMESPACES = "k8s.io/component-helpers v0.36.3 node/util/sysctl/namespace.go"
_SEGMENT = r"[a-z0-9](?:[-_a-z0-9]*[a-z0-9])?"
_PATTERN = re.compile(rf"(?:{_SEGMENT}[./])*(?:[a-z0-9][-_a-z0-9]*)?[a-z0-9*]")
_LONGEST = 253
_NAMES = frozenset(
    f"kernel.{name}"
    for name in ("sem", "shmall", "shmmax", "shmmni", "shm_rmid_forced", "shm", "msgmax", "msgmnb", "msgmni", "msg")
)
_PREFIXES = ("net.", "fs.mqueue.")


@rule("kubelet", ("allowedUnsafeSysctls",), _ALLOWLIST)
def allowed_sysctls_are_patterns(configuration: Configuration) -> Iterator[Problem]:
    """An entry is the name of a sysctl, or the beginning of names and a last `*`."""
    for index, pattern in enumerate(configuration.written.get("allowedUnsafeSysctls") or ()):
        if not _is_pattern(pattern):
            yield Problem(
                f"allowedUnsafeSysctls[{index}]", f"{pattern!r} is no sysctl, {NO_START}", "write such as net.core.*"
            )


@rule("kubelet", ("allowedUnsafeSysctls",), _NAMESPACES)
def allowed_sysctls_are_of_a_namespace(configuration: Configuration) -> Iterator[Problem]:
    """Only sysctls of a pod's own namespaces can be allowed, such as net.*, kernel.shm* and fs.mqueue.*."""
    for index, pattern in enumerate(configuration.written.get("allowedUnsafeSysctls") or ()):
        if _is_pattern(pattern) and not _is_namespaced(pattern):
            yield Problem(
                f"allowedUnsafeSysctls[{index}]",
                f"{pattern!r} is of the whole node, {NO_START}",
                "leave it out; set it on the node itself",
            )


def _is_pattern(text: str) -> bool:
    return len(text.encode(errors="surrogatepass")) <= _LONGEST and _PATTERN.fullmatch(text) is not None


def _is_namespaced(pattern: str) -> bool:
    name = pattern
    first = next((character for character in pattern if character in "./"), "")
    if first == "/":
        name = pattern.translate({ord("/"): ".", ord("."): "/"})
    name = name.partition("*")[0]
    return name in _NAMES or name.startswith(_PREFIXES)


RULES: tuple[Rule, ...] = (allowed_sysctls_are_patterns, allowed_sysctls_are_of_a_namespace)
