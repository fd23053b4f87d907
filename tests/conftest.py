"""Fixtures for all floors."""

from pathlib import Path

import pytest

from tests import golden_files
from tests.engine_environment import PulumiProject


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        golden_files.OPTION, action="store_true", help="rewrite the goldens that differ, and fail each of their tests"
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "engine: runs the real Pulumi engine")
    golden_files.set_rewriting(config.getoption(golden_files.OPTION))


@pytest.fixture
def pulumi_project(tmp_path: Path) -> PulumiProject:
    """An empty project with a stack `dev`, a state of its own, and the Pulumi command line that the project uses."""
    project = PulumiProject(tmp_path)
    project.run("stack", "init", "dev")
    return project
