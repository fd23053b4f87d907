"""Whether a stack runs in the account that its managed mirrors' addresses hold."""

from collections.abc import Sequence

import pulumi

from gpucloud.plan.mirror_model import ManagedMirrorPlan


def named_account(name: str, mirrors: Sequence[ManagedMirrorPlan], found: pulumi.Input[str]) -> pulumi.Output[str]:
    """The account that the cloud says it is; images were named by it, so any other ends the program."""
    wanted = sorted({mirror.account for mirror in mirrors})

    def checked(account: str) -> str:
        if wanted != [account]:
            raise pulumi.RunError(
                f"{name}: images are named by mirrors in {', '.join(wanted)}, and this stack runs in {account}, where "
                "no node would find them; write that under the cluster's `account`, or use the other's credentials"
            )
        return account

    return pulumi.Output.from_input(found).apply(checked)
