"""What holds for every component: type token, parents, whose options reach whom, registered outputs."""

import functools

import pulumi
import pytest

from gpucloud import AwsCluster, AwsGpuNodePool, AwsNetwork, EnvironmentSpec, GpuEnvironment, GpuStack, NetworkSpec
from gpucloud.plan import plan_document
from gpucloud.spec.loading import read_document
from tests.components.programs import cluster_ref, pool_spec
from tests.components.recorder import record
from tests.golden_files import SCENARIOS

DOCUMENT = SCENARIOS / "p5-efa-three-zones" / "spec.yaml"
SUBNETS = {f"us-east-1{zone}": f"subnet-{zone}" for zone in "abc"}


@functools.cache
def environment_spec():
    return EnvironmentSpec.model_validate(read_document(str(DOCUMENT)))


def releases():
    return plan_document(read_document(str(DOCUMENT))).clusters[0].releases


COMPONENTS = {
    "AwsNetwork": lambda opts: AwsNetwork("it", NetworkSpec(), "us-east-1", opts=opts),
    "AwsCluster": lambda opts: AwsCluster("it", environment_spec().clusters[0], "vpc-1", SUBNETS, opts=opts),
    "AwsGpuNodePool": lambda opts: AwsGpuNodePool("it", pool_spec(fabric="efa"), cluster_ref(), opts=opts),
    "GpuStack": lambda opts: GpuStack("it", releases(), opts=opts),
    "GpuEnvironment": lambda opts: GpuEnvironment("it", environment_spec(), opts=opts),
}
every_component = pytest.mark.parametrize("name", sorted(COMPONENTS))


def declared(name, opts=None):
    return record(lambda: COMPONENTS[name](opts) and None)


@every_component
def test_the_type_token_is_the_class_in_module_index(name):
    assert f"gpucloud:index:{name}::it" in declared(name).resources


@every_component
def test_every_resource_is_a_child_of_the_component_that_declares_it(name):
    found = declared(name)
    assert found.children_of(found.one(f"index:{name}"))
    assert [entry.key for entry in found.resources.values() if not entry.parent] == [f"gpucloud:index:{name}::it"]
    for entry in found.resources.values():
        if entry.custom:
            assert entry.parent.startswith("gpucloud:index:"), entry.key


@every_component
def test_the_callers_options_stay_with_the_component(name):
    options = pulumi.ResourceOptions(
        aliases=[pulumi.Alias(name="old")], ignore_changes=["tags"], protect=True, additional_secret_outputs=["arn"]
    )
    found = declared(name, options)
    component = found.one(f"index:{name}")
    assert component.aliases == 1
    assert component.protect
    plain = declared(name)
    for key, entry in plain.resources.items():
        if key == component.key:
            continue
        given = found.resources[key]
        # An alias of a parent makes one alias of each child, which the SDK derives; the caller's own is not repeated.
        assert given.ignore_changes == entry.ignore_changes, key
        assert given.import_id == "", key


@every_component
def test_the_callers_provider_reaches_the_children(name):
    def program():
        provider = pulumi.ProviderResource("aws", "theirs", {"region": "us-east-1"})
        COMPONENTS[name](pulumi.ResourceOptions(providers=[provider]))

    found = record(program)
    used = {entry.provider for entry in found.resources.values() if entry.type.startswith("aws:")}
    assert used <= {"pulumi:providers:aws::theirs"}
    assert used or name == "GpuStack"


@every_component
def test_each_component_registers_its_outputs(name):
    found = declared(name)
    components = {key for key, entry in found.resources.items() if entry.type.startswith("gpucloud:")}
    assert found.outputs.keys() == components
    assert all(found.outputs.values())


@every_component
def test_a_component_twice_in_one_program_shares_no_name(name):
    def program():
        COMPONENTS[name](None)
        match name:
            case "GpuStack":
                GpuStack("other", releases())
            case "AwsNetwork":
                AwsNetwork("other", NetworkSpec(), "us-east-1")
            case "AwsCluster":
                AwsCluster("other", environment_spec().clusters[0], "vpc-1", SUBNETS)
            case "AwsGpuNodePool":
                AwsGpuNodePool("other", pool_spec(fabric="efa"), cluster_ref())
            case _:
                GpuEnvironment("other", environment_spec())

    found = record(program)
    assert len(found.resources) == 2 * len(declared(name).resources)
