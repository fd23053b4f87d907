"""Rules about what a platform has a field for: what it has none for is refused, never dropped."""

from collections.abc import Iterator

from gpucloud.errors import Problem
from gpucloud.facts.linux_platforms import linux_refusal
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.image import image_family
from gpucloud.plan.kubelet_platform import kubelet_platform
from gpucloud.plan.rules.context import PoolContext
from gpucloud.plan.software import FAMILIES
from gpucloud.spec.capacity import Reserved
from gpucloud.spec.placement import ExistingPlacement

PLATFORM: dict[Cloud, str] = {"aws": "EKS", "azure": "AKS", "gcp": "GKE"}


def image_family_is_the_clouds(context: PoolContext) -> Iterator[Problem]:
    """Every managed platform has its own node images; own ones join EKS only."""
    families = FAMILIES[context.place.cloud]
    family = context.pool.image.family
    if family is not None and family not in families:
        yield context.problem(
            "image.family", f"{PLATFORM[context.place.cloud]} has no {family} image", f"use {' or '.join(families)}"
        )


def driver_version_has_an_owner(context: PoolContext) -> Iterator[Problem]:
    """The version is the owner's to choose: an image's cannot be pinned (amazon-eks-ami#2417), the operator's can."""
    pool, cloud = context.pool, context.place.cloud
    if pool.driver_version is None:
        return
    by_word = pool.driver_version in {"default", "latest"}
    if pool.driver_owner == "vendor" and not (by_word and cloud == "gcp"):
        fix = "use `default` or `latest`, or set driver_owner to `operator`" if cloud == "gcp" else "leave it out"
        yield context.problem(
            "driver_version",
            f"{PLATFORM[cloud]} owns the driver and chooses {pool.driver_version} or not by itself",
            f"{fix}; the operator takes a version (driver_owner: operator)",
        )
    elif pool.driver_owner == "host":
        yield context.problem("driver_version", "the own image has its driver already", "leave it out")
    elif pool.driver_owner == "operator" and by_word:
        yield context.problem(
            "driver_version", f"the operator knows no {pool.driver_version} driver", "write a version, or leave it out"
        )


def reservation_blocks_are_googles(context: PoolContext) -> Iterator[Problem]:
    """Only Google Cloud's dense reservations have blocks."""
    if context.place.cloud == "gcp":
        return
    for index, entry in enumerate(context.pool.capacity):
        if isinstance(entry, Reserved) and entry.blocks:
            yield context.problem(
                f"capacity[{index}].blocks", f"reservations of {context.place.cloud} have no blocks", "leave it out"
            )


def existing_placement_is_one_place(context: PoolContext) -> Iterator[Problem]:
    """A placement that is there lies in one zone (pulumi-eks, cluster-toolkit, azure-aks-docs reduce-latency-ppg)."""
    if isinstance(context.pool.placement, ExistingPlacement) and len(context.pool.zones) > 1:
        yield context.problem(
            "placement",
            f"{context.pool.placement.name} is one place and the pool has {len(context.pool.zones)} zones, no launch "
            "elsewhere would match it",
            "give the pool one zone, or write `cluster`: every zone then has a placement of its own",
        )


def disk_performance_has_a_field(context: PoolContext) -> Iterator[Problem]:
    """Throughput and IOPS of the root volume are EBS's; AKS and GKE derive them from size and type."""
    if context.place.cloud == "aws":
        return
    for field in ("throughput_mib_s", "iops"):
        if field in context.pool.root_disk.model_fields_set:
            yield context.problem(
                f"root_disk.{field}",
                f"{PLATFORM[context.place.cloud]} has no field for it, it follows from the disk's size",
                "leave it out, and raise `size_gib` for a faster disk",
            )


def local_drives_have_a_field(context: PoolContext) -> Iterator[Problem]:
    """AKS gives local NVMe drives to pods through a storage driver; said only where a person wrote it."""
    pool = context.pool
    if context.place.cloud == "azure" and "local_nvme" in pool.model_fields_set and pool.local_nvme != "none":
        yield context.problem(
            "local_nvme",
            "AKS has no field for local drives, its nodes leave them alone",
            "leave it out; pods reach them through Azure Container Storage",
        )


def linux_settings_have_a_field(context: PoolContext) -> Iterator[Problem]:
    """Kernel settings go where the platform has a way for them: an input, a setting, or a script of user data."""
    linux = context.pool.linux
    if not linux:
        return
    cloud = context.place.cloud
    platform = kubelet_platform(cloud, image_family(cloud, context.pool))
    others = {name: value for name, value in linux if name != "sysctls" and value not in (None, ())}
    written = {
        **{f"sysctls[{key}]": (key, value) for key, value in linux.sysctls.items()},
        **{name: (name, value) for name, value in others.items()},
    }
    for path, (name, value) in sorted(written.items()):
        found = linux_refusal(platform, name, value)
        if found is not None:
            yield context.problem(f"linux.{path}", found.problem, found.fix)


def seccomp_profile_has_a_way(context: PoolContext) -> Iterator[Problem]:
    """A file below the kubelet's folder, which user data writes on EKS; nothing else brings files to nodes."""
    cloud = context.place.cloud
    if not context.pool.seccomp_profile:
        return
    family = image_family(cloud, context.pool)
    if cloud != "aws" or family == "bottlerocket":
        where = "Bottlerocket's settings" if family == "bottlerocket" else PLATFORM[cloud]
        yield context.problem(
            "seccomp_profile",
            f"{where} bring no file to a node, pods that name the profile would not start",
            "leave it out, and bring `gpucloud stack seccomp` there by an operator such as security-profiles-operator",
        )
