"""What the installed SDKs call an input on the wire, and of which type it is."""

import inspect
import re
from types import ModuleType


def wire_type(module: ModuleType, args: str, path: tuple[str, ...]) -> str | None:
    """Return the annotation of the input at a path of wire names below an Args class, or None where there is none."""
    arguments = getattr(module, args)
    properties = (getattr(arguments, name) for name in dir(arguments))
    getters = [item.fget for item in properties if isinstance(item, property)]
    found = next((getter for getter in getters if getter._pulumi_name == path[0]), None)
    if found is None:
        return None
    annotation = str(inspect.signature(found).return_annotation)
    if len(path) == 1:
        return annotation
    nested = re.search(r"ForwardRef\('(\w+Args)'\)", annotation)
    return wire_type(module, nested[1], path[1:]) if nested else None
