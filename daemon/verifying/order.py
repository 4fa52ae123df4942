"""Check of the order of a session's frame sets. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from daemon.verifying.report import Report
from protocol.session.events import DISCONTINUITIES, EventRecord
from protocol.session.flaws import is_cut_short
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import SessionMetadata

__all__ = ["OrderJudge"]

_BREAKS = DISCONTINUITIES | {"error"}
"""Events after which frame numbers may jump."""


class OrderJudge:
    """Judge of the order of frame sets, one after the other.

    Args:
        metadata: the session's, None where it is damaged.
        listed: numbers of the frame sets that have checksums.
        events: of the session.
        report: where findings go.

    Attributes:
        lost: how many of the missing frame sets are lost according to the session itself.
    """

    def __init__(
        self,
        metadata: SessionMetadata | None,
        listed: Iterable[int],
        events: Sequence[EventRecord],
        report: Report,
    ) -> None:
        self._size = None if metadata is None else metadata.num_frames_per_set
        self._recorded = metadata is None or not metadata.is_of_a_log
        self._listed = sorted(listed)
        self._report = report
        self._breaks = {event.frame_set_id for event in events if event.name in _BREAKS}
        self._gaps = [_span(event) for event in events if event.name == "gap"]
        self.lost = 0
        self._next = 0
        self._last: FrameSet | None = None

    def expect(self, number: int) -> bool:
        """Judge the frame sets that should be before this one.

        Returns:
            Whether one is missing that was there once.
        """
        damaged = False
        for missing, was_lost in self._missing(self._next, number):
            first, last = missing[0], missing[-1]
            one = first == last
            numbers = str(first) if one else f"{first} to {last}"
            if was_lost:
                lost = "was lost: the script no longer held it" if one else "were lost: the script no longer held them"
                self._report.flaw(numbers, lost, first)
                self.lost += len(missing)
            else:
                self._report.damage(numbers, "is missing" if one else "are missing", first)
                damaged = True
        self._next = number + 1
        return damaged

    def _missing(self, first: int, end: int) -> Iterator[tuple[range, bool]]:
        """Yield the stretches that are missing, each with whether an event explains it.

        Folders can have any number.
        """
        edges = {first, end, *(edge for gap in self._gaps for edge in (gap.start, gap.stop) if first < edge < end)}
        for start, stop in pairwise(sorted(edges)):
            if any(start in gap for gap in self._gaps):
                yield range(start, stop), True
            elif self._recorded:
                yield range(start, stop), False
            else:
                listed = self._listed[bisect_left(self._listed, start) : bisect_left(self._listed, stop)]
                yield from ((range(number, number + 1), False) for number in listed)

    def frame_set(self, frame_set: FrameSet) -> None:
        """Judge the frames of the next frame set; an imported session may lack some."""
        last, self._last = self._last, frame_set
        if not self._recorded:
            return
        number, frames = frame_set.frame_set_id, [frame.frame for frame in frame_set.frames]
        file = f"{number}/event.json"
        usual = len(frames) if frame_set.interruption else self._size
        if frame_set.whole and usual is not None and frames != list(range(frames[0], frames[0] + usual)):
            self._report.damage(file, f"calls itself whole with the frames {frames}", number)
        if last is None or last.frame_set_id + 1 != number:
            return
        before = last.frames[-1].frame
        if frames[0] != before + 1 and not self._is_explained(last, number):
            reason = f"begins at frame {frames[0]}, after frame {before}: nothing explains that"
            self._report.damage(file, reason, number)

    def _is_explained(self, last: FrameSet, number: int) -> bool:
        was_cut = last.interruption != "" or any(map(is_cut_short, last.flaws))
        return was_cut or last.frame_set_id in self._breaks or number in self._breaks


def _span(event: EventRecord) -> range:
    match event.details:
        case {"first": int(first), "last": int(last)}:
            return range(first, last + 1)
        case _:
            return range(0)
