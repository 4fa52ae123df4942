"""Keyboard keys as console keyboard."""

import pytest

from daemon.importing.keyboard_map import KeyboardMap

KEYS = {"A": "x", "B": "z", "L": "a", "Start": "enter", "Right": "right"}


@pytest.mark.parametrize(
    ("logged", "held"),
    [
        ("None", ""),
        ("", ""),
        ("x", "A"),
        ("X+Right", "A+Right"),
        ("Enter", "Start"),
        ("x+F5", "A"),
        ("F5", ""),
        ("Start", "Start"),
        ("x+X", "A"),
        ("A", "L"),
    ],
)
def test_keys_become_buttons(logged: str, held: str) -> None:
    assert KeyboardMap(KEYS).combination(logged) == held


def test_without_a_config_names_stay_as_they_are() -> None:
    keyboard = KeyboardMap({})
    assert keyboard.combination("x+F5") == "x+F5"
    assert keyboard.history("None | x | x+F5") == ("None", "x", "x+F5")
    assert keyboard.unknown == set()


def test_a_history_keeps_its_combinations() -> None:
    keyboard = KeyboardMap(KEYS)
    assert keyboard.history("None | x+right | F5 | z") == ("None", "A+Right", "None", "B")
    assert keyboard.history("") == ()
    assert keyboard.unknown == {"F5"}
