"""Every GPU size of Azure, as it is sold, with every owner of the driver: planned, translated, put to the checks."""

import pytest
from pulumi_azure_native import containerservice

from gpucloud.azure.agent_pool import agent_pool_args
from gpucloud.components.azure_resource import declare
from gpucloud.errors import InvalidInputError
from gpucloud.facts import machine_types
from gpucloud.facts.zones import REGIONAL, regions, zone_offers, zones
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.sim.schema_cache import SchemaCache
from gpucloud.spec import NodePoolSpec
from tests.components.azure_programs import RESERVATIONS, cluster_ref
from tests.components.recorder import record
from tests.plan.kubelet_blocks import with_kubelets
from tests.sim.servicer import open_cloud

SOLD_AS = {
    "on-demand": "on-demand",
    "reserved": {"type": "reserved", "reservation_id": RESERVATIONS},
    "spot": "spot",
}
OWNERS = ("vendor", "operator")
SIZES = machine_types("azure")
# AKS installs no driver of AMD's, and AMD's operator none for workstation cards: nobody could bring one.
WITHOUT_DRIVER = {"v620-32gb", "v710-28gb"}
USABLE = [machine for machine in SIZES if machine.accelerator not in WITHOUT_DRIVER]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    root = tmp_path_factory.mktemp("cloud")
    opened = open_cloud(root, SchemaCache(root / "schemas"))
    yield opened
    opened.store.close()


def place_of(machine):
    """Return a region and a zone of it (or none) that sells the size, as far as a source knows; else any."""
    first = [name for name in ("swedencentral", "eastus", "westus3") if name in regions("azure")]
    for wanted in (True, None):
        for region in (*first, *regions("azure")):
            for zone in (*zones("azure", region), REGIONAL):
                if zone_offers("azure", region, zone, machine.name) is wanted:
                    return region, zone
    raise LookupError(machine.name)


def pools_of(machine, zone):
    for sold in machine.capacity_types:
        for owner in OWNERS:
            for fabric in dict.fromkeys(("none", machine.fabric)):
                for family in ("ubuntu", "azure-linux"):
                    yield {
                        "name": "pool", "machine_type": machine.name, "zones": [zone], "capacity": [SOLD_AS[sold]],
                        "size": {"min": 0, "desired": 0, "max": 2}, "fabric": fabric, "driver_owner": owner,
                        "image": {"family": family},
                    }  # fmt: skip


def plans_of(machine):
    """Return the plans of what the rules allow; only the driver's owner and the image's family may be refused here."""
    region, zone = place_of(machine)
    found = []
    for pool in with_kubelets(pools_of(machine, zone)):
        try:
            found.append(plan_single_pool("azure", region, "pool", NodePoolSpec.model_validate(pool)))
        except InvalidInputError as error:
            if {problem.path for problem in error.problems} - {"driver_owner", "image.family"}:
                raise
    return region, found


@pytest.mark.parametrize("machine", USABLE, ids=lambda machine: machine.name)
def test_the_size_as_it_is_sold_passes_the_local_clouds_checks(machine, cloud):
    region, plans = plans_of(machine)
    assert {plan.offerings[0].capacity_type for plan in plans} == set(machine.capacity_types)

    def program():
        for number, plan in enumerate(plans):
            (offering,) = plan.offerings
            args = agent_pool_args(plan, offering, cluster_ref(region=region), None)
            declare(containerservice.AgentPool, f"pool-{number}", args, None)

    found = record(program)
    for declared in found.resources.values():
        assert not cloud.problems(declared.type, declared.inputs), (declared.key, declared.inputs)
    assert len(found.of_type("AgentPool")) == len(plans)


def test_a_size_for_which_nobody_brings_a_driver_is_refused_whoever_shall():
    assert {machine.accelerator for machine in SIZES} >= WITHOUT_DRIVER
    for machine in SIZES:
        if machine.accelerator in WITHOUT_DRIVER:
            assert plans_of(machine)[1] == []


def test_the_checks_of_the_local_cloud_can_fail(cloud):
    machine = next(entry for entry in SIZES if entry.name == "Standard_ND96isr_H100_v5")
    region, plans = plans_of(machine)

    def program():
        args = agent_pool_args(plans[0], plans[0].offerings[0], cluster_ref(region=region), None)
        declare(containerservice.AgentPool, "pool", args, None)

    pool = record(program).one("AgentPool")
    assert not cloud.problems(pool.type, pool.inputs)
    assert cloud.problems(pool.type, {**pool.inputs, "agentPoolName": "longer-than-aks-takes"})


@pytest.mark.parametrize("sold", sorted(SOLD_AS))
def test_a_size_that_is_not_sold_so_is_refused(sold):
    refused = 0
    for machine in SIZES:
        if sold in machine.capacity_types:
            continue
        region, zone = place_of(machine)
        for owner in OWNERS:
            pool = {
                "name": "pool", "machine_type": machine.name, "zones": [zone], "capacity": [SOLD_AS[sold]],
                "driver_owner": owner,
            }  # fmt: skip
            with pytest.raises(InvalidInputError, match="is not sold as"):
                plan_single_pool("azure", region, "pool", NodePoolSpec.model_validate(pool))
            refused += 1
    assert refused or all(sold in machine.capacity_types for machine in SIZES)
