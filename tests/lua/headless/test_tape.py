"""A tape's file: what is written is read, and what is no tape is refused."""

import json
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import numpy as np
import pytest

from lua.headless.picture import from_five_bits
from lua.headless.tape import TAPED_MEMORIES, TapeHead, paint, read_tape, write_tape
from protocol.console import GBA
from protocol.errors import CoreError
from tests.lua.headless.taped import moments, write_short_tape


def test_what_is_written_is_read(tmp_path: Path) -> None:
    _, path = write_short_tape(tmp_path)
    tape = read_tape(path)
    memories = {name: np.zeros(size // 4, np.dtype("<u4")) for name, size in TAPED_MEMORIES.items()}
    for number, (moment, picture) in enumerate(zip(moments(6), tape.pictures(), strict=True)):
        for name, memory in memories.items():
            tape.tracks[name].change(number, memory)
            assert memory.tobytes() == moment.memories[name]
        assert tape.registers(number) == moment.registers
        assert np.array_equal(paint(*picture), moment.picture)
    assert tape.pressed == [moment.pressed for moment in moments(6)][1:]


def test_the_same_play_gives_the_same_file(tmp_path: Path) -> None:
    _, first = write_short_tape(tmp_path)
    head = write_tape(tmp_path / "again.tape", "0" * 40, "core", moments(6))
    assert head == TapeHead("0" * 40, "core", 6)
    with ZipFile(first) as one, ZipFile(tmp_path / "again.tape") as other:
        assert one.namelist() == other.namelist()
        assert {name for name in one.namelist() if one.read(name) != other.read(name)} == {"tape.json"}


def test_a_picture_with_too_many_colours_is_refused(tmp_path: Path) -> None:
    picture = from_five_bits(
        np.arange(GBA.width * GBA.height, dtype=np.uint16).reshape(GBA.height, GBA.width) & np.uint16(0x7FFF)
    )
    with pytest.raises(ValueError, match="colours, a tape holds 255"):
        write_tape(tmp_path / "bad.tape", "", "", [replace(next(moments(0)), picture=picture)])


def test_a_tape_of_another_version_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "new.tape"
    with ZipFile(path, "w") as file:
        file.writestr("tape.json", json.dumps({"version": 2}))
    with pytest.raises(CoreError, match=r"new\.tape is of another version of gbatrace: install gbatrace again"):
        read_tape(path)


@pytest.mark.parametrize("content", [b"", b"not a tape", "half"])
def test_what_is_no_tape_is_refused(tmp_path: Path, content: bytes | str) -> None:
    _, path = write_short_tape(tmp_path)
    path.write_bytes(content if isinstance(content, bytes) else path.read_bytes()[:600])
    with pytest.raises(CoreError, match=r"short\.tape cannot be read: install gbatrace again"):
        read_tape(path)


def test_a_missing_tape_is_named(tmp_path: Path) -> None:
    with pytest.raises(CoreError, match=r"missing\.tape cannot be read"):
        read_tape(tmp_path / "missing.tape")


def test_a_tape_that_lacks_a_column_is_refused(tmp_path: Path) -> None:
    _, path = write_short_tape(tmp_path)
    with ZipFile(path) as whole, ZipFile(tmp_path / "lacking.tape", "w") as lacking:
        for name in whole.namelist():
            if name != "OAM/gaps":
                lacking.writestr(name, whole.read(name))
    with pytest.raises(CoreError, match=r"lacking\.tape cannot be read: .*OAM/gaps"):
        read_tape(tmp_path / "lacking.tape")
