"""Fixtures for all floors."""

from pathlib import Path

import pytest

from tests.engine_environment import PulumiProject


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engine: runs the real Pulumi engine")


@pytest.fixture
def pulumi_project(tmp_path: Path) -> PulumiProject:
    """An empty project with a stack `dev`, a state of its own, and the Pulumi command line that the project uses."""
    project = PulumiProject(tmp_path)
    project.run("stack", "init", "dev")
    return project
