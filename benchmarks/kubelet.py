"""How many kubelet configurations are judged in a second, and how long the whole catalogue takes to render."""

import time
from typing import Any

import yaml

from benchmarks.measure import Figure, MeasurementError, Say, figure, interleaved, per_second, ratio
from benchmarks.rows import Row
from gpucloud.facts.kubelet_platforms import KUBELET_PLATFORMS
from gpucloud.facts.kubelet_profiles import PROFILES
from gpucloud.facts.machine_types import clouds, machine_types
from gpucloud.kubelet.delivery import render_for
from gpucloud.kubelet.judge import judge
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.reading import read_file
from gpucloud.plan.kubelet import profile_on

SIMPLE: dict[str, Any] = {
    "apiVersion": "kubelet.config.k8s.io/v1beta1",
    "kind": "KubeletConfiguration",
    "cpuManagerPolicy": "static",
    "cpuManagerPolicyOptions": {"full-pcpus-only": "true"},
    "topologyManagerPolicy": "restricted",
    "topologyManagerScope": "pod",
    "kubeReserved": {"cpu": "500m", "memory": "2Gi"},
    "systemReserved": {"cpu": "500m", "memory": "2Gi"},
    "evictionHard": {
        "memory.available": "1Gi",
        "nodefs.available": "10%",
        "nodefs.inodesFree": "5%",
        "imagefs.available": "15%",
        "imagefs.inodesFree": "5%",
    },
    "maxPods": 64,
    "podPidsLimit": 65536,
    "containerLogMaxSize": "50Mi",
    "shutdownGracePeriod": "120s",
    "shutdownGracePeriodCriticalPods": "30s",
}


def run(*, quick: bool, say: Say) -> list[Row]:
    """Verdicts a second against reading the same file as YAML, and the whole catalogue rendered."""
    seconds, rounds = (0.3, 2) if quick else (2.0, 5)
    text = yaml.safe_dump(SIMPLE)
    machine = NodeMachine()
    if not judge(SIMPLE, machine).ok:
        raise MeasurementError("kubelet: the simple configuration is refused, so its figures would mean nothing")
    say(f"kubelet: {rounds} rounds of {seconds} s a case")
    rates: dict[str, list[float]] = {"judge": [], "file": [], "yaml": []}
    for _ in range(rounds):
        rates["judge"].append(per_second(lambda: judge(SIMPLE, machine), seconds))
        rates["file"].append(per_second(lambda: judge(read_file(text, file="simple").values, machine), seconds))
        rates["yaml"].append(per_second(lambda: yaml.load(text, yaml.CSafeLoader), seconds))
    parsing = "PyYAML (C) alone"
    rows = [
        Row("kubelet", "parse a simple file, PyYAML (C)", figure(rates["yaml"]), "/s"),
        Row(
            "kubelet",
            "judge a simple configuration",
            figure(rates["judge"]),
            "/s",
            ratio(rates["judge"], rates["yaml"]),
            parsing,
            "5,000 a second on one core",
        ),
        Row(
            "kubelet",
            "read and judge its file",
            figure(rates["file"]),
            "/s",
            ratio(rates["file"], rates["yaml"]),
            parsing,
        ),
    ]
    return [*rows, _catalogue(rounds, say, one_each=quick)]


def _catalogue(rounds: int, say: Say, *, one_each: bool) -> Row:
    """Every machine type, or for a short run the first of each cloud."""
    machines = [machine for cloud in clouds() for machine in machine_types(cloud)[: 1 if one_each else None]]
    count = len(machines) * len(PROFILES) * len(KUBELET_PLATFORMS)
    say(f"kubelet: {len(machines)} machine types x {len(PROFILES)} profiles x {len(KUBELET_PLATFORMS)} platforms")
    start = time.perf_counter()
    render_all(machines)
    first = time.perf_counter() - start
    taken = interleaved({"render": lambda: render_all(machines)}, rounds)["render"]
    return Row(
        "kubelet",
        f"render {count:,} configurations{'' if one_each else ': the whole catalogue'}",
        _including(figure(taken), first),
        "s",
        goal="seconds",
    )


def _including(runs: Figure, first: float) -> Figure:
    return Figure(runs.median, min(runs.least, first), max(runs.greatest, first))


def render_all(machines: list[Any]) -> int:
    """Render every profile on every machine for every platform; how many documents came out."""
    documents = 0
    for machine in machines:
        for profile in PROFILES:
            for platform in KUBELET_PLATFORMS:
                documents += len(render_for(platform, profile_on(profile, platform, machine)).documents)
    return documents
