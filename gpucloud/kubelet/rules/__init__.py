"""Every rule about kubelet configurations, one small function each, in modules by what they are about."""

from gpucloud.kubelet.rule import Rule
from gpucloud.kubelet.rules import images

RULES: tuple[Rule, ...] = (*images.RULES,)

ALWAYS: tuple[Rule, ...] = ()
"""Rules that a machine breaks with nothing written at all; all others are asked only where a field of theirs is."""
