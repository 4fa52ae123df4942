from dataclasses import replace

import pytest
from hypothesis import given

from daemon.names.named_address import NamedAddress, Scale, Status
from daemon.names.ram_watch import read_watches, write_watches
from tests.daemon.names.made import books, name

NAMES = [
    name("money", 0x0200_1234, "u32", note="coins\tin\nthe purse"),
    name("x", 0x0300_0002, "s16", scale=Scale(1 / 16)),
    name("flag", 0x0300_0001, "u8", note="a flag"),
    name("speed", 0x0300_0004, "fixed20.12"),
    name("score", 0x0300_0008, "bcd32"),
    name("a: b", 0x0300_000C, "float32"),
    name("big", 0x0300_0010, "u16be"),
]


def test_a_watch_has_the_six_columns_of_bizhawk() -> None:
    """BizHawk splits at tabs: address, size, display, big-endian, domain, notes."""
    written = write_watches(NAMES)
    head, *watches, end = written.data.decode().split("\r\n")
    assert written.named == 7
    assert head == "SystemID GBA"
    assert end == ""
    assert [watch.split("\t") for watch in watches] == [
        ["01234", "d", "u", "0", "EWRAM", "money: coins in the purse"],
        ["0002", "w", "1", "0", "IWRAM", "x"],
        ["0001", "b", "u", "0", "IWRAM", "flag: a flag"],
        ["0004", "d", "2", "0", "IWRAM", "speed"],
        ["0008", "d", "h", "0", "IWRAM", "score"],
        ["000C", "d", "f", "0", "IWRAM", "a\\: b"],
        ["0010", "w", "u", "1", "IWRAM", "big"],
    ]
    assert written.notes == ("A watch list has no type for 1 name, such as score.",)


WATCHES = """SystemID GBA
008A4\tw\tu\t0\tEWRAM\tplayer HP: now
\tS\t_\t0\t0\t-- party --
0008120\td\th\t0\tSystem Bus\tstage
2000010\tb\ts\t1\tSystem Bus\tx
040004\tb\tu\t0\tCombined WRAM\t
00000\tw\tu\t1\tEWRAM\tbig
00004\td\t3\t0\tEWRAM\tfixed
00004\tw\tf\t0\tEWRAM\thalf
00000\tb\tu\t0\tVRAM\ttile
zz\tb\tu\t0\tIWRAM\tnone
0004\tb\tu
"""


def test_a_list_of_bizhawk_is_read_watch_by_watch() -> None:
    entries = list(read_watches("a.wch", WATCHES.replace("\n", "\r\n")))
    assert [entry for entry in entries if isinstance(entry, NamedAddress)] == [
        name("player HP", 0x0200_08A4, "u16", note="now"),
        name("x", 0x0200_0010, "s8"),
        name("Combined WRAM 040004", 0x0300_0004, "u8"),
        name("big", 0x0200_0000, "u16be"),
        name("fixed", 0x0200_0004, "s32", scale=Scale(1 / 65536)),
    ]
    assert [entry for entry in entries if isinstance(entry, str)] == [
        "Line 4: stage was left out: 00008120 lies neither in IWRAM nor in EWRAM.",
        "Line 9: half was left out: w shown as f is not a number that is known here.",
        "Line 10: tile was left out: the memory domain VRAM is not recorded.",
        "Line 11: none was left out: 'zz' is not an address.",
        "Line 12: 0004 was left out: its line has 3 columns instead of 6.",
    ]


@given(books())
def test_what_a_watch_holds_is_read_as_it_was_written(names: list[NamedAddress]) -> None:
    held = [
        replace(
            one, values={}, bits={}, scale=Scale(), status=Status.GUESS, evidence=(), watched=False, alarm="", who=""
        )
        for one in names
        if not one.type.startswith("bcd") and one.type != "fixed24.8"
    ]
    written = write_watches(held)
    if held:
        assert list(read_watches("a.wch", written.data.decode())) == held
    assert written.notes == ()


@pytest.mark.parametrize("kind", ["bcd8", "fixed24.8"])
def test_what_a_watch_cannot_hold_is_told(kind: str) -> None:
    (note,) = write_watches([name(kind=kind)]).notes
    assert note == "A watch list has no type for 1 name, such as hp."
    lost = write_watches([name(values={0: "dead"}, scale=Scale(2), alarm="< 5")]).notes
    assert lost == ("A watch list has no room for: scale of 1 name, meanings of values of 1 name, alarm of 1 name.",)


def test_a_line_of_millions_of_characters_is_told_in_a_few() -> None:
    lines = [f"05F4\tw\tu\t0\t{'x' * 10**6}\thp", f"{'z' * 10**6}\tw\tu\t0\tIWRAM\thp"]
    told = list(read_watches("hp.wch", "\n".join(lines)))
    assert [str(sentence)[:23] for sentence in told] == ["Line 1: hp was left out", "Line 2: hp was left out"]
    assert max(len(str(sentence)) for sentence in told) < 400
