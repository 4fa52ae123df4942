from daemon.exporting.addresses.ram_watch import read_watches, watch_list
from daemon.exporting.addresses.symbols import Symbol, parse_symbols

ROWS = [
    {"name": "money", "address": "02001234", "region": "ewram", "type": "u32", "meaning": "coins\tin\nthe purse"},
    {"name": "x", "address": "03000002", "region": "iwram", "type": "s16"},
    {"name": "flag", "address": "03000001", "region": "iwram", "type": "u8", "meaning": "a flag"},
]


def test_a_watch_has_the_six_columns_of_bizhawk() -> None:
    """BizHawk splits at tabs: address, size, display, big-endian, domain, notes."""
    written = watch_list(parse_symbols("symbols.json", ROWS))
    head, *watches, end = written.data.decode().split("\r\n")
    assert written.named == 3
    assert head == "SystemID GBA"
    assert end == ""
    assert [watch.split("\t") for watch in watches] == [
        ["01234", "d", "u", "0", "EWRAM", "money: coins in the purse"],
        ["0002", "w", "s", "0", "IWRAM", "x"],
        ["0001", "b", "u", "0", "IWRAM", "flag: a flag"],
    ]


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


def test_a_list_of_bizhawk_is_read_watch_by_watch() -> None:
    entries = list(read_watches("a.wch", WATCHES.replace("\n", "\r\n")))
    assert [entry for entry in entries if isinstance(entry, Symbol)] == [
        Symbol("player HP", "ewram", 0x0200_08A4, 2, signed=False, meaning="now"),
        Symbol("x", "ewram", 0x0200_0010, 1, signed=True),
        Symbol("Combined WRAM 040004", "iwram", 0x0300_0004, 1, signed=False),
    ]
    assert [entry for entry in entries if isinstance(entry, str)] == [
        "stage was left out: 00008120 lies neither in IWRAM nor in EWRAM.",
        "big was left out: it is not a little-endian number of 8, 16 or 32 bits.",
        "tile was left out: the memory domain VRAM is not traced.",
        "none was left out: 'zz' is not an address.",
        "0004 was left out: its line has 3 columns instead of 6.",
    ]
