"""Registry mirrors in a container registry of the cluster's own."""

from collections.abc import Sequence

import pulumi
from pulumi_azure_native import authorization, containerregistry

from gpucloud.azure.cache_registry import (
    ACR_PULL,
    KEY_VAULT_SECRETS_USER,
    cache_rule_args,
    credential_set_args,
    registry_args,
    secrets_of,
)
from gpucloud.azure.identity import role_args
from gpucloud.components.azure_resource import declare
from gpucloud.components.managed_account import named_account
from gpucloud.plan.mirror_model import ManagedMirrorPlan
from gpucloud.plan.model import ClusterPlan


class AzureRegistryMirrors(pulumi.ComponentResource):
    """The mirrors of a cluster that the stack makes: a container registry with a cache rule for each.

    Declares: the registry, the role by which the nodes pull from it, the cache rules; where a rule has credentials, a
    credential set and its role on both secrets, which lie in a Key Vault that gives access by Azure roles. What was
    pulled goes with the registry.

    Attributes:
        made: What must be there before an image is pulled by a mirror.
    """

    made: Sequence[pulumi.Resource]

    def __init__(
        self,
        name: str,
        plan: ClusterPlan,
        resource_group_name: pulumi.Input[str],
        kubelet_object_id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("gpucloud:index:AzureRegistryMirrors", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        mirrors = plan.managed_mirrors
        client = authorization.get_client_config_output(opts=pulumi.InvokeOutputOptions(parent=self))
        account = named_account(name, mirrors, client.subscription_id)
        group = pulumi.Output.all(resource_group_name, account).apply(lambda found: found[0])
        args = registry_args(mirrors, group, plan.region, dict(plan.tags))
        registry = declare(containerregistry.Registry, name, args, child)
        puller = role_args(registry.id, ACR_PULL, kubelet_object_id, "ServicePrincipal")
        made: list[pulumi.Resource] = [declare(authorization.RoleAssignment, f"{name}-pull", puller, child)]
        for mirror in mirrors:
            made += self._rule(f"{name}-{mirror.registry}", mirror, group, registry.name)
        self.made = made
        self.register_outputs({"endpoints": {mirror.registry: mirror.endpoint for mirror in mirrors}})

    def _rule(
        self, name: str, mirror: ManagedMirrorPlan, group: pulumi.Input[str], registry: pulumi.Input[str]
    ) -> list[pulumi.Resource]:
        child = pulumi.ResourceOptions(parent=self)
        if mirror.secret is None:
            return [declare(containerregistry.CacheRule, name, cache_rule_args(mirror, group, registry, None), child)]
        given = declare(containerregistry.CredentialSet, name, credential_set_args(mirror, group, registry), child)
        reader = given.identity.apply(_principal)
        readers = [
            declare(
                authorization.RoleAssignment,
                f"{name}-{secret.rpartition('/')[2]}",
                role_args(secret, KEY_VAULT_SECRETS_USER, reader, "ServicePrincipal"),
                child,
            )
            for secret in secrets_of(mirror)
        ]
        rule = declare(containerregistry.CacheRule, name, cache_rule_args(mirror, group, registry, given.id), child)
        return [*readers, rule]


def _principal(identity: containerregistry.outputs.IdentityPropertiesResponse | None) -> str:
    """What Azure computes for every credential set that has an identity."""
    if identity is None or not identity.principal_id:
        raise pulumi.RunError("Azure gave no identity.principalId of a credential set; refresh the stack and try again")
    return identity.principal_id
