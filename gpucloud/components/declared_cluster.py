"""What every cloud's cluster gives to the environment that it is part of."""

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi


@dataclass(frozen=True, slots=True)
class DeclaredCluster:
    """A cluster with its pools, as declared: how to reach it, and what must be there before operators come.

    Attributes:
        kubeconfig: For clients that have the cloud's own login program; holds no secret.
        kubeconfig_command: The command by which a person gets the same.
        before_operators: System nodes and pools, so that a destroy takes operators first, while nodes still answer; and
            the mirrors that their images come from.
    """

    kubeconfig: pulumi.Output[str]
    kubeconfig_command: pulumi.Output[str]
    before_operators: Sequence[pulumi.Resource]
