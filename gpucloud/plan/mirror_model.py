"""What a plan says of registry mirrors."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MirrorPlan:
    """Where nodes pull a registry's images from before they ask the registry itself."""

    registry: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class ManagedMirrorPlan:
    """A mirror that the stack makes on the cluster's cloud.

    Attributes:
        registry: The host that image names began with.
        upstream: What the cloud calls that registry, as the source of its cache.
        name: Of the mirror in the cloud: the prefix of an ECR rule, the ID of a repository of Artifact Registry, where
            repositories begin in the cluster's container registry of Azure.
        account: In whose registry it is: an AWS account, a subscription, a project of Google Cloud.
        endpoint: `https://` and what image names begin with instead.
        secret: Where the cloud keeps what the source is asked with; None where it is open.
        username: The user's name, where the cloud does not keep it in that secret; on Azure where it keeps it.
    """

    registry: str
    upstream: str
    name: str
    account: str
    endpoint: str
    secret: str | None
    username: str | None
