import gymnasium
import numpy as np
import pytest

from daemon.environment.actions import actions_of
from daemon.environment.options import ActionKind
from protocol.console import GBA
from protocol.errors import SettingsError

A, RIGHT = GBA.parse_combination("A"), GBA.parse_combination("Right")


def held(*buttons: str) -> list[int]:
    return [int(button in buttons) for button in GBA.buttons]


def test_buttons_are_held_for_the_whole_step() -> None:
    actions = actions_of(ActionKind.BUTTONS, 3, ())
    assert actions.space == gymnasium.spaces.MultiBinary(10)
    assert actions.pressed(np.array(held("A", "Right"), np.int8)) == [A | RIGHT] * 3


def test_frames_have_buttons_of_their_own() -> None:
    actions = actions_of(ActionKind.FRAMES, 2, ())
    assert actions.space == gymnasium.spaces.MultiBinary((2, 10))
    assert actions.pressed(np.array([held("A"), held()], np.int8)) == [A, 0]


def test_a_discrete_action_is_nothing_or_one_button() -> None:
    actions = actions_of(ActionKind.DISCRETE, 1, ())
    assert actions.space == gymnasium.spaces.Discrete(11)
    assert [list(actions.pressed(np.int64(number))) for number in (0, 1, 5)] == [[0], [A], [RIGHT]]


def test_combinations_are_those_that_are_given() -> None:
    actions = actions_of(ActionKind.COMBINATIONS, 2, ("None", "A+Right"))
    assert actions.space == gymnasium.spaces.Discrete(2)
    assert actions.pressed(1) == [A | RIGHT] * 2


def test_a_combination_that_cannot_be_is_refused() -> None:
    with pytest.raises(SettingsError, match="'C' is not a button"):
        actions_of(ActionKind.COMBINATIONS, 1, ("A+C",))
    with pytest.raises(SettingsError, match="twice"):
        actions_of(ActionKind.COMBINATIONS, 1, ("A+B", "B+A"))
