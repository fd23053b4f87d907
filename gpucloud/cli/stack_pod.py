"""`gpucloud stack pod`: how a pod asks for a pool's accelerators."""

from typing import Annotated

import typer

from gpucloud.cli.chosen_cluster import chosen_cluster
from gpucloud.kubelet.yaml_writing import dump_yaml_documents
from gpucloud.plan.pod import pod_objects

# The sample of NVIDIA's that the DRA driver's own examples run (v0.4.1, demo/specs/extended-resources).
_SAMPLE = "nvcr.io/nvidia/k8s/cuda-sample:vectoradd-cuda12.5.0"


def pod(
    spec: Annotated[str, typer.Argument(help="FILE.yaml, FILE.json or module:callable.")],
    pool: Annotated[str, typer.Option(help="The node pool that the pod is for.")],
    cluster: Annotated[str, typer.Option(help="Name of the cluster; not needed where the document has one.")] = "",
    count: Annotated[int, typer.Option(min=1, help="Accelerators, or their instances, for the pod.")] = 1,
    image: Annotated[str, typer.Option(help="The container's image.")] = _SAMPLE,
) -> None:
    """Print a pod that asks for a pool's accelerators as the pool gives them out, for kubectl apply.

    Node selector, tolerations, and limits or claims follow from the plan. All of a node's accelerators come with its
    EFA interfaces and with shared memory. It may run where Pod Security is `restricted`.

    Example: gpucloud stack pod stacks/environments/prod.yaml --pool h100 --count 8 | kubectl apply -f -
    """
    plan = chosen_cluster(spec, cluster, pool)
    (chosen,) = (entry for entry in plan.node_pools if entry.name == pool)
    found = pod_objects(plan, chosen, count, image, "--count")
    typer.echo(dump_yaml_documents(found, width=120), nl=False)
