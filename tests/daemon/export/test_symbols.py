import orjson
import pytest

from daemon.export.errors import ExportError
from daemon.export.symbols import parse_symbols, variables

HP = {"name": "party[0].hp", "address": "02000038", "region": "ewram", "type": "u16", "meaning": "hit points"}


def test_an_entry_is_a_symbol() -> None:
    (symbol,) = parse_symbols("symbols.json", orjson.dumps([HP]))
    assert (symbol.address, symbol.offset, symbol.size, symbol.signed, symbol.count) == (0x0200_0038, 0x38, 2, False, 1)
    assert symbol.identifier == "party_0_hp"


def test_a_short_array_is_spread_and_a_long_one_named_once() -> None:
    rows = [HP | {"name": "foes[].hp", "count": 3, "stride": 12}, HP | {"name": "screens", "type": "s8", "count": 4000}]
    names = [(item.name, item.address) for item in variables(parse_symbols("symbols.json", orjson.dumps(rows)))]
    assert names == [
        ("foes[0].hp", 0x0200_0038),
        ("foes[1].hp", 0x0200_0044),
        ("foes[2].hp", 0x0200_0050),
        ("screens", 0x0200_0038),
    ]


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"[", "symbols.json is not JSON"),
        (b"{}", "must be a list"),
        (orjson.dumps([HP, {"name": "x"}]), "entry 2 needs name, address"),
        (orjson.dumps([HP | {"type": "f32"}]), "entry 1"),
        (orjson.dumps([HP | {"address": "xyz"}]), "entry 1"),
        (orjson.dumps([HP | {"address": "0203FFFF"}]), r"party\[0\].hp does not lie in ewram"),
        (orjson.dumps([HP | {"count": 0}]), "does not lie"),
    ],
)
def test_a_list_that_can_not_be_used_is_told_why(data: bytes, told: str) -> None:
    with pytest.raises(ExportError, match=told):
        parse_symbols("symbols.json", data)
