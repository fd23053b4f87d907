"""A KubeletConfiguration file, read as the kubelet reads it, within bounds of time and memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from gpucloud.kubelet.bounds import LARGEST_FILE, BeyondBoundsError
from gpucloud.kubelet.decoding import API_VERSION, KIND
from gpucloud.kubelet.json_reading import NotJsonError, read_json
from gpucloud.kubelet.machine import NodeMachine
from gpucloud.kubelet.machine_reading import machine_in_comment
from gpucloud.kubelet.rule import Finding, Level
from gpucloud.kubelet.yaml_reading import NotYamlError, YamlDocument

_NO_START = "the kubelet would not start"
# Go's unicode.IsSpace.
_SPACE = " \t\n\v\f\r\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B)))


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
    machine = None
    value: dict[str, Any] = {}
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        whole = _text_of(data)
        try:
            machine = machine_in_comment(whole)
        except ValueError as reason:
            findings.append(_of_file("machine-is-described", file, f"the first line describes no machine: {reason}"))
        value = _object_in(whole, file, findings, drop_in=drop_in)
    except BeyondBoundsError as reason:
        findings.append(_of_file("file-is-of-a-size", file, f"{reason} and is not judged"))
    except UnicodeDecodeError as error:
        problem = f"is no {error.encoding} at byte {error.start}, {_NO_START}"
        findings.append(_of_file("file-is-text", file, problem, "save it as UTF-8"))
    except (NotYamlError, NotJsonError) as reason:
        findings.append(_of_file("file-can-be-parsed", file, f"{reason}, {_NO_START}"))
    return ReadFile(value, machine, tuple(findings))


def _object_in(whole: str, file: str, findings: list[Finding], *, drop_in: bool) -> dict[str, Any]:
    value: Any
    # What begins with a brace is JSON to the kubelet, and nothing else (apimachinery's recognizer).
    is_json = whole.lstrip(_SPACE).startswith("{")
    doubles: Sequence[str]
    if is_json:
        value, doubles = read_json(whole)
    else:
        document = YamlDocument(whole)
        value, doubles = document.value, document.doubles
        if document.more:
            problem = "has further documents, which the kubelet ignores"
            findings.append(_of_file("file-has-one-document", file, problem, "keep one", "ignored"))
    if not isinstance(value, dict):
        problem = f"{'is empty' if value is None else 'holds no mapping of fields'}, {_NO_START}"
        fix = f"write apiVersion: {API_VERSION}, kind: {KIND}"
        findings.append(_of_file("file-is-a-kubelet-configuration", file, problem, fix))
        return {}
    if not drop_in:
        value = _with_meta_of_any_case(value, in_order=is_json)
    for key, expected in (("apiVersion", API_VERSION), ("kind", KIND)):
        if value.get(key) in (None, ""):
            problem = f"is missing, {_NO_START}"
            findings.append(_of_file("file-is-a-kubelet-configuration", key, problem, f"write {key}: {expected}"))
    what = _NO_START if drop_in else "all but the last are ignored"
    level: Level = "kubelet" if drop_in else "ignored"
    findings += [
        _of_file("key-stands-once", key, f"stands twice, {what}", "remove one", level) for key in dict.fromkeys(doubles)
    ]
    return dict(value)


def _of_file(rule: str, path: str, problem: str, fix: str = "correct the file", level: Level = "kubelet") -> Finding:
    return Finding(rule, path, problem, fix, level)


def _text_of(data: bytes) -> str:
    """The text of a file, as the kubelet's readers take it; UnicodeDecodeError where they do not.

    YAML may be UTF-16 with its mark. Of JSON Go's decoder takes any bytes, what is no UTF-8 becomes U+FFFD.
    """
    if len(data) > LARGEST_FILE:
        raise BeyondBoundsError(f"has {len(data):,} bytes, more than {LARGEST_FILE:,},")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    return data.decode("utf-8", "replace" if data.lstrip().startswith(b"{") else "strict")


def _with_meta_of_any_case(value: dict[str, Any], *, in_order: bool) -> dict[str, Any]:
    """The same with `apiVersion` and `kind` as the kubelet finds them: in any case, the last of several.

    YAML comes to the kubelet with its keys sorted, JSON in the order of the file; a null leaves what was before.
    """
    found: dict[str, Any] = {}
    for given in value if in_order else sorted(value):
        for key in ("apiVersion", "kind"):
            if given.lower() == key.lower() and value[given] is not None and isinstance(found.get(key, ""), str):
                found[key] = value[given]
    return {**value, **found}
