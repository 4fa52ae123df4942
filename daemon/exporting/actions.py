"""Actions of a player: buttons by frame, and combinations of them as numbers. Pure.

A recording has every frame. A log lacks the frames in which nothing changed: those it has are placed by their numbers,
and what was held goes on until the next of them.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.batch import NOTHING
from daemon.exporting.buttons import Buttons
from protocol.session.frame_set import FrameSet

__all__ = ["Combinations", "FramePlacer", "followed"]

Bits = NDArray[np.uint32]


class FramePlacer:
    """Layout of the buttons held in a session, with equally many frames for each frame set.

    Args:
        buttons: of the dataset.
        frames: frames of a whole frame set.
        of_a_log: whether frames may be missing from any frame set.
    """

    def __init__(self, buttons: Buttons, frames: int, *, of_a_log: bool) -> None:
        self._buttons = buttons
        self._frames = frames
        self._of_a_log = of_a_log
        self._episode = -1
        self._last = 0

    def held(self, sets: Sequence[FrameSet], episodes: Sequence[int]) -> Bits:
        """Return the buttons held at each frame as bit sets, shape (n, frames).

        A frame set with fewer frames goes on with its last, of one with more the last are left out.

        Args:
            sets: n of them, in order.
            episodes: the episode of each.
        """
        if not self._of_a_log:
            return np.array([self._row(item, item.frames[0].frame, 0) for item in sets], np.uint32).reshape(
                len(sets), self._frames
            )
        edges = [at for at in range(1, len(sets)) if episodes[at] != episodes[at - 1]]
        rows: list[list[int]] = []
        for first, last in pairwise([0, *edges, len(sets)]):
            run = sets[first:last]
            if not run:
                continue
            if episodes[first] != self._episode:
                self._episode = episodes[first]
                self._last = self._buttons.bits(run[0].frames[0].current_keys)
            for item, start in zip(run, self._starts(run), strict=True):
                rows.append(self._row(item, start, self._last))
                self._last = self._buttons.bits(item.frames[-1].current_keys)
        return np.array(rows, np.uint32).reshape(len(sets), self._frames)

    def _row(self, item: FrameSet, start: int, before: int) -> list[int]:
        if len(item.frames) == self._frames and not self._of_a_log:
            return [self._buttons.bits(frame.current_keys) for frame in item.frames]
        row, known, now = [], list(item.frames), before
        for number in range(start, start + self._frames):
            while known and known[0].frame <= number:
                now = self._buttons.bits(known.pop(0).current_keys)
            row.append(now)
        return row

    def _starts(self, run: Sequence[FrameSet]) -> list[int]:
        """Return the frame with which each frame set of an episode begins.

        They follow each other at equal steps: the original script's have one frame more than it says. Where they do
        not, each begins with the first frame that is known.
        """
        for step in (self._frames, self._frames + 1):
            begin = min(item.frames[0].frame - step * place for place, item in enumerate(run))
            end = max(item.frames[-1].frame - step * place for place, item in enumerate(run))
            if end < begin + step:
                return [begin + step * place for place in range(len(run))]
        return [item.frames[0].frame for item in run]


class Combinations:
    """Vocabulary of combinations of buttons, numbered as they first come; 0 is no button.

    Args:
        earlier: of each session before, frames by combination, as `counts` gave them.
    """

    def __init__(self, earlier: Sequence[Mapping[str, int]] = ()) -> None:
        self._numbers: dict[int, int] = {0: 0}
        self._frames: dict[int, int] = {}
        for counts in earlier:
            for bits in counts:
                self._numbers.setdefault(int(bits), len(self._numbers))

    def numbers(self, held: Bits) -> NDArray[np.int32]:
        """Return the number of each combination, and count it."""
        found, first, places, counts = np.unique(held, return_index=True, return_inverse=True, return_counts=True)
        for place in np.argsort(first, kind="stable").tolist():
            bits = int(found[place])
            self._numbers.setdefault(bits, len(self._numbers))
            self._frames[bits] = self._frames.get(bits, 0) + int(counts[place])
        numbers = np.array([self._numbers[bits] for bits in found.tolist()], np.int32)
        return numbers[places.reshape(held.shape)]

    def counts(self) -> dict[str, int]:
        """Return frames by combination since the beginning of the session, keys as JSON has them."""
        return {str(bits): frames for bits, frames in self._frames.items()}


def followed(combinations: NDArray[np.int32], episodes: Sequence[int]) -> NDArray[np.int32]:
    """Return the combinations that followed each frame set in its episode.

    `NOTHING` stands at the end of one, and for the last frame set.

    Args:
        combinations: shape (n, frames).
        episodes: the episode of each.
    """
    after = np.full_like(combinations, NOTHING)
    numbers = np.asarray(episodes, np.int64)
    goes_on = np.flatnonzero(numbers[1:] == numbers[:-1])
    after[goes_on] = combinations[goes_on + 1]
    return after
