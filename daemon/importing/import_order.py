"""Order of the frame sets of an import: doubles, jumps, gaps. Pure."""

from collections.abc import Iterable

from daemon.importing.import_report import ImportReport
from protocol.errors import LogError
from protocol.session.events import EventRecord, FramePlace, has_jumped
from protocol.session.flaws import borrowed_from, lacks_screenshot
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import GapCount

__all__ = ["ImportOrderCheck"]


class ImportOrderCheck:
    """Check and counter of the frame sets of one session, in the order of the log.

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

    def enter(self, frame_set: FrameSet, place: str) -> EventRecord | None:
        """Enter a frame set.

        Args:
            frame_set: the frame set, complete.
            place: file and line of its first row.

        Returns:
            The event that the game was somewhere else before it; None where it went on.

        Raises:
            LogError: there was one of that id before.
        """
        number = frame_set.frame_set_id
        if number in self._places:
            raise LogError(
                f"{place}: frame set {number} begins again, it is at {self._places[number]} already. If these "
                "are two sessions, import the log of each by itself, under its own --session_name."
            )
        if self.last is not None and number < self.last:
            self._report.note("Frame sets are out of order in the log", place)
        self._places[number] = place
        self.first = number if self.first is None else min(self.first, number)
        self.last = number if self.last is None else max(self.last, number)
        self.last_time = max(self.last_time, frame_set.frames[-1].timestamp)
        if frame_set.flaws:
            self.lost = GapCount(
                screenshots=self.lost.screenshots + lacks_screenshot(frame_set.flaws),
                flawed=self.lost.flawed + 1,
            )
            self._report.flaws.update(flaw for flaw in frame_set.flaws if borrowed_from(flaw) is None)
        self._report.frame_sets += 1
        self._report.largest_set = max(self._report.largest_set, len(frame_set.frames))
        return self._jump(frame_set)

    def missing(self, numbers: Iterable[int]) -> list[int]:
        """Return those of the numbers whose frame set did not come."""
        return [number for number in numbers if number not in self._places]

    def _jump(self, frame_set: FrameSet) -> EventRecord | None:
        number, first = frame_set.frame_set_id, frame_set.frames[0]
        before, self._before = self._before, (number, frame_set.frames[-1].frame)
        if before is None or number < before[0] or not has_jumped(before, (number, first.frame), self._num_frames):
            return None
        return EventRecord(first.timestamp, "jump", number, first.frame, {"from": before[1], "to": first.frame})
