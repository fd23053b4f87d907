"""What a cluster with AWS Neuron pools needs: the device plugin that counts Trainium and Inferentia."""

from collections.abc import Sequence

from gpucloud.plan.model import NodePoolPlan
from gpucloud.plan.pinned_release import pinned_release
from gpucloud.plan.stack_model import ReleasePlan
from gpucloud.plan.tolerations import tolerations_of

_NEURON = "aws.amazon.com/neuron"


def neuron_releases(pools: Sequence[NodePoolPlan]) -> tuple[ReleasePlan, ...]:
    """The release of AWS's Neuron chart with its device plugin alone; none without Neuron pools.

    Driver and runtime come with the node image. Its node problem detector is off: EKS's node monitoring agent, which
    each cluster has, reports Neuron's errors, and two would write the same conditions.
    """
    served = [pool for pool in pools if pool.machine.resource_name == _NEURON]
    if not served:
        return ()
    return (
        pinned_release(
            "neuron-helm-chart",
            {
                "neuronInstances": sorted({pool.machine.machine_type for pool in served}),
                "devicePlugin": {"enabled": True, "tolerations": tolerations_of(served)},
                "draDriver": {"enabled": False},
                "npd": {"enabled": False},
            },
        ),
    )
