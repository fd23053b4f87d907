"""Tags.

Source: Amazon EC2 User Guide, "Tag your Amazon EC2 resources", tag restrictions; the EKS service model says the same.
"""

from collections.abc import Iterator

from gpucloud.sim.errors import Refusal
from gpucloud.sim.values import Inputs, Unknown

_MOST = 50
_KEY = 128
_VALUE = 256


def refuse_bad_tags(inputs: Inputs) -> Iterator[Refusal]:
    """Refuse more than 50 tags, keys over 128 and values over 256 characters, and keys that begin with `aws:`."""
    tags = inputs.get("tags")
    if not isinstance(tags, dict):
        return
    if len(tags) > _MOST:
        yield Refusal("tags", "TagLimitExceeded", f"{len(tags)} tags, at most {_MOST}")
    for key, value in tags.items():
        where = f"tags.{key}"
        if key.lower().startswith("aws:"):
            yield Refusal(where, "InvalidParameterValue", "tag keys starting with 'aws:' are reserved for internal use")
        if not 1 <= len(key) <= _KEY:
            yield Refusal(where, "InvalidParameterValue", f"tag key has {len(key)} characters, 1 to {_KEY} are allowed")
        if not isinstance(value, Unknown) and len(str(value)) > _VALUE:
            yield Refusal(
                where, "InvalidParameterValue", f"tag value has {len(str(value))} characters, at most {_VALUE}"
            )
