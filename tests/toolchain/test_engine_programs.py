"""The real engine, the language host, programs without a provider."""

import json
import platform

import pytest

from tests.engine_environment import PulumiProject

pytestmark = pytest.mark.engine

COMPONENT = """
    import pulumi

    class Tiny(pulumi.ComponentResource):
        def __init__(self, name):
            super().__init__("gpucloud:index:Tiny", name)
            self.register_outputs({})

    Tiny("one")
    print("said by the program")
    config = pulumi.Config()
    pulumi.export("plain", config.get("plain"))
    pulumi.export("token", config.get_secret("token"))
    pulumi.export("where", [pulumi.get_project(), pulumi.get_stack(), pulumi.runtime.is_dry_run()])
"""


def test_a_program_is_previewed_built_and_destroyed(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("__main__.py", COMPONENT)
    preview = pulumi_project.run("preview")
    assert "2 to create" in preview
    assert "said by the program" in preview
    assert pulumi_project.resource_types() == []
    pulumi_project.run("up")
    assert pulumi_project.resource_types() == ["gpucloud:index:Tiny", "pulumi:pulumi:Stack"]
    assert pulumi_project.outputs()["where"] == ["tiny", "dev", False]
    assert "2 unchanged" in pulumi_project.run("up")
    assert "2 deleted" in pulumi_project.run("destroy")
    assert pulumi_project.resource_types() == []


def test_configuration_and_secrets_reach_the_program(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("__main__.py", COMPONENT)
    pulumi_project.run("config", "set", "plain", "seen")
    pulumi_project.run("config", "set", "--secret", "token", "hunter2")
    shown = pulumi_project.run("up")
    assert "hunter2" not in shown
    assert "[secret]" in shown
    outputs = pulumi_project.outputs()
    assert outputs["plain"] == "seen"
    assert outputs["token"] == "hunter2"
    assert "hunter2" not in pulumi_project.run("stack", "export")


def test_an_error_of_the_program_is_shown_with_its_traceback(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("__main__.py", "raise ValueError('seven is not allowed')")
    shown = pulumi_project.run("up", fails=True)
    assert "ValueError: seven is not allowed" in shown
    assert "__main__.py" in shown
    assert "non-zero exit code" not in shown


def test_a_run_error_is_one_line(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("__main__.py", "import pulumi\nraise pulumi.RunError('the pool has no zone')")
    shown = pulumi_project.run("preview", fails=True)
    assert "the pool has no zone" in shown
    assert "Traceback" not in shown


def test_a_missing_virtual_environment_is_named(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("__main__.py", "")
    runtime = {"name": "python", "options": {"toolchain": "pip", "virtualenv": "nowhere"}}
    pulumi_project.write("Pulumi.yaml", json.dumps({"name": "tiny", "runtime": runtime}))
    shown = pulumi_project.run("preview", fails=True)
    assert "nowhere" in shown
    assert "Traceback" not in shown


def test_without_the_option_the_python_of_the_environment_runs(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("Pulumi.yaml", json.dumps({"name": "tiny", "runtime": "python"}))
    pulumi_project.write("__main__.py", "import pulumi, sys\npulumi.export('prefix', sys.prefix)")
    pulumi_project.run("up")
    assert pulumi_project.outputs()["prefix"] in pulumi_project.environment["PULUMI_PYTHON_CMD"]


def test_about_names_the_python_of_the_project(pulumi_project: PulumiProject) -> None:
    pulumi_project.write("__main__.py", "")
    document = json.loads(pulumi_project.run("about", "--json", "--transitive").partition("{")[2].join(("{", "")))
    assert document["runtime"]["version"] == platform.python_version()
    assert "pulumi" in {dependency["name"].lower() for dependency in document["dependencies"]}
