"""What a preview declares, so that two programs can be held against each other."""

import json
import re
from collections import Counter
from typing import Any

# The engine ends a name of its own making with a dash and seven random digits, in every preview other ones.
_RANDOM = re.compile(r"-[0-9a-f]{7}$")
_NOT_COMPARED = ("gpucloud:", "pulumi:pulumi:Stack")


def read_record(preview: str) -> Counter[str]:
    """Type, logical name and inputs of every resource that `pulumi preview --json` would create, each as one text.

    Left out are components and the stack, which only group what is declared.
    """
    states = [step["newState"] for step in json.loads(preview)["steps"]]
    return Counter(_text(state) for state in states if not state["type"].startswith(_NOT_COMPARED))


def differences(ours: Counter[str], other: Counter[str]) -> list[str]:
    """What one record has and the other lacks, a line each; empty where they are equal."""
    only_ours = [f"only in ours: {text}" for text in sorted((ours - other).elements())]
    return only_ours + [f"only in the other: {text}" for text in sorted((other - ours).elements())]


def _text(state: dict[str, Any]) -> str:
    logical = state["urn"].rpartition("::")[2]
    inputs = dict(state.get("inputs") or {})
    for key, value in inputs.items():
        if isinstance(value, str) and _RANDOM.sub("", value) == logical != value:
            inputs[key] = f"{logical}-*"
    return f"{state['type']} {logical} {json.dumps(inputs, sort_keys=True)}"
