"""What ECR refuses of a pull-through cache rule, and IAM of a role's own policy.

Sources: ECR service model (botocore 1.44.5, CreatePullThroughCacheRule: upstreamRegistryUrl and the error shapes);
aws-controllers-k8s/community#2589 and pulumi/pulumi-aws#5714 for two of its texts; IAM service model, PutRolePolicy.
"""

import json
import re
from collections.abc import Iterator

from gpucloud.facts.registry_upstreams import RegistryUpstream, registry_upstreams
from gpucloud.sim.errors import CloudError, Refusal
from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs, Unknown

_UNSUPPORTED = "UnsupportedUpstreamRegistryException"
_PREFIX = r"(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*/?|ROOT"
_CREDENTIALS = ("credentialArn", "customRoleArn")


def refuse_bad_prefix(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse what the provider takes for no prefix: two separators in a row, which the API would take (0509e60)."""
    for name in ("ecrRepositoryPrefix", "upstreamRepositoryPrefix"):
        prefix = inputs.get(name)
        if isinstance(prefix, str) and not re.fullmatch(_PREFIX, prefix):
            text = "must be 'ROOT' or only include alphanumeric, underscore, period, hyphen, or slash characters"
            yield Refusal(name, "", text)


def refuse_unsupported_upstream(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a registry that ECR takes no rule for, and one that asks for credentials without any."""
    url = inputs.get("upstreamRegistryUrl")
    if not isinstance(url, str) or ".dkr.ecr." in url:
        return
    found = _upstream(url)
    if found is None:
        yield Refusal("upstreamRegistryUrl", _UNSUPPORTED, f"The specified upstream registry isn't supported: {url}")
    elif found.credentials == "required" and inputs.get("credentialArn") is None:
        text = "The specified upstream registry requires authentication. Specify a valid Secrets Manager ARN"
        yield Refusal("credentialArn", _UNSUPPORTED, text)


def _upstream(url: str) -> RegistryUpstream | None:
    for row in registry_upstreams("aws"):
        ending = row.upstream.removeprefix("*")
        if url == row.upstream or (ending != row.upstream and url.endswith(ending)):
            return row
    return None


def refuse_credentials_taken_away(draft: Draft) -> None:
    """Refuse an update that leaves a rule without credentials: the call has nothing else to change."""
    if draft.previous is not None and not any(draft.inputs.get(name) for name in _CREDENTIALS):
        raise CloudError(
            "InvalidParameterException",
            "Invalid input: Please set either credential arn or role arn to update the credentials",
        )


def refuse_broken_policy(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a policy that is no JSON object (IAM: MalformedPolicyDocumentException)."""
    policy = inputs.get("policy")
    if policy is None or isinstance(policy, Unknown | dict):
        return
    try:
        found = json.loads(str(policy))
    except ValueError:
        found = None
    if not isinstance(found, dict):
        yield Refusal("policy", "MalformedPolicyDocument", "Syntax errors in policy.")
