"""Ids and ARNs in Amazon's forms, made from a draft so that the same program gets the same ones.

Sources of the forms: ARNs, Service Authorization Reference, "Resource types defined by …" of each service; ids of
seventeen characters, EC2 service model (botocore 1.44.5, ModifyIdFormat), prefixes as in that model's examples; `a-` of
pod identity associations, Amazon EKS User Guide. The prefixes cr, pg, pl, sgr and vpce and the first digit, always 0,
were seen in no model: nothing may rest on them.
"""

from collections.abc import Callable
from uuid import UUID

from gpucloud.sim.model import Draft
from gpucloud.sim.values import Inputs

ACCOUNT = "123456789012"  # the account number that Amazon's own documentation uses for examples


def prefixed(prefix: str) -> Callable[[Draft], str]:
    """Return a maker of ids such as `vpc-0123456789abcdef0`."""

    def identify(draft: Draft) -> str:
        return f"{prefix}-0{draft.digits(16)}"

    return identify


def by_property(name: str) -> Callable[[Draft], str]:
    """Return a maker of ids that are one of the inputs."""

    def identify(draft: Draft) -> str:
        return find_name(draft, name)

    return identify


def joined(separator: str, *names: str) -> Callable[[Draft], str]:
    """Return a maker of ids that are several inputs in a row."""

    def identify(draft: Draft) -> str:
        return separator.join(str(draft.inputs.get(name, "")) for name in names)

    return identify


def parent_from(name: str) -> Callable[[Inputs], str]:
    """Return what finds, in a resource's inputs, the id of the one that it is part of: one of the inputs."""

    def parent_of(inputs: Inputs) -> str:
        return str(inputs.get(name, ""))

    return parent_of


def make_uuid(draft: Draft, salt: str) -> str:
    """Return the last part of the ARN of what belongs to an EKS cluster: a UUID that follows from the draft."""
    return str(UUID(draft.digits(32, salt)))


def find_name(draft: Draft, name: str = "name") -> str:
    """Return the name given, or the prefix given with digits behind it."""
    given = draft.inputs.get(name)
    if given is not None:
        return str(given)
    prefix = draft.inputs.get(f"{name}Prefix", "")
    if draft.previous is not None:
        return str(draft.previous.outputs.get(name, ""))
    return f"{prefix}{draft.digits(26, 'prefix')}"


def arn(draft: Draft, service: str, resource: str) -> str:
    """Return the ARN of a resource in the draft's region."""
    return f"arn:aws:{service}:{draft.scope}:{ACCOUNT}:{resource}"


def global_arn(service: str, resource: str) -> str:
    """Return the ARN of a resource that is in no region."""
    return f"arn:aws:{service}::{ACCOUNT}:{resource}"


def with_tags(draft: Draft, outputs: Inputs) -> Inputs:
    """Return the outputs with the provider's default tags under the resource's own."""
    default = draft.settings.get("defaultTags", {})
    tags = default.get("tags", {}) if isinstance(default, dict) else {}
    return {**outputs, "tagsAll": {**tags, **(draft.inputs.get("tags") or {})}}
