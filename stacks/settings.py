"""What a stack's configuration says, read in this one place."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

import pulumi

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.plan import Offering
from gpucloud.plan.stock import parse_offerings

Target = Literal["local", "cloud"]
_ENVIRONMENTS = Path(__file__).resolve().parent / "environments"


@dataclass(frozen=True, slots=True)
class Settings:
    """A stack: its name, what it may be run against, and where its environment is described."""

    stack: str
    target: Target
    environment: str
    unavailable: frozenset[Offering]
    pull_secret: pulumi.Output[str] | None


def read_settings() -> Settings:
    """The settings of the stack that runs.

    `gpucloud:target` is `local` or `cloud`; there is no default, since the wrong one costs money or builds nothing.
    `gpucloud:environment` is a file or a module:callable; left out, it is `stacks/environments/<stack>.yaml`.
    `gpucloud:unavailable` lists offerings that are out of stock (`p5.48xlarge/us-east-1a/spot`): nodes start elsewhere.
    `gpucloud:pullSecret`, set with `--secret`, is the Docker configuration behind the documents' `pull_secret`.
    Raises InvalidInputError.
    """
    config, stack = pulumi.Config("gpucloud"), pulumi.get_stack()
    target = config.get("target")
    if target not in {"local", "cloud"}:
        problem = f"is {target!r}" if target else "is not set, so nothing says what the stack may be run against"
        fix = f"pulumi config set gpucloud:target local --stack {stack} (or cloud, for a real account)"
        raise InvalidInputError([Problem("gpucloud:target", problem, fix)])
    environment = config.get("environment") or str(_ENVIRONMENTS / f"{stack}.yaml")
    unavailable = parse_offerings(config.get_object("unavailable") or [], "gpucloud:unavailable")
    return Settings(stack, cast("Target", target), environment, unavailable, config.get_secret("pullSecret"))
