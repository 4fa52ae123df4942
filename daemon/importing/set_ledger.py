"""Relations between the frame sets of an import: which came twice, where the game jumped. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from daemon.importing.import_report import ImportReport
from protocol.errors import LogError
from protocol.session.events import EventRecord
from protocol.session.flaws import NO_SCREENSHOT, borrowed_from
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import GapCount

__all__ = ["SetFacts", "SetLedger", "jumped", "set_facts"]

FramePlace: TypeAlias = tuple[int, int]
"""The number of a frame set and a frame in it."""


@dataclass(frozen=True, slots=True)
class SetFacts:
    """Facts of a frame set that are kept while the next are made.

    Args:
        number: its id.
        first_frame: its first frame.
        first_time: when that was, ms since the epoch.
        last_frame: its last frame.
        last_time: when that was.
        frames: how many frames it has.
        flaws: its flaws.
        known: whether it is what was recorded, rather than what the log has.
    """

    number: int
    first_frame: int
    first_time: int
    last_frame: int
    last_time: int
    frames: int
    flaws: tuple[str, ...]
    known: bool


def set_facts(frame_set: FrameSet, *, known: bool) -> SetFacts:
    """Tell what is remembered of a frame set."""
    first, last = frame_set.frames[0], frame_set.frames[-1]
    return SetFacts(
        number=frame_set.frame_set_id,
        first_frame=first.frame,
        first_time=first.timestamp,
        last_frame=last.frame,
        last_time=last.timestamp,
        frames=len(frame_set.frames),
        flaws=frame_set.flaws,
        known=known,
    )


def jumped(before: FramePlace, after: FramePlace, num_frames: int) -> bool:
    """Tell whether the game was somewhere else in between: a savestate, a reset or a rewind.

    A log tells them by frame numbers alone. It lacks the frames in which nothing changed, and the original script's
    frame sets have one frame more than it says.

    Args:
        before: a frame set's number and its last frame.
        after: the number of a later one and its first frame.
        num_frames: frames in a frame set.
    """
    room = (after[0] - before[0] + 1) * (num_frames + 1)
    return not before[1] < after[1] <= before[1] + room


class SetLedger:
    """Enters the frame sets of one session, in the order of the log.

    Args:
        num_frames: frames in a frame set; the original's have one more.
        report: where to count.

    Attributes:
        first: the smallest id, None before the first set.
        last: the largest id.
        last_time: the latest time of a frame, ms since the epoch.
        lost: what the sets lack.
    """

    def __init__(self, num_frames: int, report: ImportReport) -> None:
        self._num_frames = num_frames
        self._report = report
        self._before: FramePlace | None = None
        self._places: dict[int, str] = {}
        self.first: int | None = None
        self.last: int | None = None
        self.last_time = 0
        self.lost = GapCount()

    def enter(self, facts: SetFacts, place: str = "") -> EventRecord | None:
        """Enter a frame set.

        Args:
            facts: what is remembered of it.
            place: file and line of its first row; empty where the log has none.

        Returns:
            The event that the game was somewhere else before it; None where it went on.

        Raises:
            LogError: there was one of that id before.
        """
        number = facts.number
        if number in self._places:
            raise LogError(
                f"{place}: frame set {number} begins again, it is at {self._places[number]} already. If these "
                "are two sessions, import the log of each by itself, under its own --session_name."
            )
        if place and self.last is not None and number < self.last:
            self._report.note("Frame sets are out of order in the log", place)
        self._places[number] = place
        self.first = number if self.first is None else min(self.first, number)
        self.last = number if self.last is None else max(self.last, number)
        self.last_time = max(self.last_time, facts.last_time)
        if facts.flaws:
            self.lost = GapCount(
                frame_sets=0,
                screenshots=self.lost.screenshots + (NO_SCREENSHOT in facts.flaws),
                flawed=self.lost.flawed + 1,
            )
            self._report.flaws.update(flaw for flaw in facts.flaws if borrowed_from(flaw) is None)
        self._report.frame_sets += 1
        self._report.largest_set = max(self._report.largest_set, facts.frames)
        return None if facts.known else self._jump(facts)

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """Return those of the numbers whose frame set did not come."""
        return [number for number in numbers if number not in self._places]

    def _jump(self, facts: SetFacts) -> EventRecord | None:
        number = facts.number
        before, self._before = self._before, (number, facts.last_frame)
        if before is None or number < before[0] or not jumped(before, (number, facts.first_frame), self._num_frames):
            return None
        details = {"from": before[1], "to": facts.first_frame}
        return EventRecord(facts.first_time, "jump", number, facts.first_frame, details)
