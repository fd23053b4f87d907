"""Node groups by their inputs alone.

Sources: EKS service model; Amazon EKS User Guide, "Managed node groups" and
"Launch templates"; terraform-provider-aws internal/service/eks/node_group.go.
"""

from collections.abc import Iterator

from gpucloud.sim.aws.machines import find_machine
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Unknown

_CODE = "InvalidParameterException"
_MOST_TAINTS = 50
_MOST_TYPES = 20
_MOST_NAME = 63


def refuse_bad_scaling(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse sizes that are not minimum <= desired <= maximum."""
    scaling = inputs.get("scalingConfig")
    if not isinstance(scaling, dict):
        return
    low, wanted, high = (scaling.get(name) for name in ("minSize", "desiredSize", "maxSize"))
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield Refusal(
            "scalingConfig.minSize", _CODE, f"Minimum capacity {low} can't be greater than maximum size {high}"
        )
        return
    if isinstance(low, int) and isinstance(wanted, int) and wanted < low:
        yield Refusal(
            "scalingConfig.desiredSize", _CODE, f"Minimum capacity {low} can't be greater than desired size {wanted}"
        )
    if isinstance(high, int) and isinstance(wanted, int) and wanted > high:
        yield Refusal(
            "scalingConfig.desiredSize", _CODE, f"desired capacity {wanted} can't be greater than max size {high}"
        )


def refuse_too_many_taints(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse more than 50 taints, and one taint twice."""
    taints = inputs.get("taints")
    if not isinstance(taints, list):
        return
    if len(taints) > _MOST_TAINTS:
        yield Refusal("taints", _CODE, f"{len(taints)} taints, at most {_MOST_TAINTS}")
    seen = set()
    for index, taint in enumerate(taints):
        key = (taint.get("key"), taint.get("effect")) if isinstance(taint, dict) else None
        if key is not None and not any(isinstance(part, Unknown) for part in key) and key in seen:
            yield Refusal(f"taints[{index}]", _CODE, f"Duplicate taint key {key[0]} with effect {key[1]}")
        seen.add(key)


def refuse_long_name(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a name of more than 63 characters, or one that does not begin with a letter or digit (CreateNodegroup)."""
    name = inputs.get("nodeGroupName")
    if not isinstance(name, str):
        return
    if len(name) > _MOST_NAME:
        yield Refusal("nodeGroupName", _CODE, f"{name!r} has {len(name)} characters, at most {_MOST_NAME}")
    if not name[:1].isalnum() or not all(letter.isalnum() or letter in "-_" for letter in name):
        yield Refusal(
            "nodeGroupName", _CODE, f"{name!r}: letters, digits, hyphens and underscores, a letter or digit first"
        )


def refuse_reserved_labels(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse labels under `eks.amazonaws.com/`, which EKS keeps for itself (EKS User Guide, create a node group)."""
    labels = inputs.get("labels")
    for key in labels if isinstance(labels, dict) else ():
        if key.startswith("eks.amazonaws.com/"):
            yield Refusal(f"labels.{key}", _CODE, "Label cannot contain reserved prefixes [eks.amazonaws.com/]")


def refuse_unknown_types(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse machine types that no source lists, and more than 20 of them."""
    types = inputs.get("instanceTypes")
    if not isinstance(types, list):
        return
    if len(types) > _MOST_TYPES:
        yield Refusal("instanceTypes", _CODE, f"{len(types)} instance types, at most {_MOST_TYPES}")
    for index, name in enumerate(types):
        if isinstance(name, str) and find_machine(name) is None:
            where = f"instanceTypes[{index}]"
            yield Refusal(where, _CODE, f"The following supplied instance types do not exist: [{name}]")


def refuse_wrong_architecture(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an AMI type of another processor architecture than the machine types'."""
    ami, types = inputs.get("amiType"), inputs.get("instanceTypes")
    if not isinstance(ami, str) or ami == "CUSTOM" or not isinstance(types, list):
        return
    wanted = "arm64" if "ARM_64" in ami else "x86_64"
    for index, name in enumerate(types):
        machine = find_machine(name) if isinstance(name, str) else None
        if machine is not None and machine.architecture != wanted:
            yield Refusal(
                f"instanceTypes[{index}]", _CODE, f"[{name}] is not a valid instance type for requested amiType {ami}"
            )


def refuse_settings_beside_template(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse disk size and remote access next to a launch template, and a template by id and name at once."""
    template = inputs.get("launchTemplate")
    if template is None:
        return
    if inputs.get("diskSize") is not None:
        yield Refusal("diskSize", _CODE, "Disk size must be specified within the launch template.")
    if inputs.get("remoteAccess") is not None:
        yield Refusal("remoteAccess", _CODE, "Remote access configuration cannot be specified with a launch template.")
    if isinstance(template, dict) and (template.get("id") is None) == (template.get("name") is None):
        yield Refusal(
            "launchTemplate", _CODE, "Either provide launch template ID or launch template name in the request."
        )


def refuse_two_update_limits(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse an update configuration that has not exactly one of a number and a percentage."""
    config = inputs.get("updateConfig")
    if not isinstance(config, dict) or config.get("updateStrategy") is not None:
        return
    if (config.get("maxUnavailable") is None) == (config.get("maxUnavailablePercentage") is None):
        yield Refusal("updateConfig", _CODE, "exactly one of maxUnavailable and maxUnavailablePercentage is needed")


def refuse_capacity_block_shape(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse CAPACITY_BLOCK without a launch template or with machine types of its own.

    Source: Amazon EKS User Guide, "Create a managed node group with Capacity Blocks for ML".
    """
    if inputs.get("capacityType") != "CAPACITY_BLOCK":
        return
    if inputs.get("launchTemplate") is None:
        yield Refusal("launchTemplate", _CODE, "a capacity block node group needs a launch template")
    if inputs.get("instanceTypes"):
        yield Refusal(
            "instanceTypes", _CODE, "a capacity block node group takes its instance type from the launch template"
        )


INPUT_RULES = (
    refuse_bad_scaling,
    refuse_too_many_taints,
    refuse_long_name,
    refuse_reserved_labels,
    refuse_unknown_types,
    refuse_wrong_architecture,
    refuse_settings_beside_template,
    refuse_two_update_limits,
    refuse_capacity_block_shape,
)
