"""Every machine type, as it is sold, with every image: planned, translated, and put before the local cloud's checks."""

import pulumi_aws as aws
import pytest

from gpucloud import AwsGpuNodePool, InvalidInputError, NodePoolSpec
from gpucloud.aws.launch_template import launch_template_args
from gpucloud.aws.node_group import node_group_args
from gpucloud.facts import machine_types
from gpucloud.facts.zones import regions, zone_offers, zones
from gpucloud.plan.image import image_variant
from gpucloud.plan.node_pool import plan_single_pool
from gpucloud.sim.schema_cache import SchemaCache
from tests.components.programs import cluster_ref
from tests.components.recorder import record
from tests.plan.kubelet_blocks import with_kubelets
from tests.sim.servicer import open_cloud

SOLD_AS = {
    "on-demand": ("on-demand",),
    "reserved": ({"type": "reserved", "reservation_id": "cr-0123456789abcdef0"},),
    "spot": ("spot",),
    "capacity-block": ({"type": "capacity-block", "reservation_id": "cr-0123456789abcdef0"},),
}
JOIN = {"endpoint": "https://api", "certificate_authority": "Q0E=", "service_cidr": "172.20.0.0/16"}


@pytest.fixture(scope="module")
def cloud(tmp_path_factory):
    root = tmp_path_factory.mktemp("cloud")
    opened = open_cloud(root, SchemaCache(root / "schemas"))
    yield opened
    opened.store.close()


def place_of(machine):
    """Return a region and a zone of it that sells the machine type, as far as a source knows; else any."""
    for wanted in (True, None):
        for region in ("us-east-1", "us-west-2", "us-east-2", *regions("aws")):
            for zone in zones("aws", region):
                if zone_offers("aws", region, zone, machine.name) is wanted:
                    return region, zone
    raise LookupError(machine.name)


def images_of(machine):
    variant = image_variant(machine)
    if variant == "nvidia":
        yield {"image": {"family": "al2023"}}
        yield {"image": {"family": "bottlerocket"}}
    elif variant == "neuron":
        yield {"image": {"family": "al2023"}}
    yield {"image": {"family": "custom", "id": "ami-0123456789abcdef0"}, "driver_owner": "host"}


def pools_of(machine, zone):
    for sold in machine.capacity_types:
        for capacity in SOLD_AS[sold]:
            for image in images_of(machine):
                for fabric in ("efa", "none") if machine.vendor.efa_cards else ("none",):
                    yield {
                        "name": "pool", "machine_type": machine.name, "zones": [zone], "capacity": [capacity],
                        "size": {"min": 0, "desired": 0, "max": 2}, "fabric": fabric, **image,
                    }  # fmt: skip


@pytest.mark.parametrize("machine", machine_types("aws"), ids=lambda machine: machine.name)
def test_the_machine_type_as_it_is_sold_passes_the_local_clouds_checks(machine, cloud):
    region, zone = place_of(machine)
    ref = cluster_ref(region=region, subnet_ids={zone: "subnet-0123456789abcdef0"}, **JOIN)
    plans = [
        plan_single_pool("aws", region, "pool", NodePoolSpec.model_validate(p))
        for p in with_kubelets(pools_of(machine, zone))
    ]
    assert plans

    def program():
        for number, plan in enumerate(plans):
            (offering,) = plan.offerings
            template = aws.ec2.LaunchTemplate(
                f"pool-{number}", launch_template_args(plan, offering, ref, ["sg-0123456789abcdef0"], None)
            )
            aws.eks.NodeGroup(f"pool-{number}", node_group_args(plan, offering, ref, template))

    found = record(program)
    for declared in found.resources.values():
        assert not cloud.problems(declared.type, declared.inputs), (declared.key, declared.inputs)
    assert len(found.of_type("NodeGroup")) == len(plans)


def test_the_checks_of_the_local_cloud_can_fail(cloud):
    machine = next(entry for entry in machine_types("aws") if entry.name == "p5.48xlarge")
    found = record(lambda: declare_one(machine))
    template = found.one("LaunchTemplate")
    assert not cloud.problems(template.type, template.inputs)
    broken = {**template.inputs, "vpcSecurityGroupIds": ["sg-1"]}
    assert cloud.problems(template.type, broken)


def declare_one(machine):
    region, zone = place_of(machine)
    pool = {"name": "pool", "machine_type": machine.name, "zones": [zone], "fabric": "efa"}
    AwsGpuNodePool("pool", NodePoolSpec.model_validate(pool), cluster_ref(region=region, subnet_ids={zone: "subnet-1"}))


@pytest.mark.parametrize("sold", ["on-demand", "spot", "capacity-block"])
def test_a_machine_type_that_is_not_sold_so_is_refused(sold):
    for machine in machine_types("aws"):
        if sold in machine.capacity_types:
            continue
        region, zone = place_of(machine)
        for image in images_of(machine):
            pool = {
                "name": "pool", "machine_type": machine.name, "zones": [zone], "capacity": [SOLD_AS[sold][0]], **image,
            }  # fmt: skip
            with pytest.raises(InvalidInputError, match="is not sold as"):
                plan_single_pool("aws", region, "pool", NodePoolSpec.model_validate(pool))
