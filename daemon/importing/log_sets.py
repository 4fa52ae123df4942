"""Rows of a log become frame sets. Pure.

A row says its frame's time, program counter and keys; of several rows of a frame the last one counts. Frames without a
row are not in the log, so nothing is known of them, nor can a set be called incomplete because it lacks one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from operator import attrgetter

import numpy as np

from daemon.importing.keyboard_map import KeyboardMap
from daemon.importing.log_rows import LogRows
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges

__all__ = ["FRAMES_OUT_OF_ORDER", "frame_sets"]

FRAMES_OUT_OF_ORDER = "its frames were out of order in the log"
"""The flaw of a set during which a savestate was loaded or the game was rewound."""


def frame_sets(rows: Iterable[LogRows], keyboard: KeyboardMap) -> Iterator[tuple[str, FrameSet]]:
    """Gather rows into frame sets, one at a time.

    Args:
        rows: the rows of a log, in its order.
        keyboard: reads their keys.

    Yields:
        Where the set's first row is, and the set, without a screenshot.
    """
    for number, rows_of_set in groupby(rows, attrgetter("frame_set")):
        place = ""
        last_rows: dict[int, LogRows] = {}
        scans: list[ScanChanges] = []
        for _, rows_of_scan in groupby(rows_of_set, attrgetter("changes.frame", "changes.region", "changes.chunk")):
            parts = list(rows_of_scan)
            place = place or parts[0].place
            last_rows[parts[-1].changes.frame] = parts[-1]
            scans.append(_joined([part.changes for part in parts]))
        flaws: tuple[str, ...] = ()
        if list(last_rows) != sorted(last_rows):
            scans.sort(key=attrgetter("frame"))
            flaws = (FRAMES_OUT_OF_ORDER,)
        frames = tuple(_frame(last_rows[frame], keyboard) for frame in sorted(last_rows))
        yield place, FrameSet(number, frames, tuple(scans), flaws, b"")


def _joined(parts: Sequence[ScanChanges]) -> ScanChanges:
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        addresses=np.concatenate([part.addresses for part in parts]),
        previous=np.concatenate([part.previous for part in parts]),
        current=np.concatenate([part.current for part in parts]),
        freq=np.concatenate([part.freq for part in parts]),
    )


def _frame(rows: LogRows, keyboard: KeyboardMap) -> FrameRecord:
    return FrameRecord(
        frame=rows.changes.frame,
        timestamp=rows.timestamp,
        pc=rows.pc,
        current_keys=keyboard.combination(rows.current_keys),
        key_history=keyboard.history(rows.key_history),
    )
