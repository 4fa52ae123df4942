from daemon.exporting.addresses.code_notes import read_code_notes
from daemon.exporting.addresses.symbols import Symbol


def test_notes_are_read_or_told() -> None:
    rows = [
        {"Address": "0x0008a4", "Note": "[16-bit] Player HP\r\n0x0000=dead"},
        {"Address": "0x008120", "Note": "Stage (8-bit)"},
        {"Address": "0x008124", "Note": "flags"},
        {"Address": "0x008128", "Note": "[Float] speed"},
        {"Address": "0x00812c", "Note": "[32-bit BE] checksum"},
        {"Address": "0x060000", "Note": "[8-bit] save"},
        {"Address": "zz", "Note": "nothing"},
        {"Note": ""},
    ]
    assert list(read_code_notes(rows)) == [
        Symbol("Player HP", "iwram", 0x0300_08A4, 2, signed=False, meaning="0x0000=dead"),
        Symbol("Stage", "ewram", 0x0200_0120, 1, signed=False),
        Symbol("flags", "ewram", 0x0200_0124, 1, signed=False),
        "speed was left out: it is not a little-endian number of 8, 16 or 32 bits.",
        "checksum was left out: it is not a little-endian number of 8, 16 or 32 bits.",
        "save was left out: 02058000 lies neither in IWRAM nor in EWRAM.",
        "nothing was left out: it has no address.",
        "a note was left out: it has no address.",
    ]
