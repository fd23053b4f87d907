"""Loads the SDKs before anything that uses them does; plans of single pools."""

from typing import Any

import pytest

import tests.sdk_import  # noqa: F401 - see there
from gpucloud import NodePoolSpec
from gpucloud.plan.node_pool import plan_single_pool


@pytest.fixture
def plan_pool():
    """Return a function that plans one pool in us-east-1, p5 unless said otherwise."""

    def plan(region: str = "us-east-1", **changes: Any):
        given = {
            "name": "pool",
            "machine_type": "p5.48xlarge",
            "zones": ["us-east-1a"],
            "size": {"min": 0, "desired": 0, "max": 2},
        }
        return plan_single_pool("aws", region, "pool", NodePoolSpec.model_validate(given | changes))

    return plan
