"""BizHawk's `joypad` library."""

from pathlib import Path

from protocol.console import GBA
from protocol.recorded_inputs import parse_inputs
from tests.fakes.consoles import SyntheticCore
from tests.lua.headless.conftest import StartScript

FOREVER = "\nwhile true do emu.frameadvance() end"


def test_shows_the_buttons_of_the_last_frame_pressed_or_not(start: StartScript) -> None:
    emulator = start(
        "event.onframeend(function() local j = joypad.get() print(j.A, j.Right, j.B, j.Power, j['Tilt X']) end)"
        + FOREVER,
        inputs=parse_inputs("1 A+Right\n2 B", Path("x")),
    )
    emulator.run_frames(3)
    assert emulator.console.lines == [
        "False\tFalse\tFalse\tFalse\t0",
        "True\tTrue\tFalse\tFalse\t0",
        "False\tFalse\tTrue\tFalse\t0",
    ]


def test_the_console_gets_the_same_buttons(start: StartScript) -> None:
    pressed: list[int] = []
    core = SyntheticCore(lambda _core, held: pressed.append(held))
    start(FOREVER, core, inputs=parse_inputs("1 L+Start", Path("x"))).run_frames(2)
    assert pressed == [0, GBA.parse_combination("L+Start")]


def test_names_every_button_of_a_gba(start: StartScript) -> None:
    script = (
        "local names = {} for name, value in pairs(joypad.getwithmovie()) do"
        " if type(value) == 'boolean' then names[#names + 1] = name end end"
        " table.sort(names) print(table.concat(names, ' '))"
    )
    assert start(script).console.lines == ["A B Down L Left Power R Right Select Start Up"]


def test_a_controllers_number_finds_nothing_on_a_gba(start: StartScript) -> None:
    assert start("print(next(joypad.get(1)))").console.lines == ["(no return)"]


def test_what_a_script_sets_comes_before_the_player_for_one_frame(start: StartScript) -> None:
    pressed: list[int] = []
    core = SyntheticCore(lambda _core, held: pressed.append(held))
    script = "event.onframestart(function() if emu.framecount() == 1 then joypad.set({ A = false, Up = true }) end end)"
    start(script + FOREVER, core, inputs=parse_inputs("0 A+Right", Path("x"))).run_frames(3)
    assert [GBA.combination(held) for held in pressed] == ["A+Right", "Right+Up", "A+Right"]


def test_what_a_script_sets_is_what_was_given_to_the_console(start: StartScript) -> None:
    script = (
        "event.onframestart(function() joypad.set({ L = true }) end)"
        "event.onframeend(function() print(joypad.getwithmovie().L) end)"
    )
    emulator = start(script + FOREVER)
    emulator.run_frames(1)
    assert emulator.console.lines == ["True"]


def test_the_last_table_of_a_frame_counts_and_a_name_that_is_no_button_does_not(start: StartScript) -> None:
    pressed: list[int] = []
    core = SyntheticCore(lambda _core, held: pressed.append(held))
    script = "event.onframestart(function() joypad.set({ A = true }) joypad.set({ B = true, Power = true }) end)"
    start(script + FOREVER, core).run_frames(1)
    assert [GBA.combination(held) for held in pressed] == ["B"]
