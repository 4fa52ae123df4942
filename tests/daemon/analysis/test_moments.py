from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from daemon.analysis.moments import (
    Clock,
    Edge,
    End,
    LabelEdge,
    LabelValue,
    Mark,
    Moment,
    SetMoment,
    Stretch,
    clock_text,
    parse_moment,
    place_of,
    places_of,
)
from protocol.errors import FilterError

texts = st.text(st.characters(exclude_categories=("C", "Z"), include_characters=" "), min_size=1, max_size=12)
labels = st.builds(LabelValue, st.sampled_from(["context", "scene", "action", "intent", "outcome", "tags"]), texts)
counts = st.integers(1, 2**31)
moments: st.SearchStrategy[Moment] = st.one_of(
    st.sampled_from(End),
    st.builds(SetMoment, st.integers(0, 2**31)),
    st.builds(Mark, counts),
    st.builds(Clock, st.integers(0, 10**9)),
    st.builds(LabelEdge, st.sampled_from(Edge), labels, counts),
)


@dataclass
class Recording:
    """Frame sets 3 to 6, 9 and 10, one second each; 4, 5 and 9 are battles; marks in 5 and 10."""

    numbers: NDArray[np.uint32]
    starts: NDArray[np.int64]
    marks: tuple[int, ...] = (5, 10)

    def labelled(self, field: str, value: str) -> NDArray[np.bool_]:
        battles = np.isin(self.numbers, [4, 5, 9])
        return battles if (field, value) == ("context", "battle") else np.zeros_like(battles)


RECORDING = Recording(np.array([3, 4, 5, 6, 9, 10], np.uint32), 70_000 + 1000 * np.arange(6))


def number_at(text: str) -> int:
    return int(RECORDING.numbers[place_of(parse_moment(text), RECORDING)])


@given(moments)
def test_a_moment_is_read_back_as_it_was_written(moment: Moment) -> None:
    assert parse_moment(str(moment)) == moment
    assert str(parse_moment(str(moment))) == str(moment)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("first", 3),
        ("LAST", 10),
        ("5", 5),
        ("mark 1", 5),
        ("mark 2", 10),
        ("0:00", 3),
        ("0:01.999", 4),
        ("0:04", 9),
        ("0:05.9", 10),
        ("start of context=battle", 4),
        ("end of context=battle", 5),
        ("start of context=battle #2", 9),
    ],
)
def test_a_moment_is_found_in_the_recording(text: str, number: int) -> None:
    assert number_at(text) == number


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("7", "Frame set 7 is not recorded: take 6 or 9 beside it."),
        ("2", "Frame set 2 is not recorded: they go from 3 to 10."),
        ("11", "Frame set 11 is not recorded: they go from 3 to 10."),
        ("mark 3", "There is no mark 3: this recording has 2 marks."),
        ("1:00", "The recording ends at 0:05, before 1:00."),
        (
            "start of context=shop",
            "There is no start of context=shop: it is the label of no frame set here.",
        ),
        (
            "end of context=battle #3",
            "There is no end of context=battle #3: it is the label of 2 runs here.",
        ),
    ],
)
def test_a_moment_that_the_recording_lacks_is_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(FilterError) as caught:
        place_of(parse_moment(text), RECORDING)
    assert str(caught.value) == sentence


def test_an_empty_recording_has_no_moment() -> None:
    with pytest.raises(FilterError, match="Nothing is recorded yet"):
        place_of(End.FIRST, Recording(np.empty(0, np.uint32), np.empty(0, np.int64)))


def test_a_stretch_that_ends_before_it_begins_is_a_sentence() -> None:
    assert places_of(Stretch(Mark(1), End.LAST), RECORDING) == (2, 5)
    with pytest.raises(FilterError, match=r"The stretch last\.\.mark 1 ends before .* write mark 1\.\.last\."):
        places_of(Stretch(End.LAST, Mark(1)), RECORDING)


def test_a_clock_that_was_set_back_leaves_times_in_order() -> None:
    jumped = Recording(RECORDING.numbers, np.array([70, 71, 60, 61, 72, 73]) * 1000)
    assert place_of(Clock(1500), jumped) == 3


@pytest.mark.parametrize(("time", "text"), [(0, "0:00"), (751_500, "12:31.5"), (3_600_001, "1:00:00.001")])
def test_times_are_written_with_the_decimals_that_they_have(time: int, text: str) -> None:
    assert clock_text(time) == text
