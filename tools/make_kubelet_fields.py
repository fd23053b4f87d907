"""Write gpucloud/facts/data/kubelet_fields.csv from the Go module k8s.io/kubelet.

The keys and kinds of KubeletConfiguration v1beta1 stand in one Go struct; this reads its JSON tags and types.
Run: `python tools/make_kubelet_fields.py` (needs Go and its module proxy).
"""

import csv
import io
import json
import re
import subprocess
import sys
from pathlib import Path

MODULE = "k8s.io/kubelet"
VERSION = "v0.36.3"
OLDER = {31: "v0.31.14", 32: "v0.32.13", 33: "v0.33.13", 34: "v0.34.4", 35: "v0.35.4"}
NEWEST = 36
FILE = "config/v1beta1/types.go"
TARGET = Path(__file__).resolve().parents[1] / "gpucloud/facts/data/kubelet_fields.csv"

KINDS = {
    "bool": "true or false",
    "int32": "a whole number",
    "int64": "a whole number",
    "float64": "a number",
    "string": "text",
    "metav1.Duration": "a duration such as 10s",
    "resource.Quantity": "a quantity such as 10Mi",
    "map[string]string": "a map of text",
    "map[string]bool": "a map of true or false",
    "map[string][]string": "a map of lists of text",
    "[]string": "a list of text",
    "[]int32": "a list of whole numbers",
}
FIELD = re.compile(r"^\t(?P<go_name>\w+)\s+(?P<go_type>\S+)\s+`json:\"(?P<name>\w+)[^`]*`", re.MULTILINE)
ALIAS = re.compile(r"^type (?P<alias>\w+) string$", re.MULTILINE)


def module_directory(version: str = VERSION) -> Path:
    """The module's folder in Go's module cache, downloaded where it is not there."""
    found = subprocess.run(
        ["go", "mod", "download", "-json", f"{MODULE}@{version}"], check=True, capture_output=True, text=True
    )
    return Path(json.loads(found.stdout)["Dir"])


def kind_of(go_type: str, text_types: frozenset[str]) -> str:
    """The kind in words of a Go type; a pointer is its element, an unknown struct an object."""
    go_type = go_type.removeprefix("*")
    if go_type in KINDS:
        return KINDS[go_type]
    if go_type in text_types:
        return "text"
    return "a list of objects" if go_type.startswith("[]") else "an object"


def body_of(source: str) -> str:
    """What stands inside of the type KubeletConfiguration."""
    return source.split("type KubeletConfiguration struct {", 1)[1].split("\n}", 1)[0]


def first_minors() -> dict[str, int]:
    """The first of the minors looked at that has a key; 31 also for what is older."""
    found: dict[str, int] = {}
    for minor, version in OLDER.items():
        source = (module_directory(version) / FILE).read_text(encoding="utf-8")
        for match in FIELD.finditer(body_of(source)):
            found.setdefault(match["name"], minor)
    return found


def rows(source: str, since: dict[str, int]) -> list[tuple[str, str, str, str, str]]:
    """One row a key of KubeletConfiguration: name, kind, Go type, first minor, source."""
    text_types = frozenset(ALIAS.findall(source))
    cited = f"{MODULE}@{VERSION}/{FILE}"
    return sorted(
        (
            match["name"],
            kind_of(match["go_type"], text_types),
            match["go_type"],
            str(since.get(match["name"], NEWEST)),
            cited,
        )
        for match in FIELD.finditer(body_of(source))
    )


def main() -> None:
    """Write the table, or with --check exit 1 where it differs."""
    made = rows((module_directory() / FILE).read_text(encoding="utf-8"), first_minors())
    lines = [("name", "kind", "go_type", "since", "source"), *made]
    sink = io.StringIO()
    csv.writer(sink, lineterminator="\n").writerows(lines)
    text = sink.getvalue()
    if "--check" in sys.argv:
        sys.exit(0 if TARGET.read_text(encoding="utf-8") == text else f"{TARGET.name} differs from its source")
    TARGET.write_text(text, encoding="utf-8")
    print(f"{TARGET.name}: {len(made)} keys")


if __name__ == "__main__":
    main()
