"""Names for what the program left unnamed, as the bridged providers give them: `<logical name>-<7 hexadecimal digits>`.

The digits follow from the URN and from how many resources of it the engine has acknowledged, not from chance: a create
that is tried again asks for the same name, a replacement for another.
"""

import hashlib

from gpucloud.sim.model import Autoname
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs

_DEFAULTS = "__defaults"
_DIGITS = 7


def fill_name(rule: Autoname, store: Store, urn: str, olds: Inputs, news: Inputs) -> Inputs:
    """Return the inputs with a name: the program's own, the one that it was given before, or a new one."""
    name = rule.property
    if news.get(name) is not None or news.get(f"{name}Prefix") is not None:
        return news
    if name in olds.get(_DEFAULTS, ()) and olds.get(name) is not None:
        return {**news, name: olds[name], _DEFAULTS: [name]}
    logical = urn.rpartition("::")[2]
    digits = hashlib.sha256(f"name|{urn}|{store.generation(urn)}".encode()).hexdigest()[:_DIGITS]
    room = rule.max_length - len(rule.prefix) - _DIGITS - 1
    filled = f"{rule.prefix}{logical[:room]}-{digits}"
    return {**news, name: filled.lower() if rule.lower else filled, _DEFAULTS: [name]}


def is_autonamed(rule: Autoname, inputs: Inputs) -> bool:
    """Return whether the name is one of ours, so that a replacement may stand beside the old resource."""
    return rule.property in inputs.get(_DEFAULTS, ()) or inputs.get(f"{rule.property}Prefix") is not None
