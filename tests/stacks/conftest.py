"""A house for every test that asks for one."""

import pytest

from tests.stacks.house import House


@pytest.fixture
def house(tmp_path):
    made = House(tmp_path)
    yield made
    made.close()
