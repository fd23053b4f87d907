"""The scripts that render charts find a chart's parts in clones, and images that nobody lists."""

import importlib
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

from gpucloud.plan import plan_document
from tests.plan.test_values_paths import platform

ROOT = Path(__file__).resolve().parents[2]
FILES = """\
chart,version,prefix,repository,revision,file
main,1.0.0,,team/main,tag v1,charts/main/values.yaml
main,1.0.0,part,team/main,tag v1,other/part/values.yaml
gone,1.0.0,,team/main,tag v2,charts/main/values.yaml
"""
CHART = "name: main\nversion: 0.0.0\ndependencies: [{name: part}, {name: off}]\n"


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(str(ROOT / "tools"))
    return importlib.import_module


@pytest.fixture
def clones(tmp_path: Path) -> Path:
    """One repository with a chart, a subchart elsewhere, and a link."""
    work = tmp_path / "clones" / "team+main"
    for name, text in {
        "charts/main/Chart.yaml": CHART,
        "charts/main/values.yaml": "",
        "other/part/Chart.yaml": "x",
    }.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    (work / "charts/main/crds").symlink_to("../../other")
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "v1"]):
        who = ["-c", "user.name=tests", "-c", "user.email=tests@example.com"]
        subprocess.run(["git", "-C", str(work), *who, *command], check=True)
    (work / ".git").rename(work / "repo")
    return work.parent


def _folders(script, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    found = script("chart_folders")
    (tmp_path / "files.csv").write_text(FILES)
    monkeypatch.setattr(found, "FILES", tmp_path / "files.csv")
    return found


def test_a_chart_is_laid_out_with_its_parts_and_the_versions_of_the_release(script, clones, monkeypatch, tmp_path):
    folder = _folders(script, monkeypatch, tmp_path).chart_folder(clones, "main", ("v1.0.0", "v9"), tmp_path)
    assert {path.name for path in folder.iterdir()} == {"Chart.yaml", "charts", "crds", "values.yaml"}
    assert (folder / "charts/part/Chart.yaml").read_text() == "x"
    assert (folder / "Chart.yaml").read_text() == (
        "appVersion: v9\ndependencies:\n- name: part\nname: main\nversion: 1.0.0\n"
    )


def test_a_revision_that_no_clone_has_is_named(script, clones, monkeypatch, tmp_path):
    with pytest.raises(LookupError, match="team/main: no v2:charts/main in the clone"):
        _folders(script, monkeypatch, tmp_path).chart_folder(clones, "gone", ("1", "1"), tmp_path)


def test_lists_are_objects_one_by_one_and_an_equals_sign_is_text(script):
    text = "kind: RoleList\nitems: [{kind: Role}]\n---\n---\nkind: Alert\nenum: [=]\n"
    assert script("chart_folders").documents(text) == [{"kind": "Role"}, {"kind": "Alert", "enum": ["="]}]


def _problems(script, chart: str, *images: str, elsewhere: object = None, **stack) -> list[str]:
    document = platform("aws", **stack)
    document["clusters"][0]["node_pools"][0]["fabric"] = "efa"
    (cluster,) = plan_document(document).clusters
    (release,) = (entry for entry in cluster.releases if entry.chart == chart)
    pod = {"containers": [{"image": image} for image in images]}
    objects = [{"kind": "DaemonSet", "spec": {"template": {"spec": pod}}}, {"kind": "Other", "spec": elsewhere}]
    return list(script("chart_images").image_problems(cluster, release, objects))


EFA, LISTED = (
    "aws-efa-k8s-device-plugin",
    "602401143452.dkr.ecr.us-west-2.amazonaws.com/eks/aws-efa-k8s-device-plugin:v0.5.20",
)


def test_images_that_are_pulled_and_listed_are_no_problem(script):
    assert _problems(script, EFA, LISTED) == []
    assert _problems(script, EFA, elsewhere={"args": [f"--image={LISTED}"]}) == []
    name, _, tag = LISTED.rpartition(":")
    repository, _, image = name.rpartition("/")
    assert _problems(script, EFA, elsewhere=[{"repository": repository, "image": image, "version": tag}]) == []


def test_an_image_that_is_listed_otherwise_is_found_from_both_sides(script):
    other = f"{LISTED}-distroless"
    assert _problems(script, EFA, other) == [f"image {other} is pulled, and not listed"]
    assert _problems(script, EFA, "busybox") == [
        "image docker.io/library/busybox is pulled, and not listed",
        f"image {LISTED} is listed, and nothing names it",
    ]


def test_a_chart_that_is_published_under_other_names_is_compared_by_the_last_part(script):
    staging = "staging.example.com/kueue/{}:main"
    assert _problems(script, "kueue", staging.format("kueue"), batch_scheduling="kueue") == []
    assert _problems(script, "kueue", staging.format("other"), batch_scheduling="kueue") == [
        "image other is pulled, and not listed"
    ]
