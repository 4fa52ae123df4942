import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given

import resources
from daemon.names.formats import read_names
from daemon.names.named_address import NamedAddress
from daemon.names.stable_retro import OURS, read_retro_data, write_retro_data
from tests.daemon.names.made import books, name

NAMES = [name("party[0].hp", 0x0200_0038), name("speed", 0x0300_0004, "s32"), name("flag", 0x0300_0001, "u8")]


def read(info: dict[str, Any]) -> list[NamedAddress | str]:
    return list(read_retro_data(orjson.dumps({"info": info}, option=orjson.OPT_INDENT_2).decode(), info))


def test_variables_are_named_by_bus_address_and_numpy_type() -> None:
    written = write_retro_data(NAMES)
    assert (written.named, written.notes) == (3, ())
    info = orjson.loads(written.data)["info"]
    assert {key: {"address": row["address"], "type": row["type"]} for key, row in info.items()} == {
        "party_0_hp": {"address": 0x0200_0038, "type": "<u2"},
        "speed": {"address": 0x0300_0004, "type": "<i4"},
        "flag": {"address": 0x0300_0001, "type": "|u1"},
    }
    assert info["party_0_hp"][OURS]["name"] == "party[0].hp"


@given(books())
def test_what_is_written_is_read(names: list[NamedAddress]) -> None:
    info = orjson.loads(write_retro_data(names).data)["info"]
    assert read(info) == names
    # What stable-retro itself writes has no key of ours.
    plain = {key: {"address": row["address"], "type": row["type"]} for key, row in info.items()}
    exact = [one for one in names if not one.type.startswith(("fixed", "float"))]
    addresses = {one.address: one.type for one in exact}
    again = [one for one in read(plain) if isinstance(one, NamedAddress) and one.address in addresses]
    assert {one.address: one.type for one in again} == addresses


def test_variables_are_read_or_told() -> None:
    info = {
        "hp": {"address": 0x0200_08A4, "type": "<u2"},
        "stage": {"address": 0x0300_0160, "type": "|i1"},
        "score": {"address": 0x0200_0000, "type": "<d4"},
        "big": {"address": 0x0200_0000, "type": ">u4"},
        "nybble": {"address": 0x0200_0000, "type": "=n2"},
        "rom": {"address": 0x0800_0000, "type": "<u4"},
        "long": {"address": 0x0200_0000, "type": "<u8"},
    }
    names = [one for one in read(info) if isinstance(one, NamedAddress)]
    assert [(one.name, one.type) for one in names] == [
        ("hp", "u16"),
        ("stage", "s8"),
        ("score", "bcd32"),
        ("big", "u32be"),
    ]
    assert [one for one in read(info) if isinstance(one, str)] == [
        "Entry 5 (line 20): nybble was left out: there is no type '=n2' here.",
        "Entry 6 (line 24): rom was left out: 08000000 lies neither in IWRAM nor in EWRAM.",
        "Entry 7 (line 28): long was left out: there is no type '<u8' here.",
    ]
    assert read({"odd": 7}) == ["Entry 1: odd was left out: it has no address."]


def test_a_key_of_ours_that_is_none_is_told() -> None:
    row = {"address": 0x0200_0000, "type": "|u1"}
    (note,) = read({"x": {**row, OURS: {"address": 0x0200_0000, "colour": 1}}})
    assert str(note).startswith("Entry 1: x was left out: A name has no 'colour'; it may have name, ")
    # One of another address was copied by hand: it does not count.
    assert read({"x": {**row, OURS: {"address": 7, "name": "y"}}}) == [name("x", 0x0200_0000, "u8")]


def test_every_name_has_an_identifier_of_its_own_and_a_changed_one_is_told() -> None:
    called = ["player hp", "player-hp", "★", "体力", "a[]", "player_hp_02000010"]
    written = write_retro_data([replace(name(), name=text) for text in called])
    assert list(orjson.loads(written.data)["info"]) == [
        "player_hp",
        "player_hp_02000010",
        "at_02000010",
        "体力",
        "a",
        "player_hp_02000010_02000010",
    ]
    assert written.notes[:2] == (
        "player-hp is called player_hp_02000010 there: player_hp is another's.",
        "★ is called at_02000010 there: its name has no letter.",
    )


def test_bits_that_stable_retro_cannot_read_are_told() -> None:
    (note,) = write_retro_data([name("v", 0x0300_0000, "float32"), name("w", 0x0300_0004, "fixed24.8")]).notes
    assert note == "stable-retro has no type for v and others: it reads their bits."


def test_stable_retro_reads_the_demo_games_variables(tmp_path: Path) -> None:
    stable_retro: Any = pytest.importorskip("stable_retro", reason="stable-retro has no Windows wheel")
    stable_retro_data: Any = pytest.importorskip("stable_retro.data")
    written = write_retro_data(read_names("symbols.json", resources.demo_symbols().read_bytes()).names)
    (tmp_path / "data.json").write_bytes(written.data)
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
    for called, variable in orjson.loads((tmp_path / "data.json").read_bytes())["info"].items():
        base = variable["address"] & 0xFF00_0000
        (expected,) = struct.unpack_from(formats[variable["type"]], blocks[base], variable["address"] - base)
        assert read[called] == expected, called
    assert any(read.values())
