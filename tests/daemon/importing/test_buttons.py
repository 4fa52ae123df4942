"""Keyboard keys as console buttons."""

import pytest

from daemon.importing.buttons import Buttons

KEYS = {"A": "x", "B": "z", "L": "a", "Start": "enter", "Right": "right"}


@pytest.mark.parametrize(
    ("logged", "held"),
    [
        (b"None", ""),
        (b"", ""),
        (b"x", "A"),
        (b"X+Right", "A+Right"),
        (b"Enter", "Start"),
        (b"x+F5", "A"),
        (b"F5", ""),
        (b"Start", "Start"),
        (b"x+X", "A"),
        (b"A", "L"),
    ],
)
def test_keys_become_buttons(logged: bytes, held: str) -> None:
    assert Buttons(KEYS).combination(logged) == held


def test_without_a_config_names_stay_as_they_are() -> None:
    buttons = Buttons({})
    assert buttons.combination(b"x+F5") == "x+F5"
    assert buttons.history(b"None | x | x+F5") == ("None", "x", "x+F5")
    assert buttons.unknown == set()


def test_a_history_keeps_its_combinations() -> None:
    buttons = Buttons(KEYS)
    assert buttons.history(b"None | x+right | F5 | z") == ("None", "A+Right", "None", "B")
    assert buttons.history(b"") == ()
    assert buttons.unknown == {"F5"}
