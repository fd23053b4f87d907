"""Every machine type of the catalogue, however it is bought; interfaces; images; the driver's owner; tolerations."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from gpucloud.errors import UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.charts import chart_values
from gpucloud.facts.machine_types import machine_type, machine_types
from gpucloud.facts.zones import regions, zone_offers, zones as zones_of
from gpucloud.plan import plan_environment
from gpucloud.plan.fabric import plan_interfaces
from gpucloud.plan.machine import choose_machine_type
from gpucloud.spec import NodePoolSpec
from tests.plan.pools import cluster, environment, plan_of, pool, pool_plan, problems_of

TYPES = machine_types("aws")
WITH_EFA = [entry for entry in TYPES if entry.vendor.efa_cards]
CAPACITY: dict[str, Any] = {
    "on-demand": "on-demand",
    "spot": "spot",
    "reserved": {"type": "reserved", "reservation_id": "cr-0123456789abcdef0"},
    "capacity-block": {"type": "capacity-block", "reservation_id": "cr-0123456789abcdef0"},
}
CUSTOM = {"family": "custom", "id": "ami-0123456789abcdef0"}


def _home(name: str) -> tuple[str, str]:
    """A region and a zone where the machine type is sold, or where nobody can say that it is not."""
    places = [(region, zone) for region in regions("aws") for zone in zones_of("aws", region)]
    return min(
        places,
        key=lambda place: (
            zone_offers("aws", *place, name) is not True,
            zone_offers("aws", *place, name) is False,
            place,
        ),
    )


def _spec(entry, capacity: str, **fields: Any):
    region, zone = _home(entry.name)
    image = (
        {} if accelerator(entry.accelerator).vendor in {"nvidia", "aws"} else {"image": CUSTOM, "driver_owner": "host"}
    )
    one = NodePoolSpec(
        **{
            "name": "gpu",
            "machine_type": entry.name,
            "zones": (zone,),
            "capacity": (CAPACITY[capacity],),
            **image,
            **fields,
        }
    )
    return environment(cluster(one, region=region))


@pytest.mark.parametrize("capacity", CAPACITY)
@pytest.mark.parametrize("entry", TYPES, ids=lambda entry: entry.name)
def test_every_machine_type_plans_however_it_is_sold(entry, capacity):
    spec = _spec(entry, capacity)
    if capacity not in entry.capacity_types:
        (problem,) = problems_of(spec)
        assert problem.path == "clusters[train].node_pools[gpu].capacity[0]"
        assert f"{entry.name} is not sold as {capacity}" in problem.problem
        assert all(kind in problem.fix for kind in entry.capacity_types)
        return
    plan = plan_environment(spec).clusters[0].node_pools[0]
    assert plan.machine.machine_type == entry.name
    assert plan.machine.devices_per_node >= 1
    resources = dict(plan.node_resources)
    assert resources[plan.machine.resource_name] == str(plan.machine.devices_per_node)
    assert plan.machine.resource_name == accelerator(entry.accelerator).resource_name
    assert {offering.capacity_type for offering in plan.offerings} == {capacity}
    assert plan.disk.root_gib >= 200
    assert plan.disk.root_throughput_mib_s >= 600
    assert (plan.disk.local_nvme == "none") == (entry.local_nvme_disks == 0)
    assert plan.image.variant == ("standard" if plan.image.family == "custom" else plan.image.variant)
    assert plan.interfaces == ()


@pytest.mark.parametrize("entry", TYPES, ids=lambda entry: entry.name)
def test_a_fabric_is_planned_where_it_exists_and_refused_elsewhere(entry):
    spec = _spec(entry, "on-demand" if "on-demand" in entry.capacity_types else "capacity-block", fabric="efa")
    if not entry.vendor.efa_cards:
        assert [problem.path for problem in problems_of(spec)] == ["clusters[train].node_pools[gpu].fabric"]
        return
    plan = plan_environment(spec).clusters[0].node_pools[0]
    assert dict(plan.node_resources)["vpc.amazonaws.com/efa"] == str(len(entry.vendor.efa_cards))
    assert len(plan.interfaces) == len(entry.vendor.efa_cards) + 1


@pytest.mark.parametrize("entry", WITH_EFA, ids=lambda entry: entry.name)
def test_one_interface_has_the_addresses_and_every_card_its_fabric(entry):
    interfaces = plan_interfaces(entry)
    assert [(one.network_card, one.device) for one in interfaces if one.kind == "ip"] == [(0, 0)]
    places = [(one.network_card, one.device) for one in interfaces]
    assert len(places) == len(set(places))
    assert places == sorted(places)
    assert tuple(one.network_card for one in interfaces if one.kind == "fabric") == entry.vendor.efa_cards
    assert all(one.network_card < entry.vendor.network_cards for one in interfaces)
    assert all(one.device == (1 if one.network_card == 0 else 0) for one in interfaces if one.kind == "fabric")


def test_the_card_that_takes_no_fabric_carries_addresses_alone():
    interfaces = plan_interfaces(machine_type("aws", "p6-b300.48xlarge"))
    assert [(one.device, one.kind) for one in interfaces if one.network_card == 0] == [(0, "ip")]
    assert len(interfaces) == 17


@pytest.mark.parametrize(
    ("name", "cards"), [("p5.48xlarge", 32), ("p4d.24xlarge", 4), ("p5en.48xlarge", 16), ("p6-b200.48xlarge", 8)]
)
def test_known_layouts(name, cards):
    assert sum(one.kind == "fabric" for one in plan_interfaces(machine_type("aws", name))) == cards


@pytest.mark.parametrize("entry", [entry for entry in TYPES if entry.accelerator_count], ids=lambda entry: entry.name)
def test_an_accelerator_and_a_count_choose_a_machine_that_has_them(entry):
    chosen = choose_machine_type(
        "aws", pool(accelerator=entry.accelerator, accelerators_per_node=entry.accelerator_count)
    )
    assert (chosen.accelerator, chosen.accelerator_count) == (entry.accelerator, entry.accelerator_count)
    assert entry.bare_metal or (chosen.vcpus, chosen.memory_mib) <= (entry.vcpus, entry.memory_mib)


def test_the_fabric_counts_when_a_machine_is_chosen():
    plain = choose_machine_type("aws", pool(accelerator="a10g-24gb", accelerators_per_node=1))
    linked = choose_machine_type("aws", pool(accelerator="a10g-24gb", accelerators_per_node=1, fabric="efa"))
    assert (plain.name, linked.name) == ("g5.xlarge", "g5.8xlarge")


@pytest.mark.parametrize(
    ("accelerator_name", "count", "says"), [("h100", 8, "h100-sxm-80gb"), ("h100-sxm-80gb", 2, "p5.4xlarge (1 x)")]
)
def test_what_no_machine_has_is_refused_with_what_there_is(accelerator_name, count, says):
    with pytest.raises(UnknownNameError) as raised:
        choose_machine_type("aws", pool(accelerator=accelerator_name, accelerators_per_node=count))
    assert says in raised.value.nearest
    (problem,) = problems_of(environment(cluster(pool(accelerator=accelerator_name, accelerators_per_node=count))))
    assert problem.path.endswith("[gpu].accelerator")
    assert says in problem.fix


IMAGES: tuple[dict[str, Any], ...] = ({"family": "al2023"}, {"family": "bottlerocket"}, CUSTOM)
# Who brings driver and toolkit with the image, by family; an own image has what its owner says.
BRINGS_DRIVER = {"al2023": True, "bottlerocket": True}


@pytest.mark.parametrize("gpu", ["p5.48xlarge", "g5g.2xlarge"])
@pytest.mark.parametrize(("owner", "image"), list(itertools.product(("vendor", "operator", "host"), IMAGES)))
def test_the_driver_has_exactly_one_owner_or_is_refused(owner, image, gpu):
    spec = environment(cluster(pool(machine_type=gpu, driver_owner=owner, image=image)))
    found = problems_of(spec)
    if found:
        assert [problem.path.rsplit(".", 1)[1] for problem in found] == ["driver_owner"]
        assert (owner == "vendor") == (image is CUSTOM)
        return
    (values,) = [release.values for release in plan_environment(spec).clusters[0].releases]
    in_image = BRINGS_DRIVER.get(image["family"], owner == "host")
    assert in_image + values["driver"]["enabled"] == 1
    toolkit_in_image = image["family"] in BRINGS_DRIVER
    assert toolkit_in_image + values["toolkit"]["enabled"] == 1
    plugin_in_image = image["family"] == "bottlerocket"
    assert plugin_in_image + values["devicePlugin"]["enabled"] == 1


taints = st.lists(
    st.fixed_dictionaries(
        {
            "key": st.sampled_from(("a", "b", "nvidia.com/gpu", "example.com/team")),
            "value": st.sampled_from(("", "x", "present")),
            "effect": st.sampled_from(("NoSchedule", "PreferNoSchedule", "NoExecute")),
        }
    ),
    max_size=5,
    unique_by=lambda taint: (taint["key"], taint["effect"]),
)


def _tolerates(toleration: dict[str, str], taint) -> bool:
    """Kubernetes' own rule (k8s.io/api core/v1 Toleration.ToleratesTaint)."""
    if toleration.get("effect") not in (None, taint.effect) or toleration.get("key") not in (None, taint.key):
        return False
    return toleration.get("operator") == "Exists" or toleration.get("value", "") == taint.value


@given(
    st.lists(st.tuples(taints, st.booleans(), st.sampled_from(("p5.48xlarge", "g5.8xlarge"))), min_size=1, max_size=3)
)
@settings(max_examples=80, deadline=None)
def test_operators_tolerate_every_taint_of_every_pool(drawn):
    pools = [
        pool(name=f"p{index}", taints=own, gpu_taint=gpu_taint, machine_type=name, fabric="efa")
        for index, (own, gpu_taint, name) in enumerate(drawn)
    ]
    plan = plan_of(*pools).clusters[0]
    releases = {release.name: release.values for release in plan.releases}
    lists = (
        releases["gpu-operator"]["daemonsets"]["tolerations"],
        releases["gpu-operator"]["node-feature-discovery"]["worker"]["tolerations"],
        releases["aws-efa-k8s-device-plugin"]["tolerations"],
    )
    for tolerations, each in itertools.product(lists, plan.node_pools):
        for taint in each.taints:
            assert any(_tolerates(toleration, taint) for toleration in tolerations), (tolerations, taint)


def test_the_accelerators_taint_is_there_once_and_a_persons_own_wins():
    assert [(taint.key, taint.value) for taint in pool_plan().taints] == [("nvidia.com/gpu", "present")]
    own = [{"key": "nvidia.com/gpu", "value": "true"}]
    assert [(taint.key, taint.value) for taint in pool_plan(taints=own).taints] == [("nvidia.com/gpu", "true")]
    assert pool_plan(gpu_taint=False).taints == ()


def _paths(value: Any, prefix: str = "") -> list[str]:
    if not isinstance(value, dict) or not value:
        return [prefix]
    return [path for key, entry in value.items() for path in _paths(entry, f"{prefix}.{key}" if prefix else key)]


@pytest.mark.parametrize(
    ("owner", "image"), [("vendor", IMAGES[0]), ("vendor", IMAGES[1]), ("operator", CUSTOM), ("host", CUSTOM)]
)
def test_every_value_that_is_set_is_one_that_the_chart_has(owner, image):
    """Helm ignores a value that its chart does not have, so a path that moved would do nothing, silently."""
    plan = plan_of(pool(driver_owner=owner, image=image, fabric="efa", taints=[{"key": "a"}])).clusters[0]
    assert {release.name for release in plan.releases} == {"gpu-operator", "aws-efa-k8s-device-plugin"}
    for release in plan.releases:
        known = chart_values(release.chart, release.version)
        for path in _paths(dict(release.values)):
            assert any(path == entry or path.startswith(f"{entry}.") for entry in known), f"{release.name}: {path}"


def test_releases_follow_the_pools():
    def names(*pools, **fields):
        return [release.name for release in plan_of(*pools, **fields).clusters[0].releases]

    assert names(pool()) == ["gpu-operator"]
    assert names(pool(fabric="efa")) == ["aws-efa-k8s-device-plugin", "gpu-operator"]
    assert names(pool(fabric="efa"), gpu_stack=None) == []
    assert names(pool(machine_type="inf2.xlarge")) == ["neuron-helm-chart"]


def test_an_operator_of_another_version_keeps_its_spelling():
    for written in ("26.3.3", "v26.3.3"):
        (release,) = plan_of(pool(), gpu_stack={"operator_version": written}).clusters[0].releases
        assert release.version == "v26.3.3"
