"""Fixtures of the tests of Google Cloud in the local cloud."""

import pytest

from tests.sim.gcp.estate import make_estate


@pytest.fixture
def google(cloud):
    return make_estate(cloud)
