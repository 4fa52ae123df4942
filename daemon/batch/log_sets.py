"""Rows of the log become frame sets. Pure.

A row tells its frame's time, program counter and keys; of several rows of a frame the last one counts. Frames without a
row are not in the log, so nothing is known of them, nor can a set be called incomplete because it lacks one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from daemon.batch.buttons import Buttons
from daemon.batch.csv_log import LogRows
from protocol.documents import FrameRecord, FrameSet, ScanChanges

__all__ = ["FRAMES_OUT_OF_ORDER", "LogSets", "LoggedSet"]

FRAMES_OUT_OF_ORDER = "its frames were out of order in the log"
"""The flaw of a set during which a savestate was loaded or the game was rewound."""


@dataclass(frozen=True, slots=True, eq=False)
class LoggedSet:
    """A frame set as the log has it.

    Args:
        place: file and line of its first row.
        frame_set: the set, without a screenshot.
    """

    place: str
    frame_set: FrameSet


class LogSets:
    """Gathers the frame sets of a log.

    Args:
        buttons: reads its key columns.
    """

    def __init__(self, buttons: Buttons) -> None:
        self._buttons = buttons
        self._open: _OpenSet | None = None

    def receive(self, rows: LogRows, file: str) -> Iterator[LoggedSet]:
        """Take the next rows, of a file, and yield the sets that are complete: those that another set follows."""
        for scan in _scans(rows):
            if self._open is None or self._open.number != scan.frame_set:
                if self._open is not None:
                    yield self._finish(self._open)
                self._open = _OpenSet(scan.frame_set, f"{file}:{scan.line}")
            self._open.add(scan)

    def finish(self) -> Iterator[LoggedSet]:
        """Yield the last set: the log is at its end."""
        if self._open is not None:
            yield self._finish(self._open)
        self._open = None

    def _finish(self, finished: "_OpenSet") -> LoggedSet:
        scans, frames = finished.scans, list(finished.last_rows)
        flaws: tuple[str, ...] = ()
        if frames != sorted(frames):
            scans = sorted(scans, key=lambda scan: scan.frame)
            frames.sort()
            flaws = (FRAMES_OUT_OF_ORDER,)
        records = tuple(self._record(frame, *finished.last_rows[frame]) for frame in frames)
        return LoggedSet(finished.place, FrameSet(finished.number, records, tuple(scans), flaws, b""))

    def _record(self, frame: int, rows: LogRows, row: int) -> FrameRecord:
        history, keys = rows.keys(row)
        return FrameRecord(
            frame=frame,
            timestamp=int(rows.timestamp[row]),
            pc=int(rows.pc[row]),
            current_keys=self._buttons.combination(keys),
            key_history=self._buttons.history(history),
        )


@dataclass(frozen=True, slots=True, eq=False)
class _Scan:
    """Rows of one chunk at one frame, next to each other in the log."""

    frame_set: int
    line: int
    last_row: int
    rows: LogRows
    changes: ScanChanges


class _OpenSet:
    """The frame set whose rows are being read."""

    def __init__(self, number: int, place: str) -> None:
        self.number = number
        self.place = place
        self.scans: list[ScanChanges] = []
        self.last_rows: dict[int, tuple[LogRows, int]] = {}

    def add(self, scan: _Scan) -> None:
        changes = scan.changes
        self.last_rows[changes.frame] = scan.rows, scan.last_row
        if self.scans and _is_same_scan(self.scans[-1], changes):
            changes = _joined(self.scans.pop(), changes)
        self.scans.append(changes)


def _scans(rows: LogRows) -> Iterator[_Scan]:
    if not len(rows):
        return
    begins = np.zeros(len(rows), bool)
    begins[0] = True
    for column in (rows.frame_set, rows.frame, rows.region, rows.chunk):
        begins[1:] |= column[1:] != column[:-1]
    firsts = np.flatnonzero(begins)
    facts = (rows.frame_set, rows.line, rows.frame, rows.region, rows.chunk)
    for first, after, number, line, frame, region, chunk in zip(
        firsts.tolist(),
        [*firsts[1:].tolist(), len(rows)],
        *(column[firsts].tolist() for column in facts),
        strict=True,
    ):
        part = slice(first, after)
        changes = ScanChanges(
            region=rows.regions[region],
            chunk=chunk,
            frame=frame,
            addresses=rows.address[part],
            previous=rows.previous[part],
            current=rows.current[part],
            freq=rows.freq[part],
        )
        yield _Scan(number, line, after - 1, rows, changes)


def _is_same_scan(one: ScanChanges, other: ScanChanges) -> bool:
    return (one.region, one.chunk, one.frame) == (other.region, other.chunk, other.frame)


def _joined(one: ScanChanges, other: ScanChanges) -> ScanChanges:
    return ScanChanges(
        region=one.region,
        chunk=one.chunk,
        frame=one.frame,
        addresses=np.concatenate((one.addresses, other.addresses)),
        previous=np.concatenate((one.previous, other.previous)),
        current=np.concatenate((one.current, other.current)),
        freq=np.concatenate((one.freq, other.freq)),
    )
