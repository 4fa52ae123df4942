"""Timeline of a recording: its frame sets and frames, and how moments are counted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from protocol.changes import I32, I64, U16, U32, U64, Bools
from protocol.console import NO_KEYS
from protocol.errors import MomentError
from protocol.session.change_log import LogBlock

__all__ = ["EMPTY_TIMELINE", "Timeline", "ranges_of_numbers"]


@dataclass(frozen=True, slots=True, eq=False)
class Timeline:
    """Frame sets of a recording as columns: *n* sets, *f* frames.

    The *place* of a set is its index here; frame set ids have gaps, places have none. The *time* of a frame is the
    place of its set times `stride`, plus its place in the set: it rises over savestates and resets too, where the
    emulator's frame numbers go back.

    Args:
        stride: frames that a set has at most.
        numbers: frame set ids, ascending, shape (n,).
        checks: what ties each set to its folder, see `LogBlock`, shape (n,).
        first_frames: index of each set's first frame, and f, shape (n + 1,).
        frames: the emulator's frame numbers, shape (f,).
        timestamps: ms since the epoch, shape (f,).
        keys: buttons held, index in `combinations`, shape (f,).
        combinations: names of buttons joined by `+`; empty where none is held.
    """

    stride: int
    numbers: U32
    checks: U64
    first_frames: I64
    frames: U32
    timestamps: I64
    keys: U16
    combinations: tuple[str, ...]

    def __len__(self) -> int:
        """Number of frame sets."""
        return len(self.numbers)

    def with_stride(self, stride: int) -> "Timeline":
        """Return the timeline with another stride, which changes the times of the sets it has."""
        return replace(self, stride=stride)

    def extended(self, blocks: Sequence[LogBlock]) -> "Timeline":
        """Return the timeline with the frame sets of later blocks.

        Raises:
            MomentError: they are not later.
        """
        if not blocks:
            return self
        numbers = np.concatenate([self.numbers, *(block.numbers for block in blocks)])
        if (numbers[1:] <= numbers[:-1]).any():
            raise MomentError("The frame sets of a recording do not ascend.")
        counts = np.concatenate([block.frame_counts for block in blocks]).astype(np.int64)
        combinations = {held: index for index, held in enumerate(self.combinations)}
        keys = [self.keys]
        for block in blocks:
            places = [combinations.setdefault(held, len(combinations)) for held in block.combinations]
            keys.append(np.array(places, np.uint16)[block.keys])
        return Timeline(
            stride=max(self.stride, int(counts.max(initial=0))),
            numbers=numbers,
            checks=np.concatenate([self.checks, *(block.checks for block in blocks)]),
            first_frames=np.concatenate([self.first_frames, self.first_frames[-1] + np.cumsum(counts)]),
            frames=np.concatenate([self.frames, *(block.frames for block in blocks)]),
            timestamps=np.concatenate([self.timestamps, *(block.timestamps for block in blocks)]),
            keys=np.concatenate(keys),
            combinations=tuple(combinations),
        )

    def place_of(self, number: int) -> int:
        """Return the place of a frame set.

        Raises:
            MomentError: the recording does not have it; the sentence names its neighbours.
        """
        place = int(np.searchsorted(self.numbers, number))
        if place < len(self) and int(self.numbers[place]) == number:
            return place
        if not len(self):
            raise MomentError(f"There is no frame set {number}: nothing has been recorded yet.")
        near = [int(self.numbers[index]) for index in (place - 1, place) if 0 <= index < len(self)]
        raise MomentError(
            f"There is no frame set {number} in this recording: "
            f"{'the nearest are' if len(near) > 1 else 'the nearest is'} {' and '.join(map(str, near))}."
        )

    def end_of(self, place: int) -> int:
        """Return the last time of the set at a place: that after it. Place -1: before the first set."""
        return (place + 1) * self.stride - 1

    def end_of_number(self, number: int) -> int:
        """Return the last time of a set by its id.

        Raises:
            MomentError: the recording does not have it.
        """
        return self.end_of(self.place_of(number))

    def places_at(self, times: I32) -> I64:
        """Return the places of the sets of times."""
        return times.astype(np.int64) // self.stride

    def numbers_at(self, times: I32) -> U32:
        """Return the ids of the sets of times."""
        return self.numbers[self.places_at(times)]

    def frames_at(self, times: I32) -> I64:
        """Return the indices of the frames of times."""
        return self.first_frames[self.places_at(times)] + times % self.stride

    def frame_times(self) -> I64:
        """Return the time of each frame, shape (f,)."""
        counts = np.diff(self.first_frames)
        return np.arange(len(self.frames)) + np.repeat(
            np.arange(len(self)) * self.stride - self.first_frames[:-1], counts
        )

    def times_of_frames(self, selected: Bools) -> Bools:
        """Turn a choice of frames into one of times.

        Args:
            selected: shape (f,).

        Returns:
            Shape (n * stride,).
        """
        times = np.zeros(len(self) * self.stride, np.bool_)
        times[self.frame_times()] = selected
        return times

    def held(self, buttons: str) -> Bools:
        """Return in which frames all of some buttons were held, shape (f,).

        Args:
            buttons: names joined by `+`, in any case; `None` for no button at all.
        """
        combinations = [set(held.lower().split("+")) - {"", NO_KEYS.lower()} for held in self.combinations]
        wanted = set(buttons.lower().split("+")) - {""}
        is_held = [not held if wanted == {NO_KEYS.lower()} else wanted <= held for held in combinations]
        return np.array(is_held, np.bool_)[self.keys] if is_held else np.zeros(len(self.frames), np.bool_)

    def sets_of_frames(self, selected: Bools) -> list[list[int]]:
        """Return the sets with a chosen frame: first and last id of each run.

        Args:
            selected: shape (f,).
        """
        places = np.searchsorted(self.first_frames, np.flatnonzero(selected), "right") - 1
        return ranges_of_numbers(np.unique(self.numbers[places]).astype(np.int64))

    def times_of_sets(self, selected: Bools) -> Bools:
        """Turn a choice of frame sets, shape (n,), into one of times, shape (n * stride,)."""
        return np.repeat(selected, self.stride)


def ranges_of_numbers(numbers: I64) -> list[list[int]]:
    """Gather ascending numbers into pairs of the first and last of each unbroken run."""
    breaks = np.flatnonzero(np.diff(numbers) != 1)
    firsts = numbers[np.concatenate(([0], breaks + 1))] if len(numbers) else numbers
    lasts = numbers[np.concatenate((breaks, [len(numbers) - 1]))] if len(numbers) else numbers
    return [[first, last] for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True)]


EMPTY_TIMELINE = Timeline(
    stride=1,
    numbers=np.empty(0, np.uint32),
    checks=np.empty(0, np.uint64),
    first_frames=np.zeros(1, np.int64),
    frames=np.empty(0, np.uint32),
    timestamps=np.empty(0, np.int64),
    keys=np.empty(0, np.uint16),
    combinations=(),
)
"""The timeline of a recording that has not begun."""
