"""Rules about MIG layouts: unlike instances on one GPU, and GPUs of a node that are cut in different ways."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import assert_never

from gpucloud.errors import Problem
from gpucloud.facts.device_mig import MigProfile, mig_profiles
from gpucloud.facts.tables import nearest_names
from gpucloud.plan.image import image_family
from gpucloud.plan.mig_layout import instances_misfit
from gpucloud.plan.rules.context import PoolContext
from gpucloud.plan.software import plan_software
from gpucloud.spec.cluster import ClusterSpec
from gpucloud.spec.sharing import Mig, MigGroup

_FIELD = "sharing.layout"


def layout_has_a_mig_manager(context: PoolContext) -> Iterator[Problem]:
    """Unlike instances are made by the operator's MIG manager, on EKS alone.

    AKS and GKE cut all GPUs of a pool by one field of it, when its nodes are made (azure-aks-docs, gpu-multi-instance:
    `gpuInstanceProfile`; GKE API, AcceleratorConfig: `gpuPartitionSize`).
    """
    if _layout(context) is None:
        return
    cloud = context.place.cloud
    fix = "use `profile`, and a pool of its own for each"
    match cloud:
        case "azure":
            yield context.problem(_FIELD, "AKS cuts all GPUs of a pool alike, by one gpuInstanceProfile", fix)
        case "gcp":
            yield context.problem(_FIELD, "GKE cuts all GPUs of a pool alike, by one gpuPartitionSize", fix)
        case "aws":
            # Bottlerocket is refused for equal instances, too.
            return
        case _:
            assert_never(cloud)


def bottlerocket_does_not_see_instances(context: PoolContext) -> Iterator[Problem]:
    """The image's own device plugin counts whole GPUs, whatever the operator's MIG manager makes of them.

    `device-partitioning-strategy` is `none` unless told otherwise, and with `mig` the image cuts GPUs by itself as it
    boots (bottlerocket-project-website 72cd83f, data/settings/1.54.x/kubelet-device-plugins.toml).
    """
    cloud, pool = context.place.cloud, context.pool
    if not isinstance(pool.sharing, Mig):
        return
    if plan_software(cloud, image_family(cloud, pool), pool.driver_owner, None).device_plugin == "cloud":
        yield context.problem(
            "sharing", "Bottlerocket's own device plugin counts whole GPUs, not MIG instances", "use al2023"
        )


def layouts_have_a_gpu_stack(cluster: ClusterSpec, path: str) -> Iterator[Problem]:
    """The configuration that the nodes' label names is in the values of the operator's release, and nowhere else."""
    for pool in cluster.node_pools if cluster.gpu_stack is None else ():
        if isinstance(pool.sharing, Mig) and pool.sharing.layout is not None:
            yield Problem(
                f"{path}.node_pools[{pool.name}].{_FIELD}",
                "without a GPU stack no MIG manager is told of it, the GPUs would stay whole",
                "leave gpu_stack of the cluster out instead of `null`, or use `profile`",
            )


def layout_has_each_gpu_once(context: PoolContext) -> Iterator[Problem]:
    """A GPU in two groups is cut twice, the last one wins; one in none keeps what it had (mig-parted, assert.go)."""
    layout, machine = _layout(context), context.machine
    if layout is None or machine is None or machine.accelerator_count == 0:
        return
    gpus = machine.accelerator_count
    if len(layout) > 1 and any(group.gpus is None for group in layout):
        yield context.problem(
            _FIELD, "a group without `gpus` is every GPU, so the other groups are cut twice", "give each group its gpus"
        )
        return
    named = Counter(gpu for group in layout for gpu in group.gpus or range(gpus))
    for index, group in enumerate(layout):
        out = sorted(set(group.gpus or ()) - set(range(gpus)))
        if out:
            yield context.problem(
                f"{_FIELD}[{index}].gpus",
                f"{machine.name} has no GPU {_numbers(out)}, it has {gpus}",
                f"name GPUs from 0 to {gpus - 1}",
            )
    twice = sorted(gpu for gpu, count in named.items() if count > 1)
    if twice:
        yield context.problem(
            _FIELD, f"GPU {_numbers(twice)} is named more than once, the last group would win", "name each GPU once"
        )
    left = sorted(set(range(gpus)) - set(named))
    if left:
        yield context.problem(
            _FIELD,
            f"GPU {_numbers(left)} of {machine.name} is in no group and would be left as it is",
            "name every GPU; for whole ones make a pool of their own",
        )


def layout_fits_each_gpu(context: PoolContext) -> Iterator[Problem]:
    """What does not fit is tried in every order and then left undone: the node's state label says `failed`.

    NVIDIA/mig-parted bd7160f, pkg/mig/config/config.go: iteratePermutationsUntilSuccess. NVIDIA MIG user guide,
    "Supported MIG Profiles": slices of compute and memory, and where they may lie.
    """
    layout, machine = _layout(context), context.machine
    if layout is None or machine is None or machine.accelerator_count == 0:
        return
    known = {profile.name: profile for profile in mig_profiles(machine.accelerator)}
    if not known:
        # A GPU without MIG is another rule's problem.
        return
    for index, group in enumerate(layout):
        path = f"{_FIELD}[{index}].instances"
        wrong = [*_unknown(context, path, group, known)]
        yield from wrong
        if wrong:
            continue
        engines = _engines(group.instances)
        if engines:
            yield context.problem(path, engines, "use profiles without a suffix, and one `+me` at most")
            continue
        try:
            misfit = instances_misfit(machine.accelerator, group.instances)
        except LookupError as error:
            yield context.problem(path, str(error), "use `profile`")
            continue
        if misfit is not None:
            yield context.problem(path, f"{misfit} ({machine.accelerator})", "ask for fewer or smaller instances")


def _unknown(context: PoolContext, path: str, group: MigGroup, known: Mapping[str, MigProfile]) -> Iterator[Problem]:
    machine = context.machine.accelerator if context.machine else ""
    usual = [name for name, profile in known.items() if profile.name_of is None]
    for name in sorted(group.instances):
        if name not in known:
            near = nearest_names(name, usual) or tuple(usual)
            yield context.problem(f"{path}[{name}]", f"{machine} has no MIG profile {name}", f"use {', '.join(near)}")
        elif (other := known[name].name_of) is not None:
            yield context.problem(
                f"{path}[{name}]", f"{name} is what another driver calls {other} of {machine}", f"use {other}"
            )


def _engines(instances: Mapping[str, int]) -> str | None:
    """Media engines are shared out with the slices, and a GPU has one set of those that `+me` means."""
    kinds: Counter[str] = Counter()
    for name, count in instances.items():
        kinds[_suffix(name)] += count
    if kinds["+me"] > 1:
        return f"{kinds['+me']} instances with +me, a GPU has media engines for one"
    kinds["plain"] = kinds.pop("", 0) + kinds.pop("+me", 0)
    mixed = sorted(kind for kind, count in kinds.items() if count)
    if len(mixed) > 1:
        return f"no source says that {' and '.join(mixed)} instances go together on one GPU"
    return None


def _suffix(name: str) -> str:
    """`+me` of `1g.10gb+me`; empty for a plain profile."""
    return name.partition("gb")[2]


def _numbers(gpus: Sequence[int]) -> str:
    return ", ".join(map(str, gpus))


def _layout(context: PoolContext) -> tuple[MigGroup, ...] | None:
    sharing = context.pool.sharing
    return sharing.layout if isinstance(sharing, Mig) else None
