"""The node groups of one pool: fabric, capacity types, disks, tags for growing from zero, what is refused."""

import collections
import dataclasses

import pulumi
import pytest

from gpucloud import AwsGpuNodePool, NodePoolSpec
from gpucloud.plan.node_pool import plan_single_pool
from tests.components.programs import ZONES, cluster_ref, pool_spec, record_pool
from tests.components.recorder import record

TAG_PREFIX = "k8s.io/cluster-autoscaler/node-template"
BLOCK = {"type": "capacity-block", "reservation_id": "cr-0aaaaaaaaaaaaaaaa"}
RESERVED = {"type": "reserved", "reservation_id": "cr-0123456789abcdef0"}
FABRIC_GROUP = "aws:ec2/securityGroup:SecurityGroup::pool-efa"


def template_of(found, ending=""):
    return next(entry for entry in found.of_type("LaunchTemplate") if entry.name.endswith(ending)).inputs


def group_of(found, ending=""):
    return next(entry for entry in found.of_type("NodeGroup") if entry.name.endswith(ending)).inputs


def tags_of(found, ending=""):
    tags = [tag.inputs for tag in found.of_type("autoscaling/tag:Tag")]
    return {tag["tag"]["key"]: tag["tag"]["value"] for tag in tags if ending in tag["autoscalingGroupName"]}


# --- one node group an offering ---


def test_each_offering_is_a_template_and_a_group_in_its_zone():
    found = record_pool(zones=list(ZONES), capacity=["on-demand", "spot"])
    names = [f"pool-{zone}-{kind}" for zone in ZONES for kind in ("od", "spot")]
    assert [entry.name for entry in found.of_type("LaunchTemplate")] == names
    assert [entry.name for entry in found.of_type("NodeGroup")] == names
    for zone in ZONES:
        assert group_of(found, f"{zone}-od")["subnetIds"] == [f"subnet-{zone[-1]}"]


def test_the_group_follows_its_templates_version_as_text():
    found = record_pool()
    assert group_of(found)["launchTemplate"] == {"id": "<pool-us-east-1a-od.id>", "version": "1"}
    assert found.one("NodeGroup").dependencies == ("aws:ec2/launchTemplate:LaunchTemplate::pool-us-east-1a-od",)


def test_on_demand_and_spot_differ_in_the_group_alone():
    found = record_pool(capacity=["on-demand", "spot"])
    on_demand, spot = group_of(found, "-od"), group_of(found, "-spot")
    assert (on_demand["capacityType"], spot["capacityType"]) == ("ON_DEMAND", "SPOT")
    for group in (on_demand, spot):
        assert group["instanceTypes"] == ["p5.48xlarge"]
    for template in (template_of(found, "-od"), template_of(found, "-spot")):
        assert not template.keys() & {"instanceMarketOptions", "capacityReservationSpecification", "instanceType"}


def test_a_reservation_is_a_target_of_the_template_and_on_demand_for_eks():
    found = record_pool(capacity=[RESERVED, "spot"])
    template = template_of(found, "-reserved")
    assert template["capacityReservationSpecification"] == {
        "capacityReservationTarget": {"capacityReservationId": RESERVED["reservation_id"]}
    }
    assert not template.keys() & {"instanceMarketOptions", "instanceType", "placement"}
    group = group_of(found, "-reserved")
    assert (group["capacityType"], group["instanceTypes"]) == ("ON_DEMAND", ["p5.48xlarge"])
    assert "capacityReservationSpecification" not in template_of(found, "-spot")


def test_a_capacity_block_has_market_reservation_and_type_in_the_template_and_no_type_in_the_group():
    found = record_pool(capacity=[BLOCK], size={"min": 0, "desired": 0, "max": 2})
    template, group = template_of(found), group_of(found)
    assert template["instanceMarketOptions"] == {"marketType": "capacity-block"}
    assert template["instanceType"] == "p5.48xlarge"
    target = template["capacityReservationSpecification"]["capacityReservationTarget"]
    assert target == {"capacityReservationId": BLOCK["reservation_id"]}
    assert group["capacityType"] == "CAPACITY_BLOCK"
    assert "instanceTypes" not in group
    assert "placement" not in template


def test_the_template_holds_nothing_that_eks_refuses_there():
    refused = {"iamInstanceProfile", "instanceInitiatedShutdownBehavior", "hibernationOptions", "securityGroupNames"}
    for fabric in ("efa", "none"):
        template = template_of(record_pool(fabric=fabric))
        assert not template.keys() & refused
        assert not any("subnetId" in interface for interface in template.get("networkInterfaces", []))
    assert "diskSize" not in group_of(record_pool())


def test_the_desired_size_is_the_autoscalers_after_creation():
    assert record_pool().one("NodeGroup").ignore_changes == ("scalingConfig.desiredSize",)


def test_every_group_explains_its_stock_out_by_the_error_hook():
    assert record_pool().one("NodeGroup").error_hooks == ("pool-stock-out",)


def test_nodes_are_replaced_one_at_a_time_and_repaired():
    group = group_of(record_pool())
    assert group["updateConfig"] == {"maxUnavailable": 1, "updateStrategy": "MINIMAL"}
    assert group["nodeRepairConfig"] == {"enabled": True}


def test_taints_are_spelled_as_eks_spells_them():
    taints = [
        {"key": "a", "value": "1", "effect": "NoExecute"},
        {"key": "b", "effect": "PreferNoSchedule"},
        {"key": "c", "effect": "NoSchedule"},
    ]
    assert group_of(record_pool(taints=taints, gpu_taint=False))["taints"] == [
        {"key": "a", "value": "1", "effect": "NO_EXECUTE"},
        {"key": "b", "effect": "PREFER_NO_SCHEDULE"},
        {"key": "c", "effect": "NO_SCHEDULE"},
    ]


# --- fabric ---


def test_a_fabric_has_one_interface_with_addresses_and_one_efa_only_on_every_card():
    template = template_of(record_pool(fabric="efa"))
    places = [(i["networkCardIndex"], i["deviceIndex"], i["interfaceType"]) for i in template["networkInterfaces"]]
    assert places == [(0, 0, "interface"), (0, 1, "efa-only"), *((card, 0, "efa-only") for card in range(1, 32))]
    assert "vpcSecurityGroupIds" not in template
    for interface in template["networkInterfaces"]:
        assert interface["securityGroups"] == ["sg-cluster", "<pool-efa.id>"]
        assert "associatePublicIpAddress" not in interface


def test_card_zero_of_p6_b300_has_addresses_and_no_efa():
    found = record_pool(
        machine_type="p6-b300.48xlarge", zones=["us-west-2a"], fabric="efa", capacity=[BLOCK],
        size={"min": 0, "desired": 0, "max": 1},
        ref=cluster_ref(region="us-west-2", subnet_ids={"us-west-2a": "subnet-w"}),
    )  # fmt: skip
    places = [(i["networkCardIndex"], i["interfaceType"]) for i in template_of(found)["networkInterfaces"]]
    assert places == [(0, "interface"), *((card, "efa-only") for card in range(1, 17))]


def test_without_a_fabric_groups_stand_on_the_template_and_there_is_no_interface():
    found = record_pool()
    assert template_of(found)["vpcSecurityGroupIds"] == ["sg-cluster"]
    assert "networkInterfaces" not in template_of(found)
    assert not found.of_type("SecurityGroup")


def test_the_fabrics_group_admits_itself_both_ways_and_nothing_else():
    found = record_pool(fabric="efa")
    ingress, egress = found.one("IngressRule"), found.one("EgressRule")
    for rule in (ingress, egress):
        assert rule.inputs["securityGroupId"] == "<pool-efa.id>" == rule.inputs["referencedSecurityGroupId"]
        assert rule.inputs["ipProtocol"] == "-1"
        assert not rule.inputs.keys() & {"fromPort", "toPort", "cidrIpv4", "cidrIpv6"}
    assert not found.one("SecurityGroup").inputs.keys() & {"ingress", "egress"}
    assert found.one("SecurityGroup").inputs["vpcId"] == "vpc-1"


def test_one_security_group_serves_every_zone_of_the_pool():
    found = record_pool(fabric="efa", zones=list(ZONES))
    assert len(found.of_type("SecurityGroup")) == 1


# --- placement ---


@pytest.mark.parametrize(
    ("changes", "zones"),
    [
        ({}, []),
        ({"placement": "cluster"}, ["us-east-1a", "us-east-1b"]),
        ({"fabric": "efa"}, ["us-east-1a", "us-east-1b"]),
        ({"fabric": "efa", "placement": "none"}, []),
        ({"fabric": "efa", "capacity": [RESERVED | {"zone": "us-east-1a"}]}, []),
        ({"fabric": "efa", "capacity": [RESERVED | {"zone": "us-east-1a"}, "spot"]}, ["us-east-1a", "us-east-1b"]),
    ],
)
def test_a_placement_group_is_made_only_where_nodes_are_kept_close(changes, zones):
    found = record_pool(zones=["us-east-1a", "us-east-1b"], **changes)
    groups = found.of_type("PlacementGroup")
    assert [group.name for group in groups] == [f"pool-{zone}" for zone in zones]
    assert {group.inputs["strategy"] for group in groups} <= {"cluster"}
    for template in found.of_type("LaunchTemplate"):
        own = next((zone for zone in zones if zone in template.name and "reserved" not in template.name), None)
        wanted = {"groupName": f"pool-{own}-0000000"} if own else None
        assert template.inputs.get("placement") == wanted, template.name


# --- growing from zero ---


def test_the_tags_say_everything_that_a_new_node_would_be():
    found = record_pool(fabric="efa", labels={"team": "search"}, taints=[{"key": "tier", "effect": "NoExecute"}])
    assert tags_of(found) == {
        f"{TAG_PREFIX}/label/gpucloud.io/accelerator": "h100-sxm-80gb",
        f"{TAG_PREFIX}/label/gpucloud.io/fabric": "efa",
        f"{TAG_PREFIX}/label/gpucloud.io/pool": "h100",
        f"{TAG_PREFIX}/label/k8s.amazonaws.com/accelerator": "h100-sxm-80gb",
        f"{TAG_PREFIX}/label/team": "search",
        f"{TAG_PREFIX}/resources/ephemeral-storage": f"{8 * 3800 * 10**9 // 2**30}Gi",
        f"{TAG_PREFIX}/resources/nvidia.com/gpu": "8",
        f"{TAG_PREFIX}/resources/vpc.amazonaws.com/efa": "32",
        f"{TAG_PREFIX}/taint/nvidia.com/gpu": "present:NoSchedule",
        f"{TAG_PREFIX}/taint/tier": ":NoExecute",
    }


def test_labels_and_taints_of_the_group_and_of_its_tags_are_the_same():
    found = record_pool(labels={"a": "1"}, taints=[{"key": "b", "value": "2"}])
    group, tags = group_of(found), tags_of(found)
    # What keeps the operator's parts off a node is nothing that a pod asks for.
    placing = {key for key in group["labels"] if key.startswith("nvidia.com/gpu.deploy.")}
    assert placing == {"nvidia.com/gpu.deploy.driver", "nvidia.com/gpu.deploy.container-toolkit"}
    told = {f"{TAG_PREFIX}/label/{key}": value for key, value in group["labels"].items() if key not in placing}
    assert told.items() <= tags.items()
    assert not [key for key in tags if "gpu.deploy" in key]
    assert {f"{TAG_PREFIX}/taint/{taint['key']}" for taint in group["taints"]} <= tags.keys()


def test_every_offering_has_its_tags_on_its_own_scaling_group():
    found = record_pool(capacity=["on-demand", "spot"])
    count = collections.Counter(tag.inputs["autoscalingGroupName"] for tag in found.of_type("autoscaling/tag:Tag"))
    assert count.keys() == {"<pool-us-east-1a-od.asg>", "<pool-us-east-1a-spot.asg>"}
    assert len(set(count.values())) == 1


def test_a_taint_with_two_effects_has_one_tag_since_a_group_takes_a_key_once():
    taints = [{"key": "tier", "value": "gold", "effect": effect} for effect in ("PreferNoSchedule", "NoExecute")]
    found = record_pool(taints=taints)
    keys = [tag.inputs["tag"]["key"] for tag in found.of_type("autoscaling/tag:Tag")]
    assert len(keys) == len(set(keys))
    assert tags_of(found)[f"{TAG_PREFIX}/taint/tier"] == "gold:NoExecute"
    assert len(group_of(found)["taints"]) == 3


# --- metadata and disks ---


def test_instance_metadata_needs_a_session_token_and_reaches_pods():
    assert template_of(record_pool())["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 2,
    }


@pytest.mark.parametrize(("family", "device"), [("al2023", "/dev/xvda"), ("bottlerocket", "/dev/xvdb")])
def test_the_disk_that_images_fill_is_large_fast_and_encrypted(family, device):
    disk = {"size_gib": 500, "throughput_mib_s": 900, "iops": 9000}
    (mapping,) = template_of(record_pool(image={"family": family}, root_disk=disk))["blockDeviceMappings"]
    assert mapping["deviceName"] == device
    assert mapping["ebs"] == {
        "volumeType": "gp3", "volumeSize": 500, "throughput": 900, "iops": 9000, "encrypted": "true",
        "deleteOnTermination": "true",
    }  # fmt: skip


def test_instances_volumes_and_interfaces_carry_the_clusters_tags():
    template = template_of(record_pool())
    kinds = {entry["resourceType"]: entry["tags"] for entry in template["tagSpecifications"]}
    assert kinds.keys() == {"instance", "network-interface", "volume"}
    assert all(tags["team"] == "ml" for tags in kinds.values())


# --- own image ---

OWN = {"image": {"family": "custom", "id": "ami-0123456789abcdef0"}, "driver_owner": "host"}
JOIN = {"endpoint": "https://api", "certificate_authority": "Q0E=", "service_cidr": "172.20.0.0/16"}


def test_an_own_image_stands_in_the_template_and_the_group_names_no_image():
    found = record_pool(ref=cluster_ref(**JOIN), **OWN)
    assert template_of(found)["imageId"] == "ami-0123456789abcdef0"
    assert "amiType" not in group_of(found)


@pytest.mark.parametrize("missing", sorted(JOIN))
def test_an_own_image_without_what_it_joins_by_is_refused(missing):
    with pytest.raises(pulumi.RunError) as caught:
        record_pool(ref=cluster_ref(**{**JOIN, missing: None}), **OWN)
    text = str(caught.value)
    assert "cluster: nodes of pool h100 boot an own image and could not join" in text
    assert missing in text


def test_an_own_image_gets_what_another_resource_computes():
    def program():
        endpoint = pulumi.Output.from_input("https://computed")
        AwsGpuNodePool("pool", pool_spec(**OWN), cluster_ref(**{**JOIN, "endpoint": endpoint}))

    assert template_of(record(program))["userData"]


# --- refusals ---


def test_a_zone_without_a_subnet_is_refused_by_name():
    with pytest.raises(pulumi.RunError, match="us-east-1d") as caught:
        record_pool(zones=["us-east-1a", "us-east-1d"], machine_type="g5.xlarge")
    assert "us-east-1a," not in str(caught.value)


def test_all_problems_of_a_pool_come_at_once_as_one_error_of_the_program():
    with pytest.raises(pulumi.RunError) as caught:
        record_pool(zones=["us-east-1a", "us-west-2a"], machine_type="g5.xlarge", fabric="efa")
    assert str(caught.value).startswith("pool:\n")
    for part in ("zones[1]: us-west-2a", "fabric"):
        assert part in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_refused_pool_declares_no_resource_of_a_cloud():
    declared = []

    def program():
        try:
            AwsGpuNodePool("pool", pool_spec(zones=["us-west-2a"], fabric="efa"), cluster_ref())
        except pulumi.RunError as error:
            declared.append(str(error))

    found = record(program)
    assert declared
    assert not [entry for entry in found.resources.values() if entry.custom]


# --- inputs that only a later step knows ---


@pytest.mark.parametrize("changes", [{}, {"fabric": "efa"}, {"image": {"family": "bottlerocket"}}, OWN])
def test_a_preview_works_when_everything_about_the_cluster_is_unknown(changes):
    def program():
        # A resource of the preview, whose computed outputs nobody knows.
        unknown = pulumi.CustomResource("aws:ec2/vpc:Vpc", "later", {"cidrBlock": "10.0.0.0/16"})
        value = pulumi.Output.all(unknown.id).apply(lambda found: found[0])
        ref = cluster_ref(
            cluster_name=value, vpc_id=value, subnet_ids=dict.fromkeys(ZONES, value), node_role_arn=value,
            cluster_security_group_id=value, endpoint=value, certificate_authority=value, service_cidr=value,
        )  # fmt: skip
        AwsGpuNodePool("pool", pool_spec(**changes), ref)

    before = record(program, preview=True)
    after = record(program)
    assert sorted(before.resources) == sorted(after.resources)


def test_a_plan_and_its_spec_declare_the_same():
    plan = plan_single_pool("aws", "us-east-1", "pool", pool_spec(fabric="efa"))
    by_plan = record(lambda: AwsGpuNodePool("pool", plan, cluster_ref()) and None)
    assert by_plan.to_json() == record_pool(fabric="efa").to_json()


def test_the_order_of_labels_taints_and_tags_does_not_matter():
    labels, taints = {"a": "1", "b": "2"}, [{"key": "a"}, {"key": "b", "effect": "NoExecute"}]
    ref = cluster_ref(tags={"x": "1", "y": "2"})
    other = dataclasses.replace(ref, tags={"y": "2", "x": "1"})
    first = record_pool(ref=ref, labels=labels, taints=taints)
    second = record_pool(ref=other, labels=dict(reversed(labels.items())), taints=taints[::-1])
    assert first.to_json() == second.to_json()


def test_names_in_eks_are_given_by_offering():
    names = {}

    def program():
        pool = AwsGpuNodePool("pool", NodePoolSpec.model_validate(pool_spec().model_dump()), cluster_ref())
        for offering, name in pool.node_group_names.items():
            name.apply(lambda value, offering=offering: names.setdefault(offering, value))

    record(program)
    assert names == {"us-east-1a-od": "pool-us-east-1a-od-0000000"}
