"""What holds for every component: type token, parents, whose options reach whom, registered outputs."""

import functools

import pulumi
import pytest

import gpucloud
from gpucloud import (
    AwsCluster,
    AwsGpuNodePool,
    AwsNetwork,
    AzureCluster,
    AzureGpuNodePool,
    AzureNetwork,
    EnvironmentSpec,
    GcpCluster,
    GcpGpuNodePool,
    GcpNetwork,
    GpuEnvironment,
    GpuStack,
    NetworkSpec,
    StackGate,
)
from gpucloud.plan import plan_document
from gpucloud.spec.loading import read_document
from tests.components import azure_programs, gcp_programs, programs
from tests.components.gcp_outputs import reservation
from tests.components.recorder import record
from tests.golden_files import SCENARIOS

DOCUMENT = SCENARIOS / "p5-efa-three-zones" / "spec.yaml"
SUBNETS = {f"us-east-1{zone}": f"subnet-{zone}" for zone in "abc"}


@functools.cache
def environment_spec():
    return EnvironmentSpec.model_validate(read_document(str(DOCUMENT)))


def gate():
    gated = SCENARIOS / "gate-of-three-ways-to-share" / "spec.yaml"
    return next(cluster.gate for cluster in plan_document(read_document(str(gated))).clusters if cluster.name == "cuda")


def releases():
    return plan_document(read_document(str(DOCUMENT))).clusters[0].releases


AZURE_POOL = azure_programs.pool_spec(machine_type=azure_programs.H100, zones=["regional"], fabric="infiniband")
GCP_POOL = gcp_programs.pool_spec(machine_type=gcp_programs.H100_TCPXO, capacity=[gcp_programs.RESERVED])
# Pools with a fabric, and on Google Cloud with a reservation, which is asked for beforehand.
COMPONENTS = {
    "AwsNetwork": lambda name, opts: AwsNetwork(name, NetworkSpec(), "us-east-1", opts=opts),
    "AwsCluster": lambda name, opts: AwsCluster(name, environment_spec().clusters[0], "vpc-1", SUBNETS, opts=opts),
    "AwsGpuNodePool": lambda name, opts: AwsGpuNodePool(
        name, programs.pool_spec(fabric="efa"), programs.cluster_ref(), opts=opts
    ),
    "AzureNetwork": lambda name, opts: AzureNetwork(name, NetworkSpec(), azure_programs.REGION, opts=opts),
    "AzureCluster": lambda name, opts: AzureCluster(
        name, azure_programs.cluster_spec(), "theirs", azure_programs.cluster_ref().node_subnet_id, opts=opts
    ),
    "AzureGpuNodePool": lambda name, opts: AzureGpuNodePool(name, AZURE_POOL, azure_programs.cluster_ref(), opts=opts),
    "GcpNetwork": lambda name, opts: GcpNetwork(name, NetworkSpec(), gcp_programs.REGION, opts=opts),
    "GcpCluster": lambda name, opts: GcpCluster(name, gcp_programs.cluster_spec(), "network", "subnet", opts=opts),
    "GcpGpuNodePool": lambda name, opts: GcpGpuNodePool(name, GCP_POOL, gcp_programs.cluster_ref(), opts=opts),
    "GpuStack": lambda name, opts: GpuStack(name, releases(), opts=opts),
    "StackGate": lambda name, opts: StackGate(name, gate(), pull_secrets={"nvcr": "{}"}, opts=opts),
    "GpuEnvironment": lambda name, opts: GpuEnvironment(name, environment_spec(), opts=opts),
}
PROVIDERS = {
    "Aws": "aws",
    "Azure": "azure-native",
    "Gcp": "gcp",
    "GpuStack": "kubernetes",
    "StackGate": "kubernetes",
    "GpuEnvironment": "aws",
}
ANSWERS = reservation("a3-megagpu-8g", "nvidia-h100-mega-80gb", 8)
every_component = pytest.mark.parametrize("name", sorted(COMPONENTS))


def declare(name, opts=None, *, called="it"):
    COMPONENTS[name](called, opts)


def declared(name, opts=None):
    return record(lambda: declare(name, opts), answers=ANSWERS)


def package_of(name):
    """The package of the provider that most of a component's children are of."""
    return next(package for start, package in PROVIDERS.items() if name.startswith(start))


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
    package = package_of(name)

    def program():
        declare(name, pulumi.ResourceOptions(providers=[pulumi.ProviderResource(package, "theirs", {})]))

    found = record(program, answers=ANSWERS)
    used = {entry.provider for entry in found.resources.values() if entry.type.startswith(f"{package}:")}
    assert used == {f"pulumi:providers:{package}::theirs"}


@every_component
def test_each_component_registers_its_outputs(name):
    found = declared(name)
    components = {key for key, entry in found.resources.items() if entry.type.startswith("gpucloud:")}
    assert found.outputs.keys() == components
    assert all(found.outputs.values())


@every_component
def test_a_component_twice_in_one_program_shares_no_name(name):
    def program():
        declare(name)
        declare(name, called="other")

    found = record(program, answers=ANSWERS)
    assert len(found.resources) == 2 * len(declared(name).resources)


def test_every_component_that_the_package_gives_is_held_to_this():
    ending = ("Network", "Cluster", "GpuNodePool", "Stack", "Gate", "Environment")
    assert sorted(COMPONENTS) == sorted(name for name in gpucloud.__all__ if name.endswith(ending))
