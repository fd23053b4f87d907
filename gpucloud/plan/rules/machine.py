"""Rules that hold a pool against what its machine type has."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.machine_types import machine_types
from gpucloud.plan.rules.context import PoolContext

_FABRIC_NAMES = {
    "native": "fabric of its own",
    "efa": "EFA",
    "infiniband": "InfiniBand",
    "tcpx": "GPUDirect-TCPX",
    "tcpxo": "GPUDirect-TCPXO",
    "roce": "RoCE",
}


def fabric_exists_on_the_machine_type(context: PoolContext) -> Iterator[Problem]:
    """A fabric that the machine type has not is refused by its cloud, or never comes up."""
    machine, wanted = context.machine, context.pool.fabric.type
    if machine is None or wanted in {"none", machine.fabric} or (wanted == "native" and machine.fabric != "none"):
        return
    alike = [
        other.name
        for other in machine_types(context.place.cloud)
        if other.accelerator == machine.accelerator
        and (other.fabric == wanted or other.fabric != "none" == machine.fabric)
    ]
    others = f"use one that has it ({', '.join(alike[:4])}), or " if alike else ""
    has = f"it has {machine.fabric}" if machine.fabric != "none" else "it has none"
    yield context.problem(
        "fabric",
        f"{machine.name} has no {_FABRIC_NAMES[wanted]} ({has}), its nodes could not start or not talk",
        f"{others}set fabric to `{'native' if machine.fabric != 'none' else 'none'}`",
    )


def local_drives_exist(context: PoolContext) -> Iterator[Problem]:
    """A strategy for drives that the machine type does not have does nothing; said only where a person wrote it."""
    pool, machine = context.pool, context.machine
    if machine is None or "local_nvme" not in pool.model_fields_set or pool.local_nvme == "none":
        return
    needed = 4 if pool.local_nvme == "raid10" else 1
    if machine.local_nvme_disks < needed:
        yield context.problem(
            "local_nvme",
            f"{machine.name} has {machine.local_nvme_disks} local drives and {pool.local_nvme} needs {needed}",
            "leave it out, or choose a machine type with drives",
        )


def bottlerocket_cannot_make_raid10(context: PoolContext) -> Iterator[Problem]:
    """Bottlerocket's only array is RAID-0 (`apiclient ephemeral-storage init`); it mounts no drive by itself."""
    pool = context.pool
    if pool.image.family == "bottlerocket" and pool.local_nvme in {"raid10", "mount"}:
        yield context.problem("local_nvme", f"Bottlerocket has no {pool.local_nvme}", "use `raid0` or `none`")
