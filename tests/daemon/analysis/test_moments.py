from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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
from daemon.analysis.timeline import Timeline
from protocol.changes import Bools
from protocol.errors import MomentError

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
class Played:
    """Frame sets 3 to 6, 9 and 10, one second each; 4, 5 and 9 are battles; marks in 5 and 10."""

    timeline: Timeline
    marks: tuple[int, ...] = (5, 10)

    def labelled(self, field: str, value: str) -> Bools:
        battles = np.isin(self.timeline.numbers, [4, 5, 9])
        return battles if (field, value) == ("context", "battle") else np.zeros_like(battles)


def played(numbers: list[int], starts: list[int]) -> Played:
    """Make a recording of frame sets of two frames, a quarter of a second apart."""
    count = len(numbers)
    times = np.array(starts, np.int64)
    return Played(
        Timeline(
            stride=2,
            numbers=np.array(numbers, np.uint32),
            checks=np.zeros(count, np.uint64),
            first_frames=2 * np.arange(count + 1),
            frames=np.arange(2 * count, dtype=np.uint32),
            timestamps=np.stack([times, times + 250], axis=1).ravel(),
            keys=np.zeros(2 * count, np.uint16),
            combinations=("",),
        )
    )


NUMBERS = [3, 4, 5, 6, 9, 10]
RECORDING = played(NUMBERS, [70_000 + 1000 * place for place in range(6)])


def number_at(text: str) -> int:
    return int(RECORDING.timeline.numbers[place_of(parse_moment(text), RECORDING)])


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
        ("7", "There is no frame set 7 in this recording: the nearest are 6 and 9."),
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
    with pytest.raises(MomentError) as caught:
        place_of(parse_moment(text), RECORDING)
    assert str(caught.value) == sentence


def test_an_empty_recording_has_no_moment() -> None:
    with pytest.raises(MomentError, match="Nothing has been recorded yet"):
        place_of(End.FIRST, played([], []))


def test_a_stretch_that_ends_before_it_begins_is_a_sentence() -> None:
    assert places_of(Stretch(Mark(1), End.LAST), RECORDING) == (2, 5)
    with pytest.raises(MomentError, match=r"The stretch last\.\.mark 1 ends before .* write mark 1\.\.last\."):
        places_of(Stretch(End.LAST, Mark(1)), RECORDING)


def test_a_clock_that_was_set_back_leaves_times_in_order() -> None:
    jumped = played(NUMBERS, [70_000, 71_000, 60_000, 61_000, 72_000, 73_000])
    assert place_of(Clock(1500), jumped) == 3


@pytest.mark.parametrize(("time", "text"), [(0, "0:00"), (751_500, "12:31.5"), (3_600_001, "1:00:00.001")])
def test_times_are_written_with_the_decimals_that_they_have(time: int, text: str) -> None:
    assert clock_text(time) == text
