"""Make gpucloud/facts/data/images.csv: the container images that the pinned charts pull, and where each is named.

    python tools/make_images.py CLONES            write the table
    python tools/make_images.py CLONES --check    write nothing; exit 1 when the file would change

CLONES is as make_chart_values.py has it. Which values name an image says tools/data/image_places.csv, whose `form` is
how: `split` (repository, image, version), `repository` (repository, tag), `registry` (registry, repository, tag),
`named` (imageRegistry and imageNamespace of the chart, name of the image), `prefix` (one string before the `suffix` of
each, with the tag at `tag_path`) or `reference` (one string). Of `switches` one with `!` must not be true. Where no
values name an image as it is published, `default` is what `source` has. Digests are those that NVIDIA's bundle for
OpenShift pins beside the same tag.
"""

import argparse
import csv
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fact_tables import Row, csv_text
from make_chart_values import FILES, values_file

PLACES = Path(__file__).resolve().parent / "data" / "image_places.csv"
TARGET = Path(__file__).resolve().parents[1] / "gpucloud/facts/data/images.csv"
BUNDLE = ("NVIDIA+gpu-operator", "v26.7.0:bundle/manifests/gpu-operator-certified.clusterserviceversion.yaml")
COLUMNS = (
    "chart",
    "version",
    "component",
    "target",
    "form",
    "path",
    "suffix",
    "tag_path",
    "repository",
    "tag",
    "os_in_tag",
    "digest",
    "pull_secrets",
    "pull_secrets_form",
    "switches",
    "on",
    "source",
)


def at(values: Mapping[str, Any], path: str) -> Any:
    """Return what stands at a dotted path, None where nothing does."""
    found: Any = values
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def whole(reference: str) -> str:
    """Return a reference with its registry: without one it is Docker Hub's, and one word is its `library`."""
    first, slash, _ = reference.partition("/")
    if not slash:
        return f"docker.io/library/{reference}"
    return reference if "." in first or ":" in first else f"docker.io/{reference}"


def named(values: Mapping[str, Any], place: Row) -> str:
    """Return the reference that a chart's own values make."""
    image = at(values, place["path"])
    match place["form"]:
        case "split":
            return f"{image['repository']}/{image['image']}:{image.get('version') or place['untagged_as']}"
        case "repository":
            return f"{image['repository']}:{image.get('tag') or place['untagged_as']}"
        case "registry":
            return f"{image['registry']}/{image['repository']}:{image.get('tag') or place['untagged_as']}"
        case "named":
            registry, namespace = values["imageRegistry"], values["imageNamespace"]
            return f"{registry}/{namespace}/{image['name']}:{image.get('tag') or place['untagged_as']}"
        case _:
            return str(image)


def charts_values(clones: Path) -> dict[str, tuple[dict[str, Any], list[str]]]:
    """Return the values of each chart, its own over those of subcharts, and the files that they come from."""
    found: dict[str, tuple[dict[str, Any], list[str]]] = {}
    with FILES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            values, sources = found.setdefault(row["chart"], ({}, []))
            read = dict(values_file(clones, row))
            joined(values, {row["prefix"]: read} if row["prefix"] else read)
            sources.append(f"{row['repository']} {row['revision']} {row['file']}")
    return found


def joined(values: dict[str, Any], others: Mapping[str, Any]) -> None:
    """Add what the others have and the values have not."""
    for key, value in others.items():
        if isinstance(value, Mapping) and isinstance(values.get(key), dict):
            joined(values[key], value)
        else:
            values.setdefault(key, value)


def digests(clones: Path) -> dict[str, str]:
    """Return the digest of each reference with a tag that the bundle pins."""
    folder, name = BUNDLE
    clone = clones / folder
    clone = clone / "repo" if (clone / "repo").is_dir() else clone
    text = subprocess.run(["git", f"--git-dir={clone}", "show", name], check=True, capture_output=True, text=True)
    return dict(re.findall(r"([a-z0-9./-]+:[A-Za-z0-9._-]+)@(sha256:[0-9a-f]{64})", text.stdout))


def table(clones: Path) -> str:
    """Return the table's text: one row per chart and component, sorted."""
    values, known = charts_values(clones), digests(clones)
    rows = []
    with PLACES.open(encoding="utf-8", newline="") as file:
        for place in csv.DictReader(file):
            own, sources = values[place["chart"]]
            repository, _, tag = whole(place["default"] or named(own, place)).rpartition(":")
            digest = known.get(f"{repository}:{tag}", "")
            bundle = f"; {BUNDLE[0].replace('+', '/')} tag {BUNDLE[1].partition(':')[0]} bundle" if digest else ""
            # Of an operator's own objects the source has the default; what is off there, nobody pulls.
            wanted = [switch for switch in place["switches"].split() if not switch.startswith("!")]
            on = place["target"] != "values" or all(at(own, switch) for switch in wanted)
            rows.append(
                {column: place.get(column, "") for column in COLUMNS}
                | {"repository": repository, "tag": tag, "digest": digest, "on": "true" if on else "false"}
                | {"source": place["source"] or f"{'; '.join(sources)}{bundle}"}
            )
    return csv_text(COLUMNS, sorted(rows, key=lambda row: (row["chart"], row["version"], row["component"])))


def main() -> int:
    """Write the table, or say whether it would change; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clones", type=Path)
    parser.add_argument("--check", action="store_true", help="write nothing, say whether the file would change")
    arguments = parser.parse_args()
    text = table(arguments.clones)
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    if arguments.check:
        print(f"{TARGET.name}: not what {Path(__file__).name} makes; run it", file=sys.stderr)
        return 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
