"""Recorded inputs as text."""

from pathlib import Path

import pytest

from protocol.console import GBA
from protocol.errors import InputFileError, SettingsError
from protocol.recorded_inputs import MAX_PRESSED, parse_inputs, parse_presses

FILE = Path("tour.inputs")


def names(text: str, *frames: int) -> list[str]:
    inputs = parse_inputs(text, FILE)
    return [GBA.combination(inputs.pressed(frame)) for frame in frames]


def test_a_change_holds_until_the_next() -> None:
    tour = "# a tour\n\n2 A+Right  # run\n5 None\n7 Start\n"
    assert names(tour, 0, 1, 2, 4, 5, 6, 7, 1000) == [
        "None", "None", "A+Right", "A+Right", "None", "None", "Start", "Start",
    ]  # fmt: skip


def test_an_empty_file_presses_nothing() -> None:
    assert names("", 0, 99) == ["None", "None"]


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("5", 1, "a line is a frame number and a combination"),
        ("1 A\n2 A B", 2, "a line is a frame number and a combination"),
        ("-1 A", 1, "a line is a frame number"),
        ("² A", 1, "a line is a frame number"),
        ("1 a", 1, "'a' is not a button; the buttons are A, B, Select"),
        ("1 A+", 1, "'' is not a button"),
        ("# x\n5 A\n5 B", 3, "frame 5 does not come after frame 5"),
    ],
)
def test_a_line_that_is_none_is_named(text: str, line: int, problem: str) -> None:
    with pytest.raises(InputFileError) as caught:
        parse_inputs(text, FILE)
    assert caught.value.line == line
    assert str(caught.value).startswith(f"tour.inputs, line {line}: {problem}")


def test_its_changes_are_those_that_were_written() -> None:
    assert list(parse_inputs("2 Right+A\n5 None\n", FILE).changes()) == [(2, "A+Right"), (5, "None")]


@pytest.mark.parametrize(
    ("line", "told"), [(3, "tour.inputs, line 3: no such button."), (0, "tour.inputs: no such button.")]
)
def test_a_bad_input_file_is_reported_with_the_line_where_there_is_one(line: int, told: str) -> None:
    assert str(InputFileError(Path("tour.inputs"), line, "no such button")) == told


def test_presses_are_combinations_with_their_frames() -> None:
    assert parse_presses("Right*3 A+Right None*2 B") == [16, 16, 16, 17, 0, 0, 2]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "nothing to press"),
        ("A*", "is not a press"),
        ("A*0", "is not a press"),
        ("A*-1", "is not a press"),
        ("Jump", "'Jump' is not a button"),
        (f"A*{MAX_PRESSED} B", "more than 1,000,000 frames"),
        ("A*999999999999", "is not a press"),
    ],
)
def test_presses_that_cannot_be_read_are_named(text: str, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason):
        parse_presses(text)
