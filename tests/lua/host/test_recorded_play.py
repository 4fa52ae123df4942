"""Recorded buttons, pressed in the emulator by a script."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import resources
from lua.headless.emulator import Emulator
from protocol.console import GBA
from protocol.recorded_inputs import RecordedInputs, parse_inputs
from tests.fakes.consoles import SyntheticCore
from tests.lua.machine import SCRIPT_FOLDER, Machine, from_lua

LUA = Machine()
MODULE = LUA.require("host.recorded_play")
NAMES = LUA.to_lua(list(GBA.buttons))


def as_userdata(inputs: RecordedInputs) -> str:
    return ",".join(f"{frame} {held}" for frame, held in inputs.changes())


def held(text: str, frame: int) -> str:
    """Return the buttons held at a frame, as a combination; `-` before the first change."""
    buttons = from_lua(MODULE[b"held"](MODULE[b"parse"](text.encode(), NAMES), frame))
    if buttons is None:
        return "-"
    assert set(buttons) == set(GBA.buttons)
    return "+".join(name for name in GBA.buttons if buttons[name]) or "None"


@pytest.mark.parametrize(
    ("frame", "wanted"), [(0, "-"), (1, "-"), (2, "A+Right"), (4, "A+Right"), (5, "None"), (7, "L"), (999, "L")]
)
def test_a_change_holds_until_the_next(frame: int, wanted: str) -> None:
    assert held("2 A+Right,5 None,7 L", frame) == wanted


def test_a_name_within_another_is_not_held() -> None:
    assert held("0 Select", 0) == "Select"
    assert held("0 Right", 0) == "Right"


@given(st.dictionaries(st.integers(0, 99), st.integers(0, (1 << len(GBA.buttons)) - 1), max_size=8))
def test_every_recording_is_read_as_the_daemon_reads_it(changes: dict[int, int]) -> None:
    inputs = RecordedInputs(sorted(changes.items()))
    for frame in range(100):
        assert held(as_userdata(inputs), frame) in {GBA.combination(inputs.pressed(frame)), "-"}


def test_the_tour_is_played_and_then_bizhawk_is_closed(tmp_path: Path) -> None:
    """The whole script, without a daemon: it presses the buttons all the same."""
    pressed: list[int] = []
    tour = parse_inputs(resources.demo_tour().read_text("utf-8"), resources.demo_tour())
    emulator = Emulator(
        SyntheticCore(lambda _core, bits: pressed.append(bits)),
        userdata={"inputs": as_userdata(tour), "frames": 200, "spool_size": 0},
    )
    emulator.start_script(SCRIPT_FOLDER / "play_recorded.lua")
    while not emulator.exit_requested and len(pressed) < 1000:
        emulator.run_frame()
    emulator.close()
    assert pressed == [tour.pressed(frame) for frame in range(200)]
    assert any("gbatrace: " in line for line in emulator.console.lines)
