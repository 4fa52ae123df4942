from typing import Any

import pytest

from daemon.exporting.addresses.symbols import identifiers, long_arrays, parse_symbols, symbol_at, variables
from protocol.errors import ExportError

HP = {"name": "party[0].hp", "address": "02000038", "region": "ewram", "type": "u16", "meaning": "hit points"}


def test_an_entry_is_a_symbol() -> None:
    (symbol,) = parse_symbols("symbols.json", [HP])
    assert (symbol.address, symbol.offset, symbol.size, symbol.signed, symbol.count) == (0x0200_0038, 0x38, 2, False, 1)
    assert symbol.identifier == "party_0_hp"


def test_a_short_array_is_spread_and_a_long_one_named_once() -> None:
    rows = [HP | {"name": "foes[].hp", "count": 3, "stride": 12}, HP | {"name": "screens", "type": "s8", "count": 4000}]
    names = [(item.name, item.address) for item in variables(parse_symbols("symbols.json", rows))]
    assert names == [
        ("foes[0].hp", 0x0200_0038),
        ("foes[1].hp", 0x0200_0044),
        ("foes[2].hp", 0x0200_0050),
        ("screens", 0x0200_0038),
    ]


def test_every_symbol_has_an_identifier_of_its_own_and_a_changed_one_is_told() -> None:
    names = ["player hp", "player-hp", "★", "体力", "player hp", "player_hp_02000038"]
    symbols = parse_symbols("symbols.json", [HP | {"name": name} for name in names])
    given, notes = identifiers(symbols)
    assert given == [
        "player_hp",
        "player_hp_02000038",
        "at_02000038",
        "体力",
        "player_hp_02000038_",
        "player_hp_02000038_02000038",
    ]
    assert len(notes) == 4
    assert notes[0] == "player-hp is called player_hp_02000038 there: player_hp is another's."
    assert notes[1] == "★ is called at_02000038 there: its name has no letter."


def test_what_is_named_once_is_told() -> None:
    symbols = parse_symbols("symbols.json", [HP, HP | {"name": "screens", "type": "s8", "count": 4000}])
    assert long_arrays(symbols) == ["screens has 4,000 elements: only the first is named."]


def test_an_address_in_no_region_is_told() -> None:
    symbol = symbol_at("hp", 0x0203_FFFE, 2, signed=True)
    assert not isinstance(symbol, str)
    assert (symbol.region, symbol.offset, symbol.signed) == ("ewram", 0x3_FFFE, True)
    assert symbol_at("hp", 0x0203_FFFE, 4, signed=True) == (
        "hp was left out: 0203FFFE lies neither in IWRAM nor in EWRAM."
    )


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ({}, "must be a list"),
        ([HP, {"name": "x"}], "entry 2 needs name, address"),
        ([HP | {"type": "f32"}], "entry 1"),
        ([HP | {"address": "xyz"}], "entry 1"),
        ([HP | {"address": "0203FFFF"}], r"party\[0\].hp does not lie in ewram"),
        ([HP | {"count": 0}], "does not lie"),
    ],
)
def test_a_list_that_cannot_be_used_is_told_why(rows: Any, told: str) -> None:
    with pytest.raises(ExportError, match=told):
        parse_symbols("symbols.json", rows)
