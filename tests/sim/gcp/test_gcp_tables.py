"""The tables and types of Google Cloud against the SDK, and the reader that makes the tables."""

import csv
import sys
from pathlib import Path

import pytest

import gpucloud.sim.gcp
from gpucloud.sim.gcp.package import types
from gpucloud.sim.gcp.rules.removal import REMOVAL
from gpucloud.sim.gcp.rules.table import ACCOUNT_RULES, INPUT_RULES
from tests.sim.test_tables import shape_at

FOLDER = Path(gpucloud.sim.gcp.__file__).parent
TABLES = ("limits.csv", "properties.csv")


def rows(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", TABLES)
def test_every_path_of_a_table_is_in_the_schema(schemas, name):
    for row in rows(name):
        assert row["type"] in types()
        assert row["source"]
        paths = [row["path"].removesuffix("=")]
        if row.get("limit") in {"conflicts", "exactly_one_of"}:
            paths += row["value"].split("|")
        for path in paths:
            assert shape_at(schemas.get(row["type"]), path) is not None, row


def test_unordered_paths_are_lists(schemas):
    for row in rows("properties.csv"):
        if row["behaviour"] == "unordered":
            assert shape_at(schemas.get(row["type"]), row["path"])[0] == "list", row


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_sorted_without_a_row_twice(name):
    found = [tuple(row.values()) for row in rows(name)]
    assert found == sorted(set(found))


def test_rules_are_for_types_that_there_are():
    assert {*INPUT_RULES, *ACCOUNT_RULES, *REMOVAL} <= set(types())


@pytest.mark.parametrize("token", types())
def test_types_name_properties_that_there_are(schemas, token):
    kind, schema = types()[token], schemas.get(token)
    assert kind.volatile <= set(schema.outputs)
    assert set(kind.defaults) <= set(schema.outputs)
    assert kind.autoname is None or kind.autoname.property in schema.inputs


def test_computed_outputs_are_those_of_the_sdk(schemas, google):
    google.create()
    for made in google.cloud.made:
        outputs = set(schemas.get(made.token).outputs)
        assert {name for name in made.outputs if not name.startswith("__")} <= outputs, made.token


GO = """
func ResourceThing() *schema.Resource {
	return &schema.Resource{
		Schema: tpgresource.MergeSchemas(
			schemaShared,
			map[string]*schema.Schema{
				// a comment with a { in it
				"name": {Type: schema.TypeString, ForceNew: true, Description: `a "}" in it`},
				"items": schemaItems(),
			}),
	}
}

var schemaShared = map[string]*schema.Schema{
	"tags": {Type: schema.TypeSet, Elem: &schema.Schema{Type: schema.TypeString}},
}

func schemaItems() *schema.Schema {
	return &schema.Schema{
		Type: schema.TypeList,
		Elem: &schema.Resource{Schema: map[string]*schema.Schema{
			"kind": {ValidateFunc: validation.StringInSlice([]string{"A", "B"}, false)},
		}},
	}
}
"""


def test_the_reader_of_schemas_follows_merges_names_and_elements(monkeypatch):
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parents[3] / "tools"), *sys.path])
    from go_schema import Source

    found = Source(GO).read_resource("ResourceThing")
    assert sorted(found) == ["items", "name", "tags"]
    assert found["name"].fields["ForceNew"] == "true"
    assert found["tags"].fields["Type"] == "schema.TypeSet"
    assert list(found["items"].inner) == ["kind"]
    assert '"B"' in found["items"].inner["kind"].fields["ValidateFunc"]
