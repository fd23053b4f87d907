"""containerd's files that say where a registry's images are pulled from (containerd 4fa8ce9, docs/hosts.md)."""

from gpucloud.plan.mirror_model import MirrorPlan

CERTS_D = "/etc/containerd/certs.d"
"""Folder of the registries' folders, as nodeadm's containerd has it (awslabs/amazon-eks-ami 81fec2e8, nodeadm
internal/containerd/config.template.toml)."""
_SCHEME = "https://"
# Docker Hub's images are called docker.io, its API is elsewhere.
_SERVERS = {"docker.io": "registry-1.docker.io"}


def registry_server(registry: str) -> str:
    """The host that has a registry's API."""
    return _SERVERS.get(registry, registry)


def mirror_host(mirror: MirrorPlan) -> tuple[str, bool]:
    """A mirror's host as containerd names it, and whether a path belongs to it.

    With a prefix the API's root `/v2` stands before the prefix, which containerd only knows by `override_path`.
    """
    host, slash, prefix = mirror.endpoint.removeprefix(_SCHEME).partition("/")
    return (f"{_SCHEME}{host}/v2/{prefix}", True) if slash else (mirror.endpoint, False)


def hosts_toml(mirror: MirrorPlan) -> str:
    """The text of a registry's `hosts.toml`: the mirror first, the registry itself where it does not answer."""
    host, has_path = mirror_host(mirror)
    return "\n".join(
        (
            f'server = "{_SCHEME}{registry_server(mirror.registry)}"',
            "",
            f'[host."{host}"]',
            '  capabilities = ["pull", "resolve"]',
            *(["  override_path = true"] if has_path else []),
            "",
        )
    )
