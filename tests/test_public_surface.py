"""What `from gpucloud import …` gives, and what it must not load."""

import ast
import importlib
import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

import gpucloud
import tests.sdk_import  # noqa: F401 - see there

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path(gpucloud.__file__)
SDKS = ("pulumi", "pulumi_aws", "pulumi_azure_native", "pulumi_gcp", "pulumi_kubernetes", "boto3", "botocore")


def _loaded_by(program: str) -> set[str]:
    """The top packages, and our own modules, that a fresh interpreter has after running a program."""
    answer = subprocess.run(
        [sys.executable, "-c", f"{program}\nimport sys, json\nprint(json.dumps(sorted(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    modules = json.loads(answer.stdout)
    return {name.split(".")[0] for name in modules} | {name for name in modules if name.startswith("gpucloud")}


def test_all_is_sorted_and_says_each_name_once():
    assert gpucloud.__all__ == sorted(set(gpucloud.__all__))


@pytest.mark.parametrize("name", gpucloud.__all__)
def test_every_name_comes_from_its_home_and_says_what_it_is(name):
    value = getattr(gpucloud, name)
    home = importlib.import_module(gpucloud._HOME[name])
    assert value is getattr(home, name)
    assert value.__name__ == name
    assert (inspect.getdoc(value) or "").strip()
    assert value.__doc__, f"{name} has no docstring of its own"


def test_the_three_lists_of_names_agree():
    assert sorted(gpucloud._HOME) == gpucloud.__all__
    assert sum(len(names) for names in gpucloud._MODULES.values()) == len(gpucloud._HOME)
    typed = {
        alias.name: node.module
        for block in ast.walk(ast.parse(SOURCE.read_text()))
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert typed == gpucloud._HOME


def test_dir_names_everything_and_an_unknown_name_is_an_attribute_error():
    assert set(gpucloud.__all__) <= set(dir(gpucloud))
    with pytest.raises(AttributeError, match="has no attribute 'AwsGpuNodePol'"):
        _ = gpucloud.AwsGpuNodePol
    with pytest.raises(ImportError):
        from gpucloud import NoSuchThing  # noqa: F401


def test_importing_the_package_loads_nothing_else():
    loaded = _loaded_by("import gpucloud")
    assert loaded.isdisjoint({*SDKS, "pydantic", "pydantic_core", "yaml", "typer", "rich", "grpc"})
    assert {name for name in loaded if name.startswith("gpucloud")} == {"gpucloud"}


def test_errors_and_facts_load_the_standard_library_alone():
    loaded = _loaded_by("import gpucloud.facts as facts; facts.machine_types('aws')")
    assert loaded.isdisjoint({*SDKS, "pydantic", "yaml", "typer", "rich"})


def test_planning_loads_no_pulumi():
    read = "from gpucloud import plan_document, read_document"
    loaded = _loaded_by(f"{read}\nplan_document(read_document('stacks/environments/prod.yaml'))")
    assert loaded.isdisjoint({*SDKS, "typer", "rich", "grpc"})
    assert "pydantic" in loaded


def test_the_command_line_plans_without_pulumi():
    loaded = _loaded_by("from gpucloud.cli.app import app")
    assert loaded.isdisjoint(SDKS)


VENDOR_SDKS = {"Aws": "pulumi_aws", "Azure": "pulumi_azure_native", "Gcp": "pulumi_gcp"}


@pytest.mark.parametrize("part", ["Cluster", "ClusterRef", "GpuNodePool", "Network"])
@pytest.mark.parametrize("cloud", VENDOR_SDKS)
def test_a_component_of_one_cloud_loads_that_clouds_sdk_alone(cloud, part):
    loaded = _loaded_by(f"from gpucloud import {cloud}{part}")
    assert "pulumi" in loaded
    assert loaded.isdisjoint({"pulumi_kubernetes", *VENDOR_SDKS.values()} - {VENDOR_SDKS[cloud]})
    assert part == "ClusterRef" or VENDOR_SDKS[cloud] in loaded


def test_an_environment_loads_no_cloud_before_it_has_a_cluster_there():
    loaded = _loaded_by("from gpucloud import GpuEnvironment")
    assert "pulumi_kubernetes" in loaded
    assert loaded.isdisjoint(VENDOR_SDKS.values())


@pytest.mark.parametrize("cloud", ["aws", "azure", "gcp"])
def test_what_declares_a_cluster_on_one_cloud_loads_no_other_clouds_sdk(cloud):
    loaded = _loaded_by(f"import gpucloud.components.{cloud}_environment")
    own = VENDOR_SDKS[cloud.capitalize()]
    assert own in loaded
    assert loaded.isdisjoint({*VENDOR_SDKS.values()} - {own})
