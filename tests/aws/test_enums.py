"""Words that EKS and EC2 take, held against the API models that botocore ships."""

import functools
import gzip
import json
from pathlib import Path

import botocore
import pytest

from gpucloud.aws.cluster import CONTROL_PLANE_LOGS
from gpucloud.aws.node_group import TAINT_EFFECT, ami_type, eks_capacity_type
from gpucloud.facts import machine_types
from gpucloud.plan.image import image_variant
from gpucloud.plan.model import ImagePlan


@functools.cache
def enum(service, version, shape):
    path = Path(botocore.__file__).parent / "data" / service / version / "service-2.json.gz"
    return set(json.loads(gzip.decompress(path.read_bytes()))["shapes"][shape]["enum"])


def eks(shape):
    return enum("eks", "2017-11-01", shape)


@pytest.mark.parametrize("architecture", ["x86_64", "arm64"])
@pytest.mark.parametrize("family", ["al2023", "bottlerocket"])
@pytest.mark.parametrize("variant", ["nvidia", "standard"])
def test_every_image_is_an_ami_type_of_eks(family, variant, architecture):
    assert ami_type(ImagePlan(family, variant, None), architecture) in eks("AMITypes")


def test_the_neuron_image_and_an_own_one_are_ami_types_of_eks():
    assert ami_type(ImagePlan("al2023", "neuron", None), "x86_64") in eks("AMITypes")
    assert ami_type(ImagePlan("custom", "standard", "ami-0123456789abcdef0"), "x86_64") in eks("AMITypes")


def test_every_machine_type_with_an_image_has_an_ami_type():
    for machine in machine_types("aws"):
        variant = image_variant(machine)
        if variant != "standard":
            assert ami_type(ImagePlan("al2023", variant, None), machine.architecture) in eks("AMITypes"), machine.name


def test_capacity_types_taint_effects_and_logs_are_words_of_eks():
    words = {eks_capacity_type(kind) for kind in ("on-demand", "reserved", "spot", "capacity-block")}
    assert words == eks("CapacityTypes")
    assert set(TAINT_EFFECT.values()) == eks("TaintEffect")
    assert set(CONTROL_PLANE_LOGS) == eks("LogType")


def test_markets_interfaces_and_volumes_are_words_of_ec2():
    version = "2016-11-15"
    assert "capacity-block" in enum("ec2", version, "MarketType")
    assert "gp3" in enum("ec2", version, "VolumeType")
    assert "cluster" in enum("ec2", version, "PlacementStrategy")
    assert {"instance", "network-interface", "volume"} <= enum("ec2", version, "ResourceType")
