"""Named addresses for other tools."""

from pathlib import Path

import pytest

from daemon.exporting.addresses.symbol_export import export_symbols
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
