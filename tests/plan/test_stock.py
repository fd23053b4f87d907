"""Offerings that a person says are out of stock."""

import pytest

from gpucloud import InvalidInputError
from gpucloud.plan import Offering
from gpucloud.plan.stock import parse_offerings


def test_texts_become_offerings():
    texts = ["p5.48xlarge/us-east-1a/reserved", "g4dn.xlarge/us-west-2b/spot"]
    assert parse_offerings(texts, "x") == {
        Offering("p5.48xlarge", "us-east-1a", "reserved"),
        Offering("g4dn.xlarge", "us-west-2b", "spot"),
    }


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("p5.48xlarge/us-east-1a", "is no offering"),
        ("p5.48xlarge/us-east-1a/lent", "CAPACITY one of reserved"),
        ("p5.48xlrge/us-east-1a/spot", "use p5.48xlarge"),
        ("p5.48xlarge/us-east-9z/spot", "no aws zone is called us-east-9z"),
    ],
)
def test_what_names_none_is_refused(text, said):
    with pytest.raises(InvalidInputError, match=r"^x\[0\]") as refused:
        parse_offerings([text], "x")
    assert said in str(refused.value)


def test_all_problems_are_named_at_once():
    with pytest.raises(InvalidInputError) as refused:
        parse_offerings(["a", "g4dn.xlarge/us-west-2b/spot", "b"], "x")
    assert [problem.path for problem in refused.value.problems] == ["x[0]", "x[2]"]
