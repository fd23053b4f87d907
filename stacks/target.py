"""A stack meets only what it is made for: the local cloud, or a real one."""

from collections.abc import Mapping

from settings import Settings

from gpucloud.errors import TargetMismatchError

# Set by `gpucloud sim run` and `gpucloud sim env`, beside the variable by which the engine attaches the local cloud.
LOCAL_CLOUD, ATTACHED = "GPUCLOUD_SIM", "PULUMI_DEBUG_PROVIDERS"
PACKAGES = frozenset({"aws", "azure-native", "gcp", "kubernetes"})
"""The packages that an environment may need; all of them are attached together or not at all."""


def check_target(settings: Settings, environment: Mapping[str, str]) -> None:
    """Raise TargetMismatchError where the stack's target is not what would answer its provider calls.

    The engine sends a package to the local cloud if and only if it is attached by a variable; both variables are looked
    at, so that one set by hand does not pass for the other. One package that goes elsewhere is one too many.
    """
    packages = {entry.partition(":")[0] for entry in environment.get(ATTACHED, "").split(",")} & PACKAGES
    is_local = bool(environment.get(LOCAL_CLOUD)) and packages == PACKAGES
    attached = bool(packages)
    if settings.target == "local" and not is_local:
        raise TargetMismatchError(
            f"stack {settings.stack} is for the local cloud, and a real account would answer; "
            f"run it as `gpucloud sim run -- pulumi up --stack {settings.stack}`"
        )
    if settings.target == "cloud" and (attached or environment.get(LOCAL_CLOUD)):
        raise TargetMismatchError(
            f"stack {settings.stack} is for a real account, and the local cloud would answer; "
            f"run it in a shell without {LOCAL_CLOUD} and {ATTACHED}"
        )
