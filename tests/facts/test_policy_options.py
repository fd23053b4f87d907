"""The stages of the policy options of the CPU and topology managers, per Kubernetes minor."""

from gpucloud.facts.policy_options import policy_options
from gpucloud.facts.tables import read_table


def test_an_option_rises_through_its_stages_and_never_falls():
    order = ["alpha", "beta", "stable"]
    for manager in ("cpu", "topology"):
        for earlier, later in zip(range(31, 36), range(32, 37), strict=True):
            was, is_now = policy_options(manager, earlier), policy_options(manager, later)
            assert was.keys() <= is_now.keys()
            assert all(order.index(stage) <= order.index(is_now[option]) for option, stage in was.items())


def test_what_the_sources_say_of_some_options():
    assert "strict-cpu-reservation" not in policy_options("cpu", 31)
    assert policy_options("cpu", 32)["strict-cpu-reservation"] == "alpha"
    assert policy_options("cpu", 36)["strict-cpu-reservation"] == "stable"
    assert policy_options("cpu", 36)["align-by-socket"] == "alpha"
    assert policy_options("topology", 31)["prefer-closest-numa-nodes"] == "beta"


def test_a_minor_outside_the_table_counts_as_the_nearest():
    assert policy_options("cpu", 40) == policy_options("cpu", 36)
    assert policy_options("cpu", 20) == policy_options("cpu", 31)


def test_every_row_names_its_source():
    assert all(row["source"].startswith("k8s.io/kubernetes@v1.") for row in read_table("kubelet_policy_options"))
