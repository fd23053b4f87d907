"""Arguments of the container registry that caches other registries, and of what lets it read their credentials."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import containerregistry

from gpucloud.azure.tags import resource_tags
from gpucloud.plan.mirror_model import ManagedMirrorPlan

# Azure built-in roles (learn.microsoft.com/azure/role-based-access-control/built-in-roles).
ACR_PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
KEY_VAULT_SECRETS_USER = "4633458b-17de-408a-b874-0445c86b69e6"
_SCHEME = "https://"


def registry_args(
    mirrors: Sequence[ManagedMirrorPlan], group: pulumi.Input[str], region: str, tags: dict[str, str]
) -> containerregistry.RegistryArgs:
    """The registry of one cluster's mirrors, without an administrator's password.

    Standard: Basic's throughput is for development (azure-management-docs, container-registry-skus).
    """
    return containerregistry.RegistryArgs(
        registry_name=registry_name(mirrors),
        resource_group_name=group,
        location=region,
        sku=containerregistry.SkuArgs(name="Standard"),
        admin_user_enabled=False,
        tags=resource_tags(tags),
    )


def registry_name(mirrors: Sequence[ManagedMirrorPlan]) -> str:
    """The registry's name, which begins the host of every mirror in it."""
    return mirrors[0].endpoint.removeprefix(_SCHEME).partition(".")[0]


def cache_rule_args(
    mirror: ManagedMirrorPlan,
    group: pulumi.Input[str],
    registry: pulumi.Input[str],
    credential_set_id: pulumi.Input[str] | None,
) -> containerregistry.CacheRuleArgs:
    """The rule for all repositories of a registry, below the mirror's own name (azure-management-docs, wildcards)."""
    return containerregistry.CacheRuleArgs(
        cache_rule_name=f"cache-{mirror.name}",
        registry_name=registry,
        resource_group_name=group,
        source_repository=f"{mirror.upstream}/*",
        target_repository=f"{mirror.name}/*",
        credential_set_resource_id=credential_set_id,
    )


def credential_set_args(
    mirror: ManagedMirrorPlan, group: pulumi.Input[str], registry: pulumi.Input[str]
) -> containerregistry.CredentialSetArgs:
    """Where the registry reads name and password, as an identity of the set's own."""
    credential = containerregistry.AuthCredentialArgs(
        name="Credential1",
        username_secret_identifier=_address(str(mirror.username)),
        password_secret_identifier=_address(str(mirror.secret)),
    )
    return containerregistry.CredentialSetArgs(
        credential_set_name=f"credentials-{mirror.name}",
        registry_name=registry,
        resource_group_name=group,
        login_server=mirror.upstream,
        auth_credentials=[credential],
        identity=containerregistry.IdentityPropertiesArgs(type=containerregistry.ResourceIdentityType.SYSTEM_ASSIGNED),
    )


def secrets_of(mirror: ManagedMirrorPlan) -> tuple[str, ...]:
    """IDs of the secrets that a mirror reads, each once, sorted."""
    return tuple(sorted({secret for secret in (mirror.username, mirror.secret) if secret is not None}))


def _address(secret_id: str) -> str:
    """A secret's address in its vault, whatever version is the newest (azure-management-docs, artifact-cache-cli)."""
    *_, vault, _, name = secret_id.split("/")
    return f"{_SCHEME}{vault}.vault.azure.net/secrets/{name}"
