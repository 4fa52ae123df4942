"""The console that plays a tape."""

from pathlib import Path

import numpy as np
import pytest

from lua.headless.core import MEMORY_SIZES, Core
from lua.headless.tape import TAPED_MEMORIES
from lua.headless.tape_core import TapeCore
from protocol.errors import CoreError
from tests.lua.headless.conftest import StartScript
from tests.lua.headless.taped import ROM, moments, write_short_tape


@pytest.fixture
def console(tmp_path: Path) -> TapeCore:
    return TapeCore(*write_short_tape(tmp_path))


def assert_plays(core: Core, frames: int) -> None:
    for number, moment in enumerate(moments(frames)):
        if number:
            core.run_frame(moment.pressed)
        assert {name: bytes(core.memories()[name]) for name in TAPED_MEMORIES} == moment.memories
        assert core.registers() == moment.registers
        assert np.array_equal(core.framebuffer(), moment.picture)


def test_plays_what_was_recorded(console: TapeCore) -> None:
    assert_plays(console, 6)


def test_a_reset_begins_anew(console: TapeCore) -> None:
    assert_plays(console, 4)
    console.reset()
    assert_plays(console, 6)


def test_says_what_it_is(console: TapeCore) -> None:
    assert console.name == "a tape of mGBA of a test"
    assert console.rom_name == "short"
    sizes = {name: len(view) for name, view in console.memories().items()}
    assert sizes == MEMORY_SIZES | {"IO": 0x400, "ROM": len(ROM)}


def test_it_ends(console: TapeCore) -> None:
    assert_plays(console, 6)
    with pytest.raises(CoreError, match=r"The tape ends after 6 frames: to play on, name an mGBA core"):
        console.run_frame(0)


def test_other_inputs_are_refused(console: TapeCore) -> None:
    console.run_frame(1)
    with pytest.raises(CoreError, match=r"takes no other inputs than those it was recorded with: name an mGBA core"):
        console.run_frame(1)


def test_savestates_are_refused(console: TapeCore) -> None:
    with pytest.raises(CoreError, match=r"A tape has no savestates: name an mGBA core"):
        console.save_state()
    with pytest.raises(CoreError, match=r"A tape has no savestates"):
        console.load_state(b"")


def test_another_game_is_refused(tmp_path: Path) -> None:
    _, tape = write_short_tape(tmp_path)
    other = tmp_path / "other.gba"
    other.write_bytes(bytes(0x400))
    with pytest.raises(CoreError, match=r"short\.tape is of another game than other\.gba: name an mGBA core"):
        TapeCore(other, tape)


def test_a_script_reads_it_and_cannot_write_to_it(start: StartScript, console: TapeCore) -> None:
    emulator = start(
        "memory.write_u32_le(0, 7, 'IWRAM') memory.write_u32_le(0x03000000, 7, 'System Bus')"
        " print(memory.read_u32_le(12, 'IWRAM'), memory.read_u32_le(0x03000000, 'System Bus'))",
        core=console,
    )
    assert emulator.console.lines == ["Error: the domain IWRAM is not writable", "4294967295\t0"]
