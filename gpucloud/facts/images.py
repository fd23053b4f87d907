"""Container images of the pinned charts: what each is called, and which of the chart's values names it."""

from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from gpucloud.facts.tables import read_table

NamedAs = Literal["split", "repository", "registry", "named", "prefix", "reference"]
SecretsAs = Literal["", "name", "names", "objects"]


@dataclass(frozen=True, slots=True)
class Image:
    """One image that a chart, or an operator that it installs, pulls.

    Attributes:
        chart: That brings it.
        version: Of the chart.
        component: What the image is for; unique in its chart.
        target: What names the image: the chart's `values`, or a custom resource of this kind.
        form: How. `split`: `repository`, `image` and `version` below `path`. `repository`: `repository` and `tag`.
            `registry`: `registry`, `repository` and `tag`. `named`: the chart's `imageRegistry` and `imageNamespace`,
            and `name`, or `repository` instead of all three. `prefix`: `path` is what the names of several images begin
            with, `suffix` follows. `reference`: one string at `path`.
        path: In values, or in the resource's spec.
        suffix: What follows a `prefix` and its slash; empty for other forms.
        repository: With its registry, as it is where nobody says otherwise.
        tag: Likewise.
        os_in_tag: The operator appends `-` and the node's distribution (`ubuntu24.04`) to the tag
            (NVIDIA/gpu-operator v26.7.0, controllers/object_controls.go, resolveDriverTag).
        digest: Of that tag; empty where no source says it.
        pull_secrets: Path of the secrets to pull it with; empty where it has none.
        pull_secrets_form: Whether that is one name, a list of names, or of objects with a `name`.
        switches: Value paths that all have to be true for the image to be pulled.
        switches_off: Value paths of which none may be true.
        tag_path: Where the tag of a `prefix` is said; empty for other forms, and where nothing says it.
        on: Whether they are, where nobody says otherwise.
        source: Where the row comes from.
    """

    chart: str
    version: str
    component: str
    target: str
    form: NamedAs
    path: str
    suffix: str
    repository: str
    tag: str
    os_in_tag: bool
    digest: str
    pull_secrets: str
    pull_secrets_form: SecretsAs
    switches: tuple[str, ...]
    switches_off: tuple[str, ...]
    tag_path: str
    on: bool
    source: str

    @property
    def registry(self) -> str:
        """The host that the image comes from, such as `nvcr.io`."""
        return self.repository.partition("/")[0]


def images(chart: str | None = None) -> tuple[Image, ...]:
    """Return the images of a chart, or of all charts, sorted by chart and component; none for an unknown chart."""
    return tuple(image for image in _all() if chart is None or image.chart == chart)


@cache
def _all() -> tuple[Image, ...]:
    return tuple(
        Image(
            chart=row["chart"],
            version=row["version"],
            component=row["component"],
            target=row["target"],
            form=cast("NamedAs", row["form"]),
            path=row["path"],
            suffix=row["suffix"],
            repository=row["repository"],
            tag=row["tag"],
            os_in_tag=row["os_in_tag"] == "true",
            digest=row["digest"],
            pull_secrets=row["pull_secrets"],
            pull_secrets_form=cast("SecretsAs", row["pull_secrets_form"]),
            switches=tuple(entry for entry in row["switches"].split() if not entry.startswith("!")),
            switches_off=tuple(entry[1:] for entry in row["switches"].split() if entry.startswith("!")),
            tag_path=row["tag_path"],
            on=row["on"] == "true",
            source=row["source"],
        )
        for row in read_table("images")
    )
