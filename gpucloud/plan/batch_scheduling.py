"""Who decides which job starts where and when: a queue before the scheduler, or a scheduler of gangs beside it."""

from typing import assert_never

from gpucloud.plan.kueue import kueue_configuration
from gpucloud.plan.monitoring import has_monitoring
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.spec.cluster import GpuStackSpec


def batch_releases(stack: GpuStackSpec) -> tuple[ReleasePlan, ...]:
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
            # Pods that name devices by a variable would have GPUs that they did not ask for, also where the toolkit is
            # the cloud's and nobody here can tell it (kai-scheduler/KAI-Scheduler v0.16.8, CHANGELOG.md, deviceaccess).
            return (pinned_release("kai-scheduler", {"global": {"blockNvidiaVisibleDevices": True}}),)
        case "volcano":
            # The chart pulls its images anew at every start: a registry that is down would stop the scheduler.
            return (pinned_release("volcano", {"basic": {"image_pull_policy": "IfNotPresent"}}),)
        case _:
            assert_never(stack.batch_scheduling)
