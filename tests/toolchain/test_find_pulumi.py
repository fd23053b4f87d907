"""Which Pulumi command line is used, on machines of all kinds."""

from pathlib import Path

import pytest

from gpucloud.errors import ToolchainError
from tests.toolchain.workplaces import INSTALLS, fake_workplace, put_go, put_pulumi, write_program
from toolchain.pulumi_cli import go_build, installer
from toolchain.pulumi_cli.find import find_pulumi
from toolchain.pulumi_cli.version import OLDEST, PINNED, PulumiVersion, parse_version


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("v3.259.0\n", PulumiVersion(3, 259, 0)),
        ("3.230.1", PulumiVersion(3, 230, 1)),
        ("v3.260.0-alpha.x1234+dirty", PulumiVersion(3, 260, 0)),
        ("", None),
        ("v3.259", None),
        ("warning: something\nv3.259.0", None),
        ("v3.259.0.1", None),
    ],
)
def test_a_version_is_parsed_or_refused(text: str, expected: PulumiVersion | None) -> None:
    assert parse_version(text) == expected


def test_versions_compare_by_number() -> None:
    assert PulumiVersion(3, 99, 0) < OLDEST < PINNED < PulumiVersion(10, 0, 0)


def test_the_pinned_version_is_that_of_the_go_module() -> None:
    module = Path(go_build.__file__).parents[1] / "pulumi" / "go.mod"
    lines = module.read_text(encoding="utf-8").split("\n")
    assert f"\tgithub.com/pulumi/pulumi/pkg/v3 v{PINNED}" in lines
    assert f"\tgithub.com/pulumi/pulumi/sdk/v3 v{PINNED}" in lines


@pytest.mark.parametrize("version", [f"v{OLDEST}", "v3.300.1"])
def test_an_installation_on_path_is_used_as_it_is(tmp_path: Path, said: list[str], version: str) -> None:
    workplace = fake_workplace(tmp_path)
    put_pulumi(tmp_path / "bin", version)
    before = sorted(path.name for path in (tmp_path / "bin").iterdir())
    assert find_pulumi(workplace, said.append) == tmp_path / "bin"
    assert sorted(path.name for path in (tmp_path / "bin").iterdir()) == before
    assert said == []


def test_a_link_to_an_installation_has_its_host_beside_the_real_file(tmp_path: Path, said: list[str]) -> None:
    workplace = fake_workplace(tmp_path)
    put_pulumi(tmp_path / "opt", "v3.259.0")
    (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "opt" / "pulumi")
    assert find_pulumi(workplace, said.append) == tmp_path / "bin"


@pytest.mark.parametrize(
    ("version", "with_host", "reason"),
    [
        ("v3.229.9", True, "older than 3.230.0"),
        ("v3.259.0", False, "no pulumi-language-python"),
        ("rubbish", True, "does not say its version"),
    ],
)
def test_an_unfit_installation_is_passed_over_with_its_reason(
    tmp_path: Path, said: list[str], version: str, with_host: bool, reason: str
) -> None:
    workplace = fake_workplace(tmp_path)
    put_pulumi(tmp_path / "bin", version, with_host=with_host)
    put_go(workplace)
    assert find_pulumi(workplace, said.append) == tmp_path / ".toolchain" / "bin"
    assert any(reason in line for line in said)


def test_the_installer_comes_before_the_build(tmp_path: Path, said: list[str]) -> None:
    workplace = fake_workplace(tmp_path, python=INSTALLS)
    log = put_go(workplace)
    assert find_pulumi(workplace, said.append) == tmp_path / ".toolchain" / "pulumi-install" / "bin"
    assert not log.exists()
    assert f"{installer.SECONDS_TO_REACH:.0f} s" in said[0]
    said.clear()
    assert find_pulumi(workplace, said.append) == tmp_path / ".toolchain" / "pulumi-install" / "bin"
    assert said == []


def test_an_installer_that_failed_is_not_tried_at_every_run(tmp_path: Path, said: list[str]) -> None:
    workplace = fake_workplace(tmp_path)
    for _ in range(2):
        with pytest.raises(ToolchainError):
            find_pulumi(workplace, said.append)
    assert sum("trying Pulumi's own installer" in line for line in said) == 1
    assert any("not tried again" in line and "no network" in line for line in said)
    assert installer.refused_before(workplace) == "the download site does not answer: no network"


def test_a_download_site_that_never_answers_is_given_up(
    tmp_path: Path, said: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "SECONDS_TO_REACH", 0.2)
    workplace = fake_workplace(tmp_path, python="exec /bin/sleep 600")
    put_go(workplace)
    assert find_pulumi(workplace, said.append) == tmp_path / ".toolchain" / "bin"
    assert installer.refused_before(workplace) == "it was not done after 0.2 s"


def test_a_marker_of_another_version_does_not_count(tmp_path: Path) -> None:
    workplace = fake_workplace(tmp_path)
    marker = workplace.made / "pulumi-installer-failed.json"
    marker.parent.mkdir()
    marker.write_text('{"reason": "no network", "version": "3.1.0"}', encoding="utf-8")
    assert installer.refused_before(workplace) is None
    marker.write_text("half a line", encoding="utf-8")
    assert installer.refused_before(workplace) is None


def test_a_forced_installer_is_tried_again(tmp_path: Path, said: list[str]) -> None:
    with pytest.raises(ToolchainError):
        find_pulumi(fake_workplace(tmp_path / "one"), said.append)
    workplace = fake_workplace(tmp_path / "two", python=INSTALLS, GPUCLOUD_PULUMI="installer")
    found = find_pulumi(workplace, said.append)
    assert found == tmp_path / "two" / ".toolchain" / "pulumi-install" / "bin"


def test_a_forced_build_leaves_the_installation_on_path_alone(tmp_path: Path, said: list[str]) -> None:
    workplace = fake_workplace(tmp_path, GPUCLOUD_PULUMI="build")
    put_pulumi(tmp_path / "bin", "v3.300.0")
    put_go(workplace)
    assert find_pulumi(workplace, said.append) == tmp_path / ".toolchain" / "bin"


def test_a_forced_path_makes_nothing(tmp_path: Path, said: list[str]) -> None:
    workplace = fake_workplace(tmp_path, python=INSTALLS, GPUCLOUD_PULUMI="path")
    log = put_go(workplace)
    with pytest.raises(ToolchainError, match="GPUCLOUD_PULUMI=path"):
        find_pulumi(workplace, said.append)
    assert not log.exists()
    assert not workplace.made.exists()


def test_an_unknown_way_is_refused(tmp_path: Path, said: list[str]) -> None:
    with pytest.raises(ToolchainError, match="path, installer, build"):
        find_pulumi(fake_workplace(tmp_path, GPUCLOUD_PULUMI="brew"), said.append)


def test_with_none_of_the_three_one_error_names_them_all(tmp_path: Path, said: list[str]) -> None:
    with pytest.raises(ToolchainError) as caught:
        find_pulumi(fake_workplace(tmp_path), said.append)
    text = str(caught.value)
    assert "\n" not in text
    assert "(1) install Pulumi 3.230.0 or later" in text
    assert "(2) give this machine a network" in text
    assert "(3) install Go 1.26 or later" in text


def test_a_pulumi_that_hangs_or_cannot_run_has_no_version(tmp_path: Path, said: list[str]) -> None:
    workplace = fake_workplace(tmp_path)
    broken = write_program(tmp_path / "bin" / "pulumi", "exit 3")
    broken.write_bytes(b"\x7fELF of another machine")
    with pytest.raises(ToolchainError):
        find_pulumi(workplace, said.append)
    assert "does not say its version" in said[0]
