"""The Game Boy Advance, and combinations of its buttons."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.console import GBA


def test_the_order_is_that_of_the_gbas_register() -> None:
    assert GBA.buttons == ("A", "B", "Select", "Start", "Right", "Left", "Up", "Down", "R", "L")


def test_the_gba_draws_59_7275_frames_a_second() -> None:
    assert pytest.approx(59.7275, abs=1e-4) == GBA.frames_per_second


@pytest.mark.parametrize(
    ("address", "size", "region"),
    [
        (0x0200_0000, 1, "ewram"),
        (0x0203_FFFC, 4, "ewram"),
        (0x0203_FFFD, 4, None),
        (0x0300_7FFF, 1, "iwram"),
        (0x0300_8000, 1, None),
        (0x01FF_FFFF, 4, None),
    ],
)
def test_a_variable_lies_in_a_region_with_all_its_bytes(address: int, size: int, region: str | None) -> None:
    found = GBA.region_at(address, size)
    assert (found.name if found else None) == region


def test_nothing_pressed_is_the_word_none() -> None:
    assert GBA.combination(0) == "None"
    assert GBA.parse_combination("None") == 0


@given(st.integers(0, (1 << len(GBA.buttons)) - 1))
def test_a_combination_reads_back(pressed: int) -> None:
    assert GBA.parse_combination(GBA.combination(pressed)) == pressed


def test_the_order_of_names_does_not_matter() -> None:
    assert GBA.parse_combination("Right+A") == GBA.parse_combination("A+Right") == 0b1_0001


@pytest.mark.parametrize("text", ["", "X", "A+None", "A B", "a"])
def test_a_name_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a button"):
        GBA.parse_combination(text)
