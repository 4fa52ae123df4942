"""Buttons that a script sets for one frame."""

from lua.headless.joypad_overrides import JoypadOverrides
from protocol.console import GBA


def test_named_buttons_are_the_scripts_and_the_others_the_players() -> None:
    overrides = JoypadOverrides()
    overrides.set({b"A": True, b"Right": False, b"Power": True})
    assert GBA.combination(overrides.apply(GBA.parse_combination("B+Right"))) == "A+B"


def test_it_lasts_one_frame() -> None:
    overrides = JoypadOverrides()
    overrides.set({b"A": True})
    overrides.apply(0)
    assert overrides.apply(0) == 0


def test_the_last_table_of_a_frame_counts() -> None:
    overrides = JoypadOverrides()
    overrides.set({b"A": True})
    overrides.set({b"B": True})
    assert GBA.combination(overrides.apply(0)) == "B"
