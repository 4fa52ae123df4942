"""Frame sets, frames and moments."""

import numpy as np
import pytest

from daemon.analysis.timeline import EMPTY_TIMELINE, Timeline
from protocol.errors import MomentError
from protocol.session.change_log import LogBlock


def block(numbers: list[int], counts: list[int], keys: list[str]) -> LogBlock:
    none = np.empty(0, np.uint32)
    combinations = tuple(sorted(set(keys)))
    frames = sum(counts)
    return LogBlock(
        numbers=np.array(numbers, np.uint32),
        checks=np.zeros(len(numbers), np.uint64),
        frame_counts=np.array(counts, np.uint8),
        frames=np.arange(100, 100 + frames, dtype=np.uint32),
        timestamps=np.arange(frames, dtype=np.int64) * 16,
        keys=np.array([combinations.index(held) for held in keys], np.uint16),
        combinations=combinations,
        entry_counts=np.zeros(len(numbers), np.uint32),
        entry_frames=np.empty(0, np.uint8),
        entry_words=none,
        entry_values=none,
        entry_kinds=np.empty(0, np.uint8),
    )


@pytest.fixture
def timeline() -> Timeline:
    """Sets 0, 1 and 5, the second cut short."""
    blocks = [block([0, 1], [3, 1], ["", "A", "A", ""]), block([5], [3], ["B", "A", "B"])]
    return EMPTY_TIMELINE.with_stride(3).extended(blocks)


def test_times_rise_by_the_stride_from_set_to_set(timeline: Timeline) -> None:
    assert timeline.frame_times().tolist() == [0, 1, 2, 3, 6, 7, 8]
    assert timeline.end_of_number(1) == 5
    assert timeline.end_of(-1) == -1
    times = np.array([0, 3, 8], np.int32)
    assert timeline.numbers_at(times).tolist() == [0, 1, 5]
    assert timeline.frames_at(times).tolist() == [0, 3, 6]


def test_buttons_have_one_number_in_all_blocks(timeline: Timeline) -> None:
    held = [timeline.combinations[key] for key in timeline.keys]
    assert held == ["", "A", "A", "", "B", "A", "B"]
    assert len(set(timeline.combinations)) == len(timeline.combinations) == 3


def test_chosen_frames_and_sets_become_times(timeline: Timeline) -> None:
    is_a = np.array([timeline.combinations[key] == "A" for key in timeline.keys])
    assert np.flatnonzero(timeline.times_of_frames(is_a)).tolist() == [1, 2, 7]
    assert np.flatnonzero(timeline.times_of_sets(timeline.numbers == 1)).tolist() == [3, 4, 5]


@pytest.mark.parametrize(
    ("buttons", "sets"), [("a", [[0, 0], [5, 5]]), ("B", [[5, 5]]), ("A+B", []), ("none", [[0, 1]]), ("Start", [])]
)
def test_sets_in_which_buttons_were_held_come_as_runs(timeline: Timeline, buttons: str, sets: list[list[int]]) -> None:
    assert timeline.sets_of_frames(timeline.held(buttons)) == sets


def test_a_set_that_is_not_there_is_named_with_its_neighbours(timeline: Timeline) -> None:
    assert timeline.place_of(5) == 2
    for number, sentence in {
        3: "There is no frame set 3 in this recording: the nearest are 1 and 5.",
        9: "There is no frame set 9 in this recording: the nearest is 5.",
    }.items():
        with pytest.raises(MomentError) as refusal:
            timeline.place_of(number)
        assert str(refusal.value) == sentence


def test_a_longer_set_than_any_before_widens_the_stride(timeline: Timeline) -> None:
    assert timeline.extended([block([6], [4], [""] * 4)]).stride == 4
