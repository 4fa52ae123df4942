"""Names and bits of the console's buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.buttons import BUTTONS, combination, parse_combination


def test_the_order_is_that_of_the_gbas_register() -> None:
    assert BUTTONS == ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")


def test_nothing_pressed_is_the_word_none() -> None:
    assert combination(0) == "None"
    assert parse_combination("None") == 0


@given(st.integers(0, (1 << len(BUTTONS)) - 1))
def test_a_combination_reads_back(pressed: int) -> None:
    assert parse_combination(combination(pressed)) == pressed


def test_the_order_of_names_does_not_matter() -> None:
    assert parse_combination("Right+A") == parse_combination("A+Right") == 0b1_0001


@pytest.mark.parametrize("text", ["", "X", "A+None", "A B", "a"])
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a button"):
        parse_combination(text)
