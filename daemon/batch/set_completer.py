"""Frame sets of a log get what the log does not have: screenshots, and what stands beside it. Shell: reads files."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from daemon.assembler import NO_SCREENSHOT
from daemon.batch.beside import Beside, BesideSet
from daemon.batch.import_report import ImportReport
from daemon.batch.log_sets import LoggedSet
from daemon.batch.snapshots import Snapshots, lender
from protocol.annotations import Annotations
from protocol.documents import EventRecord, FrameSet, GapCount
from protocol.errors import LogError
from protocol.integrity import ChunkName

__all__ = ["CompleteSet", "SetCompleter"]


@dataclass(frozen=True, slots=True, eq=False)
class CompleteSet:
    """A frame set as it will be stored.

    Args:
        frame_set: the set.
        labels: what it is labelled with; None where it was never labelled.
        sighted: chunks that were seen for the first time or anew in it.
        jump: the event that the game was somewhere else before it; None where it went on.
    """

    frame_set: FrameSet
    labels: Annotations | None = None
    sighted: tuple[ChunkName, ...] = ()
    jump: EventRecord | None = None


class SetCompleter:
    """Completes the frame sets of one session and counts them.

    Args:
        snapshots: has the screenshots.
        beside: what stands beside the log, if anything does.
        num_frames: frames in a frame set; the original's have one more.
        report: where to count.

    Attributes:
        first: the smallest id, None before the first set.
        last: the largest id.
        last_time: the latest time of a frame, ms since the epoch.
        lost: what the sets lack.
    """

    def __init__(self, snapshots: Snapshots, beside: Beside | None, num_frames: int, report: ImportReport) -> None:
        self._snapshots = snapshots
        self._beside = beside
        self._most_frames = num_frames + 1
        self._report = report
        self._before: tuple[int, int] | None = None
        self._sighted = beside.session.sighted() if beside else {}
        self._places: dict[int, str] = {}
        self.first: int | None = None
        self.last: int | None = None
        self.last_time = 0
        self.lost = GapCount()

    def complete(self, logged: LoggedSet) -> CompleteSet:
        """Complete a frame set.

        Raises:
            LogError: there was one of that id before, or a file can not be read.
        """
        number = logged.frame_set.frame_set_id
        if number in self._places:
            raise LogError(
                f"{logged.place}: frame set {number} begins again, it is at {self._places[number]} already. If these "
                "are two sessions, import the log of each by itself, under its own --session_name."
            )
        if self.last is not None and number < self.last:
            self._report.note("Frame sets are out of order in the log", logged.place)
        self._places[number] = logged.place
        known = self._beside.find(number) if self._beside else None
        if known is not None:
            return self._counted(known.completed(logged.frame_set), known)
        png, flaws = self._snapshots.find(number)
        return self._counted(replace(logged.frame_set, flaws=(*logged.frame_set.flaws, *flaws), png=png))

    def remaining(self) -> Iterator[CompleteSet]:
        """Yield the frame sets that stand beside the log and have no row in it.

        Raises:
            LogError: a file can not be read.
        """
        for number in self._beside.numbers() if self._beside else ():
            known = None if number in self._places or not self._beside else self._beside.find(number)
            if known is not None:
                self._places[number] = ""
                yield self._counted(known.alone(), known)

    def unused_snapshots(self) -> int:
        """Count the screenshots whose frame set did not come."""
        return sum(number not in self._places for number in self._snapshots.numbers)

    def _counted(self, frame_set: FrameSet, known: BesideSet | None = None) -> CompleteSet:
        number = frame_set.frame_set_id
        if known is not None:
            frame_set = replace(frame_set, png=self._snapshots.read(number))
        self.first = number if self.first is None else min(self.first, number)
        self.last = number if self.last is None else max(self.last, number)
        self.last_time = max(self.last_time, frame_set.frames[-1].timestamp)
        if frame_set.flaws:
            self.lost = GapCount(
                frame_sets=0,
                screenshots=self.lost.screenshots + (NO_SCREENSHOT in frame_set.flaws),
                flawed=self.lost.flawed + 1,
            )
            self._report.flaws.update(flaw for flaw in frame_set.flaws if lender(flaw) is None)
        self._report.frame_sets += 1
        self._report.largest_set = max(self._report.largest_set, len(frame_set.frames))
        if known is None:
            return CompleteSet(frame_set, jump=self._jump(frame_set))
        return CompleteSet(frame_set, known.labels, self._sighted.get(number, ()))

    def _jump(self, frame_set: FrameSet) -> EventRecord | None:
        """Notice a savestate, a reset or a rewind: the log tells them by frame numbers alone, and lacks idle frames."""
        number, frames = frame_set.frame_set_id, frame_set.frames
        before, self._before = self._before, (number, frames[-1].frame)
        if before is None or number < before[0]:
            return None
        room = (number - before[0] + 1) * self._most_frames
        if before[1] < frames[0].frame <= before[1] + room:
            return None
        details = {"from": before[1], "to": frames[0].frame}
        return EventRecord(frames[0].timestamp, "jump", number, frames[0].frame, details)
