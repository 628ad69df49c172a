"""Schemas are loaded in one place, and a violation is named by place and keyword, never by value."""

import json

import pytest

from curator.core import schema
from curator.core.errors import UsageError

MADE = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["name", "size"],
    "properties": {
        "name": {"type": "string", "maxLength": 3},
        "size": {"type": "integer"},
        "list": {"type": "array", "items": {"type": "object", "properties": {"deep": {"const": 1}}}},
        "map": {"type": "object", "additionalProperties": {"type": "integer"}},
    },
    "additionalProperties": False,
}


@pytest.fixture
def made(tmp_path, monkeypatch):
    (tmp_path / "made.schema.json").write_text(json.dumps(MADE))
    monkeypatch.setattr(schema, "schema_folder", lambda: tmp_path)
    for cached in (schema.load_schema, schema._validator, schema._known):
        cached.cache_clear()
    yield
    for cached in (schema.load_schema, schema._validator, schema._known):
        cached.cache_clear()


GOOD = {"name": "abc", "size": 1}


@pytest.mark.parametrize(
    ("document", "place"),
    [
        (GOOD, None),
        ({"name": "abc"}, "/ (lacks size)"),
        ({}, "/ (lacks name, size)"),
        (GOOD | {"name": "DOE^JANE"}, "/name (maxLength)"),
        (GOOD | {"list": [{"deep": 1}, {"deep": "DOE^JANE"}]}, "/list/1/deep (const)"),
        (GOOD | {"map": {"DOE^JANE": "x"}}, "/map/* (type)"),
        (GOOD | {"DOE^JANE": 1}, "/ (additionalProperties)"),
        ("DOE^JANE", "/ (type)"),
    ],
    ids=range(8),
)
def test_a_violation_is_a_place_and_a_keyword(made, document, place):
    assert schema.violation("made", document) == place
    if place is None:
        schema.validate("made", document)
    else:
        with pytest.raises(UsageError) as caught:
            schema.validate("made", document)
        assert caught.value.code == "SYS-006"
        assert "DOE" not in str(caught.value) + caught.value.hint


def names():
    return sorted(path.name.removesuffix(".schema.json") for path in schema.schema_folder().glob("*.schema.json"))


def test_there_are_schemas():
    assert "project" in names()


@pytest.mark.parametrize("name", names())
def test_every_schema_of_the_project_is_valid_and_says_what_it_is(name):
    from jsonschema import Draft202012Validator

    loaded = schema.load_schema(name)
    Draft202012Validator.check_schema(loaded)
    assert loaded["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert loaded["title"]
