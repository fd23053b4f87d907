"""Who decides which job starts where and when: a queue before the scheduler, or a scheduler of gangs beside it."""

from collections.abc import Sequence
from typing import assert_never

from gpucloud.plan.kueue import kueue_configuration
from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.monitoring import has_monitoring
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec


def batch_releases(stack: GpuStackSpec, pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The release of the batch scheduler; none where nobody wants one.

    A cluster has one at most: two would each start half of a gang and wait for the other half.
    """
    match stack.batch_scheduling:
        case "none":
            return ()
        case "kueue":
            # Two: one elects itself, and a node that goes does not stop the admission of jobs.
            values = {
                "enablePrometheus": has_monitoring(stack),
                "controllerManager": {"replicas": 2},
                "managerConfig": {"controllerManagerConfigYaml": kueue_configuration()},
            }
            return (pinned_release("kueue", values),)
        case "kai":
            return (pinned_release("kai-scheduler", {"global": {"clusterAutoscaling": _grows(pools)}}),)
        case "volcano":
            # The chart pulls its images anew at every start: a registry that is down would stop the scheduler.
            return (pinned_release("volcano", {"basic": {"image_pull_policy": "IfNotPresent"}}),)
        case _:
            assert_never(stack.batch_scheduling)


def _grows(pools: Sequence[NodePoolPlan]) -> bool:
    """Whether an autoscaler has anything to add: KAI then shows it pods for what parts of GPUs would need.

    kai-scheduler/KAI-Scheduler v0.16.8, deployments/kai-scheduler/values.yaml (clusterAutoscaling, nodescaleadjuster).
    """
    return any(offering.size.min < offering.size.max for pool in pools for offering in pool.offerings)
