"""Rows of the log become frame sets. Pure.

A row tells its frame's time, program counter and keys; of several rows of a frame the last one counts. Frames without a
row are not in the log, so nothing is known of them, nor can a set be called incomplete because it lacks one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from daemon.importing.buttons import Buttons
from daemon.importing.csv_log import I64, LogRows
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges

__all__ = ["FRAMES_OUT_OF_ORDER", "LogSets", "LoggedSet"]

FRAMES_OUT_OF_ORDER = "its frames were out of order in the log"
"""The flaw of a set during which a savestate was loaded or the game was rewound."""


_Told: TypeAlias = tuple[bytes, int, int, int, int, int]
"""What the last row of a frame says of it: the log's text, time, program counter, and where in it its keys are."""


@dataclass(frozen=True, slots=True, eq=False)
class LoggedSet:
    """A frame set as the log has it.

    Args:
        part: the part of the log in which its first row is, counted from 0.
        line: the line of that part, from 1.
        frame_set: the set, without a screenshot.
    """

    part: int
    line: int
    frame_set: FrameSet


class LogSets:
    """Gathers the frame sets of a log.

    Args:
        buttons: reads its key columns.
    """

    def __init__(self, buttons: Buttons) -> None:
        self._buttons = buttons
        self._open: _OpenSet | None = None

    def receive(self, rows: LogRows, part: int = 0) -> Iterator[LoggedSet]:
        """Take the next rows, of a part of the log, and yield the sets that another set follows: they are complete."""
        runs = _scans(rows)
        first_rows = rows.first[runs].tolist()
        last_runs = np.append(runs[1:], len(rows.first))[: len(runs)] - 1
        begin = (column[runs].tolist() for column in (rows.frame_set, rows.line, rows.frame, rows.region, rows.chunk))
        told = (rows.timestamp, rows.pc, rows.history_from, rows.keys_from, rows.keys_to)
        end = (column[last_runs].tolist() for column in told)
        for first_row, end_row, number, line, frame, region, chunk, *last in zip(
            first_rows, [*first_rows[1:], len(rows)], *begin, *end, strict=False
        ):
            if self._open is None or self._open.number != number:
                yield from self.finish()
                self._open = _OpenSet(number, part, line)
            scanned = slice(first_row, end_row)
            changes = ScanChanges(
                region=rows.regions[region],
                chunk=chunk,
                frame=frame,
                addresses=rows.address[scanned],
                previous=rows.previous[scanned],
                current=rows.current[scanned],
                freq=rows.freq[scanned],
            )
            self._open.add(changes, (rows.text, *last))

    def finish(self) -> Iterator[LoggedSet]:
        """Yield the set that is left: the log is at its end, or another set begins."""
        if self._open is not None:
            yield self._finished(self._open)
            self._open = None

    def _finished(self, gathered: "_OpenSet") -> LoggedSet:
        scans, numbers = gathered.scans, sorted(gathered.told)
        flaws: tuple[str, ...] = ()
        if list(gathered.told) != numbers:
            scans = sorted(scans, key=lambda scan: scan.frame)
            flaws = (FRAMES_OUT_OF_ORDER,)
        frames = tuple(self._record(frame, *gathered.told[frame]) for frame in numbers)
        frame_set = FrameSet(gathered.number, frames, tuple(scans), flaws, b"")
        return LoggedSet(gathered.part, gathered.line, frame_set)

    def _record(
        self, frame: int, text: bytes, timestamp: int, pc: int, history_from: int, keys_from: int, keys_to: int
    ) -> FrameRecord:
        return FrameRecord(
            frame=frame,
            timestamp=timestamp,
            pc=pc,
            current_keys=self._buttons.combination(text[keys_from:keys_to]),
            key_history=self._buttons.history(text[history_from : keys_from - 1]),
        )


class _OpenSet:
    """The frame set whose rows are being read."""

    def __init__(self, number: int, part: int, line: int) -> None:
        self.number = number
        self.part = part
        self.line = line
        self.scans: list[ScanChanges] = []
        self.told: dict[int, _Told] = {}

    def add(self, changes: ScanChanges, told: _Told) -> None:
        self.told[changes.frame] = told
        if self.scans and _is_same_scan(self.scans[-1], changes):
            changes = _joined(self.scans.pop(), changes)
        self.scans.append(changes)


def _scans(rows: LogRows) -> I64:
    """Find the runs with which the rows of another chunk, frame or set begin."""
    begins = np.ones(len(rows.first), bool)
    begins[1:] = False
    for column in (rows.frame_set, rows.frame, rows.region, rows.chunk):
        begins[1:] |= column[1:] != column[:-1]
    return np.flatnonzero(begins)


def _is_same_scan(one: ScanChanges, other: ScanChanges) -> bool:
    return one.frame == other.frame and one.chunk == other.chunk and one.region == other.region


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
