"""Where resources are, and their tags: rules that hold for every type that has them.

Source: Azure Resource Manager, LocationNotAvailableForResourceGroup and …ForResourceType; the regions of the facts.
"""

from collections.abc import Iterator

from gpucloud.facts.zones import regions
from gpucloud.sim.azure_native.rules.pool_labels import refuse_bad_tags
from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Unknown


def refuse_unknown_location(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a location that is no Azure region; `East US` is `eastus`."""
    location = inputs.get("location")
    if location is None or isinstance(location, Unknown):
        return
    if str(location).replace(" ", "").lower() not in regions("azure"):
        text = f"The provided location '{location}' is not available. List of available regions: gpucloud machine-types"
        yield Refusal("location", "LocationNotAvailableForResourceType", text)


def refuse_missing_location(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse a resource without a location, which azure-native takes from the resource group or from its settings."""
    if inputs.get("location") is None:
        text = (
            "missing required property 'location'. Either set it explicitly or configure it with "
            "'pulumi config set azure-native:location <value>'."
        )
        yield Refusal("location", "", text)


def refuse_tags(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse tags that Azure does not take."""
    yield from refuse_bad_tags(inputs, "")
