"""The simulator and the kubelet's own code agree on generated hints, machines and pods."""

import random
from fractions import Fraction
from typing import Any

import pytest

from gpucloud.kubelet.admission.admit import admit
from gpucloud.kubelet.admission.hint import Hint, mask_of, nodes_of
from gpucloud.kubelet.admission.merging import merge
from gpucloud.kubelet.admission.pod import Container, Pod
from gpucloud.kubelet.machine import NodeMachine
from tests.kubelet.admission.admission_oracle import ask

POLICIES = ("none", "best-effort", "restricted", "single-numa-node")
SHAPES = (
    (1, 1, 8, 2),
    (2, 2, 16, 2),
    (2, 2, 12, 1),
    (2, 4, 16, 2),
    (1, 2, 8, 2),
    (2, 1, 8, 2),
    (1, 4, 16, 1),
    (4, 4, 16, 2),
)
CPU_OPTIONS: tuple[dict[str, str], ...] = (
    {},
    {"full-pcpus-only": "true"},
    {"distribute-cpus-across-numa": "true"},
    {"full-pcpus-only": "true", "distribute-cpus-across-numa": "true"},
    {"align-by-socket": "true"},
    {"distribute-cpus-across-cores": "true"},
    {"strict-cpu-reservation": "true"},
)
GIB = 2**30
SEED = 20260000


def _distances(chance: random.Random, nodes: int) -> list[list[int]]:
    far = [[chance.choice((12, 20, 32)) for _ in range(nodes)] for _ in range(nodes)]
    return [
        [10 if one == other else far[min(one, other)][max(one, other)] for other in range(nodes)]
        for one in range(nodes)
    ]


def _hints(chance: random.Random, nodes: int) -> list[dict[str, Any]]:
    providers = []
    for _ in range(chance.randint(1, 3)):
        provider: dict[str, Any] = {}
        for name in ("a", "b")[: chance.randint(0, 2)]:
            kind = chance.random()
            count = 0 if kind < 0.1 else chance.randint(1, 4)
            hints = [
                {
                    "Nodes": sorted(chance.sample(range(nodes), chance.randint(1, nodes))),
                    "Preferred": chance.random() < 0.5,
                }
                for _ in range(count)
            ]
            provider[name] = None if kind > 0.9 else hints
        providers.append(provider)
    return providers


def _merge_case(chance: random.Random) -> dict[str, Any]:
    nodes = chance.randint(1, 5)
    closest = chance.random() < 0.5
    return {
        "Sockets": 1,
        "Numa": nodes,
        "Cores": nodes,
        "Threads": 1,
        "Memory": [GIB] * nodes,
        "Policy": chance.choice(POLICIES),
        "Options": {"prefer-closest-numa-nodes": "true"} if closest else {},
        "Distances": _distances(chance, nodes),
        "Hints": _hints(chance, nodes),
    }


def test_merging_agrees_with_the_kubelet() -> None:
    """A thousand sets of hints: the same best hint, and the same verdict."""
    chance = random.Random(SEED)  # noqa: S311  # cases, not secrets
    cases = [_merge_case(chance) for _ in range(1000)]
    for case, answer in zip(cases, ask(cases), strict=True):
        providers = [
            {
                name: None if hints is None else [Hint(mask_of(hint["Nodes"]), hint["Preferred"]) for hint in hints]
                for name, hints in provider.items()
            }
            for provider in case["Hints"]
        ]
        best, admitted = merge(case["Policy"], case["Numa"], providers, case["Distances"] if case["Options"] else None)
        nodes = None if best.mask is None else list(nodes_of(best.mask))
        expected = (answer["hint"]["Nodes"], answer["hint"]["Preferred"], answer["admitted"])
        assert (nodes, best.preferred, admitted) == expected, case


def _container(chance: random.Random, name: str, case: dict[str, Any]) -> dict[str, Any]:
    cpus = chance.choice((1, 2, 3, 4, 5, 6, 8, 10, 12))
    limits = {"cpu": str(cpus), "memory": f"{chance.randint(1, 20)}Gi"}
    if chance.random() < 0.1:
        limits["cpu"] = f"{cpus}500m"
    requests = dict(limits)
    if chance.random() < 0.1:
        requests["cpu"] = "500m"
    if sum(case["GPUs"]) and chance.random() < 0.7:
        limits["nvidia.com/gpu"] = requests["nvidia.com/gpu"] = str(chance.choice((1, 2, 3, 4, 6, 8)))
    return {"name": name, "resources": {"limits": limits, "requests": requests}}


def _pod(chance: random.Random, case: dict[str, Any]) -> dict[str, Any]:
    spec = {"containers": [_container(chance, f"c{n}", case) for n in range(chance.choice((1, 1, 1, 2, 3)))]}
    if chance.random() < 0.3:
        # The stand-in for the device manager knows app containers alone.
        first = _container(chance, "init", {"GPUs": ()})
        if chance.random() < 0.5:
            first["restartPolicy"] = "Always"
        spec["initContainers"] = [first]
    return spec


def _admit_case(chance: random.Random) -> dict[str, Any]:
    sockets, numa, cores, threads = chance.choice(SHAPES)
    reserved = GIB // numa
    case: dict[str, Any] = {
        "Sockets": sockets,
        "Numa": numa,
        "Cores": cores,
        "Threads": threads,
        "Memory": [32 * GIB // numa] * numa,
        "Policy": chance.choice(POLICIES),
        "Scope": chance.choice(("container", "pod")),
        "Options": {"prefer-closest-numa-nodes": "true"} if chance.random() < 0.3 else {},
        "Distances": _distances(chance, numa),
        "StaticCPU": chance.random() < 0.8,
        "StaticMemory": chance.random() < 0.6,
        "CPUOptions": chance.choice(CPU_OPTIONS),
        "ReservedCPUs": chance.randint(1, 3),
        "ReservedMemory": [reserved] * numa,
        "GPUs": [chance.choice((0, 1, 2, 4)) for _ in range(numa)],
    }
    if case["Policy"] == "none":
        case["Options"] = {}
    if "align-by-socket" in case["CPUOptions"] and (case["Policy"] == "single-numa-node" or sockets > numa):
        case["CPUOptions"] = {}
    case["Pods"] = [_pod(chance, case) for _ in range(chance.randint(1, 4))]
    return case


def _values(case: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {
        "kubeReserved": {"cpu": str(case["ReservedCPUs"]), "memory": "1Gi"},
        "evictionHard": {"memory.available": "0%", "nodefs.available": "10%", "imagefs.available": "15%",
                         "nodefs.inodesFree": "5%", "imagefs.inodesFree": "5%"},
        "topologyManagerPolicy": case["Policy"],
        "topologyManagerScope": case["Scope"],
        "featureGates": {"CPUManagerPolicyAlphaOptions": True},
    }  # fmt: skip
    if case["Options"]:
        values["topologyManagerPolicyOptions"] = case["Options"]
    if case["StaticCPU"]:
        values |= {"cpuManagerPolicy": "static", "cpuManagerPolicyOptions": case["CPUOptions"]}
    if case["StaticMemory"]:
        values |= {
            "memoryManagerPolicy": "Static",
            "reservedMemory": [
                {"numaNode": node, "limits": {"memory": str(size)}} for node, size in enumerate(case["ReservedMemory"])
            ],
        }
    return values


def _amount(text: str) -> Fraction:
    if text.endswith("Gi"):
        return Fraction(int(text[:-2]) * GIB)
    return Fraction(int(text[:-1]), 1000) if text.endswith("m") else Fraction(int(text))


def _as_pod(spec: dict[str, Any]) -> Pod:
    made = []
    for field in ("initContainers", "containers"):
        for entry in spec.get(field, ()):
            kind = "app" if field == "containers" else "sidecar" if "restartPolicy" in entry else "init"
            amounts = {
                which: {name: _amount(text) for name, text in entry["resources"][which].items()}
                for which in ("requests", "limits")
            }
            made.append(Container(entry["name"], amounts["requests"], amounts["limits"], kind))
    return Pod(tuple(made))


def test_admission_agrees_with_the_kubelets_managers() -> None:
    """Pods on a node, one after the other: verdict, reason, message, NUMA nodes and CPUs, until one is refused.

    What the kubelet refuses earlier, for want of a resource on the whole node, its managers are not asked.
    """
    chance = random.Random(SEED + 1)  # noqa: S311  # cases, not secrets
    cases = [_admit_case(chance) for _ in range(1000)]
    compared = {True: 0, False: 0}
    for case, answer in zip(cases, ask(cases), strict=True):
        assert "error" not in answer, (case, answer)
        machine = NodeMachine(
            sockets=case["Sockets"], numa=case["Numa"], cores=case["Cores"], threads=case["Threads"], memory=32 * GIB
        )
        pods = [_as_pod(spec) for spec in case["Pods"]]
        for index, theirs in enumerate(answer["pods"]):
            ours = admit(
                machine,
                _values(case),
                pods[index],
                tuple(case["GPUs"]),
                running=pods[:index],
                distances=case["Distances"],
            )
            if (ours.reason or "").startswith("OutOf"):
                break
            said = (ours.admitted, ours.reason or "", ours.message)
            if "requested number of devices" not in theirs["Message"]:
                assert said == (theirs["Admitted"], theirs["Reason"], theirs["Message"]), (case, index)
            compared[ours.admitted] += 1
            if ours.admitted:
                places = [(place.name, list(place.numa_nodes), list(place.cpus)) for place in ours.containers]
                expected = [(c["Name"], c["Nodes"] or [], c["CPUs"] or []) for c in theirs["Containers"]]
                assert places == expected, (case, index)
    assert min(compared.values()) > 100, compared


@pytest.mark.parametrize("policy", POLICIES)
def test_no_wish_is_admitted_by_every_policy(policy: Any) -> None:
    """A provider without hints has no say."""
    assert merge(policy, 2, [{}])[1]
