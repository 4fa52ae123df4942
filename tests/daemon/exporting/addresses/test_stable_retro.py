import struct
from pathlib import Path
from typing import Any

import orjson
import pytest

import resources
from daemon.exporting.addresses.stable_retro import read_retro_data, retro_data
from daemon.exporting.addresses.symbol_export import export_symbols
from daemon.exporting.addresses.symbols import Symbol, parse_symbols

stable_retro = pytest.importorskip("stable_retro", reason="stable-retro has no Windows wheel")
stable_retro_data = pytest.importorskip("stable_retro.data")

ROWS = [
    {"name": "party[0].hp", "address": "02000038", "region": "ewram", "type": "u16"},
    {"name": "speed", "address": "03000004", "region": "iwram", "type": "s32"},
    {"name": "flag", "address": "03000001", "region": "iwram", "type": "u8"},
]


def test_variables_are_named_by_bus_address_and_numpy_type() -> None:
    written = retro_data(parse_symbols("symbols.json", ROWS))
    assert (written.named, written.notes) == (3, ())
    assert orjson.loads(written.data) == {
        "info": {
            "party_0_hp": {"address": 0x0200_0038, "type": "<u2"},
            "speed": {"address": 0x0300_0004, "type": "<i4"},
            "flag": {"address": 0x0300_0001, "type": "|u1"},
        }
    }


def test_variables_are_read_or_told() -> None:
    info = {
        "hp": {"address": 0x0200_08A4, "type": "<u2"},
        "stage": {"address": 0x0300_0160, "type": "|i1"},
        "score": {"address": 0x0200_0000, "type": ">d4"},
        "rom": {"address": 0x0800_0000, "type": "<u4"},
        "odd": 7,
    }
    assert list(read_retro_data(info)) == [
        Symbol("hp", "ewram", 0x0200_08A4, 2, signed=False),
        Symbol("stage", "iwram", 0x0300_0160, 1, signed=True),
        "score was left out: >d4 is not a little-endian number of 8, 16 or 32 bits.",
        "rom was left out: 08000000 lies neither in IWRAM nor in EWRAM.",
        "odd was left out: it has no address or no type.",
    ]


def test_stable_retro_reads_the_demo_games_variables(tmp_path: Path) -> None:
    symbols = Path(resources.__file__).parent / "demo" / "symbols.json"
    written = export_symbols(symbols, "stable-retro", tmp_path / "data.json")
    data: Any = stable_retro_data.GameData(data=str(tmp_path / "data.json"))
    emulator: Any = stable_retro.RetroEmulator(str(resources.demo_rom()))
    emulator.configure_data(data)
    for _ in range(200):
        emulator.step()
    data.update_ram()

    read = data.lookup_all()
    assert len(read) == written.named
    blocks: dict[int, bytes] = {base: bytes(block) for base, block in data.memory.blocks.items()}
    formats = {"|u1": "B", "|i1": "b", "<u2": "<H", "<i2": "<h", "<u4": "<I", "<i4": "<i"}
    for name, variable in orjson.loads((tmp_path / "data.json").read_bytes())["info"].items():
        base = variable["address"] & 0xFF00_0000
        (expected,) = struct.unpack_from(formats[variable["type"]], blocks[base], variable["address"] - base)
        assert read[name] == expected, name
    assert any(read.values())
