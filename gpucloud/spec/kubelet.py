"""The kubelet block: KubeletConfiguration keys in Kubernetes' own spelling, checked for existence and kind."""

from typing import Any

from pydantic import ConfigDict, RootModel, model_validator
from pydantic_core import PydanticCustomError

from gpucloud.facts.kubelet_fields import kubelet_field, kubelet_fields
from gpucloud.facts.tables import nearest_names


class KubeletSpec(RootModel[dict[str, Any]]):
    """Keys of KubeletConfiguration v1beta1 (`kubelet.config.k8s.io/v1beta1`), as the kubelet's own file takes them.

    Refused: a key that the type does not have (with the nearest names) and a value of another kind than the field's.
    What the values mean together is not judged here.
    """

    model_config = ConfigDict(frozen=True)
    root: dict[str, Any] = {}

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        entries = {str(key): entry for key, entry in value.items()}
        wrong = {key: problem for key, entry in sorted(entries.items()) if (problem := _problem_of(key, entry))}
        if wrong:
            raise PydanticCustomError(
                "kubelet_keys",
                "{text}",
                {
                    "text": "; ".join(wrong.values()),
                    "keys": wrong,
                    "fix": "use the keys of KubeletConfiguration v1beta1",
                },
            )
        return value

    def __bool__(self) -> bool:
        return bool(self.root)


def _problem_of(key: str, value: Any) -> str | None:
    field = kubelet_field(key)
    if field is None:
        near = nearest_names(key, (known.name for known in kubelet_fields()))
        hint = f" (nearest: {', '.join(near)})" if near else ""
        return f"KubeletConfiguration has no key {key!r}{hint}, the kubelet would not start"
    if not field.takes(value):
        return f"{key} takes {field.kind}, not {value!r}, the kubelet would not start"
    return None
