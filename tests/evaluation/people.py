"""Simulated people: late by 0.2 to 1.0 s, wrong in one answer of ten, blind for one event in ten. Pure.

What they know is the truth of a play; all chance is seeded.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
from numpy.typing import NDArray

from daemon.finding.evidence import Direction, Event, Reading
from tests.evaluation.played import FRAMES_A_SECOND, FRAMES_A_SET, Truth

__all__ = ["Boundary", "Person", "context_boundaries", "steps"]

_EARLIEST, _LATEST = 0.2, 1.0
"""Delay of a key in seconds."""

_APART = round(FRAMES_A_SECOND)
"""Frames between two labels of a person at least."""

_LABELLED_RUN = 6
"""Frame sets that are labelled at once on the page."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """A change of context: from `start`, the first frame of the change, to `end`, the first frame of the new one."""

    start: int
    end: int
    after: str


@dataclass(frozen=True)
class Person:
    """Somebody who labels.

    Args:
        chance: theirs.
        wrong: share of answers that are wrong.
        missed: share of events that are not noticed.
    """

    chance: Random
    wrong: float = 0.1
    missed: float = 0.1

    def readings(self, truth: Truth, first: int, end: int, count: int) -> tuple[Reading, ...]:
        """Type numbers while the game goes on, after they have changed where they do.

        Args:
            truth: of the variable.
            first: frame from which they look.
            end: the frame before which they type.
            count: how many.
        """
        until = end - round(_LATEST * FRAMES_A_SECOND) - FRAMES_A_SET
        frames = first + np.flatnonzero(truth.readable[first:until])
        seen: list[int] = []
        while len(seen) < count and len(frames):
            known = {truth.value[frame] for frame in seen}
            fresh = frames[~np.isin(truth.value[frames], list(known))] if known else frames
            seen.append(int(self.chance.choice(fresh if len(fresh) else frames)))
            frames = frames[abs(frames - seen[-1]) >= _APART]
        values = truth.value[first:end][truth.readable[first:end]]
        return tuple(
            Reading(self._key(frame), self._number(truth.value[frame], values), True) for frame in sorted(seen)
        )

    def events(self, truth: Truth, first: int, end: int, count: int) -> tuple[Event, ...]:
        """Press a key at changes, one after the other, while the game goes on."""
        changes = [frame for frame in steps(truth) if first < frame < end - 2 * _APART]
        noticed = [frame for frame in changes if self.chance.random() >= self.missed]
        start = self.chance.randrange(max(1, len(noticed) - count + 1))
        found = []
        for frame in noticed[start : start + count]:
            direction = Direction.UP if truth.value[frame] > truth.value[frame - 1] else Direction.DOWN
            happened = self.chance.randrange(first, end - 2 * _APART) if self._errs() else frame
            found.append(Event(self._key(happened), direction))
        return tuple(sorted(found, key=lambda event: event.number))

    def live_labels(self, contexts: Sequence[str]) -> list[str]:
        """Label every frame set with the context while it is played, each change late.

        Args:
            contexts: the true ones of each frame; empty while they change.

        Returns:
            Labels by the place of the frame set, empty where there is none.
        """
        names = sorted({context for context in contexts if context})
        labels = [""] * (len(contexts) // FRAMES_A_SET)
        for boundary in context_boundaries(contexts):
            pressed = self._key(boundary.end)
            labels[pressed:] = [self._context(boundary.after, names)] * len(labels[pressed:])
        return labels

    def some_labels(self, contexts: Sequence[str], share: float) -> list[str]:
        """Label short runs of frame sets of a recording on the page, until a share of them has labels."""
        names = sorted({context for context in contexts if context})
        of_sets = contexts[::FRAMES_A_SET][: len(contexts) // FRAMES_A_SET]
        labels = [""] * len(of_sets)
        missing = round(share * len(of_sets))
        while missing > 0:
            first = self.chance.randrange(len(of_sets))
            given = self._context(of_sets[first], names)
            for place in range(first, min(first + _LABELLED_RUN, len(of_sets))):
                if not of_sets[first] or of_sets[place] != of_sets[first] or labels[place] or not missing:
                    break
                labels[place] = given
                missing -= 1
        return labels

    def _errs(self) -> bool:
        return self.chance.random() < self.wrong

    def _delay(self) -> int:
        return round(self.chance.uniform(_EARLIEST, _LATEST) * FRAMES_A_SECOND)

    def _key(self, frame: int) -> int:
        return (frame + self._delay()) // FRAMES_A_SET

    def _context(self, context: str, names: Sequence[str]) -> str:
        others = [name for name in names if name != context]
        return self.chance.choice(others) if context and others and self._errs() else context

    def _number(self, value: float, values: NDArray[np.float64]) -> float:
        """Return the number that is typed: the true one, or a plausible other one."""
        if not self._errs():
            return float(value)
        others = [float(other) for other in np.unique(values) if other != value]
        near = [value + by for by in (-10, -2, -1, 1, 2, 10) if value + by >= 0]
        swapped = float(str(int(value))[::-1]) if value >= 0 else value
        wrong = [each for each in (*self.chance.sample(others, min(3, len(others))), *near, swapped) if each != value]
        return float(self.chance.choice(wrong))


def steps(truth: Truth) -> list[int]:
    """List the frames at which a variable changes on the picture, a second apart at least."""
    value, visible = truth.value, truth.visible
    changed = (value[1:] != value[:-1]) & visible[1:] & visible[:-1] & (truth.address[1:] == truth.address[:-1])
    found: list[int] = []
    for frame in (1 + np.flatnonzero(changed)).tolist():
        if not found or frame - found[-1] >= _APART:
            found.append(frame)
    return found


def context_boundaries(contexts: Sequence[str]) -> list[Boundary]:
    """List the changes of context; empty contexts are those in which it changes."""
    found = []
    before, start = "", 0
    for frame, context in enumerate(contexts):
        if not context:
            start = frame if frame and contexts[frame - 1] else start
        elif context != before or (frame and not contexts[frame - 1]):
            changing = frame > 0 and not contexts[frame - 1]
            if context != before:
                found.append(Boundary(start if changing else frame, frame, context))
            before = context
    return found
