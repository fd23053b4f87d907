"""Each benchmark runs and yields its rows; no time is asserted."""

import json
import math

import pytest

from benchmarks import __main__ as command, catalogue, importing, kubelet, planning
from benchmarks.measure import Figure, MeasurementError, figure, interleaved, per_second, ratio
from benchmarks.programs.record import differences, read_record
from benchmarks.rows import Row, write_rows
from gpucloud import EnvironmentSpec, plan_environment


def _silent(line: str) -> None:
    assert line


def test_a_refused_configuration_has_no_figures(monkeypatch):
    monkeypatch.setitem(kubelet.SIMPLE, "maxPods", -1)
    with pytest.raises(MeasurementError, match="refused"):
        kubelet.run(quick=True, say=_silent)


@pytest.mark.parametrize(
    ("benchmark", "cases"),
    [
        (importing, ["python -c 'pass'", "python -c 'import pydantic'", "python -c 'import gpucloud'", "gpucloud"]),
        (
            planning,
            [
                f"{what}, {count} pools over 3 zones"
                for what in ("plan", "validate (pydantic)")
                for count in ("10", "100")
            ],
        ),
        (
            catalogue,
            [*catalogue._QUERIES, *(f"{query}, first after import" for query in catalogue._COLD_QUERIES)],
        ),
        (
            kubelet,
            [
                "parse a simple file, PyYAML (C)",
                "judge a simple configuration",
                "read and judge its file",
                "render 72 configurations",
            ],
        ),
    ],
)
def test_quick_run_yields_its_rows(benchmark, cases):
    rows = benchmark.run(quick=True, say=_silent)
    assert list(dict.fromkeys(row.case for row in rows)) == cases
    for row in rows:
        assert 0 < row.figure.least <= row.figure.median <= row.figure.greatest
        assert row.ratio is None or row.baseline


def test_import_loads_no_sdk_and_the_list_would_show_one():
    ours = importing.modules_loaded("import gpucloud")
    assert "gpucloud" in ours
    assert not [name for name in ours if name.split(".")[0] in {"pulumi", "pulumi_aws", "grpc", "pydantic"}]
    assert "none" in importing._modules("import gpucloud")
    assert "pydantic" in importing._modules("import pydantic").partition(": ")[2]


def test_environment_is_planned_whole_with_more_than_one_shape():
    plan = plan_environment(EnvironmentSpec.model_validate(planning.environment(40)))
    pools = plan.clusters[0].node_pools
    assert len(pools) == 40
    assert {len(pool.shards) for pool in pools} == {3}
    assert sum(bool(pool.kubelet) for pool in pools) == 4
    assert any(offering.reservation_id for pool in pools for offering in pool.offerings)


def test_empty_answer_of_the_catalogue_is_no_figure(monkeypatch):
    monkeypatch.setitem(catalogue._QUERIES, "nothing", lambda: ())
    with pytest.raises(MeasurementError, match="nothing"):
        catalogue.run(quick=True, say=_silent)


def _preview(*resources):
    steps = [
        {"newState": {"type": kind, "urn": f"urn:x::{name}", "inputs": inputs}} for kind, name, inputs in resources
    ]
    return read_record(json.dumps({"steps": steps}))


def test_records_are_equal_but_for_components_and_made_up_names():
    ours = _preview(
        ("gpucloud:index:AwsGpuNodePool", "a", {}), ("aws:t", "a-od", {"name": "a-od-0123abc", "tags": {"Name": "a"}})
    )
    flat = _preview(("aws:t", "a-od", {"name": "a-od-fedcba9", "tags": {"Name": "a"}}))
    assert differences(ours, flat) == []
    assert ours.total() == 1


@pytest.mark.parametrize(
    "other",
    [
        ("aws:t", "a", {"size": 2}),
        ("aws:other", "a", {"size": 1}),
        ("aws:t", "b", {"size": 1}),
        ("aws:t", "a", {"size": 1, "name": "chosen-0123abc"}),
    ],
)
def test_another_input_type_or_name_is_a_difference(other):
    assert len(differences(_preview(("aws:t", "a", {"size": 1})), _preview(other))) == 2


def test_resource_declared_once_more_is_a_difference():
    one = ("aws:t", "a", {"size": 1})
    assert len(differences(_preview(one), _preview(one, one))) == 1


def test_figures_of_known_values():
    assert figure([3.0, 1.0, 2.0]) == Figure(2.0, 1.0, 3.0)
    assert ratio([2.0, 9.0], [1.0, 3.0]) == Figure(2.5, 2.0, 3.0)
    assert math.isclose(figure([0.5]).scaled(1000).median, 500)


def test_rounds_turn_the_order_round():
    order = []
    taken = interleaved({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert order == ["a", "b", "b", "a"]
    assert {name: len(runs) for name, runs in taken.items()} == {"a": 2, "b": 2}


def test_rate_counts_calls():
    calls = []
    assert per_second(lambda: calls.append(1), 0.01) > 0
    assert calls


def test_command_prints_a_table_and_writes_json(capsys, monkeypatch, tmp_path):
    row = Row("plan", "some case", Figure(2.0, 1.0, 3.0), "ms", Figure(1.5, 1.4, 1.6), "the other", "≤ 2")
    monkeypatch.setitem(command.BENCHMARKS, "plan", lambda *, quick, say: [row] if quick else [])
    assert command.main(["--quick", "plan", "--json", str(tmp_path / "figures.json")]) == 0
    assert "1.50 (1.40 to 1.60)" in capsys.readouterr().out
    written = json.loads((tmp_path / "figures.json").read_text())
    assert written["rows"][0]["figure"] == {"median": 2.0, "least": 1.0, "greatest": 3.0}


def test_benchmark_that_measures_nothing_fails_the_command_and_the_others_still_print(capsys, monkeypatch):
    def refuse(*, quick, say):
        raise MeasurementError("the two programs differ")

    row = Row("catalogue", "some case", Figure(2.0, 1.0, 3.0), "ms")
    monkeypatch.setitem(command.BENCHMARKS, "preview", refuse)
    monkeypatch.setitem(command.BENCHMARKS, "catalogue", lambda *, quick, say: [row])
    assert command.main(["preview", "catalogue"]) == 1
    printed = capsys.readouterr()
    assert "the two programs differ" in printed.err
    assert "some case" in printed.out


def test_unknown_benchmark_is_refused_by_name(capsys):
    with pytest.raises(SystemExit) as stopped:
        command.main(["plans"])
    assert stopped.value.code == 2
    assert "plans" in capsys.readouterr().err


def test_json_says_on_what_it_was_measured(tmp_path):
    write_rows([], tmp_path / "none.json")
    assert "Python" in json.loads((tmp_path / "none.json").read_text())["machine"]
