"""The last stored frame sets of a session, as far back as change counts look: from them it can go back. Pure."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from daemon.recording.history import FREQ_WINDOW, MAX_COUNTED
from protocol.session.frame_set import FrameSet

__all__ = ["RecentSets"]


class RecentSets:
    """Keeps consecutive frame sets of the last `FREQ_WINDOW` frames, with no more than `MAX_COUNTED` changes."""

    def __init__(self) -> None:
        self._sets: deque[FrameSet] = deque()
        self._changes = 0

    @property
    def sets(self) -> Sequence[FrameSet]:
        """Those that are kept, ascending; only the last one has its picture."""
        return self._sets

    def remember(self, frame_set: FrameSet) -> None:
        """Keep a frame set, and forget those that are too old or do not join it."""
        first, last = frame_set.frames[0].frame, frame_set.frames[-1].frame
        if self._sets and first != self._sets[-1].frames[-1].frame + 1:
            self._sets.clear()
            self._changes = 0
        if self._sets:
            self._sets[-1] = replace(self._sets[-1], png=b"")  # Only the last picture is ever lent to another set.
        self._changes += frame_set.change_count
        while self._sets and (self._sets[0].frames[-1].frame <= last - FREQ_WINDOW or self._changes > MAX_COUNTED):
            self._changes -= self._sets.popleft().change_count
        self._sets.append(frame_set)
