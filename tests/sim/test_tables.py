"""The tables and types of the local cloud against the SDK and against Amazon's service models."""

import csv
from pathlib import Path

import botocore.session
import pytest

import gpucloud.sim.aws
from gpucloud.sim.aws.package import types
from gpucloud.sim.aws.rules.references import REFERENCES
from gpucloud.sim.aws.rules.removal import REMOVAL
from gpucloud.sim.aws.rules.table import ACCOUNT_RULES, INPUT_RULES

FOLDER = Path(gpucloud.sim.aws.__file__).parent


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def shape_at(schema, path):
    """Return the shape at a path of a table, or None where the schema has none there."""
    shape = ["object", None]
    for part in path.replace("[]", "").replace("{key}", "").replace("{value}", "").split("."):
        while isinstance(shape, list) and shape[0] in {"list", "map"}:
            shape = shape[1]
        members = schema.inputs if shape[1] is None else schema.objects[shape[1]]["properties"]
        if part not in members:
            return None
        shape = members[part]
    return shape


@pytest.mark.parametrize("name", ["properties.csv", "limits.csv"])
def test_every_path_of_a_table_is_in_the_schema(schemas, name):
    for row in rows(name):
        assert row["type"] in types()
        assert row["source"]
        assert shape_at(schemas.get(row["type"]), row["path"]) is not None, row


def test_unordered_paths_are_lists(schemas):
    for row in rows("properties.csv"):
        if row["behaviour"] == "unordered":
            assert shape_at(schemas.get(row["type"]), row["path"])[0] == "list", row


def test_tables_are_sorted_without_a_row_twice():
    for name in ("properties.csv", "limits.csv"):
        keys = [tuple(row.values())[:3] for row in rows(name)]
        assert keys == sorted(set(keys))


def test_rules_are_for_types_that_there_are():
    assert {*INPUT_RULES, *ACCOUNT_RULES, *REFERENCES, *REMOVAL} <= set(types())


def test_references_stand_where_the_schema_has_inputs(schemas):
    for token, references in REFERENCES.items():
        for reference in references:
            assert shape_at(schemas.get(token), reference.path) is not None, (token, reference.path)


@pytest.mark.parametrize("token", types())
def test_operations_are_those_of_the_api(token):
    kind = types()[token]
    model = botocore.session.get_session().get_service_model(kind.service)
    for operation in (kind.create_call, kind.update_call, kind.delete_call):
        assert operation in model.operation_names


@pytest.mark.parametrize("token", types())
def test_types_name_properties_that_there_are(schemas, token):
    kind, schema = types()[token], schemas.get(token)
    assert kind.volatile <= set(schema.outputs)
    assert set(kind.defaults) <= set(schema.outputs)
    if kind.autoname is not None:
        assert kind.autoname.property in schema.inputs
