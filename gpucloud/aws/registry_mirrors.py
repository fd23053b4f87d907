"""Registry mirrors in the user data of a pool's nodes."""

from collections.abc import Sequence

from gpucloud.plan.hosts_toml import CERTS_D, hosts_toml
from gpucloud.plan.mirror_model import MirrorPlan

_END = "GPUCLOUD_FILE"


def mirrors_script(mirrors: Sequence[MirrorPlan]) -> str:
    """A POSIX script that writes a `hosts.toml` for each; containerd reads it at every pull, without a restart.

    `GPUCLOUD_ROOT` is where the root folder is, for trying it out.
    """
    parts = ["#!/bin/sh\nset -eu\nroot=${GPUCLOUD_ROOT:-}\n"]
    for mirror in mirrors:
        folder = f"{CERTS_D}/{mirror.registry}"
        text = hosts_toml(mirror)
        parts.append(f'mkdir -p "$root{folder}"\ncat > "$root{folder}/hosts.toml" <<\'{_END}\'\n{text}{_END}\n')
    return "".join(parts)


def mirror_settings(mirrors: Sequence[MirrorPlan]) -> list[str]:
    """Lines of Bottlerocket's settings (bottlerocket-project-website 6102096, settings/container-registry)."""
    lines: list[str] = []
    for mirror in mirrors:
        lines += [
            "",
            "[[settings.container-registry.mirrors]]",
            f'registry = "{mirror.registry}"',
            f'endpoint = ["{mirror.endpoint}"]',
        ]
    return lines
