"""Path of a replay, from the start to a moment, over savestates and rewinds. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from daemon.analysis.timeline import Timeline
from protocol.changes import I64
from protocol.console import GBA
from protocol.errors import MomentError

__all__ = ["MISSING", "Lead", "ReplayPaths"]

MISSING = -1
"""A frame that the recording does not have: it is played with the buttons of the frame before."""

_LATE = 60
"""Frames after power-on in which a recording may begin; nothing is held until then."""

_GAP = 600
"""Frames of a gap that are played with the buttons held before; memory tells whether that was right."""


@dataclass(frozen=True, slots=True)
class Lead:
    """Way into a stretch of frames that follow each other.

    Args:
        after: index of the frame after which it goes on; None where the console starts.
        missing: frames between there and the stretch, which the recording does not have.
    """

    after: int | None
    missing: int = 0


@dataclass(frozen=True)
class ReplayPaths:
    """Ways from the start of the console to the moments of a recording.

    Args:
        timeline: the recording's.
        savestate_frame: frames that the console had run when the savestate was made from which the recording starts;
            None where it starts at power-on.
    """

    timeline: Timeline
    savestate_frame: int | None = None

    @cached_property
    def _frames(self) -> I64:
        return self.timeline.frames.astype(np.int64)

    @cached_property
    def starts(self) -> I64:
        """Indices of the frames that do not follow the one before, ascending."""
        return np.flatnonzero(np.concatenate(([True], np.diff(self._frames) != 1)))

    @cached_property
    def _buttons(self) -> I64:
        known = set(GBA.buttons)
        held = ["+".join(name for name in text.split("+") if name in known) for text in self.timeline.combinations]
        bits = np.array([GBA.parse_combination(text) if text else 0 for text in held], np.int64)
        return bits[self.timeline.keys] if len(bits) else np.zeros(len(self._frames), np.int64)

    def to_set(self, place: int) -> I64:
        """Return the frames to be played from the start to the end of a set.

        A savestate and a rewind lead back to a frame that was passed before; where they do not, there is no way.

        Args:
            place: of the set.

        Returns:
            Indices of the timeline's frames, or `MISSING`.

        Raises:
            MomentError: the recording does not show how the game got there.
        """
        last = int(self.timeline.first_frames[place + 1]) - 1
        parts: list[I64] = []
        while True:
            start = int(self.starts[np.searchsorted(self.starts, last, "right") - 1])
            parts.append(np.arange(start, last + 1))
            lead = self.lead_to(start)
            if lead is None:
                number = int(self.timeline.numbers[np.searchsorted(self.timeline.first_frames, start, "right") - 1])
                raise MomentError(
                    f"The game cannot be played again up to there: frame set {number} goes on from something that the "
                    "recording does not hold, such as a savestate of another day. Choose another moment."
                )
            parts.append(np.full(lead.missing, MISSING))
            if lead.after is None:
                return np.concatenate(parts[::-1])
            last = lead.after

    def lead_to(self, start: int) -> Lead | None:
        """Return the way to a frame that does not follow the one before.

        Args:
            start: index of the frame, one of `starts`.

        Returns:
            None where the recording does not show it.
        """
        frames = self._frames
        first = int(frames[start])
        if start == 0 and self.savestate_frame is not None:
            return Lead(None, max(0, first - 1 - self.savestate_frame))
        if first <= 1:
            return Lead(None)
        passed = np.flatnonzero(frames[:start] == first - 1)
        if len(passed):
            return Lead(int(passed[-1]))
        if start and 0 < first - int(frames[start - 1]) <= _GAP:
            return Lead(start - 1, first - int(frames[start - 1]) - 1)
        return Lead(None, first - 1) if first <= _LATE else None

    def buttons(self, path: I64) -> Sequence[int]:
        """Return the buttons held in each frame of a path, bit sets in the order of `GBA.buttons`."""
        held = np.where(path == MISSING, 0, self._buttons[np.maximum(path, 0)] if len(self._buttons) else 0)
        shown = np.maximum.accumulate(np.where(path == MISSING, -1, np.arange(len(path))))
        filled = np.where(shown >= 0, held[np.maximum(shown, 0)], 0)
        return [int(bits) for bits in filled]
