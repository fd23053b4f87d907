"""A node pool's plan: every decision about nodes of one shape."""

from gpucloud.errors import InvalidInputError, Problem
from gpucloud.facts.machine_types import MachineType
from gpucloud.facts.vendor_machines import Cloud
from gpucloud.plan.allocation import Offering
from gpucloud.plan.configuration_hash import with_hashed_names
from gpucloud.plan.fabric import plan_interfaces, resolve_fabric
from gpucloud.plan.gpu_networks import plan_gpu_networks
from gpucloud.plan.image import plan_disk, plan_image
from gpucloud.plan.kubelet import left_for_pods, node_kubelet
from gpucloud.plan.linux_model import LinuxPlan
from gpucloud.plan.machine import choose_machine_type, plan_machine
from gpucloud.plan.mirrors import plan_node_mirrors
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.nodes import plan_labels, plan_node_resources, plan_taints
from gpucloud.plan.place import Place
from gpucloud.plan.placing import plan_shards
from gpucloud.plan.rules import check_pool
from gpucloud.plan.rules.sharing import with_chosen_sharing
from gpucloud.plan.sharing import advertised, plan_sharing
from gpucloud.plan.software import by_claims, plan_software
from gpucloud.spec.fabric import Infiniband
from gpucloud.spec.linux import LinuxSpec
from gpucloud.spec.node_pool import NodePoolSpec
from gpucloud.spec.placement import ExistingPlacement


def plan_node_pool(
    place: Place,
    pool: NodePoolSpec,
    unavailable: frozenset[Offering] = frozenset(),
    machine_type: MachineType | None = None,
) -> NodePoolPlan:
    """The plan of a pool that the rules accept; `machine_type` saves choosing it a second time."""
    chosen = machine_type or choose_machine_type(place.cloud, pool, place.region)
    pool = with_chosen_sharing(place, pool, chosen)
    sharing = plan_sharing(pool.sharing, chosen)
    devices = advertised(sharing, chosen)
    machine = plan_machine(chosen, sum(count for _, count in devices))
    image = plan_image(place.cloud, pool, chosen)
    disk = plan_disk(place.cloud, pool, chosen)
    fabric = resolve_fabric(pool, chosen)
    kubelet = node_kubelet(place, image.family, pool, chosen) if pool.kubelet or pool.largest_pod else None
    software = plan_software(place.cloud, image.family, pool.driver_owner, pool.driver_version)
    software = by_claims(software, machine.resource_name, place.allocation)
    planned = NodePoolPlan(
        name=pool.name,
        cloud=place.cloud,
        machine=machine,
        image=image,
        driver_owner=pool.driver_owner,
        software=software,
        sharing=sharing,
        compute_mode=pool.compute_mode,
        seccomp_profile=pool.seccomp_profile,
        disk=disk,
        fabric=fabric,
        fabric_is_ready=isinstance(pool.fabric, Infiniband) and pool.fabric.feature_is_registered,
        interfaces=plan_interfaces(chosen) if fabric == "efa" else (),
        networks=plan_gpu_networks(place, pool.zones, chosen, fabric),
        existing_placement=pool.placement.name if isinstance(pool.placement, ExistingPlacement) else None,
        kubelet=kubelet.values if kubelet else {},
        allocatable=left_for_pods(kubelet) if kubelet else (),
        linux=_plan_linux(pool.linux),
        mirrors=plan_node_mirrors(place.mirrors),
        labels=plan_labels(place.cloud, pool, machine, fabric, sharing, software),
        taints=plan_taints(place.cloud, pool, machine),
        # Devices that are claimed are counted by no node.
        node_resources=plan_node_resources(
            pool, chosen, devices if software.device_plugin != "dra" else (), disk, fabric
        ),
        shards=plan_shards(place, pool, chosen, fabric, unavailable),
    )
    return with_hashed_names(planned)


def plan_single_pool(cloud: Cloud, region: str, name: str, pool: NodePoolSpec) -> NodePoolPlan:
    """The plan of a pool for a cluster that is somebody else's; raises InvalidInputError with all problems.

    `name` is what the names of its node groups begin with, so that their length can be judged.
    """
    place = Place(cloud, region, name)
    chosen, problems = check_pool(place, pool)
    if pool.held_back is not None:
        fix = "plan the cluster as a whole, or give the component two pools"
        problems.append(Problem("held_back", "needs a pool or objects of the cluster beside this pool", fix))
    if problems or chosen is None:
        raise InvalidInputError(problems)
    return plan_node_pool(place, pool, machine_type=chosen)


def _plan_linux(linux: LinuxSpec) -> LinuxPlan | None:
    if not linux:
        return None
    return LinuxPlan(
        sysctls=tuple(sorted((key, str(value)) for key, value in linux.sysctls.items())),
        transparent_hugepages=linux.transparent_hugepages,
        transparent_hugepage_defrag=linux.transparent_hugepage_defrag,
        hugepages_2mi=linux.hugepages_2mi,
        hugepages_1gi=linux.hugepages_1gi,
        memlock=linux.memlock,
        modules=tuple(sorted(set(linux.modules))),
    )
