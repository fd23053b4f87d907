"""Lists of CPUs against what cpuset.Parse of k8s.io/utils was measured to say."""

import pytest

from gpucloud.kubelet.cpuset import parse_cpuset

READ = {"": set(), "0": {0}, "0-3": {0, 1, 2, 3}, "0-1,5": {0, 1, 5}, "5-5": {5}, "01": {1}, "0,0": {0}, "+1": {1}}


@pytest.mark.parametrize(("text", "cpus"), READ.items())
def test_a_list_of_cpus_is_read(text: str, cpus: set[int]):
    assert parse_cpuset(text) == cpus


@pytest.mark.parametrize("text", ["3-1", "-1", "1-", "0,", "1,,2", "a", "0-1-2", " 1", "1_0", "0x1", "9" * 30])
def test_what_is_no_list_of_cpus_is_refused(text: str):
    with pytest.raises(ValueError, match=r"CPU|backwards"):
        parse_cpuset(text)


def test_a_range_wider_than_any_machine_is_not_walked():
    with pytest.raises(ValueError, match="wider"):
        parse_cpuset("0-999999999999")
