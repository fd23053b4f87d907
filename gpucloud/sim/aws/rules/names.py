"""Names that must be free. Codes: EC2 API reference, "Error codes"; the service models' error shapes."""

from collections.abc import Callable

from gpucloud.sim.errors import CloudError
from gpucloud.sim.model import Draft

_TAKEN: dict[str, tuple[str, str]] = {
    "aws:cloudwatch/logGroup:LogGroup": (
        "ResourceAlreadyExistsException",
        "The specified log group already exists: {}",
    ),
    "aws:ec2/launchTemplate:LaunchTemplate": (
        "InvalidLaunchTemplateName.AlreadyExistsException",
        "Launch template name already in use: {}",
    ),
    "aws:ec2/placementGroup:PlacementGroup": (
        "InvalidPlacementGroup.Duplicate",
        "The Placement Group '{}' already exists.",
    ),
    "aws:ec2/securityGroup:SecurityGroup": (
        "InvalidGroup.Duplicate",
        "The security group '{}' already exists for this VPC",
    ),
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule": (
        "PullThroughCacheRuleAlreadyExistsException",
        "A pull through cache rule already exists for the repository prefix: {}",
    ),
    "aws:eks/accessEntry:AccessEntry": (
        "ResourceInUseException",
        "The specified access entry resource is already in use on this cluster: {}",
    ),
    "aws:eks/addon:Addon": ("ResourceInUseException", "Addon already exists: {}"),
    "aws:eks/cluster:Cluster": ("ResourceInUseException", "Cluster already exists with name: {}"),
    "aws:eks/nodeGroup:NodeGroup": ("ResourceInUseException", "NodeGroup already exists with name {}"),
    "aws:eks/podIdentityAssociation:PodIdentityAssociation": (
        "ResourceInUseException",
        "Association already exists: {}",
    ),
    "aws:iam/instanceProfile:InstanceProfile": ("EntityAlreadyExists", "Instance Profile {} already exists."),
    "aws:iam/role:Role": ("EntityAlreadyExists", "Role with name {} already exists."),
    "aws:kms/alias:Alias": ("AlreadyExistsException", "An alias with the name {} already exists"),
}


def free_name_of(token: str, identify: Callable[[Draft], str]) -> tuple[Callable[[Draft], None], ...]:
    """Return the rule that a new resource's name is free, or nothing for a type that needs no name."""
    if token not in _TAKEN:
        return ()
    code, text = _TAKEN[token]

    def check(draft: Draft) -> None:
        if draft.previous is not None:
            return
        store = draft.store
        name = str(draft.inputs.get("name", ""))
        if token == "aws:ec2/securityGroup:SecurityGroup":  # noqa: S105 - a type token
            vpc = str(draft.inputs.get("vpcId", ""))
            found = store.find("type = ? AND scope = ? AND name = ? AND parent = ?", token, draft.scope, name, vpc)
        elif token == "aws:ec2/launchTemplate:LaunchTemplate":  # noqa: S105 - a type token
            found = store.find("type = ? AND scope = ? AND name = ?", token, draft.scope, name) if name else []
        elif token == "aws:eks/podIdentityAssociation:PodIdentityAssociation":  # noqa: S105 - a type token
            name = "/".join(str(draft.inputs.get(part)) for part in ("clusterName", "namespace", "serviceAccount"))
            found = store.find("type = ? AND scope = ? AND name = ?", token, draft.scope, name)
        else:
            name = identify(draft)
            row = store.find_one(token, draft.scope, name)
            found = [row] if row is not None else []
        if found:
            raise CloudError(code, text.format(name))

    return (check,)
