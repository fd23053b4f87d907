"""What a resource's properties will be, as far as a preview can know."""

from gpucloud.sim.model import ResourceType
from gpucloud.sim.schema import ResourceSchema
from gpucloud.sim.values import UNKNOWN, Inputs


def preview_create(kind: ResourceType, schema: ResourceSchema | None, inputs: Inputs) -> Inputs:
    """Return inputs and constant defaults; what the cloud will compute is unknown."""
    computed = [name for name, optional in schema.outputs.items() if not optional] if schema is not None else []
    outputs = {**dict.fromkeys(computed, UNKNOWN), **kind.defaults, **inputs}
    for name, members in kind.computed_members.items():
        given = inputs.get(name, {})
        if isinstance(given, dict):
            outputs[name] = {**dict.fromkeys(members, UNKNOWN), **given}
    return {**outputs, **dict.fromkeys(_reshaped(kind, inputs), UNKNOWN)}


def _reshaped(kind: ResourceType, inputs: Inputs) -> list[str]:
    """Return the inputs in whose place the cloud puts something else; plain values only look otherwise."""
    return sorted(name for name in kind.overriding if isinstance(inputs.get(name), dict | list))


def preview_update(
    kind: ResourceType, schema: ResourceSchema | None, inputs: Inputs, old_inputs: Inputs, old_outputs: Inputs
) -> Inputs:
    """Return the old properties with the new inputs over them; computed outputs that a change may move are unknown."""
    kept = {key: value for key, value in old_outputs.items() if key not in old_inputs or key in inputs}
    dropped = {key for key in old_inputs if key not in inputs}
    computed = {name: UNKNOWN for name in dropped if schema is not None and schema.outputs.get(name) is False}
    outputs = {**kind.defaults, **kept, **computed, **dict.fromkeys(kind.volatile, UNKNOWN), **inputs}
    for name in kind.computed_members:
        before, given = old_outputs.get(name), inputs.get(name, {})
        if isinstance(before, dict) and isinstance(given, dict):
            outputs[name] = {**{key: before[key] for key in kind.computed_members[name] if key in before}, **given}
    for name in _reshaped(kind, inputs):
        outputs[name] = old_outputs.get(name) if inputs[name] == old_inputs.get(name) else UNKNOWN
    return outputs
