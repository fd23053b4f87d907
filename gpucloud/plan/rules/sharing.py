"""Rules about sharing accelerators among pods, and the choice of a way that guarantees memory."""

from collections.abc import Iterator
from fractions import Fraction

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.device_mig import mig_profile, mig_profiles
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.tables import nearest_names
from gpucloud.plan.image import image_family
from gpucloud.plan.place import Place
from gpucloud.plan.rules import azure, gcp, mig_layout
from gpucloud.plan.rules.context import PoolContext
from gpucloud.plan.sharing import guaranteed_bytes, instance_bytes, memory_bytes, mps_replicas, whole_bytes
from gpucloud.plan.software import plan_software
from gpucloud.spec.node_pool import NodePoolSpec
from gpucloud.spec.sharing import Mig, Mps, TimeSlicing

# NVIDIA/k8s-device-plugin 1b826ac, cmd/mps-control-daemon/mps/device.go: clients of one MPS server, from compute
# capability 7.5 and below it.
_MPS_CLIENTS, _OLD_MPS_CLIENTS, _NEW_MPS = 48, 16, (7, 5)
# GKE, "About GPU sharing strategies": 48 containers on one GPU.
_GKE_CLIENTS = 48
_GIB = 2**30


def sharing_fits_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """A GPU is cut only as its MIG profiles say; a slice of one, or a GPU without MIG, not at all."""
    machine, sharing = context.machine, context.pool.sharing
    if machine is None or not isinstance(sharing, Mig):
        return
    profiles = tuple(profile.name for profile in mig_profiles(machine.accelerator))
    if not profiles or machine.accelerator_count == 0:
        yield context.problem(
            "sharing", f"{machine.accelerator} of {machine.name} cannot be cut into MIG instances", "use `whole`"
        )
        return
    if sharing.profile is None:
        return
    try:
        found = mig_profile(machine.accelerator, sharing.profile)
    except UnknownNameError:
        yield context.problem(
            "sharing.profile",
            f"{machine.accelerator} has no MIG profile {sharing.profile}",
            f"use {', '.join(nearest_names(sharing.profile, profiles) or profiles)}",
        )
        return
    if context.place.cloud == "aws" and found.mig_parted_config is None:
        yield context.problem(
            "sharing.profile",
            f"the operator's MIG manager has no configuration that cuts {machine.accelerator} into {sharing.profile}, "
            "it would do nothing and report success",
            "use another profile",
        )


def clients_fit_the_accelerator(context: PoolContext) -> Iterator[Problem]:
    """Pods share a GPU by the plugin that serves it, which limits how many, and on which GPUs."""
    machine, sharing = context.machine, context.pool.sharing
    if machine is None or not isinstance(sharing, TimeSlicing | Mps):
        return
    found = accelerator(machine.accelerator)
    if found.vendor != "nvidia":
        yield context.problem(
            "sharing", f"{found.name} has no {sharing.type}, its device plugin gives whole devices", "use `whole`"
        )
        return
    if isinstance(sharing, Mps):
        yield from _mps(context, machine, sharing)
    replicas = mps_replicas(sharing, machine) if isinstance(sharing, Mps) else sharing.replicas
    if context.place.cloud == "gcp" and context.pool.driver_owner == "vendor" and replicas > _GKE_CLIENTS:
        yield context.problem(
            f"sharing.{_counted(sharing)}",
            f"{replicas} pods on a GPU, GKE takes {_GKE_CLIENTS} at most",
            f"use {_GKE_CLIENTS} or fewer",
        )


def _mps(context: PoolContext, machine: MachineType, sharing: Mps) -> Iterator[Problem]:
    cloud, family = context.place.cloud, image_family(context.place.cloud, context.pool)
    if cloud == "aws" and plan_software(cloud, family, context.pool.driver_owner, None).device_plugin == "cloud":
        yield context.problem(
            "sharing", "Bottlerocket's device plugin has no MPS", "use al2023, or `{type: time-slicing, replicas: 4}`"
        )
    if machine.accelerator_count == 0:
        yield context.problem(
            "sharing",
            f"{machine.name} has {machine.accelerator_fraction} of a GPU, no source says that MPS works on a part",
            "use a machine type with whole GPUs, or time slicing",
        )
        return
    capability = accelerator(machine.accelerator).compute_capability or "0.0"
    version = tuple(int(part) for part in capability.split("."))
    most = _MPS_CLIENTS if version >= _NEW_MPS else _OLD_MPS_CLIENTS
    replicas = mps_replicas(sharing, machine)
    if replicas > most:
        yield context.problem(
            f"sharing.{_counted(sharing)}",
            f"{replicas} pods on a {machine.accelerator}, whose MPS server has {most} clients at most",
            f"use {most} or fewer",
        )
    if replicas <= 1:
        yield context.problem(
            "sharing.memory_limit",
            f"two pods with {sharing.memory_limit} each do not fit on a {machine.accelerator}",
            f"take {_in_gib(whole_bytes(machine) / 2)} or less, or `whole`",
        )


def _counted(sharing: TimeSlicing | Mps) -> str:
    return "memory_limit" if isinstance(sharing, Mps) and sharing.replicas is None else "replicas"


def memory_is_guaranteed(context: PoolContext) -> Iterator[Problem]:
    """What a pod must be sure of is guaranteed by its whole GPU, its MIG instance, or its part under MPS."""
    machine, limit = context.machine, context.pool.vram_limit
    if machine is None or limit is None:
        return
    try:
        sure = guaranteed_bytes(context.pool.sharing, machine)
    except UnknownNameError:
        # A profile that the GPU has not is another rule's problem.
        return
    if sure is None:
        yield context.problem(
            "vram_limit",
            f"{limit} cannot be guaranteed by time slicing, which keeps no memory apart",
            "leave `sharing` out: the smallest way that guarantees it is chosen; or use MIG or MPS",
        )
    elif sure < memory_bytes(limit):
        has = "a whole one" if context.pool.sharing.type == "whole" else f"{context.pool.sharing.type} as written"
        yield context.problem(
            "vram_limit",
            f"{limit} are more than a pod is sure of: {has} on {machine.accelerator} gives {_in_gib(sure)}",
            f"ask for {_in_gib(sure)} or less, or choose an accelerator with more memory",
        )


def _in_gib(size: Fraction) -> str:
    return f"{int(size * 10 / _GIB) / 10:g}Gi"


def with_chosen_sharing(place: Place, pool: NodePoolSpec, machine: MachineType | None) -> NodePoolSpec:
    """The pool with the smallest MIG profile that guarantees its `vram_limit`; unchanged where none does.

    Only profiles that its platform takes are looked at; a pool that says how it shares is left as it is. MPS is never
    chosen: a fault of one pod would end the others.
    """
    if pool.vram_limit is None or machine is None or "sharing" in pool.model_fields_set:
        return pool
    limit = memory_bytes(pool.vram_limit)
    enough = [profile for profile in mig_profiles(machine.accelerator) if instance_bytes(profile) >= limit]
    for profile in sorted(enough, key=lambda entry: (entry.memory_gb, entry.compute_slices, entry.name)):
        if "+" in profile.name or "-" in profile.name or profile.max_instances < 2:  # noqa: PLR2004  # nothing is shared
            continue
        chosen = pool.model_copy(update={"sharing": Mig(profile=profile.name)})
        if not _problems(PoolContext("", place, (), chosen, machine, frozenset())):
            return chosen
    return pool


def _problems(context: PoolContext) -> list[Problem]:
    rules = [sharing_fits_the_accelerator]
    if context.place.cloud == "aws":
        rules += [mig_layout.bottlerocket_does_not_see_instances]
    if context.place.cloud == "azure":
        rules += [azure.mig_is_cut_by_aks, azure.mig_profile_is_one_of_aks]
    if context.place.cloud == "gcp":
        rules += [gcp.mig_is_cut_by_gke]
    return [problem for rule in rules for problem in rule(context)]
