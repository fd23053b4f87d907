"""The `get_…` functions."""

import pytest

from gpucloud.sim import control
from tests.sim.servicer import GROUP, Refused

ZONES = ["us-east-1a", "us-east-1b", "us-east-1c", "us-east-1d", "us-east-1e", "us-east-1f"]
OFFERINGS = "aws:ec2/getInstanceTypeOfferings:getInstanceTypeOfferings"


def test_the_account_is_the_one_of_amazons_examples(cloud):
    assert cloud.invoke("aws:index/getCallerIdentity:getCallerIdentity")["accountId"] == "123456789012"
    assert cloud.invoke("aws:index/getPartition:getPartition")["partition"] == "aws"
    assert cloud.invoke("aws:index/getRegion:getRegion")["region"] == "us-east-1"
    with pytest.raises(Refused, match="no matching EC2 Region found"):
        cloud.invoke("aws:index/getRegion:getRegion", region="us-east-9")


def test_lost_zones_are_not_available(cloud):
    token = "aws:index/getAvailabilityZones:getAvailabilityZones"
    assert cloud.invoke(token)["names"] == ZONES
    assert cloud.invoke(token, excludeNames=["us-east-1e"])["names"] == [zone for zone in ZONES if zone != "us-east-1e"]
    control.lose_zone(cloud.root, "us-east-1b")
    assert cloud.invoke(token, state="available")["names"] == [zone for zone in ZONES if zone != "us-east-1b"]
    assert len(cloud.invoke(token)["zoneIds"]) == len(ZONES)


def test_offerings_are_those_of_the_facts(cloud):
    wanted = [{"name": "instance-type", "values": ["p5.48xlarge", "p9.large"]}]
    answer = cloud.invoke(OFFERINGS, filters=wanted, locationType="availability-zone")
    assert set(answer["instanceTypes"]) == {"p5.48xlarge"}
    assert set(answer["locations"]) <= set(ZONES)
    assert cloud.invoke(OFFERINGS, filters=wanted)["locations"] == ["us-east-1"]
    with pytest.raises(Refused, match="the filter 'zone' is not valid"):
        cloud.invoke(OFFERINGS, filters=[{"name": "zone", "values": ["a"]}])


def test_subnets_and_vpcs_are_found_by_filter_tag_and_id(estate):
    invoke = estate.cloud.invoke
    ids = [subnet.id for subnet in estate.subnets]
    assert (
        invoke("aws:ec2/getSubnets:getSubnets", filters=[{"name": "vpc-id", "values": [estate.vpc.id]}])["ids"] == ids
    )
    found = invoke("aws:ec2/getSubnet:getSubnet", vpcId=estate.vpc.id, availabilityZone="us-east-1b")
    assert (found["id"], found["availableIpAddressCount"]) == (ids[1], 251)
    assert invoke("aws:ec2/getSubnets:getSubnets", tags={"team": "ml"})["ids"] == []
    assert invoke("aws:ec2/getVpc:getVpc", id=estate.vpc.id)["cidrBlock"] == "10.0.0.0/16"
    with pytest.raises(Refused, match="multiple EC2 Subnet found"):
        invoke("aws:ec2/getSubnet:getSubnet", vpcId=estate.vpc.id)
    with pytest.raises(Refused, match="no matching EC2 VPC found"):
        invoke("aws:ec2/getVpc:getVpc", id="vpc-1")
    with pytest.raises(Refused, match="'ipv6' is not modelled"):
        invoke("aws:ec2/getSubnets:getSubnets", filters=[{"name": "ipv6", "values": ["x"]}])


def test_a_cluster_is_described(estate):
    found = estate.cloud.invoke("aws:eks/getCluster:getCluster", name=estate.cluster.id)
    assert found["endpoint"] == estate.cluster.outputs["endpoint"]
    assert found["vpcConfig"]["vpcId"] == estate.vpc.id
    assert estate.cloud.invoke("aws:eks/getClusterAuth:getClusterAuth", name=estate.cluster.id)["token"]
    with pytest.raises(Refused, match="No cluster found for name: none"):
        estate.cloud.invoke("aws:eks/getCluster:getCluster", name="none")


@pytest.mark.parametrize("name", ["getSubnet", "getVpc"])
def test_answers_have_what_the_sdk_reads(estate, name):
    import importlib
    import re

    from pulumi import _types

    snake = re.sub("([A-Z])", r"_\1", name).lower()
    module = importlib.import_module(f"pulumi_aws.ec2.{snake}")
    promised = _types._raw_return_hints(getattr(module, f"G{name[1:]}Result"))
    arguments = {"id": estate.subnets[0].id if name == "getSubnet" else estate.vpc.id}
    answer = estate.cloud.invoke(f"aws:ec2/{name}:{name}", **arguments)
    missing = {
        key for key, hint in promised.items() if key not in answer and type(None) not in getattr(hint, "__args__", ())
    }
    assert missing == set()
    assert GROUP
