"""MIG profiles: into which slices a GPU can be cut, what they are called, and the resource that Kubernetes counts.

The name depends on the driver, the profile ID does not (GB300 is `1g.35gb` under one driver and `1g.31gb` under
another, both ID 19): compare IDs where both are known. mig-parted selects GPUs by PCI ID and leaves some out; it then
does nothing and reports success, so `mig_parted_config` is None there.
"""

from dataclasses import dataclass
from functools import cache

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.tables import int_or_none, nearest_names, read_table


@dataclass(frozen=True, slots=True)
class MigProfile:
    """One MIG profile of one accelerator.

    Attributes:
        accelerator: Name of the accelerator.
        name: `1g.10gb`, with `+me`, `+me.all`, `-me` or `+gfx` for media engines and graphics.
        profile_id: What `nvidia-smi mig -cgi` takes; None where no source states it.
        compute_slices: Compute slices of one instance.
        memory_gb: The memory in the name; what a process sees is less.
        max_instances: How many instances of this profile alone fit on one GPU.
        resource_name: What the device plugin advertises under the MIG strategy `mixed`; under `single` every instance
            counts as `nvidia.com/gpu`.
        mig_parted_config: The configuration of mig-parted (GPU Operator's default) that fills a GPU with it; None
            where none reaches this GPU.
        name_of: The profile that this is another driver's name of; None where this is the usual name.
        source: Where the row comes from.
        origins: How many independent origins confirm it.
        note: What a reader must know and no other column says.
    """

    accelerator: str
    name: str
    profile_id: int | None
    compute_slices: int
    memory_gb: int
    max_instances: int
    resource_name: str
    mig_parted_config: str | None
    name_of: str | None
    source: str
    origins: int
    note: str


def mig_profiles(accelerator_name: str) -> tuple[MigProfile, ...]:
    """Return the MIG profiles of an accelerator, sorted by name; none where it has no MIG or no source names them.

    Raise UnknownNameError, with the nearest names, for an accelerator that there is not.
    """
    return _by_accelerator().get(accelerator(accelerator_name).name, ())


def mig_profile(accelerator_name: str, name: str) -> MigProfile:
    """Return the MIG profile of that name; raise UnknownNameError with the nearest names otherwise."""
    profiles = {profile.name: profile for profile in mig_profiles(accelerator_name)}
    found = profiles.get(name)
    if found is None:
        raise UnknownNameError(f"MIG profile of {accelerator_name}", name, nearest_names(name, profiles))
    return found


def profile_names(profile: MigProfile) -> tuple[str, ...]:
    """Return every name that drivers have for a profile, its own included, sorted."""
    usual = profile.name_of or profile.name
    found = (entry.name for entry in mig_profiles(profile.accelerator) if usual in {entry.name, entry.name_of})
    return tuple(sorted(found))


def accelerators_for_mig_resource(resource_name: str) -> tuple[str, ...]:
    """Return the accelerators that can advertise a MIG resource, sorted; one name fits many GPUs."""
    return tuple(
        name
        for name, profiles in _by_accelerator().items()
        if any(profile.resource_name == resource_name for profile in profiles)
    )


@cache
def _by_accelerator() -> dict[str, tuple[MigProfile, ...]]:
    profiles: dict[str, list[MigProfile]] = {}
    for row in read_table("mig_profiles"):
        profiles.setdefault(row["accelerator"], []).append(
            MigProfile(
                accelerator=row["accelerator"],
                name=row["profile"],
                profile_id=int_or_none(row["profile_id"]),
                compute_slices=int(row["compute_slices"]),
                memory_gb=int(row["memory_gb"]),
                max_instances=int(row["max_instances"]),
                resource_name=row["resource_name"],
                mig_parted_config=row["mig_parted_config"] or None,
                name_of=row["name_of"] or None,
                source=row["source"],
                origins=int(row["origins"]),
                note=row["note"],
            )
        )
    return {name: tuple(found) for name, found in profiles.items()}
