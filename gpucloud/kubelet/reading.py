"""A KubeletConfiguration file, read as the kubelet reads it, within bounds of time and memory."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gpucloud.kubelet.decoding import API_VERSION, KIND
from gpucloud.kubelet.json_reading import NotJsonError, read_json
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.machine_reading import machine_in_comment
from gpucloud.kubelet.rule import Finding, Level
from gpucloud.kubelet.yaml_reading import MOST_VALUES, NotYamlError, YamlDocument

LARGEST_FILE = 2**20
_NO_START = "the kubelet would not start"


@dataclass(frozen=True, slots=True)
class ReadFile:
    """What stands in a file.

    Attributes:
        values: The configuration's object, empty where it could not be read.
        machine: The machine that the first line describes, None without such a line.
        findings: What is wrong with the file as such; a file that is not judged for it counts as one with which the
            kubelet would not start.
    """

    values: Mapping[str, Any]
    machine: NodeMachine | None
    findings: tuple[Finding, ...]


def read_file(text: str | bytes, *, file: str = "", drop_in: bool = False) -> ReadFile:
    """The object in a YAML or JSON file and every finding about the file; it raises nothing.

    `file` is only a name for messages. Keys that stand twice are ignored but for the last in a main file, and keep the
    kubelet from starting in a drop-in.
    """
    findings: list[Finding] = []

    def find(rule: str, problem: str, fix: str, level: Level = "kubelet", path: str = "") -> None:
        findings.append(Finding(rule, path or file, problem, fix, level))

    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if len(data) > LARGEST_FILE:
        problem = f"has {len(data):,} bytes and is not judged: no configuration is larger than {LARGEST_FILE:,}"
        find("file-is-of-a-size", problem, "give the file that the kubelet reads")
        return ReadFile({}, None, tuple(findings))
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        find("file-is-text", f"is no UTF-8 at byte {error.start}, {_NO_START}", "save it as UTF-8")
        return ReadFile({}, None, tuple(findings))
    machine = None
    try:
        machine = machine_in_comment(whole)
    except ValueError as reason:
        find("machine-is-described", f"the first line describes no machine: {reason}", "correct the line, or remove it")
    value: Any = None
    doubles: tuple[str, ...] = ()
    more = False
    try:
        # What begins with a brace is JSON to the kubelet, and nothing else (apimachinery's recognizer).
        if whole.lstrip(" \t\r\n").startswith("{"):
            value, doubles = read_json(whole)
        else:
            document = YamlDocument(whole)
            value, doubles, more = document.value, tuple(document.doubles), document.more
            if document.grown_to > MOST_VALUES:
                problem = f"grows to {document.grown_to:,} values by its aliases and is not judged"
                find("file-is-of-a-size", problem, "write the values out, without aliases (*name)")
                return ReadFile({}, machine, tuple(findings))
    except (NotYamlError, NotJsonError) as reason:
        find("file-can-be-parsed", f"{reason}, {_NO_START}", "correct the file")
        return ReadFile({}, machine, tuple(findings))
    if not isinstance(value, dict):
        empty = "is empty" if value is None else "holds no mapping of fields"
        find(
            "file-is-a-kubelet-configuration", f"{empty}, {_NO_START}", f"write apiVersion: {API_VERSION}, kind: {KIND}"
        )
        return ReadFile({}, machine, tuple(findings))
    for key, expected in (("apiVersion", API_VERSION), ("kind", KIND)):
        if value.get(key) in (None, ""):
            find(
                "file-is-a-kubelet-configuration",
                f"is missing, {_NO_START}",
                f"write {key}: {expected}",
                path=key,
            )
    for key in dict.fromkeys(doubles):
        if drop_in:
            find("key-stands-once", f"stands twice, {_NO_START}", "remove one", path=key)
        else:
            find("key-stands-once", "stands twice, all but the last are ignored", "remove one", "ignored", key)
    if more:
        find("file-has-one-document", "has further documents, which the kubelet ignores", "keep one", "ignored")
    return ReadFile(value, machine, tuple(findings))
