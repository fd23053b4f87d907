"""Create, change, remove; and what an interruption leaves."""

import pytest

from gpucloud.sim.values import UNKNOWN, encode
from tests.sim.servicer import CLUSTER, GROUP, SUBNET, TEMPLATE, VPC, Refused, open_cloud


def test_a_preview_knows_inputs_and_defaults_and_nothing_else(cloud):
    made = cloud.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"}, preview=True)
    assert made.id == ""
    assert made.outputs["cidrBlock"] == "10.0.0.0/16"
    assert made.outputs["enableDnsSupport"] is True
    assert made.outputs["arn"] is UNKNOWN
    assert cloud.store.find("1") == []


def test_a_preview_of_a_cluster_leaves_the_cloud_members_of_an_input_unknown(cloud):
    inputs = {"roleArn": UNKNOWN, "vpcConfig": {"subnetIds": [UNKNOWN]}}
    made = cloud.create(CLUSTER, "train", inputs, preview=True)
    assert made.outputs["vpcConfig"]["clusterSecurityGroupId"] is UNKNOWN


def test_unknown_inputs_are_refused_outside_a_preview(cloud):
    with pytest.raises(Refused, match="still unknown outside a preview: vpcId"):
        cloud.create(SUBNET, "a", {"vpcId": UNKNOWN})


def test_the_same_program_gets_the_same_ids(tmp_path, schemas, cloud):
    other = open_cloud(tmp_path / "other", schemas)
    inputs = {"cidrBlock": "10.0.0.0/16"}
    assert cloud.create(VPC, "vpc", inputs).outputs == other.create(VPC, "vpc", inputs).outputs
    other.store.close()


def test_a_create_that_the_engine_never_heard_of_is_adopted(cloud):
    first = cloud.create(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    after = cloud.again()
    second = after.create(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    assert second == first
    assert len(after.store.find("1")) == 1
    after.store.close()


def test_an_orphan_with_other_inputs_is_removed_first(cloud):
    cloud.create(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    second = cloud.create(TEMPLATE, "lt", {"instanceType": "p4d.24xlarge"})
    assert [row.inputs["instanceType"] for row in cloud.store.find("1")] == ["p4d.24xlarge"]
    assert second.outputs["instanceType"] == "p4d.24xlarge"


@pytest.mark.parametrize("acknowledge", ["diff", "read", "check"])
def test_what_the_engine_knows_is_never_adopted(cloud, acknowledge):
    first = cloud.create(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    if acknowledge == "diff":
        cloud.diff(first, {"instanceType": "p4d.24xlarge"})
    elif acknowledge == "read":
        cloud.read(first)
    else:
        cloud.check(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"}, first.inputs)
    replacement = cloud.create(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    assert replacement.id != first.id
    assert replacement.outputs["name"] != first.outputs["name"]
    cloud.delete(first)
    assert [row.id for row in cloud.store.find("1")] == [replacement.id]


def test_a_half_done_create_is_seen_and_finished(cloud):
    made = cloud.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"})
    cloud.store.db.execute("UPDATE resource SET status = 'creating', outputs = '{}'")
    after = cloud.again()
    assert [row.status for row in after.store.find("1")] == ["creating"]
    assert after.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16"}).outputs == made.outputs
    assert [row.status for row in after.store.find("1")] == ["active"]
    after.store.close()


def test_a_launch_template_counts_its_versions(cloud):
    first = cloud.create(TEMPLATE, "lt", {"instanceType": "p5.48xlarge"})
    assert first.outputs["latestVersion"] == 1
    assert cloud.update(first, {"instanceType": "p4d.24xlarge"}, preview=True).outputs["latestVersion"] is UNKNOWN
    second = cloud.update(first, {"instanceType": "p4d.24xlarge"})
    assert (second.outputs["latestVersion"], second.outputs["defaultVersion"]) == (2, 1)
    third = cloud.update(second, {"instanceType": "p4d.24xlarge", "tags": {"team": "ml"}})
    assert third.outputs["latestVersion"] == 2


def test_a_name_of_its_own_is_deleted_before_it_is_replaced(estate):
    autonamed = estate.cloud.create(GROUP, "auto", estate.group())
    assert not estate.cloud.diff(autonamed, estate.group(capacityType="SPOT")).deleteBeforeReplace
    named = estate.cloud.create(GROUP, "named", estate.group(nodeGroupName="pool"))
    answer = estate.cloud.diff(named, estate.group(nodeGroupName="pool", capacityType="SPOT"))
    assert answer.deleteBeforeReplace
    assert list(answer.replaces) == ["capacityType"]


def test_a_changed_size_is_changed_in_place_and_the_order_of_subnets_is_nothing(estate):
    both = [subnet.id for subnet in estate.subnets]
    made = estate.cloud.create(GROUP, "pool", estate.group(subnetIds=both))
    grown = estate.group(subnetIds=both, scalingConfig={"minSize": 0, "desiredSize": 3, "maxSize": 8})
    answer = estate.cloud.diff(made, grown)
    assert list(answer.replaces) == []
    assert list(answer.detailedDiff) == ["scalingConfig.desiredSize"]
    assert estate.cloud.diff(made, estate.group(subnetIds=both[::-1])).changes == 1


def test_default_tags_of_the_provider_reach_every_resource(cloud):
    tags = '{"tags": {"team": "ml", "env": "dev"}}'
    cloud.call("Configure", "aws:x", args=encode({"region": "us-east-1", "defaultTags": tags}))
    made = cloud.create(VPC, "vpc", {"cidrBlock": "10.0.0.0/16", "tags": {"env": "prod"}})
    assert made.outputs["tagsAll"] == {"team": "ml", "env": "prod"}


def test_unmodelled_types_and_functions_are_refused_by_name(cloud):
    with pytest.raises(
        Refused, match=r"the local cloud does not model aws:s3/bucket:Bucket; modelled: aws:autoscaling/tag:Tag"
    ):
        cloud.check("aws:s3/bucket:Bucket", "b", {})
    with pytest.raises(
        Refused, match=r"does not model the function aws:s3/getBucket:getBucket; modelled: aws:ec2/getInst"
    ):
        cloud.invoke("aws:s3/getBucket:getBucket")
    with pytest.raises(Refused, match=r"does not model kubernetes:helm.sh/v4:Chart"):
        cloud.check("kubernetes:helm.sh/v4:Chart", "c", {})


def test_a_cluster_moves_by_one_kubernetes_version(cloud, estate):
    inputs = {key: value for key, value in estate.cluster.inputs.items() if key != "__defaults"}
    old = int(estate.cluster.outputs["version"].partition(".")[2])
    moved = cloud.update(estate.cluster, {**inputs, "version": f"1.{old + 1}"})
    assert moved.outputs["version"] == f"1.{old + 1}"
    assert cloud.update(moved, {**inputs, "version": f"1.{old}"}).outputs["version"] == f"1.{old}"
    for far in (old - 2, old + 2):
        with pytest.raises(Refused, match=rf"Unsupported Kubernetes minor version update from 1\.{old} to 1\.{far}"):
            cloud.update(estate.cluster, {**inputs, "version": f"1.{far}"})
