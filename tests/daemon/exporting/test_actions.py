from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from daemon.exporting.actions import Combinations, FramePlacer, followed
from daemon.exporting.buttons import Buttons
from protocol.session.frame_set import FrameSet
from tests.daemon.exporting.recordings import BUTTONS, frame_sets

A, B = 1 << 0, 1 << 1


def with_keys(number: int, keys: dict[int, str]) -> FrameSet:
    """A frame set of these frames, and what was held at each."""
    (made,) = frame_sets(1, first=number)
    frames = [replace(made.frames[0], frame=frame, current_keys=held) for frame, held in keys.items()]
    return replace(made, frames=tuple(frames))


def placed(sets: Sequence[FrameSet], frames: int = 5, episodes: Sequence[int] = (), *, of_a_log: bool = True) -> object:
    placer = FramePlacer(Buttons([BUTTONS]), frames, of_a_log=of_a_log)
    return placer.held(sets, episodes or [0] * len(sets)).tolist()


def test_a_recording_is_taken_as_it_is() -> None:
    assert placed(list(frame_sets(2)), of_a_log=False) == [[0] * 5, [A] * 5]


def test_a_short_set_goes_on_with_its_last_frame_and_a_long_one_is_trimmed() -> None:
    item = next(frame_sets(1, first=1))
    assert placed([replace(item, frames=item.frames[:2])], of_a_log=False) == [[A] * 5]
    assert placed([item], 3, of_a_log=False) == [[A] * 3]


class TestLogs:
    def test_frames_are_placed_by_number_and_what_was_held_goes_on(self) -> None:
        sets = [with_keys(0, {100: "", 103: "A"}), with_keys(1, {106: "B"}), with_keys(2, {110: ""})]
        assert placed(sets) == [[0, 0, 0, A, A], [A, B, B, B, B], [0, 0, 0, 0, 0]]

    def test_it_goes_on_over_batches(self) -> None:
        placer = FramePlacer(Buttons([BUTTONS]), 5, of_a_log=True)
        placer.held([with_keys(0, {100: "", 104: "A"})], [0])
        later = [with_keys(1, {107: "B"}), with_keys(2, {110: "A"})]
        assert placer.held(later, [0, 0]).tolist() == [[A, A, B, B, B], [A] * 5]

    def test_nothing_goes_on_into_another_episode(self) -> None:
        sets = [with_keys(0, {100: "A"}), with_keys(1, {902: "B"}), with_keys(2, {905: ""})]
        assert placed(sets, episodes=[0, 1, 1]) == [[A] * 5, [B] * 5, [0] * 5]

    def test_the_originals_sets_of_six_frames_lose_their_last(self) -> None:
        keys = ["", "A", "B", "", "A", "B"]
        sets = [with_keys(place, {6 * place + at: held for at, held in enumerate(keys)}) for place in range(3)]
        assert placed(sets) == [[0, A, B, 0, A]] * 3
        assert placed(sets, 6) == [[0, A, B, 0, A, B]] * 3

    def test_sets_without_equal_steps_begin_with_the_first_frame_that_is_known(self) -> None:
        sets = [with_keys(0, {100: "A"}), with_keys(1, {109: "B", 112: ""})]
        assert placed(sets)[1] == [B, B, B, 0, 0]  # type: ignore[index]


def test_combinations_are_numbered_as_they_come_and_counted() -> None:
    vocabulary = Combinations()
    held = np.array([[B, B, 0], [A, B, A]], np.uint32)
    assert vocabulary.numbers(held).tolist() == [[1, 1, 0], [2, 1, 2]]
    assert vocabulary.counts() == {str(B): 3, "0": 1, str(A): 2}


def test_a_later_session_goes_on_with_the_vocabulary() -> None:
    later = Combinations([{"0": 5, str(A): 3}, {str(B): 1}])
    assert later.numbers(np.array([[B, A | B]], np.uint32)).tolist() == [[2, 3]]
    assert later.counts() == {str(B): 1, str(A | B): 1}


@pytest.mark.parametrize(("episodes", "after"), [([0, 0, 0], [[1], [2], [-1]]), ([0, 1, 1], [[-1], [2], [-1]])])
def test_what_followed_is_of_the_same_episode(episodes: list[int], after: list[list[int]]) -> None:
    assert followed(np.array([[0], [1], [2]], np.int32), episodes).tolist() == after
