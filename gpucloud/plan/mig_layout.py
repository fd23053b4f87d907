"""GPUs that are cut into unlike MIG instances: what fits on one, and what a node then counts."""

from collections import Counter
from collections.abc import Mapping, Sequence

from gpucloud.facts.device_mig import mig_profile, mig_profiles
from gpucloud.facts.mig_placements import MigPlacement, mig_placements
from gpucloud.plan.sharing_model import MigGroupPlan
from gpucloud.spec.sharing import MigGroup


def plan_layout(layout: Sequence[MigGroup], gpus: int) -> tuple[MigGroupPlan, ...]:
    """The groups of a node with that many GPUs, one for each way to cut them, in the order of their first GPU.

    Groups in another order, or several that are cut alike, are the same layout.
    """
    cut: dict[tuple[tuple[str, int], ...], list[int]] = {}
    for group in layout:
        named = range(gpus) if group.gpus is None else group.gpus
        cut.setdefault(tuple(sorted(group.instances.items())), []).extend(named)
    return tuple(
        MigGroupPlan(tuple(sorted(named)), instances)
        for instances, named in sorted(cut.items(), key=lambda entry: min(entry[1]))
    )


def layout_resources(accelerator_name: str, layout: Sequence[MigGroupPlan]) -> tuple[tuple[str, int], ...]:
    """What the device plugin advertises of a node under the strategy `mixed`: resource names and numbers, sorted."""
    counted: Counter[str] = Counter()
    for name, count in layout_instances(layout).items():
        counted[mig_profile(accelerator_name, name).resource_name] += count
    return tuple(sorted(counted.items()))


def layout_instances(layout: Sequence[MigGroupPlan]) -> dict[str, int]:
    """How many instances of each profile a node has."""
    counted: Counter[str] = Counter()
    for group in layout:
        for name, count in group.instances:
            counted[name] += count * len(group.gpus)
    return dict(counted)


def instances_misfit(accelerator_name: str, instances: Mapping[str, int]) -> str | None:
    """Why one GPU has no room for these instances, in words; None where it has. The profiles are the GPU's own.

    Raises UnknownNameError for a profile that it has not, LookupError where no source says how its instances lie.
    """
    profiles = {name: mig_profile(accelerator_name, name) for name in sorted(instances)}
    for name, profile in profiles.items():
        if instances[name] > profile.max_instances:
            return f"{instances[name]} x {name}, a GPU has {profile.max_instances} of them at most"
    # The driver's own names and those of other drivers mean the same slices.
    most = max(profile.compute_slices for profile in mig_profiles(accelerator_name))
    asked = sum(profile.compute_slices * instances[name] for name, profile in profiles.items())
    if asked > most:
        return f"{_text(instances)} take {asked} compute slices, a GPU has {most}"
    placements = mig_placements(accelerator_name)
    if not placements:
        raise LookupError(f"no source says where MIG instances lie on {accelerator_name}")
    room = max(start + place.size for place in placements.values() for start in place.starts)
    taken = sum(placements[name].size * count for name, count in instances.items())
    if taken > room:
        return f"{_text(instances)} take {taken} memory slices, a GPU has {room}"
    pieces = [placements[name] for name, count in sorted(instances.items()) for _ in range(count)]
    if not _place(sorted(pieces, key=lambda piece: -piece.size), frozenset()):
        return f"{_text(instances)} cannot lie next to each other, whatever the order"
    return None


def _place(pieces: Sequence[MigPlacement], taken: frozenset[int]) -> bool:
    """Whether every piece finds a start at which its slices are free."""
    if not pieces:
        return True
    first, *rest = pieces
    for start in first.starts:
        slices = frozenset(range(start, start + first.size))
        if not slices & taken and _place(rest, taken | slices):
            return True
    return False


def _text(instances: Mapping[str, int]) -> str:
    return " and ".join(f"{count} x {name}" for name, count in sorted(instances.items()))
