"""What Azure refuses of a cache rule.

Sources: azure-management-docs 0161e50 artifact-cache-overview.md (the sources that there are) and 053e392
wildcards-artifact-cache.md (rules that overlap); hashicorp/terraform-provider-azurerm#27983 for the text on Docker Hub.
"""

from collections.abc import Iterator

from gpucloud.facts.registry_upstreams import registry_upstreams
from gpucloud.sim.azure_native import tokens
from gpucloud.sim.azure_native.registry import registry_key
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

_ANY = "*"


def refuse_unsupported_source(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a registry that is no source of caches, and Docker Hub without credentials."""
    source = inputs.get("sourceRepository")
    if not isinstance(source, str):
        return
    known = {row.upstream: row for row in registry_upstreams("azure")}
    host = source.partition("/")[0]
    if host not in known:
        text = f"{host} is no source of cache rules; those that there are: {', '.join(sorted(known))}"
        yield Refusal("sourceRepository", "InvalidParameter", text)
    elif known[host].credentials == "required" and inputs.get("credentialSetResourceId") is None:
        yield Refusal(
            "credentialSetResourceId",
            "EnforceDockerAuthentication",
            "Cannot create cache rule pointing to Docker Hub without credentials. Please add a credential set to cache "
            "rule. Learn more: https://aka.ms/acr/cache-auth",
        )


def refuse_overlapping_target(draft: Draft) -> None:
    """Refuse a wildcard whose target lies in another's, or around it, and a fixed target twice."""
    target = str(draft.inputs.get("targetRepository", ""))
    rules = draft.store.find("type = ? AND parent = ?", tokens.CACHE_RULE, registry_key(draft.inputs))
    for row in rules:
        other = str(row.inputs.get("targetRepository", ""))
        if row.urn != draft.urn and _overlap(target, other):
            raise CloudError("InvalidParameter", f"There is a cache rule for the target repository {other} already.")


def _overlap(one: str, other: str) -> bool:
    if not (one.endswith(_ANY) and other.endswith(_ANY)):
        return one == other
    shorter, longer = sorted((one.removesuffix(_ANY), other.removesuffix(_ANY)), key=len)
    return longer.startswith(shorter)
