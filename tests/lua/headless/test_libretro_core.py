"""The real console: an mGBA core with the tiny game in it."""

import hashlib
import inspect
import struct
from pathlib import Path

import pytest

import resources
from lua.headless import signatures_of_structures
from lua.headless.core import MEMORY_SIZES, MOST_DRAWN_APART
from lua.headless.domains import gba_domains
from lua.headless.libretro_core import LibretroCore
from protocol.console import GBA
from protocol.errors import CoreError, RomError
from tests.lua.headless.conftest import StartScript
from tests.lua.headless.tiny_game import LOOP, tiny_game, tiny_multiboot_game, write_tiny_game


def counter(core: LibretroCore) -> int:
    """The number that the tiny game counts."""
    return int.from_bytes(core.memories()["IWRAM"][:4], "little")


def run(core: LibretroCore, frames: int) -> None:
    for _ in range(frames):
        core.run_frame(0)


def test_what_has_no_signature_does_not_keep_libretro_py_from_being_loaded() -> None:
    with signatures_of_structures():
        assert str(inspect.signature(type)) == ""
        assert str(inspect.signature(counter)) == str(inspect.signature(counter, eval_str=True))
    with pytest.raises(ValueError, match="no signature"):
        inspect.signature(type)


def test_knows_its_game(console: LibretroCore) -> None:
    assert console.rom_name == "tiny_game"
    assert console.rom_hash == hashlib.sha1(tiny_game()).hexdigest().upper()


def test_runs_the_game_and_shows_its_memory(console: LibretroCore) -> None:
    run(console, 10)
    before = counter(console)
    run(console, 10)
    assert counter(console) - before > 1000


def test_shows_every_memory_at_its_size(console: LibretroCore) -> None:
    sizes = {name: len(view) for name, view in console.memories().items()}
    assert {name: sizes[name] for name in MEMORY_SIZES} == MEMORY_SIZES
    assert bytes(console.memories()["ROM"][: len(tiny_game())]) == tiny_game()


def test_a_multiboot_game_runs_and_has_no_rom(tmp_path: Path) -> None:
    (tmp_path / "multiboot.gba").write_bytes(tiny_multiboot_game())
    console = LibretroCore(tmp_path / "multiboot.gba")
    try:
        run(console, 10)
        assert counter(console) > 1000
        assert console.registers()["R15"] >> 24 == 0x02
        assert "ROM" not in console.memories()
        assert set(gba_domains(console.memories())) >= {"IWRAM", "EWRAM", "System Bus"}
    finally:
        console.close()


def test_memory_can_be_written(console: LibretroCore) -> None:
    console.memories()["EWRAM"][0x1234] = 0x5A
    run(console, 1)
    assert console.memories()["EWRAM"][0x1234] == 0x5A


@pytest.mark.parametrize("bit", range(len(GBA.buttons)), ids=GBA.buttons)
def test_buttons_reach_the_console(console: LibretroCore, bit: int) -> None:
    console.run_frame(0)
    console.run_frame(1 << bit)
    console.run_frame(1 << bit)
    assert int.from_bytes(console.memories()["IWRAM"][4:8], "little") ^ 0x3FF == 1 << bit


def test_the_program_counter_is_in_the_games_loop(console: LibretroCore) -> None:
    run(console, 30)
    registers = console.registers()
    ahead = 4 + 4  # two instructions of four bytes are already in the pipeline
    assert LOOP.start <= registers["R15"] < LOOP.stop + ahead
    assert registers["R4"] == 0x0300_0000
    assert abs(registers["R5"] - counter(console)) <= 1
    assert list(registers) == [*(f"R{number}" for number in range(16)), "CPSR", "SPSR"]


def test_looking_at_registers_changes_nothing(mgba: Path, tmp_path: Path) -> None:
    states = []
    for look in (False, True):
        core = LibretroCore(write_tiny_game(tmp_path), mgba)
        for _ in range(60):
            core.run_frame(0)
            if look:
                core.registers()
                core.framebuffer()
        states.append(core.save_state())
        core.close()
    assert states[0] == states[1]


def test_the_picture_has_the_games_three_dots(console: LibretroCore) -> None:
    run(console, 30)
    picture = console.framebuffer()
    assert picture.shape == (160, 240, 3)
    assert picture[0, :4].tolist() == [[255, 0, 0], [0, 255, 0], [0, 0, 255], [0, 0, 0]]
    assert not picture[1:100].any()


def test_before_the_first_frame_the_picture_is_black(console: LibretroCore) -> None:
    assert console.framebuffer().shape == (160, 240, 3)
    assert not console.framebuffer().any()


def test_a_state_brings_everything_back(console: LibretroCore) -> None:
    run(console, 30)
    state, count = console.save_state(), counter(console)
    run(console, 30)
    later = counter(console)
    console.load_state(state)
    assert counter(console) == count
    run(console, 30)
    assert counter(console) == later


def test_a_state_leads_the_same_way_whatever_ran_before(mgba: Path) -> None:
    core = LibretroCore(resources.demo_rom(), mgba)
    state = core.save_state()
    ways = set()
    for past in range(9):
        core.load_state(state)
        for _ in range(past):
            core.run_frame(0)
        core.load_state(state)
        images = []
        for _ in range(6):
            core.run_frame(0x155)
            images.append(hashlib.sha1(core.memories()["IWRAM"]).digest())
        ways.add(tuple(images))
    core.close()
    assert len(ways) == 1


@pytest.mark.parametrize("every", [1, 3, MOST_DRAWN_APART])
def test_what_is_not_drawn_is_played_alike(mgba: Path, every: int) -> None:
    drawn, skipped = (LibretroCore(resources.demo_rom(), mgba) for _ in range(2))
    skipped.draw_every(every)
    alike = []
    for frame in range(120):
        for core in (drawn, skipped):
            core.run_frame(frame & 1 if frame < 60 else 37 * frame & 0x3FF)  # Opposite directions among them.
        alike.append((drawn.framebuffer() == skipped.framebuffer()).all())
    assert all(alike[::every])
    assert all(alike) == (every == 1)
    assert drawn.save_state() == skipped.save_state()
    drawn.close()
    skipped.close()


def test_a_state_that_is_none_is_refused(console: LibretroCore) -> None:
    with pytest.raises(CoreError, match="does not take this savestate"):
        console.load_state(bytes(100))


def test_a_reset_starts_the_game_again(console: LibretroCore) -> None:
    run(console, 30)
    count = counter(console)
    console.reset()
    run(console, 2)
    assert 0 < counter(console) < count


def test_several_consoles_run_side_by_side(mgba: Path, tmp_path: Path) -> None:
    first = LibretroCore(write_tiny_game(tmp_path, "one.gba"), mgba)
    second = LibretroCore(write_tiny_game(tmp_path, "two.gba", b"OTHER"), mgba)
    run(first, 20)
    assert (counter(first) > 1000, counter(second)) == (True, 0)
    run(second, 20)
    assert counter(first) == counter(second)
    assert first.rom_hash != second.rom_hash
    first.close()
    run(second, 1)
    second.close()


def test_a_console_after_another_is_as_good_as_new(mgba: Path, tmp_path: Path) -> None:
    states = []
    for _ in range(3):
        core = LibretroCore(write_tiny_game(tmp_path), mgba)
        run(core, 40)
        states.append(core.save_state())
        core.close()
        core.close()
    assert states[0] == states[1] == states[2]


def test_nothing_is_written_next_to_the_game(mgba: Path, tmp_path: Path) -> None:
    core = LibretroCore(write_tiny_game(tmp_path), mgba)
    core.memories()["SRAM"][0] = 0x55
    run(core, 10)
    core.close()
    assert [path.name for path in tmp_path.iterdir()] == ["tiny_game.gba"]


def test_a_file_that_is_no_game_is_refused_and_leaves_the_core_usable(mgba: Path, tmp_path: Path) -> None:
    game = tmp_path / "holiday.gba"
    game.write_bytes(struct.pack("<256I", *range(256)))
    with pytest.raises(RomError, match=r"does not take .*holiday\.gba as a game: it is broken, or not for the GBA"):
        LibretroCore(game, mgba)
    core = LibretroCore(write_tiny_game(tmp_path), mgba)
    run(core, 2)
    core.close()


def test_a_core_for_another_console_is_refused(mgba: Path, tmp_path: Path) -> None:
    other = mgba.with_name(f"gambatte_libretro{mgba.suffix}")
    if not other.exists():
        pytest.skip("no other libretro core here")
    with pytest.raises(CoreError, match="Gambatte is not a core for the GBA"):
        LibretroCore(write_tiny_game(tmp_path), other)


def test_a_script_traces_the_real_console(start: StartScript, console: LibretroCore) -> None:
    emulator = start(
        "event.onframeend(function() print(memory.read_u32_le(0, 'IWRAM'),"
        " (string.unpack('<I4', memory.read_bytes_as_binary_string(0, 4, 'IWRAM')))) end)"
        " while true do emu.frameadvance() end",
        console,
    )
    seen: list[int] = []
    emulator.observers.append(lambda _emulator: seen.append(counter(console)))
    emulator.run_frames(20)
    assert emulator.console.lines == [f"{value}\t{value}" for value in seen]
    assert seen == sorted(set(seen))
