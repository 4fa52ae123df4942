"""Minutes of a play, and the variables that change in them. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daemon.analysis.history import History
from tests.evaluation.people import steps
from tests.evaluation.played import FRAMES_A_SECOND, FRAMES_A_SET, Played, Truth

__all__ = ["STATE", "Window", "windows_of"]

STATE = "context"
"""Target that is the state byte: nobody reads it off a picture."""


@dataclass(frozen=True, eq=False)
class Window:
    """A stretch of a play, recorded by itself.

    Args:
        played: the whole play.
        first_set: its first frame set.
        end_set: one past its last.
        history: index of it alone.
    """

    played: Played
    first_set: int
    end_set: int
    history: History

    @property
    def first(self) -> int:
        """Its first frame."""
        return self.first_set * FRAMES_A_SET

    @property
    def end(self) -> int:
        """One past its last frame."""
        return self.end_set * FRAMES_A_SET

    def readable(self, values: int = 3) -> Iterator[tuple[str, Truth]]:
        """Yield the variables of which people see so many numbers at least."""
        for name, truth in self.played.truths.items():
            seen = truth.value[self.first : self.end][truth.readable[self.first : self.end]]
            if name != STATE and len(np.unique(seen)) >= values:
                yield name, truth

    def eventful(self, events: int) -> Iterator[tuple[str, Truth]]:
        """Yield the variables that change so many times at least, seldom enough for a key at each change."""
        for name, truth in self.played.truths.items():
            times = [frame for frame in steps(truth) if self.first < frame < self.end]
            if name != STATE and len(times) >= events and self._changes(truth) <= 2 * len(times):
                yield name, truth

    def address(self, truth: Truth, numbers: list[int]) -> int:
        """Return where a variable lies at most of the given frame sets."""
        places = truth.address[np.array(numbers) * FRAMES_A_SET]
        found, counts = np.unique(places[places > 0], return_counts=True)
        return int(found[np.argmax(counts)]) if len(found) else 0

    def _changes(self, truth: Truth) -> int:
        values = truth.value[self.first : self.end]
        return int(np.count_nonzero((values[1:] != values[:-1]) & truth.visible[self.first + 1 : self.end]))


def windows_of(played: Played, seconds: float, every: float) -> Iterator[Window]:
    """Yield the windows of a length that begin every so many seconds; the whole play where it is shorter."""
    length, step = (round(each * FRAMES_A_SECOND / FRAMES_A_SET) for each in (seconds, every))
    length = min(length, played.sets)
    for first in range(0, played.sets - length + 1, step):
        yield Window(played, first, first + length, played.stretch(first, first + length))
