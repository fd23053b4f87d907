"""Write gpucloud/sim/gcp/properties.csv and limits.csv: what the schemas of terraform-provider-google-beta say.

Run with `.venv/bin/python tools/make_sim_gcp_tables.py PROVIDER`, where PROVIDER is a git directory of
hashicorp/terraform-provider-google-beta, the provider that pulumi-gcp bridges. Names are those of the installed Pulumi
SDK; an attribute that the SDK does not have as an input is left out.

properties.csv: `replaces` for ForceNew (of a block: its coming and going, and nothing inside it that says nothing of
itself: written with `=` at the end), `unordered` for sets.
limits.csv: `enum`, `min`, `max`, `pattern` of the validation functions; `conflicts` and `exactly_one_of` of the schema,
as paths.
"""

import csv
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from go_schema import Attribute, Source

from gpucloud.sim.schema import ResourceSchema, Shape, recover

_FOLDER = Path(__file__).parents[1] / "gpucloud" / "sim" / "gcp"
_SERVICES = "google-beta/services"
_TYPES = {
    "gcp:artifactregistry/repository:Repository": (
        "artifactregistry/resource_artifact_registry_repository.go",
        "ResourceArtifactRegistryRepository",
    ),
    "gcp:compute/firewall:Firewall": ("compute/resource_compute_firewall.go", "ResourceComputeFirewall"),
    "gcp:compute/network:Network": ("compute/resource_compute_network.go", "ResourceComputeNetwork"),
    "gcp:compute/reservation:Reservation": ("compute/resource_compute_reservation.go", "ResourceComputeReservation"),
    "gcp:compute/resourcePolicy:ResourcePolicy": (
        "compute/resource_compute_resource_policy.go",
        "ResourceComputeResourcePolicy",
    ),
    "gcp:compute/router:Router": ("compute/resource_compute_router.go", "ResourceComputeRouter"),
    "gcp:compute/routerNat:RouterNat": ("compute/resource_compute_router_nat.go", "ResourceComputeRouterNat"),
    "gcp:compute/subnetwork:Subnetwork": ("compute/resource_compute_subnetwork.go", "ResourceComputeSubnetwork"),
    "gcp:container/cluster:Cluster": ("container/resource_container_cluster.go", "ResourceContainerCluster"),
    "gcp:container/nodePool:NodePool": ("container/resource_container_node_pool.go", "ResourceContainerNodePool"),
    "gcp:projects/serviceIdentity:ServiceIdentity": (
        "resourcemanager/resource_project_service_identity.go",
        "ResourceProjectServiceIdentity",
    ),
    "gcp:serviceaccount/account:Account": (
        "resourcemanager/resource_google_service_account.go",
        "ResourceGoogleServiceAccount",
    ),
}
_SHARED = ("container/node_config.go",)
_LEFT_OUT = {("gcp:container/cluster:Cluster", "nodePools")}  # pools inside a cluster: the project declares none
# google-beta/tpgresource, verify: what the named functions accept.
_NAME_PATTERN = "^(?:[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?)$"
Row = tuple[str, str, str, str]  # type, path, behaviour or limit, value


class _Reader:
    """Turns the attributes of one resource into rows of both tables."""

    def __init__(self, schema: ResourceSchema) -> None:
        self._schema = schema
        self.wires: dict[str, str] = {}  # path in the provider's names -> path in Pulumi's
        self.properties: list[Row] = []
        self._fields: list[tuple[str, Attribute]] = []

    def read(self, attributes: dict[str, Attribute]) -> None:
        self._walk("", "", attributes, self._schema.inputs)

    def _walk(self, path: str, origin: str, attributes: dict[str, Attribute], members: dict[str, Shape]) -> None:
        for name, attribute in attributes.items():
            wire = _wire(name, members)
            if wire is None or (self._schema.token, wire) in _LEFT_OUT:
                continue
            here, there = f"{path}.{wire}".lstrip("."), f"{origin}.{name}".lstrip(".")
            self.wires[there] = here
            self._fields.append((here, attribute))
            if attribute.fields.get("ForceNew") == "true":
                mark = "=" if attribute.inner else ""
                self.properties.append((self._schema.token, here + mark, "replaces", ""))
            is_list = isinstance(members[wire], list) and members[wire][0] == "list"  # of at most one item it is none
            if is_list and attribute.fields.get("Type") == "schema.TypeSet":
                self.properties.append((self._schema.token, here, "unordered", ""))
            if attribute.inner:
                self._walk(here, there, attribute.inner, self._members(members[wire]))

    def _members(self, shape: Shape) -> dict[str, Shape]:
        while isinstance(shape, list) and shape[0] in {"list", "map"}:
            shape = shape[1]
        return self._schema.objects[shape[1]]["properties"] if shape[0] == "object" else {}

    def limits(self) -> Iterator[Row]:
        for path, attribute in self._fields:
            for limit, value in _validation(attribute.fields.get("ValidateFunc", "")):
                yield (self._schema.token, path, limit, value)
            for field, limit in (("ConflictsWith", "conflicts"), ("ExactlyOneOf", "exactly_one_of")):
                named = re.findall(r'"([^"]+)"', attribute.fields.get(field, ""))
                paths = [self.wires.get(re.sub(r"\.\d+", "", name)) for name in named]
                if paths and None not in paths:
                    yield (self._schema.token, path, limit, "|".join(sorted(set(map(str, paths)))))


def _wire(name: str, members: dict[str, Shape]) -> str | None:
    head, *rest = name.split("_")
    camel = head + "".join(part[:1].upper() + part[1:] for part in rest)
    plurals = (camel, f"{camel}s", f"{camel}es", f"{camel.removesuffix('y')}ies")
    return next((wire for wire in plurals if wire in members), None)


def _validation(text: str) -> Iterator[tuple[str, str]]:
    words = re.search(r"(?:StringInSlice|ValidateEnum)\(\[\]string\{(.*?)\}", text, re.DOTALL)
    if words:
        yield "enum", "|".join(word for word in re.findall(r'"([^"]*)"', words[1]) if word)
    between = re.search(r"(?:Int|Float)Between\(([\d.]+), ([\d.]+)\)", text)
    if between:
        yield "min", between[1]
        yield "max", between[2]
    at_least = re.search(r"IntAtLeast\((\d+)\)", text)
    if at_least:
        yield "min", at_least[1]
    if text == "verify.ValidateGCEName":
        yield "pattern", _NAME_PATTERN
    short = re.search(r"ValidateRFC1035Name\((\d+), (\d+)\)", text)
    if short:
        yield "pattern", f"^(?:[a-z]([-a-z0-9]{{{int(short[1]) - 2},{int(short[2]) - 2}}}[a-z0-9]))$"
    regexp = re.search(r"(?:ValidateRegexp\(|regexp\.MustCompile\()`([^`]*)`", text)
    if regexp:
        yield "pattern", regexp[1]


def _show(repository: str, path: str) -> str:
    command = ["git", "-C", repository, "show", f"HEAD:{_SERVICES}/{path}"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def _write(name: str, header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    with (_FOLDER / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(sorted(set(rows)))
    print(f"{name}: {len(set(rows))} rows")


def main(repository: str) -> int:
    """Write both tables and say how many rows they have."""
    command = ["git", "-C", repository, "rev-parse", "--short=7", "HEAD"]
    commit = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    files = [*_SHARED, *(file for file, _ in _TYPES.values())]
    source = Source("\n".join(_show(repository, file) for file in files))
    properties, limits = [], []
    for token, (file, function) in _TYPES.items():
        schema = recover(token)
        if schema is None:
            raise LookupError(token)
        reader = _Reader(schema)
        reader.read(source.read_resource(function))
        origin = f"terraform-provider-google-beta {commit} {file}"
        shared = f"terraform-provider-google-beta {commit} {_SHARED[0]}"
        properties += [(t, p, b, shared if p.startswith("nodeConfig.") else origin) for t, p, b, _ in reader.properties]
        limits += [(t, p, k, v, shared if p.startswith("nodeConfig.") else origin) for t, p, k, v in reader.limits()]
    extra = "terraform-provider-google-beta {} tpgiamresource/resource_iam_member.go"
    members = {
        "gcp:projects/iAMMember:IAMMember": ("condition", "member", "project", "role"),
        "gcp:secretmanager/secretIamMember:SecretIamMember": ("condition", "member", "project", "role", "secretId"),
    }
    properties += [(t, p, "replaces", extra.format(commit)) for t, paths in members.items() for p in paths]
    _write("properties.csv", ("type", "path", "behaviour", "source"), properties)
    _write("limits.csv", ("type", "path", "limit", "value", "source"), limits)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
