"""Plans of single pools on Azure."""

from typing import Any

import pytest

from gpucloud.plan.node_pool import plan_single_pool
from tests.components.azure_programs import REGION, pool_spec


@pytest.fixture
def plan_pool():
    """Return a function that plans one pool, A100 in zone 2 unless said otherwise."""

    def plan(region: str = REGION, **changes: Any):
        return plan_single_pool("azure", region, "pool", pool_spec(**changes))

    return plan
