"""How many frame sets of a session are stored, and what is known to be lost. Pure."""

from dataclasses import replace

from protocol.session.flaws import NO_SCREENSHOT
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import GapCount

__all__ = ["Tally"]


class Tally:
    """Counts one session's frame sets.

    Args:
        stored: how many are stored.
        first: the first of them.
        last: the last of them.
        lost: what is known to be lost.

    Attributes:
        stored: how many are stored.
        first: the first of them.
        last: the last of them.
        lost: what is known to be lost.
    """

    def __init__(
        self, stored: int = 0, first: int | None = None, last: int | None = None, lost: GapCount | None = None
    ) -> None:
        self.stored = stored
        self.first = first
        self.last = last
        self.lost = lost or GapCount()

    def add(self, frame_set: FrameSet) -> None:
        """Count a frame set that is stored."""
        self.stored += 1
        self.last = frame_set.frame_set_id
        if self.first is None:
            self.first = self.last
        if not frame_set.whole:
            bare = NO_SCREENSHOT in frame_set.flaws
            self.lost = replace(self.lost, flawed=self.lost.flawed + 1, screenshots=self.lost.screenshots + int(bare))

    def miss(self, frame_sets: int) -> None:
        """Count frame sets that will never come."""
        self.lost = replace(self.lost, frame_sets=self.lost.frame_sets + frame_sets)
