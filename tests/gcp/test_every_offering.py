"""Every GPU machine type of Google Cloud, as it is sold, with every owner of the driver, put to the local cloud."""

import pulumi_gcp as gcp
import pytest

from gpucloud.errors import InvalidInputError
from gpucloud.facts import machine_types
from gpucloud.facts.device_mig import mig_profiles
from gpucloud.facts.zones import regions, zone_offers, zones
from gpucloud.gcp.node_pool import Attached, node_pool_args
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.sim.schema_cache import SchemaCache
from gpucloud.spec import NodePoolSpec
from tests.components.gcp_programs import cluster_ref
from tests.components.recorder import record
from tests.plan.kubelet_blocks import with_kubelets
from tests.sim.servicer import open_cloud

SOLD_AS = {
    "on-demand": "on-demand",
    "reserved": {"type": "reserved", "reservation_id": "capacity"},
    "spot": "spot",
    "flex-start": "flex-start",
    "queued": "queued",
}
OWNERS = (
    {"driver_owner": "vendor"},
    {"driver_owner": "vendor", "driver_version": "latest"},
    {"driver_owner": "operator"},
)
MACHINES = machine_types("gcp")


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    root = tmp_path_factory.mktemp("cloud")
    opened = open_cloud(root, SchemaCache(root / "schemas"))
    yield opened
    opened.store.close()


def place_of(machine):
    """Return a region and a zone of it that sells the machine type, as far as a source knows; else any."""
    for wanted in (True, None):
        for region in ("us-central1", "us-east4", "europe-west4", *regions("gcp")):
            for zone in zones("gcp", region):
                if zone_offers("gcp", region, zone, machine.name) is wanted:
                    return region, zone
    raise LookupError(machine.name)


def sharing_of(machine):
    yield {}
    profiles = mig_profiles(machine.accelerator) if machine.accelerator_count else ()
    for profile in profiles[:1]:
        yield {"sharing": {"type": "mig", "profile": profile.name}}


def pools_of(machine, zone):
    for sold in machine.capacity_types:
        for owner in OWNERS:
            for fabric in dict.fromkeys(("none", machine.fabric)):
                for family in ("cos", "ubuntu"):
                    for sharing in sharing_of(machine):
                        yield {
                            "name": "pool", "machine_type": machine.name, "zones": [zone], "capacity": [SOLD_AS[sold]],
                            "size": {"min": 0, "desired": 0, "max": 2}, "fabric": fabric, "image": {"family": family},
                            **owner, **sharing,
                        }  # fmt: skip


# What may be refused of these pools, and of no machine type all of it: the operator's driver on COS or for a chip that
# it does not know, the newest driver of Google's on Ubuntu, partitions by another than GKE, an image of another kind.
REFUSABLE = {"driver_owner", "driver_version", "image.family", "sharing"}


def plans_of(machine):
    region, zone = place_of(machine)
    found = []
    for pool in with_kubelets(pools_of(machine, zone)):
        try:
            found.append(plan_single_pool("gcp", region, "pool", NodePoolSpec.model_validate(pool)))
        except InvalidInputError as error:
            if {problem.path for problem in error.problems} - REFUSABLE:
                raise
    return region, found


def attached_of(plan, zone):
    """Return what the component would declare and hand over, by the plan's names."""
    interfaces = [
        (network.name, subnet)
        for network in plan.networks
        if network.zone in {None, zone}
        for subnet in network.interfaces
    ]
    return Attached(interfaces=interfaces)


@pytest.mark.parametrize("machine", MACHINES, ids=lambda machine: machine.name)
def test_the_machine_type_as_it_is_sold_passes_the_local_clouds_checks(machine, cloud):
    region, plans = plans_of(machine)
    assert {plan.offerings[0].capacity_type for plan in plans} == set(machine.capacity_types)
    assert {plan.driver_owner for plan in plans} >= {"vendor"}

    def program():
        for number, plan in enumerate(plans):
            (offering,) = plan.offerings
            args = node_pool_args(plan, offering, cluster_ref(region=region), attached_of(plan, offering.zone))
            gcp.container.NodePool(f"pool-{number}", args)

    found = record(program)
    for declared in found.resources.values():
        assert not cloud.problems(declared.type, declared.inputs), (declared.key, declared.inputs)
    assert len(found.of_type("NodePool")) == len(plans)


def test_the_checks_of_the_local_cloud_can_fail(cloud):
    machine = next(entry for entry in MACHINES if entry.name == "a3-highgpu-8g")
    region, plans = plans_of(machine)
    plan = next(plan for plan in plans if plan.offerings[0].capacity_type == "flex-start")
    found = record(
        lambda: (
            gcp.container.NodePool("pool", node_pool_args(plan, plan.offerings[0], cluster_ref(region=region))) and None
        )
    )
    pool = found.one("NodePool")
    assert not cloud.problems(pool.type, pool.inputs)
    assert cloud.problems(pool.type, {**pool.inputs, "management": {"autoRepair": True, "autoUpgrade": True}})


@pytest.mark.parametrize("sold", sorted(SOLD_AS))
def test_a_machine_type_that_is_not_sold_so_is_refused(sold):
    for machine in MACHINES:
        if sold in machine.capacity_types:
            continue
        region, zone = place_of(machine)
        pool = {"name": "pool", "machine_type": machine.name, "zones": [zone], "capacity": [SOLD_AS[sold]]}
        with pytest.raises(InvalidInputError, match="is not sold as"):
            plan_single_pool("gcp", region, "pool", NodePoolSpec.model_validate(pool))
