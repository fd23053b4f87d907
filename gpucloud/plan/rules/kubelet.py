"""Rules about the kubelet block: what the pool's platform takes, and what its kubelet would make of it."""

from collections.abc import Iterator, Mapping

from gpucloud.errors import Problem, UnknownNameError
from gpucloud.facts.accelerators import accelerator
from gpucloud.facts.kubelet_platforms import unsupported
from gpucloud.kubelet.allocatable import fits
from gpucloud.kubelet.configuring import configuration_of
from gpucloud.kubelet.duration import parse_duration
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.quantity import parse_quantity
from gpucloud.plan.image import image_family
from gpucloud.plan.kubelet import NodeKubelet, node_kubelet
from gpucloud.plan.kubelet_platform import kubelet_platform
from gpucloud.plan.kubelet_profile import SPOT_NOTICE_SECONDS
from gpucloud.plan.rules.context import PoolContext
from gpucloud.plan.sharing import advertised, plan_sharing
from gpucloud.spec.sharing import Mig

_SECOND = 10**9


def taints_come_from_the_pool(context: PoolContext) -> Iterator[Problem]:
    """A managed node group registers its own taints; a second list would replace them (Karpenter refuses it too)."""
    if "registerWithTaints" in context.pool.kubelet.written:
        yield context.problem(
            "kubelet.registerWithTaints", "would replace the pool's own taints", "write them under the pool's `taints`"
        )


def platform_takes_the_keys(context: PoolContext) -> Iterator[Problem]:
    """Every platform takes some keys of KubeletConfiguration, in its own spelling and range; the others would be lost.

    Said of written keys alone: a profile leaves out what its platform has no field for.
    """
    platform = kubelet_platform(context.place.cloud, image_family(context.place.cloud, context.pool))
    for problem in unsupported(platform, context.pool.kubelet.written):
        yield context.problem(f"kubelet.{problem.path}", problem.problem, problem.fix)


def kubelet_accepts_the_keys(context: PoolContext) -> Iterator[Problem]:
    """The kubelet's own rules about the whole configuration, what the platform sets by itself below it.

    A key that the platform does not take is said once, by the rule about that. What has no effect is said of written
    keys alone: nobody can take away what a profile or the platform sets.
    """
    kubelet = _kubelet(context)
    if kubelet is None:
        return
    refused = {problem.path for problem in unsupported(kubelet.platform, context.pool.kubelet.written)}
    for finding in judge(kubelet.effective, kubelet.machine, minor=kubelet.minor).findings:
        key = finding.path.partition(".")[0].partition("[")[0]
        if key not in refused and (finding.level != "ignored" or key in context.pool.kubelet.written):
            yield context.problem(f"kubelet.{finding.path}", finding.problem, finding.fix)


def static_memory_is_known_before(context: PoolContext) -> Iterator[Problem]:
    """A percentage makes the reserved sum a matter of the host's exact memory, which no catalogue states."""
    kubelet = _kubelet(context)
    if kubelet is None or kubelet.values.get("memoryManagerPolicy") != "Static":
        return
    hard = kubelet.values.get("evictionHard")
    threshold = hard.get("memory.available") if isinstance(hard, dict) else None
    if isinstance(threshold, str) and threshold.endswith("%") and threshold not in {"0%", "100%"}:
        yield context.problem(
            "kubelet.evictionHard",
            f"memory.available {threshold} is of the host's exact memory, and Static starts on the exact sum alone",
            "write it in bytes, such as 1Gi",
        )


def numa_intent_is_not_contradicted(context: PoolContext) -> Iterator[Problem]:
    """A key that says otherwise than the intent beside it: nobody could tell which is meant."""
    numa = context.pool.kubelet.numa
    if numa is None:
        return
    meant = {"cpuManagerPolicy": "static", "topologyManagerPolicy": numa.align, "topologyManagerScope": numa.scope}
    if numa.memory:
        meant["memoryManagerPolicy"] = "Static"
    written = context.pool.kubelet.written
    for key, value in sorted(meant.items()):
        if key in written and written[key] != value:
            yield context.problem(
                f"kubelet.{key}", f"{written[key]} contradicts `numa`, which means {value}", "remove one of the two"
            )


def numa_intent_has_its_fields(context: PoolContext) -> Iterator[Problem]:
    """An intent that its platform cannot carry is refused, unlike a profile: somebody asked for it."""
    numa, kubelet = context.pool.kubelet.numa, _kubelet(context)
    if numa is None or kubelet is None:
        return
    meant = {"align": "topologyManagerPolicy"} | ({"memory": "memoryManagerPolicy"} if numa.memory else {})
    if "scope" in numa.model_fields_set:
        meant["scope"] = "topologyManagerScope"
    for field, key in sorted(meant.items()):
        if key not in kubelet.values:
            value = {"align": numa.align, "memory": "Static", "scope": numa.scope}[field]
            for problem in unsupported(kubelet.platform, {key: value}):
                yield context.problem(f"kubelet.numa.{field}", f"needs {key}: {problem.problem}", problem.fix)


def shutdown_fits_the_notice(context: PoolContext) -> Iterator[Problem]:
    """A spot node is taken back after a notice; a longer grace period is cut off in its middle."""
    period = context.pool.kubelet.written.get("shutdownGracePeriod")
    if not isinstance(period, str) or all(entry.type != "spot" for entry in context.pool.capacity):
        return
    try:
        seconds = parse_duration(period) / _SECOND
    except ValueError:
        return  # the kubelet's own rules say it
    notice = SPOT_NOTICE_SECONDS[context.place.cloud]
    if seconds > notice:
        yield context.problem(
            "kubelet.shutdownGracePeriod",
            f"{period} is longer than the {notice} seconds of notice that spot nodes get, pods would be cut off",
            f"use at most {notice}s, or give spot nodes a pool of their own",
        )


def gke_shuts_spot_nodes_down_alone(context: PoolContext) -> Iterator[Problem]:
    """GKE takes a graceful shutdown for spot nodes only (terraform-provider-google v7.45.0, container_cluster)."""
    if context.place.cloud != "gcp" or all(entry.type == "spot" for entry in context.pool.capacity):
        return
    for key in ("shutdownGracePeriod", "shutdownGracePeriodCriticalPods"):
        if key in context.pool.kubelet.written:
            yield context.problem(
                f"kubelet.{key}",
                "GKE takes it for spot nodes only",
                "leave it out, or give spot nodes a pool of their own",
            )


def largest_pod_fits(context: PoolContext) -> Iterator[Problem]:
    """The pod that the pool is meant for, against what one node has left for pods, and its devices."""
    kubelet, pod = _kubelet(context), context.pool.largest_pod
    if kubelet is None or context.machine is None or not pod:
        return
    readable = True
    for key, amount in sorted(pod.items()):
        try:
            parse_quantity(amount)
        except ValueError as reason:
            readable = False
            yield context.problem(f"largest_pod.{key}", str(reason), "write it like 500m or 10Gi")
    if not readable or not judge(kubelet.effective, kubelet.machine, minor=kubelet.minor).ok:
        return
    devices = accelerator(context.machine.accelerator).resource_name
    advertised = sum(kubelet.gpus_per_numa)
    sharing = context.pool.sharing
    if isinstance(sharing, Mig):
        yield from _instances_fit(context, pod, sharing)
    elif devices in pod and parse_quantity(pod[devices]) > advertised:
        yield context.problem(
            f"largest_pod.{devices}",
            f"asks for {pod[devices]} where a node has {advertised}, the pod would stay Pending for ever",
            f"ask for at most {advertised}, or take a larger machine type",
        )
    configuration = configuration_of(kubelet.effective, kubelet.machine, minor=kubelet.minor)
    for problem in fits(configuration, pod):
        yield context.problem(f"largest_{problem.path}", problem.problem, problem.fix)


def _instances_fit(context: PoolContext, pod: Mapping[str, str], sharing: Mig) -> Iterator[Problem]:
    """Instances as a node counts them; what cannot be cut like this says so elsewhere."""
    machine = context.machine
    if machine is None:
        return
    try:
        counts = dict(advertised(plan_sharing(sharing, machine), machine))
    except UnknownNameError:
        return
    for key in sorted(pod):
        if key.startswith("nvidia.com/") and parse_quantity(pod[key]) > counts.get(key, 0):
            yield context.problem(
                f"largest_pod.{key}",
                f"asks for {pod[key]} where a node has {counts.get(key, 0)}, the pod would stay Pending for ever",
                f"a node has {', '.join(f'{count} {name}' for name, count in counts.items())}",
            )


def _kubelet(context: PoolContext) -> NodeKubelet | None:
    if context.machine is None:
        return None
    family = image_family(context.place.cloud, context.pool)
    return node_kubelet(context.place, family, context.pool, context.machine)
