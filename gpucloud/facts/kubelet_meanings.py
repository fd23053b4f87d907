"""What each field of KubeletConfiguration v1beta1 does, in one line of the project's own words."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.tables import nearest_names, read_table


@dataclass(frozen=True, slots=True)
class KubeletMeaning:
    """One field's meaning.

    Attributes:
        path: The field, such as `maxPods`, `memorySwap.swapBehavior` or `reservedMemory[].limits`.
        meaning: One sentence.
        source: The Go file whose comments and code state the facts; the words are the project's.
    """

    path: str
    meaning: str
    source: str


def kubelet_meaning(path: str) -> KubeletMeaning:
    """Return what a field does, at any depth; raise UnknownNameError with the nearest fields for any other path."""
    found = _meanings().get(path)
    if found is None:
        raise UnknownNameError("field of KubeletConfiguration", path, nearest_names(path, _meanings()))
    return found


def kubelet_meanings() -> tuple[KubeletMeaning, ...]:
    """Return the meanings of all fields, sorted by path; `apiVersion` and `kind` are no fields of their own."""
    return tuple(_meanings().values())


@cache
def _meanings() -> Mapping[str, KubeletMeaning]:
    return {row["path"]: KubeletMeaning(**row) for row in read_table("kubelet_meanings")}
