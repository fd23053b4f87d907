"""The lock files name packages, and no machine."""

import pytest

from toolchain.lock import LOCKS, ROOT, differing_pins, strip_machine

PIN = "rich==15.0.0 \\\n    --hash=sha256:abc\n    # via typer\n"


@pytest.mark.parametrize("comment", ["#   -r /home/me/requirements.in", "# from https://index.example/simple", "# ~/x"])
def test_a_comment_that_names_a_machine_is_dropped(comment: str) -> None:
    assert strip_machine(f"{PIN}    {comment}\n") == PIN


def test_a_comment_that_names_a_package_stays() -> None:
    text = PIN + "    # via gpucloud (pyproject.toml:dev)\n"
    assert strip_machine(text) == text


def test_a_difference_is_told_by_pins() -> None:
    assert differing_pins(PIN, PIN.replace("15.0.0", "15.1.0") + "zipp==4.0 \\\n") == [
        "- rich==15.0.0",
        "+ rich==15.1.0",
        "+ zipp==4.0",
    ]
    assert differing_pins(PIN, PIN.replace("abc", "def")) == []


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_every_locked_package_has_a_hash_and_no_file_names_a_machine(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    blocks = [block for block in text.split("\n") if block[:1].isalnum()]
    assert blocks
    assert all(line.endswith("\\") for line in blocks)
    assert strip_machine(text) == text
    assert "://" not in text
