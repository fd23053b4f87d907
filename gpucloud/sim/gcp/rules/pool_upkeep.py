"""Upgrades and repair of a pool, and its version, as the cluster's release channel and version allow.

Sources: kaiwaehner/hivemq-mqtt-tensorflow-kafka issue 47 for the text on release channels; GKE, "Flex-start": its pools
are not repaired; GKE version skew: nodes are at most two minor versions older than the control plane, never newer.
"""

from gpucloud.sim.errors import CloudError
from gpucloud.sim.gcp.machines import version_key
from gpucloud.sim.gcp.node_pools import find_cluster
from gpucloud.sim.gcp.rules.reading import at, number, text
from gpucloud.sim.model import Draft

_BAD = "badRequest"
_MOST_MINORS = 2
_PODS = (8, 256)  # GKE, "Configure maximum Pods per node"


def refuse_no_upkeep_in_channel(draft: Draft) -> None:
    """Refuse auto-upgrade that is off, and auto-repair that is off but for flex-start, in a release channel."""
    cluster = find_cluster(draft)
    channel = str((cluster.outputs.get("releaseChannel") or {}).get("channel", "")) if cluster else ""
    if channel in {"", "UNSPECIFIED"}:
        return
    no_repair = at(draft.inputs, "management.autoRepair") is False
    no_repair = no_repair and at(draft.inputs, "nodeConfig.flexStart") is not True
    if no_repair or at(draft.inputs, "management.autoUpgrade") is False:
        raise CloudError(_BAD, f"Auto_upgrade and auto_repair cannot be false when release_channel {channel} is set.")


def refuse_version_skew(draft: Draft) -> None:
    """Refuse nodes that are newer than the control plane, or too old for it."""
    version, cluster = text(draft.inputs, "version"), find_cluster(draft)
    if not version or cluster is None:
        return
    master, own = version_key(str(cluster.outputs["masterVersion"])), version_key(version)
    if own > master:
        raise CloudError(_BAD, f'Node version "{version}" must not be greater than the control plane version.')
    if own[:1] != master[:1] or master[1] - own[1] > _MOST_MINORS:
        raise CloudError(_BAD, f'Node version "{version}" is unsupported: too old for the control plane.')


def refuse_bad_pods_per_node(draft: Draft) -> None:
    """Refuse fewer than 8 or more than 256 Pods per node."""
    most = number(draft.inputs, "maxPodsPerNode")
    if most is not None and not _PODS[0] <= most <= _PODS[1]:
        raise CloudError(_BAD, f"Max pods per node {most} must be between {_PODS[0]} and {_PODS[1]}.")


ACCOUNT_RULES = (refuse_no_upkeep_in_channel, refuse_version_skew, refuse_bad_pods_per_node)
