"""`gpucloud kubelet validate`: its lines for machines, its text for people, and what it does with bad input."""

import json
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from gpucloud.cli.app import app
from gpucloud.errors import InvalidInputError, UnknownNameError

RUN = CliRunner()
HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n"
P5 = '# machine: {"sockets": 2, "numa": 2, "cores": 96, "threads": 2, "memory": "2Ti"}\n'
EVICTION = (
    "evictionHard: {memory.available: 100Mi, nodefs.available: 10%, nodefs.inodesFree: 5%, "
    "imagefs.available: 15%, imagefs.inodesFree: 5%}\n"
)
STATIC = (
    f"{HEAD}cpuManagerPolicy: static\nmemoryManagerPolicy: Static\n"
    f"kubeReserved: {{cpu: 500m, memory: 512Mi}}\n{EVICTION}"
)
PROGRAM = "from gpucloud.cli.app import main; main()"
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 12)
)


def shares(first: int, second: int, *, node: int = 1) -> str:
    """Shares of 612 MiB, which `STATIC` keeps: 641,728,512 bytes."""
    return (
        f"{STATIC}reservedMemory:\n- {{numaNode: 0, limits: {{memory: '{first}'}}}}\n"
        f"- {{numaNode: {node}, limits: {{memory: '{second}'}}}}\n"
    )


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(folder: Path, text: str, name: str = "kubelet.yaml") -> str:
    folder.joinpath(name).write_text(text)
    return name


def validate(*arguments: str, stdin: str | None = None) -> Result:
    return RUN.invoke(app, ["kubelet", "validate", *arguments], input=stdin)


def lines(*arguments: str, stdin: str | None = None) -> tuple[int, list[dict[str, Any]]]:
    result = validate(*arguments, "--format", "json", stdin=stdin)
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, [json.loads(line) for line in result.output.splitlines()]


def rules(line: dict[str, Any], level: str = "kubelet") -> dict[str, str]:
    return {entry["rule"]: entry["path"] for entry in line["problems"] if entry["level"] == level}


def test_one_json_line_per_file_in_the_order_given(here):
    good, bad = write(here, HEAD, "good.yaml"), write(here, f"{HEAD}maxPods: -1\n", "bad.yaml")
    code, found = lines(bad, good, bad)
    assert code == 2
    assert [(line["file"], line["ok"]) for line in found] == [(bad, False), (good, True), (bad, False)]
    assert [list(line) for line in found] == [["file", "ok", "problems"]] * 3
    assert found[1]["problems"] == []
    (problem,) = found[0]["problems"]
    assert list(problem) == ["rule", "path", "message", "level"]
    assert (problem["path"], problem["level"]) == ("maxPods", "kubelet")
    assert all(isinstance(value, str) for value in problem.values())


@pytest.mark.parametrize(
    ("text", "level"), [("maxPods: -1\n", "kubelet"), ("maxPod: 5\n", "ignored"), ("evictionHard: {}\n", "library")]
)
def test_ok_is_the_kubelets_own_verdict_and_strict_fails_on_the_rest(here, text, level):
    file = write(here, HEAD + text)
    code, (line,) = lines(file)
    starts = level != "kubelet"
    assert line["ok"] is starts
    assert code == (0 if starts else 2)
    assert {entry["level"] for entry in line["problems"]} >= {level}
    assert lines(file, "--strict")[0] == 2


def test_strict_lets_a_clean_file_pass(here):
    assert lines(write(here, HEAD), "--strict") == (0, [{"file": "kubelet.yaml", "ok": True, "problems": []}])


def test_standard_input_and_json_are_read(here):
    text = '{"apiVersion": "kubelet.config.k8s.io/v1beta1", "kind": "KubeletConfiguration", "maxPods": -1}'
    code, (line,) = lines("-", stdin=text)
    assert (code, line["file"], line["ok"]) == (2, "-", False)
    assert lines("-", stdin=HEAD) == (0, [{"file": "-", "ok": True, "problems": []}])


@pytest.mark.parametrize("what", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_has_a_line_and_the_others_are_judged(here, what):
    code, found = lines(what, write(here, HEAD))
    assert (code, [line["ok"] for line in found]) == (2, [False, True])
    assert rules(found[0]) == {"file-can-be-read": what}


def test_the_text_fits_100_columns_and_says_what_follows(here):
    result = validate(write(here, P5 + shares(320_864_256, 320_864_255) + "cpuManagerPolcy: static\n"))
    assert result.exit_code == 2
    assert max(map(len, result.output.splitlines())) <= 100
    words = " ".join(result.output.split())
    assert "kubelet.yaml: the kubelet would not start; 2 problems" in words
    assert "would not start (reserved-memory-sums-to-what-is-reserved)" in words
    assert "ignored (field-is-known)" in words
    assert validate(write(here, HEAD)).output == "kubelet.yaml: the kubelet would start\n"


def test_the_first_line_describes_the_machine_and_the_option_wins(here):
    text = shares(320_864_256, 320_864_256)
    one_node = '# machine: {"sockets": 1, "numa": 1, "cores": 8, "memory": "64Gi"}\n'
    file = write(here, one_node + text)
    code, (line,) = lines(file)
    assert code == 2
    assert rules(line) == {"reserved-memory-is-of-numa-nodes-that-exist": "reservedMemory[1].numaNode"}
    assert lines(file, "--machine", "p5.48xlarge")[0] == 0
    described = write(here, "sockets: 2\nnuma: 2\ncores: 96\nmemory: 2Ti\n", "machine.yaml")
    assert lines(file, "--machine-file", described)[0] == 0
    assert lines(file, "--machine", "aws/p5.48xlarge")[0] == 0
    assert lines(write(here, text))[0] == 0, "two NUMA nodes are the default"


def test_a_first_line_that_describes_no_machine_is_said(here):
    _, (line,) = lines(write(here, f'# machine: {{"numa": "x"}}\n{HEAD}'))
    assert rules(line) == {"machine-is-described": "kubelet.yaml"}


def test_machines_that_nobody_knows_or_two_of_them_are_refused(here):
    file = write(here, HEAD)
    answer = validate(file, "--machine", "p5.48xlrge").exception
    assert isinstance(answer, UnknownNameError)
    assert "p5.48xlarge" in str(answer)
    both = validate(file, "--machine", "p5.48xlarge", "--machine-file", file).exception
    assert isinstance(both, InvalidInputError)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("numa: x\ncores: -1\nfoo: 2\n", ("numa is a whole number", "cores is a whole number", "no key is called foo")),
        ("[1", ("expected",)),
        ("hello", ("no mapping",)),
        ("", ("no mapping",)),
        ("[" * 5000, ("levels deep",)),
        (f"{BOMB}numa: *a11\n", ("100,000 values",)),
        ("#" * (2**20 + 1), ("1,048,576 bytes",)),
        ("\udcff", ("no UTF-8",)),
    ],
)
def test_a_machine_file_that_describes_none_is_refused_with_the_reason(here, text, said):
    here.joinpath("machine").write_bytes(text.encode("utf-8", "surrogateescape"))
    answer = validate(write(here, HEAD), "--machine-file", "machine").exception
    assert isinstance(answer, InvalidInputError)
    assert len(str(answer)) < 2000
    for part in ("machine: describes no machine", *said):
        assert part in str(answer)


@pytest.mark.parametrize("file", ["missing", "."])
def test_a_machine_file_that_is_no_file_is_refused(here, file):
    answer = validate(write(here, HEAD), "--machine-file", file).exception
    assert isinstance(answer, InvalidInputError)
    assert f"{file}: describes no machine" in str(answer)


def test_drop_ins_are_merged_in_the_order_of_their_paths_and_others_are_left_alone(here):
    folder = here / "kubelet.d"
    folder.mkdir()
    main = write(here, f"{HEAD}maxPods: -3\n")
    write(folder, f"{HEAD}maxPods: 20\n", "20-b.conf")
    write(folder, f"{HEAD}maxPods: -1\n", "10-a.conf")
    write(folder, f"{HEAD}maxPods: -2\n", "90-note.yaml")
    write(folder, "no yaml: [", "README")
    code, (line,) = lines(main, "--config-dir", "kubelet.d")
    assert (code, line["ok"]) == (0, True), "20-b.conf comes last"
    assert [(entry["path"], entry["rule"], entry["level"]) for entry in line["problems"]] == [
        ("90-note.yaml", "drop-in-is-read", "ignored"),
        ("README", "drop-in-is-read", "ignored"),
    ]
    write(folder, f"{HEAD}maxPods: -1\n", "30-c.conf")
    code, (line,) = lines(main, "--config-dir", "kubelet.d")
    assert code == 2
    assert rules(line) == {"counts-are-not-negative": "maxPods"}


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("maxPods: 20\n", "file-is-a-kubelet-configuration"),
        ("a: [", "file-can-be-parsed"),
        (f"{HEAD}maxPods: 20\nmaxPods: 21\n", "key-stands-once"),
    ],
)
def test_a_bad_drop_in_keeps_the_kubelet_from_starting_and_is_named(here, text, rule):
    folder = here / "kubelet.d"
    folder.mkdir()
    write(folder, text, "10-bad.conf")
    code, (line,) = lines(write(here, HEAD), "--config-dir", "kubelet.d")
    assert code == 2
    assert rule in rules(line)
    assert "10-bad.conf" in json.dumps(line)


@pytest.mark.parametrize("folder", ["missing", "kubelet.yaml"])
def test_a_directory_of_drop_ins_that_is_none_is_said(here, folder):
    code, (line,) = lines(write(here, HEAD), "--config-dir", folder)
    assert code == 2
    assert rules(line) == {"file-can-be-read": folder}


def test_a_platform_says_what_it_does_not_take_and_nothing_of_the_files_head(here):
    file = write(here, f"{HEAD}maxPods: 60\nreservedSystemCPUs: 0-1\n")
    code, (line,) = lines(file, "--platform", "nodeadm")
    assert (code, line["ok"]) == (0, True), "the kubelet alone would start"
    assert rules(line, "library")["platform-takes-the-keys"] == "reservedSystemCPUs"
    (problem,) = line["problems"]
    assert "reserved cgroups that nodeadm sets" in problem["message"]
    assert "bottlerocket" in problem["message"]
    assert lines(file, "--platform", "nodeadm", "--strict")[0] == 2
    assert lines(file, "--platform", "bottlerocket") == (0, [{"file": file, "ok": True, "problems": []}])
    assert validate(file, "--platform", "openshift").exit_code == 2


@pytest.mark.parametrize("version", ["1.29", "x", "1", "1.²", "2.33", "1." + "9" * 5000])
def test_versions_without_tables_are_refused(here, version):
    answer = validate(write(here, HEAD), "--kubernetes-version", version).exception
    assert isinstance(answer, InvalidInputError)
    assert "use 1.31 to 1.36" in str(answer)


def test_a_gate_is_judged_by_its_minor(here):
    file = write(here, f"{HEAD}featureGates: {{CPUManager: true}}\n")
    code, (line,) = lines(file, "--kubernetes-version", "1.36")
    old = lines(file, "--kubernetes-version", "1.31")
    assert (code, old[0]) == (2, 0)
    assert rules(line) == {"feature-gates-are-known": "featureGates.CPUManager"}
    assert "removed in 1.33" in line["problems"][0]["message"]
    future = write(here, f"{HEAD}featureGates: {{MutableCSINodeAllocatableCount: true}}\n")
    assert lines(future, "--kubernetes-version", "1.31")[0] == 2
    assert lines(future, "--kubernetes-version", "1.34")[0] == 0
    assert lines(write(here, HEAD), "--kubernetes-version", "v1.33.2")[0] == 0


@pytest.mark.parametrize(
    ("text", "rule", "path", "said"),
    [
        (
            shares(320_864_256, 320_864_255),
            "reserved-memory-sums-to-what-is-reserved",
            "reservedMemory",
            ("641728512 bytes, not 641728511", "{numaNode: 1, limits: {memory: 306Mi}}"),
        ),
        (
            shares(320_864_256, 320_864_256, node=5),
            "reserved-memory-is-of-numa-nodes-that-exist",
            "reservedMemory[1].numaNode",
            ("NUMA node 5", "use 0 or 1"),
        ),
        (
            f"{HEAD}evictionSoft: {{memory.available: 1Gi}}\nevictionSoftGracePeriod: {{nodefs.available: 1m}}\n",
            "soft-evictions-have-grace-periods",
            "evictionSoftGracePeriod[memory.available]",
            ("grace period must be specified", "1m30s"),
        ),
        (
            f"{HEAD}featureGates: {{InPlacePodVerticalScalin: true}}\n",
            "feature-gates-are-known",
            "featureGates.InPlacePodVerticalScalin",
            ("no gate of 1.36", "InPlacePodVerticalScaling"),
        ),
        (
            f"{HEAD}streamingConnectionIdleTimeout: '240'\n",
            "value-is-of-its-kind",
            "streamingConnectionIdleTimeout",
            ("no unit",),
        ),
        (BOMB, "file-is-of-a-size", "kubelet.yaml", ("aliases",)),
        ("[" * 100_000, "file-is-of-a-size", "kubelet.yaml", ("levels deep",)),
        ('{"a":' * 100_000, "file-is-of-a-size", "kubelet.yaml", ("nested too deep",)),
        (f"{HEAD}# {'x' * 10_000_000}\n", "file-is-of-a-size", "kubelet.yaml", ("1,048,576",)),
        ("\0", "file-can-be-parsed", "kubelet.yaml", ()),
        ("", "file-is-a-kubelet-configuration", "kubelet.yaml", ("is empty",)),
    ],
    ids=["a-byte", "numa-id", "eviction-keys", "gate", "unit", "bomb", "deep", "deep-json", "10-MB", "nul", "empty"],
)
def test_bad_input_is_named_with_what_to_do(here, text, rule, path, said):
    code, (line,) = lines(write(here, text))
    assert (code, line["ok"]) == (2, False)
    assert rules(line).get(rule) == path
    message = next(entry["message"] for entry in line["problems"] if entry["rule"] == rule)
    assert len(message) < 1000
    for part in said:
        assert part in message


def test_an_unknown_field_has_its_nearest_names(here):
    code, (line,) = lines(write(here, f"{HEAD}cpuManagerPolcy: static\n"))
    assert (code, line["ok"]) == (0, True)
    assert rules(line, "ignored") == {"field-is-known": "cpuManagerPolcy"}
    assert "cpuManagerPolicy" in line["problems"][0]["message"]


@pytest.mark.parametrize(
    "text",
    [BOMB, f"{HEAD}# {'x' * 10_000_000}\n", f"{HEAD}{'- [' * 300_000}", f"{HEAD}maxPods: {'9' * 900_000}\n"],
    ids=["bomb", "10-MB", "deep", "digits"],
)
def test_harm_is_bounded_in_time_and_memory(here, text):
    def bounds() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (30, 30))
        resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))

    program = [sys.executable, "-c", PROGRAM, "kubelet", "validate", "-f", "json", write(here, text)]
    done = subprocess.run(program, capture_output=True, text=True, check=False, preexec_fn=bounds)
    assert (done.returncode, done.stderr) == (2, "")
    assert json.loads(done.stdout)["ok"] is False


def test_the_plan_says_of_eks_why_reserved_cpus_clash(here):
    write(
        here,
        "name: prod\nclusters:\n- {name: train, cloud: aws, region: us-east-1, node_pools: [{name: h100, "
        "machine_type: p5.48xlarge, zones: [us-east-1a], size: {max: 2}, kubelet: {reservedSystemCPUs: 0-1}}]}\n",
        "prod.yaml",
    )
    answer = RUN.invoke(app, ["plan", "prod.yaml"]).exception
    assert isinstance(answer, InvalidInputError)
    (problem,) = answer.problems
    assert problem.path.endswith("node_pools[h100].kubelet.reservedSystemCPUs")
    assert "reserved cgroups that nodeadm sets" in problem.problem
    assert "bottlerocket" in problem.fix
