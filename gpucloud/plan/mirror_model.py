"""What a plan says of registry mirrors."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MirrorPlan:
    """Where nodes pull a registry's images from before they ask the registry itself."""

    registry: str
    endpoint: str
