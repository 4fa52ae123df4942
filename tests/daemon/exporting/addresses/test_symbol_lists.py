"""Named addresses as other tools list them."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from daemon.exporting.addresses.ram_watch import watch_list
from daemon.exporting.addresses.stable_retro import retro_data
from daemon.exporting.addresses.symbol_lists import read_symbol_list
from daemon.exporting.addresses.symbols import Symbol, variables
from protocol.errors import ExportError

WATCHES = """SystemID GBA
008A4\tw\tu\t0\tEWRAM\tplayer HP: now
\tS\t_\t0\t0\t-- party --
0008120\td\th\t0\tSystem Bus\tstage
2000010\tb\ts\t1\tSystem Bus\tx
040004\tb\tu\t0\tCombined WRAM\t
00000\tw\tu\t1\tEWRAM\tbig
00000\tb\tu\t0\tVRAM\ttile
zz\tb\tu\t0\tIWRAM\tnone
0004\tb\tu
"""


def told(symbols: list[Symbol]) -> list[tuple[str, int, int, bool, str]]:
    return [(one.name, one.address, one.size, one.signed, one.meaning) for one in symbols]


def test_a_watch_list_of_bizhawk() -> None:
    symbols, notes = read_symbol_list("a.wch", WATCHES.replace("\n", "\r\n").encode())
    assert told(symbols) == [
        ("player HP", 0x0200_08A4, 2, False, "now"),
        ("x", 0x0200_0010, 1, True, ""),
        ("Combined WRAM 040004", 0x0300_0004, 1, False, ""),
    ]
    assert notes == [
        "stage was left out: 00008120 lies neither in IWRAM nor in EWRAM.",
        "big was left out: it is not a little-endian number of 8, 16 or 32 bits.",
        "tile was left out: the memory domain VRAM is not traced.",
        "none was left out: 'zz' is not an address.",
        "0004 was left out: its line has 3 columns instead of 6.",
    ]


def test_data_of_stable_retro() -> None:
    info = {
        "hp": {"address": 0x0200_08A4, "type": "<u2"},
        "stage": {"address": 0x0300_0160, "type": "|i1"},
        "score": {"address": 0x0200_0000, "type": ">d4"},
        "rom": {"address": 0x0800_0000, "type": "<u4"},
        "odd": 7,
    }
    symbols, notes = read_symbol_list("data.json", orjson.dumps({"info": info}))
    assert told(symbols) == [("hp", 0x0200_08A4, 2, False, ""), ("stage", 0x0300_0160, 1, True, "")]
    assert [note.split()[0] for note in notes] == ["score", "rom", "odd"]


def test_notes_of_retroachievements() -> None:
    rows = [
        {"Address": "0x0008a4", "Note": "[16-bit] Player HP\r\n0x0000=dead"},
        {"Address": "0x008120", "Note": "Stage (8-bit)"},
        {"Address": "0x008124", "Note": "flags"},
        {"Address": "0x008128", "Note": "[Float] speed"},
        {"Address": "0x00812c", "Note": "[32-bit BE] checksum"},
        {"Address": "0x060000", "Note": "[8-bit] save"},
        {"Address": "zz", "Note": "nothing"},
    ]
    symbols, notes = read_symbol_list("notes.json", orjson.dumps(rows))
    assert told(symbols) == [
        ("Player HP", 0x0300_08A4, 2, False, "0x0000=dead"),
        ("Stage", 0x0200_0120, 1, False, ""),
        ("flags", 0x0200_0124, 1, False, ""),
    ]
    assert [note.split()[0] for note in notes] == ["speed", "checksum", "save", "nothing"]


@pytest.mark.parametrize("write", [watch_list, retro_data])
def test_what_we_write_is_read(write: object) -> None:
    ours, _ = read_symbol_list("symbols.json", resources.demo_symbols().read_bytes())
    written = write(ours)  # type: ignore[operator]
    again, notes = read_symbol_list("again", written.data)
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
        read_symbol_list("list", data)


@given(st.one_of(st.binary(max_size=80), st.text("\t0bwdS\nEWRAM", max_size=80).map(str.encode)))
def test_arbitrary_bytes_raise_nothing_else(data: bytes) -> None:
    try:
        symbols, _ = read_symbol_list(str(Path("list")), data)
    except ExportError:
        return
    assert all(isinstance(symbol, Symbol) for symbol in symbols)
