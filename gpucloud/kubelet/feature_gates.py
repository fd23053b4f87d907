"""Which feature gates hold in a kubelet: its minor's defaults, and what its configuration says."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

from gpucloud.facts.feature_gates import feature_gates

# They set every gate of a stage that is not set by its own name (component-base featuregate).
_GROUPS = {"AllAlpha": "alpha", "AllBeta": "beta"}


def effective_gates(written: Mapping[str, bool], minor: int) -> Mapping[str, bool]:
    """Every gate of a minor as the kubelet would have it; names that the minor does not know change nothing."""
    if not written:
        return _defaults(minor)
    gates = dict(_defaults(minor))
    for group, stage in _GROUPS.items():
        if group in written:
            gates |= {
                name: written[group]
                for name, gate in feature_gates(minor).items()
                if gate.stage == stage and not gate.locked
            }
    gates |= {name: value for name, value in written.items() if name in gates}
    return gates


def known_gates(minor: int) -> frozenset[str]:
    """The names that `featureGates` takes in a minor, the groups AllAlpha and AllBeta too."""
    return frozenset({*feature_gates(minor), *_GROUPS})


@lru_cache(maxsize=16)
def _defaults(minor: int) -> Mapping[str, bool]:
    return MappingProxyType({name: gate.default for name, gate in feature_gates(minor).items()})
