"""From which version on GKE can do what with a machine type."""

from functools import cache

from gpucloud.facts.tables import read_table


def gke_floors(machine_type: str, capability: str) -> tuple[str, ...]:
    """Return the lowest GKE versions for a capability, one for each minor that has a floor of its own, sorted.

    A floor holds within its minor version; a minor before the first has not the capability, one after the last has it.
    None where no source states a floor. Capabilities are those of the table, such as `flex-start` and `dranet`.
    """
    return _floors().get((machine_type, capability), ())


def floor_minor(version: str) -> tuple[int, int]:
    """Return the minor of a version such as `1.34.1-gke.1829001`, as two numbers."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)


@cache
def _floors() -> dict[tuple[str, str], tuple[str, ...]]:
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in read_table("gcp_kubernetes_floors"):
        key = (row["machine_type"], row["capability"])
        found[key] = tuple(sorted((*found.get(key, ()), row["min_version"]), key=floor_minor))
    return found
