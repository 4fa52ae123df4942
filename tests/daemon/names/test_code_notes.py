from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import orjson
import pytest
from hypothesis import given

from daemon.names.code_notes import (
    is_local_notes,
    read_code_notes,
    read_local_notes,
    write_code_notes,
    write_local_notes,
)
from daemon.names.named_address import NamedAddress, Scale, Status
from tests.daemon.names.made import books, name


def noted(note: str) -> NamedAddress | str:
    """Read one note at the first byte of IWRAM."""
    rows = [{"User": "ann", "Address": "0x000000", "Note": note}]
    (read,) = read_code_notes(orjson.dumps(rows).decode(), rows)
    return read


def test_notes_are_read_or_told() -> None:
    rows = [
        {"Address": "0x0008a4", "Note": "[16-bit] Player HP\r\n0x0000=dead\r\nbit 3: poisoned\r\nof the first one"},
        {"Address": "0x008120", "Note": "Stage (8-bit)"},
        {"Address": "0x008124", "Note": "flags"},
        {"Address": "0x008128", "Note": "[Float] speed"},
        {"Address": "0x00812c", "Note": "[32-bit BE] checksum"},
        {"Address": "0x008130", "Note": "[24-bit] odd"},
        {"Address": "0x060000", "Note": "[8-bit] save"},
        {"Address": "zz", "Note": "nothing"},
        {"Address": "0x1", "Note": ""},
        {"Note": "lost"},
        7,
    ]
    read = list(read_code_notes(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode(), rows))
    assert [entry for entry in read if isinstance(entry, NamedAddress)] == [
        name("Player HP", 0x0300_08A4, values={0: "dead"}, bits={3: "poisoned"}, note="of the first one"),
        name("Stage", 0x0200_0120, "u8"),
        name("flags", 0x0200_0124, "u8"),
        name("speed", 0x0200_0128, "float32"),
        name("checksum", 0x0200_012C, "u32be"),
    ]
    assert [entry for entry in read if isinstance(entry, str)] == [
        "Entry 6: odd was left out: there is no type [24-bit] here.",
        "Entry 7: save was left out: 02058000 lies neither in IWRAM nor in EWRAM.",
        "Entry 8: nothing was left out: it has no address.",
        "Entry 10: lost was left out: it has no address.",
        "Entry 11: an entry was left out: it has no note.",
    ]


def test_the_line_is_told_where_each_entry_has_an_address() -> None:
    rows = [{"Address": "0x1", "Note": "a"}, {"Address": "zz", "Note": "b"}]
    _, told = read_code_notes(orjson.dumps(rows, option=orjson.OPT_INDENT_2).decode(), rows)
    assert told == "Entry 2 (line 7): b was left out: it has no address."


@pytest.mark.parametrize(
    ("size", "kind"),
    [
        ("[16-bit]", "u16"),
        ("[16-bit signed]", "s16"),
        ("[2 bytes]", "u16"),
        ("(4 byte)", "u32"),
        ("[16-bit BCD]", "bcd16"),
        ("[32-bit Float]", "float32"),
        ("[32-bit fixed24.8]", "fixed24.8"),
        ("[8-bit BE]", "u8"),
        ("", "u8"),
    ],
)
def test_the_size_in_brackets_is_the_type(size: str, kind: str) -> None:
    assert noted(f"{size} speed".strip()) == name("speed", 0x0300_0000, kind)
    assert noted(f"speed {size}".strip()) == name("speed", 0x0300_0000, kind)


@pytest.mark.parametrize("size", ["[Float BE]", "[MBF]", "[32-bit double]", "[16-bit BE BCD]", "[3 bytes]"])
def test_a_type_that_there_is_not_is_told(size: str) -> None:
    assert "there is no type" in str(noted(f"{size} speed"))


@pytest.mark.parametrize(
    "line",
    ["0x01-0x05=several", "99999999999=too large", "bit9=beyond a byte", "see 0x01", "0x01=", f"0x01={'x' * 201}"],
)
def test_a_line_that_gives_no_meaning_stays_a_line(line: str) -> None:
    assert noted(f"flags\n{line}") == name("flags", 0x0300_0000, "u8", note=line)


def test_the_second_meaning_of_a_value_stays_a_line() -> None:
    assert noted("state\n1=one\n0x1=uno") == name("state", 0x0300_0000, "u8", values={1: "one"}, note="0x1=uno")


def test_a_name_that_is_too_long_goes_on_in_the_note() -> None:
    read = noted(f"{'x' * 150}\nmore")
    assert isinstance(read, NamedAddress)
    assert (read.name, read.note) == (f"{'x' * 99}…", f"{'x' * 150}\nmore")


LOCAL = r"""1.3.0.0
Fernlight
N0:0x000010:"[16-bit] HP\r\n0x00=\"dead\""
12:"0xH0000=1":Achievement:x::::ann:5:::::00000
N0:0x008000:"C:\Games"
N0:0x008001:"unfinished
N0:0x008002:""
"""


def test_a_local_file_is_read_line_by_line() -> None:
    assert is_local_notes(LOCAL)
    assert list(read_local_notes(LOCAL.replace("\n", "\r\n"))) == [
        name("HP", 0x0300_0010, values={0: '"dead"'}),
        name(r"C:\Games", 0x0200_0000, "u8"),
        'Line 6: N0:0x008001:"unfinished was left out: it is not N0:<address>:"<note>".',
    ]


def plain(names: Sequence[NamedAddress]) -> list[NamedAddress]:
    """Leave out what a code note has no room for."""
    empty: dict[str, Any] = {
        "scale": Scale(),
        "status": Status.GUESS,
        "evidence": (),
        "watched": False,
        "alarm": "",
        "who": "",
    }
    return [replace(one, **empty) for one in names]


@given(books())
def test_what_a_code_note_holds_is_read_as_it_was_written(names: list[NamedAddress]) -> None:
    held = plain(names)
    notes, local = write_code_notes(held), write_local_notes(held, "Fern\nlight")
    text = notes.data.decode()
    assert list(read_code_notes(text, orjson.loads(text))) == held
    assert list(read_local_notes(local.data.decode())) == held
    assert local.data.decode().split("\r\n")[1] == "Fern light"
    assert notes.notes == local.notes == ()


def test_two_names_of_an_address_share_a_note() -> None:
    written = write_code_notes([name("hp"), name("life", kind="u8"), name("rom", 0x0800_0000)])
    assert orjson.loads(written.data) == [{"User": "", "Address": "0x008010", "Note": "[16-bit] hp\r\nalso life (u8)"}]
    assert written.notes == (
        "rom was left out: it lies in no memory that RetroAchievements knows.",
        "life stands in the note of hp: an address has one code note.",
    )
