"""A golden that differs fails; rewriting it fails too, once."""

import pytest

from tests import golden_files
from tests.golden_files import check_golden


@pytest.fixture
def rewriting(monkeypatch):
    monkeypatch.setattr(golden_files, "_rewriting", True)


@pytest.fixture
def reading(monkeypatch):
    monkeypatch.setattr(golden_files, "_rewriting", False)


def test_equal_text_passes(tmp_path, reading):
    (tmp_path / "plan.json").write_text("a\n")
    check_golden(tmp_path / "plan.json", "a\n")


@pytest.mark.parametrize("text", ["a", "a\r\n", "b\n", ""])
def test_any_other_byte_fails_and_writes_nothing(tmp_path, reading, text):
    (tmp_path / "plan.json").write_bytes(b"a\n")
    with pytest.raises(pytest.fail.Exception, match=r"plan\.json differs; if the change is meant"):
        check_golden(tmp_path / "plan.json", text)
    assert (tmp_path / "plan.json").read_bytes() == b"a\n"


def test_a_golden_that_is_not_there_fails(tmp_path, reading):
    with pytest.raises(pytest.fail.Exception, match="no such golden"):
        check_golden(tmp_path / "plan.json", "a\n")
    assert not (tmp_path / "plan.json").exists()


def test_rewriting_fails_once_and_leaves_equal_files_alone(tmp_path, rewriting):
    path = tmp_path / "new" / "plan.json"
    with pytest.raises(pytest.fail.Exception, match="rewritten, run again"):
        check_golden(path, "a\n")
    assert path.read_bytes() == b"a\n"
    check_golden(path, "a\n")
