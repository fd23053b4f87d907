"""Names for what the program left unnamed, as its provider gives them.

Bridged providers: `<logical name>-<7 hexadecimal digits>` (form `hyphen`). azure-native: `<logical name><8 hexadecimal
digits>` (`suffix`), the logical name itself for what is inside another resource (`copy`), a UUID for role assignments
(`uuid`); source: pulumi-azure-native provider/pkg/resources/resources.go, AutoNamer, and provider.go, getDefaultName.

The digits follow from the URN and from how many resources of it the engine has acknowledged, not from chance: a create
that is tried again asks for the same name, a replacement for another.
"""

import hashlib
from typing import assert_never
from uuid import UUID

from gpucloud.sim.model import Autoname
from gpucloud.sim.store import Store
from gpucloud.sim.values import Inputs

_DEFAULTS = "__defaults"
_DIGITS = {"hyphen": 7, "suffix": 8, "copy": 0, "uuid": 32}


def fill_name(rule: Autoname, store: Store, urn: str, olds: Inputs, news: Inputs) -> Inputs:
    """Return the inputs with a name: the program's own, the one that it was given before, or a new one."""
    name = rule.property
    if news.get(name) is not None or news.get(f"{name}Prefix") is not None:
        return news
    if name in olds.get(_DEFAULTS, ()) and olds.get(name) is not None:
        return {**news, name: olds[name], _DEFAULTS: [name]}
    filled = _make_name(rule, store, urn)
    return {**news, name: filled.lower() if rule.lower else filled, _DEFAULTS: [name]}


def _make_name(rule: Autoname, store: Store, urn: str) -> str:
    logical = urn.rpartition("::")[2]
    count = _DIGITS[rule.form]
    digits = hashlib.sha256(f"name|{urn}|{store.generation(urn)}".encode()).hexdigest()[:count]
    match rule.form:
        case "copy":
            return logical
        case "uuid":
            return str(UUID(digits))
        case "suffix":
            return f"{logical}{digits}"
        case "hyphen":
            return f"{rule.prefix}{logical[: rule.max_length - len(rule.prefix) - count - 1]}-{digits}"
        case _:
            assert_never(rule.form)


def is_autonamed(rule: Autoname, inputs: Inputs) -> bool:
    """Return whether the name is one of ours, so that a replacement may stand beside the old resource."""
    if rule.form == "copy":
        return False
    return rule.property in inputs.get(_DEFAULTS, ()) or inputs.get(f"{rule.property}Prefix") is not None
