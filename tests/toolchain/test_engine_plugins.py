"""The real engine: policy packs and providers that are directories of Python."""

import json
import sys
from pathlib import Path

import pytest

from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

RUNTIME = json.dumps({"name": "python", "options": {"toolchain": "pip", "virtualenv": str(Path(sys.prefix))}})
PROGRAM = """
    import pulumi

    pulumi.ComponentResource("gpucloud:index:Tiny", "one", {"size": pulumi.Config().get_int("size")})
"""
PACK = """
    import pulumi
    from pulumi_policy import EnforcementLevel, PolicyPack, ResourceValidationPolicy

    limit = pulumi.Config("tiny").require_int("limit")
    print("the pack looks at", pulumi.get_project(), pulumi.get_stack())

    def too_large(resource, report):
        if resource.resource_type == "gpucloud:index:Tiny" and resource.props["size"] > limit:
            report(f"{resource.name}: {int(resource.props['size'])} is more than {limit}")

    PolicyPack(
        name="tiny",
        enforcement_level=EnforcementLevel.MANDATORY,
        policies=[ResourceValidationPolicy(name="size", description="Sizes have a limit.", validate=too_large)],
    )
"""


@pytest.fixture
def guarded(pulumi_project: PulumiProject) -> PulumiProject:
    pulumi_project.write("__main__.py", PROGRAM)
    pulumi_project.write("pack/PulumiPolicy.yaml", f"runtime: {RUNTIME}\n")
    pulumi_project.write("pack/__main__.py", PACK)
    pulumi_project.run("config", "set", "limit", "4")
    return pulumi_project


def test_a_pack_knows_its_stack_and_lets_good_resources_pass(guarded: PulumiProject) -> None:
    guarded.run("config", "set", "size", "4")
    shown = guarded.run("up", "--policy-pack", "pack")
    assert "the pack looks at tiny dev" in shown
    assert guarded.resource_types() == ["gpucloud:index:Tiny", "pulumi:pulumi:Stack"]


def test_a_mandatory_violation_stops_the_update_with_its_message(guarded: PulumiProject) -> None:
    guarded.run("config", "set", "size", "5")
    shown = guarded.run("up", "--policy-pack", "pack", fails=True)
    assert "one: 5 is more than 4" in shown
    assert "gpucloud:index:Tiny" not in guarded.resource_types()


def test_a_pack_that_cannot_start_stops_the_update(guarded: PulumiProject) -> None:
    guarded.write("pack/__main__.py", "raise ValueError('the pack is broken')")
    shown = guarded.run("preview", "--policy-pack", "pack", fails=True)
    assert "the pack is broken" in shown


def test_a_provider_that_is_a_directory_serves_its_resources(pulumi_project: PulumiProject) -> None:
    plugins = {"providers": [{"name": "tinycloud", "path": "provider"}]}
    document = {"name": "tiny", "runtime": json.loads(RUNTIME), "plugins": plugins}
    pulumi_project.write("Pulumi.yaml", json.dumps(document))
    pulumi_project.write("provider/PulumiPlugin.yaml", f"runtime: {RUNTIME}\n")
    pulumi_project.write(
        "provider/__main__.py",
        """
        import sys
        from pulumi.provider.experimental.provider import CreateRequest, CreateResponse, Provider
        from pulumi.provider.experimental.server import main

        class TinyCloud(Provider):
            async def create(self, request: CreateRequest) -> CreateResponse:
                return CreateResponse(resource_id="tiny-1", properties=request.properties)

            async def delete(self, request):
                return None

        main(sys.argv[1:], "1.0.0", TinyCloud())
        """,
    )
    pulumi_project.write(
        "__main__.py",
        """
        import pulumi

        thing = pulumi.CustomResource("tinycloud:index:Thing", "one", {"size": 1})
        pulumi.export("id", thing.id)
        """,
    )
    pulumi_project.run("up")
    assert pulumi_project.outputs()["id"] == "tiny-1"
    assert "tinycloud:index:Thing" in pulumi_project.resource_types()
