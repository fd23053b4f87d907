"""As much of a faulty document as can still be judged, so that one error can list problems of form and of substance.

What is wrong is cut out, or where nothing can be judged without it (a name, a machine) a stand-in takes its place.
Rules then see the rest, and `Salvage.keep` drops whatever they say only because something was cut.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from gpucloud.errors import Problem
from gpucloud.spec.cluster import EnvironmentSpec
from gpucloud.spec.problems import Location, path_of, problems_of, split_findings

_STAND_IN = "unnamed"
_MACHINE_KEYS = frozenset({"machine_type", "accelerator", "accelerators_per_node"})
_IMAGE_ID = "ami-00000000"
# A field that was cut, and the fields of the same pool about which rules then know too little.
_DEPENDENTS: Mapping[str, tuple[str, ...]] = {
    "image": ("driver_owner", "local_nvme", "kubelet"),
    "zones": ("capacity",),
    "capacity": ("placement",),
    "kubelet": ("kubelet",),
}
_MIRROR = re.compile(r"^(?P<cluster>clusters\[[^]]*])\.mirrors\b")
_OWNERSHIP = frozenset({"image", "driver_owner"})
_POOL = re.compile(r"^(?P<pool>(?P<cluster>clusters\[[^]]*])\.node_pools\[[^]]*])\.(?P<field>\w+)")


@dataclass(slots=True)
class Salvage:
    """The environment that is left of a document (None: nothing), and every problem of its form."""

    spec: EnvironmentSpec | None = None
    problems: list[Problem] = field(default_factory=list)
    cuts: set[str] = field(default_factory=set)
    """Paths about which nothing more is said."""
    names: dict[str, str] = field(default_factory=dict)
    """Stand-ins, and what a path calls the thing instead."""
    kept: dict[Location, list[int]] = field(default_factory=dict)
    """Lists that lost entries, and the places that the others had in the document."""
    lists: dict[str, list[int]] = field(default_factory=dict)
    """The same by path."""

    def keep(self, problems: Iterable[Problem]) -> list[Problem]:
        """The problems of substance that the document itself has, their paths spelt as the document spells them."""
        dropped = self.cuts | {dependent for cut in self.cuts for dependent in _dependents(cut)}
        mine = [Problem(self._path(problem.path), problem.problem, problem.fix) for problem in problems]
        return [problem for problem in mine if not any(_touch(problem.path, cut) for cut in dropped)]

    def _path(self, path: str) -> str:
        for stand_in, name in self.names.items():
            path = path.replace(f"[{stand_in}]", f"[{name}]")
        for place, kept in self.lists.items():
            if path.startswith(f"{place}[") and (found := re.match(r"\d+", path[len(place) + 1 :])):
                path = f"{place}[{kept[int(found[0])]}{path[len(place) + 1 + found.end() :]}"
        return path


def _dependents(cut: str) -> Iterable[str]:
    if mirror := _MIRROR.match(cut):
        yield f"{mirror['cluster']}.account"
    found = _POOL.match(cut)
    if found is None:
        return
    for dependent in _DEPENDENTS.get(found["field"], ()):
        yield f"{found['pool']}.{dependent}"
    if found["field"] in _OWNERSHIP:
        yield f"{found['cluster']}.gpu_stack"


def _touch(path: str, cut: str) -> bool:
    """Whether one path is the other, or lies inside it."""
    shorter, longer = sorted((path, cut), key=len)
    return longer.startswith(shorter) and longer[len(shorter) :][:1] in {"", ".", "["}


def load_environment(document: Any) -> Salvage:
    """The environment that a document describes, and every problem of its form.

    Where there are problems, what is wrong is cut out and the rest is still returned, so that rules which need a whole
    environment can find their own problems in the same run; `spec` is None where nothing is left.
    """
    if isinstance(document, EnvironmentSpec):
        return Salvage(document)
    found = Salvage()
    if not isinstance(document, Mapping):
        found.problems.append(
            Problem("document", "not a mapping, nothing can be planned", "begin with `name:` and `clusters:`")
        )
        return found
    try:
        rest = _copy(document)
    except RecursionError:
        found.problems.append(Problem("document", "contains itself, it has no end", "remove the alias (`*name`)"))
        return found
    cuts: list[Location] = []
    while True:
        try:
            found.spec = EnvironmentSpec.model_validate(rest)
        except ValidationError as error:
            if not _cut(rest, _first_causes(error), cuts, document, found):
                return found
        else:
            found.lists = {path_of(place, document): kept for place, kept in found.kept.items()}
            return found


def _first_causes(error: ValidationError) -> list[ErrorDetails]:
    """Findings without those that only say that a list lost the entries which were found wrong themselves."""
    details = split_findings(error.errors(include_url=False))
    places = [detail["loc"] for detail in details]
    return [
        detail
        for detail in details
        if detail["type"] != "too_short"
        or not any(len(place) > len(detail["loc"]) and place[: len(detail["loc"])] == detail["loc"] for place in places)
    ]


def _cut(rest: Any, details: list[ErrorDetails], cuts: list[Location], document: Any, found: Salvage) -> bool:
    """Note the findings, and take what they speak of out of `rest`; False where that would be all of it."""
    origins = [_origin(detail["loc"], found) for detail in details]
    own: list[ErrorDetails] = [
        {**detail, "loc": origin}
        for detail, origin in zip(details, origins, strict=True)
        if not _follows(detail, origin, cuts)
    ]
    found.problems += [problem for problem in problems_of(own, document) if problem not in found.problems]
    places: set[Location] = set()
    for detail, origin in zip(details, origins, strict=True):
        cuts.append(origin)
        if _mend(rest, detail, origin, document, found):
            continue
        place = _removable(rest, detail["loc"])
        if not place:
            return False
        places.add(place)
        if detail["type"] != "extra_forbidden":
            found.cuts.add(path_of(_origin(place, found), document))
    for place in sorted(places, key=_position, reverse=True):
        _remove(rest, place, found)
    return True


def _follows(detail: ErrorDetails, origin: Location, cuts: list[Location]) -> bool:
    """Whether a finding says only that something inside the place it speaks of was cut in an earlier round."""
    inside = [cut[len(origin) :] for cut in cuts if cut[: len(origin)] == origin]
    if detail["type"] == "machine":
        return any(step[0] in _MACHINE_KEYS for step in inside if step)
    return bool(inside)


def _mend(rest: Any, detail: ErrorDetails, origin: Location, document: Any, found: Salvage) -> bool:
    """Put a stand-in where nothing could be judged without one; what is then said of it is dropped."""
    *parents, last = detail["loc"]
    here = rest
    for step in parents:
        here = here[step] if _holds(here, step) else None
    path = path_of(origin, document)
    if last == "name" and isinstance(here, dict):
        stand_in = f"{_STAND_IN}-{len(found.names)}"
        original = here.get("name")
        place = next((str(step) for step in reversed(origin) if isinstance(step, int)), "")
        found.names[stand_in] = original if isinstance(original, str) else place
        here["name"] = stand_in
    elif last == "region" and isinstance(here, dict):
        here["region"] = _STAND_IN
    elif last == "id" and "image" in parents and isinstance(here, dict):
        here["id"] = _IMAGE_ID
    elif detail["type"] == "machine" or (last == "machine_type" and "node_pools" in parents):
        pool = here if last == "machine_type" else here[last]
        for key in _MACHINE_KEYS:
            pool.pop(key, None)
        pool["machine_type"] = _STAND_IN
        path = path if path.endswith(".machine_type") else f"{path}.machine_type"
    else:
        return False
    found.cuts.add(path)
    return True


def _holds(here: Any, step: int | str) -> bool:
    in_list = isinstance(here, list) and isinstance(step, int) and step < len(here)
    return in_list or (isinstance(here, dict) and step in here)


def _copy(value: Any) -> Any:
    """Mappings and lists copied, their keys as text (YAML has others), everything else shared."""
    if isinstance(value, Mapping):
        return {str(key): _copy(entry) for key, entry in value.items()}
    return [_copy(entry) for entry in value] if isinstance(value, list | tuple) else value


def _origin(location: Location, found: Salvage) -> Location:
    """A location of what is left, as a location of the document: entries before it may have been cut."""
    origin: Location = ()
    for step in location:
        kept = found.kept.get(origin) if isinstance(step, int) else None
        origin = (*origin, kept[step] if kept is not None and isinstance(step, int) else step)
    return origin


def _removable(document: Any, location: Location) -> Location:
    """The part of a location that exists in the document: a union's tag and a missing key do not."""
    here, place = document, []
    for step in location:
        if _holds(here, step):
            place.append(step)
            here = here[step]
    return tuple(place)


def _position(place: Location) -> tuple[tuple[bool, int, str], ...]:
    """Order by which later entries of a list, and inner places, come after earlier and outer ones."""
    return tuple((isinstance(step, str), step if isinstance(step, int) else 0, str(step)) for step in place)


def _remove(rest: Any, place: Location, found: Salvage) -> None:
    here = rest
    for step in place[:-1]:
        here = here[step]
    last = place[-1]
    if isinstance(last, int):
        kept = found.kept.setdefault(_origin(place[:-1], found), list(range(len(here))))
        del kept[last]
    del here[last]
