"""The tables and types of Azure in the local cloud against the installed SDK."""

import importlib
import re
from pathlib import Path

import pytest

import gpucloud.sim.azure_native
from gpucloud.sim.azure_native.package import API_VERSIONS, types
from gpucloud.sim.azure_native.rules.references import PARENTS, REFERENCES
from gpucloud.sim.azure_native.rules.removal import REMOVAL
from gpucloud.sim.azure_native.rules.table import ACCOUNT_RULES, INPUT_RULES
from gpucloud.sim.schema import find_class
from tests.sim.test_tables import shape_at
from tools import make_sim_azure_limits

FOLDER = make_sim_azure_limits.TABLE.parent


def rows(name):
    import csv

    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ["properties.csv", "limits.csv"])
def test_every_path_of_a_table_is_in_the_schema_and_has_a_source(schemas, name):
    for row in rows(name):
        assert row["type"] in types()
        assert row["source"]
        assert shape_at(schemas.get(row["type"]), row["path"]) is not None, row


def test_tables_are_sorted_without_a_row_twice():
    for name in ("properties.csv", "limits.csv"):
        keys = [tuple(row.values())[:4] for row in rows(name)]
        assert keys == sorted(set(keys))


def test_the_table_of_limits_is_what_its_script_makes(tmp_path, monkeypatch):
    made = tmp_path / "limits.csv"
    monkeypatch.setattr(make_sim_azure_limits, "TABLE", made)
    make_sim_azure_limits.main()
    assert made.read_bytes() == (FOLDER / "limits.csv").read_bytes()


def test_rules_are_for_types_that_there_are():
    assert {*INPUT_RULES, *ACCOUNT_RULES, *REFERENCES, *PARENTS, *REMOVAL} <= set(types())
    assert set(API_VERSIONS) == set(types())


def test_references_stand_where_the_schema_has_inputs(schemas):
    for token, references in REFERENCES.items():
        for path, target in references:
            plain = path.replace("identityProfile.kubeletidentity", "identityProfile")  # a map of identities
            assert shape_at(schemas.get(token), plain) is not None, (token, path)
            assert target in types()


@pytest.mark.parametrize("token", types())
def test_api_versions_are_those_of_the_sdk(token):
    module = importlib.import_module(find_class(token).__module__)
    text = Path(module.__file__).read_text("utf-8")
    assert re.search(r"Uses Azure REST API version (\S+)\. ", text)[1] == API_VERSIONS[token]


@pytest.mark.parametrize("token", types())
def test_types_name_properties_that_there_are(schemas, token):
    kind, schema = types()[token], schemas.get(token)
    assert kind.volatile <= set(schema.outputs)
    assert kind.overriding <= set(schema.outputs)
    assert set(kind.defaults) <= set(schema.outputs)
    assert set(kind.computed_members) <= set(schema.outputs)
    assert kind.autoname.property in schema.inputs


def test_all_outputs_that_are_never_absent_are_there(schemas, azure):
    made = [*azure.cloud.made, azure.create(), azure.grant(azure.group.id), azure.reserve()]
    for one in {m.token: m for m in [*made, *azure.cloud.made]}.values():
        needed = {name for name, optional in schemas.get(one.token).outputs.items() if not optional}
        assert needed <= set(one.outputs), (one.token, needed - set(one.outputs))


def test_the_package_has_a_docstring():
    assert gpucloud.sim.azure_native.__doc__
