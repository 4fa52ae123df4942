from pathlib import Path

import orjson
import pytest

from daemon.exporting.buttons import Buttons
from daemon.exporting.errors import ExportError
from daemon.exporting.formats import FORMATS, Dataset, format_named, symbol_file
from daemon.exporting.options import DatasetOptions
from tests.daemon.exporting.recordings import record


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_has_a_writer(name: str, tmp_path: Path) -> None:
    writer = format_named(name)(Dataset(DatasetOptions(), Buttons(), (record(tmp_path),)))
    assert type(writer).__module__.startswith("daemon.exporting.")
    assert callable(writer.session)
    assert callable(writer.finish)


@pytest.mark.parametrize(("name", "told"), [("stable-retro", b'"gold"'), ("wch", b"01234\td\tu\t0\tEWRAM\tgold")])
def test_each_format_for_addresses_names_them(name: str, told: bytes, tmp_path: Path) -> None:
    symbols = tmp_path / "symbols.json"
    symbols.write_bytes(orjson.dumps([{"name": "gold", "address": "02001234", "region": "ewram", "type": "u32"}]))
    file = symbol_file(name, symbols)
    assert file.named == 1
    assert told in file.data


def test_a_format_that_is_none_is_told_what_there_is(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no format 'csv'; there are parquet, hf, lerobot"):
        format_named("csv")
    with pytest.raises(ExportError, match="no format 'csv' for addresses; there are stable-retro, wch"):
        symbol_file("csv", tmp_path)


def test_a_symbol_list_that_can_not_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"symbol list .*missing\.json cannot be read \(No such file"):
        symbol_file("wch", tmp_path / "missing.json")
