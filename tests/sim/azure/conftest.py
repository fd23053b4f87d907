"""Fixtures of the tests of Azure in the local cloud."""

import pytest

from tests.sim.azure.estate import make_estate


@pytest.fixture
def azure(cloud):
    return make_estate(cloud)
