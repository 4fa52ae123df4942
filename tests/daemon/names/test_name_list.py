import json
import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import orjson
import pytest
from hypothesis import given

import resources
from daemon.names.entries import ReadNames
from daemon.names.name_list import LIST_KEYS, read_name_list, write_name_list
from daemon.names.named_address import ENTRY_KEYS, NamedAddress
from protocol.errors import NamesError
from tests.daemon.names.made import books, name

SCHEMA: dict[str, Any] = json.loads(
    (Path(resources.__file__).parent / "schemas" / "names.schema.json").read_text("utf-8")
)
VALIDATOR = jsonschema_rs.validator_for(SCHEMA)
HP = {"name": "party[0].hp", "address": "02000038", "region": "ewram", "type": "u16", "meaning": "hit points"}


def read(document: Any) -> ReadNames:
    text = orjson.dumps(document, option=orjson.OPT_INDENT_2).decode()
    return read_name_list("names.json", text, document)


@given(books())
def test_a_book_is_read_as_it_was_written_and_fits_its_schema(names: list[NamedAddress]) -> None:
    written = write_name_list(names, rom_hash="A" * 40, game="Fern", removed=["b", "a"])
    document = orjson.loads(written.data)
    VALIDATOR.validate(document)
    again = read(document)
    assert (again.names, again.removed, again.game, again.notes) == (tuple(names), ("a", "b"), "Fern", ())


def test_the_schema_names_the_keys() -> None:
    assert tuple(SCHEMA["properties"]) == LIST_KEYS
    assert tuple(SCHEMA["$defs"]["name"]["properties"]) == ENTRY_KEYS


def test_a_list_of_variables_is_read() -> None:
    (hp,) = read([HP]).names
    assert (hp.name, hp.address, hp.type, hp.note) == ("party[0].hp", 0x0200_0038, "u16", "hit points")


def test_a_short_array_is_spread_and_a_long_one_named_once() -> None:
    rows = [HP | {"name": "foes[].hp", "count": 3, "stride": 12}, HP | {"name": "screens", "type": "s8", "count": 4000}]
    listed = read(rows)
    assert [(item.name, item.address) for item in listed.names] == [
        ("foes[0].hp", 0x0200_0038),
        ("foes[1].hp", 0x0200_0044),
        ("foes[2].hp", 0x0200_0050),
        ("screens", 0x0200_0038),
    ]
    assert listed.notes == ("screens has 4,000 elements: only the first is named.",)


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ({"name": "x"}, "Entry 2 .line 10.: x was left out: A name needs 'address'"),
        (HP | {"type": "f32"}, "'f32' is not a value type"),
        (HP | {"address": "0203FFFF"}, "party.0..hp was left out: it does not lie in ewram"),
        (HP | {"region": "vram"}, "does not lie in vram"),
        (HP | {"count": 0}, "whole numbers"),
        (HP | {"count": 2, "stride": 1}, "do not overlap"),
        (HP | {"count": 1 << 40}, "does not lie in ewram"),
        (7, "Entry 2: an entry was left out: it is not an object"),
    ],
)
def test_what_is_wrong_names_its_entry_and_the_rest_is_kept(row: Any, says: str) -> None:
    listed = read([HP, row])
    assert [entry.name for entry in listed.names] == ["party[0].hp"]
    (note,) = listed.notes
    assert re.search(says, note), note


def test_what_is_no_list_is_told() -> None:
    with pytest.raises(NamesError, match="must be a list of names, or an object with such a list"):
        read({"info": 1})
    assert read({"names": [], "removed": "x"}).notes == (
        "`removed` of names.json was left out: it is not a list of names.",
    )


def test_an_empty_book_is_one() -> None:
    written = write_name_list([])
    assert orjson.loads(written.data) == {"names": []}
    assert read({"names": []}) == ReadNames(())
    assert write_name_list([name()]).named == 1
