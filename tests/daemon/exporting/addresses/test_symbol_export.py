"""Named addresses for other tools."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from daemon.exporting.addresses.symbol_export import SYMBOL_FORMATS, export_symbols, parse_symbol_list
from daemon.exporting.addresses.symbols import Symbol, SymbolFile, variables
from protocol.errors import ExportError

SYMBOLS = '[{"name": "gold", "address": "02001234", "region": "ewram", "type": "u32"}]'


@pytest.fixture
def symbols(tmp_path: Path) -> Path:
    path = tmp_path / "symbols.json"
    path.write_text(SYMBOLS, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "told"), [("stable-retro", b'"gold"'), ("wch", b"01234\td\tu\t0\tEWRAM\tgold")])
def test_each_format_names_the_addresses_in_a_new_file(name: str, told: bytes, symbols: Path) -> None:
    target = symbols.parent / "new" / "game"
    assert export_symbols(symbols, name, target).named == 1
    assert told in target.read_bytes()
    with pytest.raises(ExportError, match="is there already"):
        export_symbols(symbols, name, target)


def test_an_unknown_format_is_answered_with_those_there_are(symbols: Path) -> None:
    with pytest.raises(ExportError, match="no format 'csv' for addresses; there are stable-retro, wch"):
        export_symbols(symbols, "csv", symbols.parent / "game.csv")


def test_a_list_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"symbol list .*missing\.json cannot be read \(No such file"):
        export_symbols(tmp_path / "missing.json", "wch", tmp_path / "other.wch")


@pytest.mark.parametrize("write", [form.write for form in SYMBOL_FORMATS.values()], ids=SYMBOL_FORMATS)
def test_what_we_write_is_read(write: Callable[[Sequence[Symbol]], SymbolFile]) -> None:
    ours, _ = parse_symbol_list("symbols.json", resources.demo_symbols().read_bytes())
    written = write(ours)
    again, notes = parse_symbol_list("again", written.data)
    assert notes == []
    spread = list(variables(ours))
    assert [(one.address, one.size, one.signed) for one in again] == [
        (one.address, one.size, one.signed) for one in spread
    ]
    assert len(again) == written.named


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "neither JSON nor a watch list"),
        (b"some text", "neither JSON nor a watch list"),
        (b"{", "is not JSON"),
        (b"{}", "must be a list"),
        (b'{"info": {}}', "names no address in IWRAM or EWRAM"),
        (b'{"info": {"x": {"address": 0, "type": "|u1"}}}', "names no address.*00000000 lies neither"),
        (b'<?xml version="1.0"?><CheatTable/>', "perhaps a Cheat Engine table"),
    ],
)
def test_what_is_no_list_is_told(data: bytes, says: str) -> None:
    with pytest.raises(ExportError, match=says):
        parse_symbol_list("list", data)


@given(st.one_of(st.binary(max_size=80), st.text("\t0bwdS\nEWRAM", max_size=80).map(str.encode)))
def test_arbitrary_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        symbols, _ = parse_symbol_list("list", data)
    except ExportError:
        return
    assert all(isinstance(symbol, Symbol) for symbol in symbols)
