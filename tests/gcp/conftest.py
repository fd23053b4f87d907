"""Plans of single pools on Google Cloud."""

from typing import Any

import pytest

import tests.sdk_import  # noqa: F401 - see there
from gpucloud.plan.node_pool import plan_single_pool
from tests.components.gcp_programs import REGION, pool_spec


@pytest.fixture
def plan_pool():
    """Return a function that plans one pool, L4 in us-central1-a unless said otherwise."""

    def plan(region: str = REGION, **changes: Any):
        return plan_single_pool("gcp", region, "pool", pool_spec(**changes))

    return plan
