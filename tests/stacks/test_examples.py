"""Every folder of examples/ is a program that runs as it is."""

import re

import pytest

from tests.stacks.house import REPOSITORY, House

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("stacks-examples")]
FOLDERS = sorted(path for path in (REPOSITORY / "examples").iterdir() if path.is_dir() and path.name != "__pycache__")


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_the_example_is_previewed_built_kept_and_removed(folder, tmp_path):
    assert (folder / "Pulumi.yaml").is_file(), f"{folder.name} has no Pulumi.yaml, so nobody can run it"
    house = House(tmp_path, folder)
    try:
        house.select("dev")
        assert re.search(r"\+ \d+ to create", house.pulumi("preview"))
        house.pulumi("up", "--skip-preview")
        house.assert_nothing_lost_or_doubled()
        house.pulumi("up", "--expect-no-changes")
        house.pulumi("destroy", "--skip-preview")
        assert house.status().resources == {}
    finally:
        house.close()


def test_there_are_examples():
    assert {"aws-h100-efa", "import-into-your-program"} <= {folder.name for folder in FOLDERS}
