import orjson

from daemon.exporting.addresses.ram_watch import watch_list
from daemon.exporting.addresses.symbols import parse_symbols

ROWS = [
    {"name": "money", "address": "02001234", "region": "ewram", "type": "u32", "meaning": "coins\tin\nthe purse"},
    {"name": "x", "address": "03000002", "region": "iwram", "type": "s16"},
    {"name": "flag", "address": "03000001", "region": "iwram", "type": "u8", "meaning": "a flag"},
]


def test_a_watch_has_the_six_columns_of_bizhawk() -> None:
    """BizHawk splits at tabs: address, size, display, big-endian, domain, notes."""
    written = watch_list(parse_symbols("symbols.json", orjson.dumps(ROWS)))
    head, *watches, end = written.data.decode().split("\r\n")
    assert written.named == 3
    assert head == "SystemID GBA"
    assert end == ""
    assert [watch.split("\t") for watch in watches] == [
        ["01234", "d", "u", "0", "EWRAM", "money: coins in the purse"],
        ["0002", "w", "s", "0", "IWRAM", "x"],
        ["0001", "b", "u", "0", "IWRAM", "flag: a flag"],
    ]
