"""Every decision, as pure functions from a specification to frozen values: no clock, no random, no environment."""

from gpucloud.plan.allocation import Offering
from gpucloud.plan.environment import plan_document, plan_environment
from gpucloud.plan.model import ClusterPlan, EnvironmentPlan, NodePoolPlan, OfferingPlan, ShardPlan
from gpucloud.plan.node_pool import plan_node_pool
from gpucloud.plan.output import plan_to_document, plan_to_json
from gpucloud.plan.place import Place
from gpucloud.plan.stack_model import ReleasePlan

__all__ = [
    "ClusterPlan",
    "EnvironmentPlan",
    "NodePoolPlan",
    "Offering",
    "OfferingPlan",
    "Place",
    "ReleasePlan",
    "ShardPlan",
    "plan_document",
    "plan_environment",
    "plan_node_pool",
    "plan_to_document",
    "plan_to_json",
]
