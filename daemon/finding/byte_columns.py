"""Single bytes after chosen frame sets, and their changes in windows of time. Pure."""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.rows import OWN, Rows
from protocol.changes import I32, I64, U8, U32
from protocol.regions import WORD_BYTES
from protocol.session.change_log import known_bytes

__all__ = ["CODES", "UNKNOWN", "Codes", "bytes_at", "changes_in", "scan_lag"]

Codes: TypeAlias = NDArray[np.int16]
"""Values of bytes, or `UNKNOWN`."""

UNKNOWN = 256
"""Code of a byte whose value is not known."""

CODES = 257
"""Values of a byte, and that it is not known."""

_LOOKED_AT = 4096


def bytes_at(history: History, positions: I64, places: I64, lag: int | None = None) -> Codes:
    """Return bytes after chosen frame sets, as they probably were at the sets' last frames.

    A chunk is scanned once in a set. What is scanned early in the next set has mostly changed in this one.

    Args:
        history: the recording.
        positions: byte offsets in memory images, ascending, shape (c,).
        places: of the timeline, ascending, shape (s,).
        lag: frames by which a change is seen late; None for half of the time between two scans.

    Returns:
        Their values, `UNKNOWN` where they are not known, shape (c, s).
    """
    words = np.unique(positions // WORD_BYTES)
    values = np.zeros((len(words), len(places)), np.uint32)
    known = np.zeros((len(words), len(places)), np.uint8)
    times = ((places + 1) * history.timeline.stride - 1 + (scan_lag(history) if lag is None else lag)).astype(np.int32)
    for part in history.parts:
        _fill(part, words, times, values, known)
    rows = np.searchsorted(words, positions // WORD_BYTES)
    place_in_word = (positions % WORD_BYTES)[:, np.newaxis]
    found = (values[rows] >> (8 * place_in_word).astype(np.uint32) & 0xFF).astype(np.int16)
    found[(known[rows] >> place_in_word.astype(np.uint8) & 1) == 0] = UNKNOWN
    return found


def scan_lag(history: History) -> int:
    """Return by how many frames a change is seen late: half a set; 0 if all is scanned at once."""
    stride = history.timeline.stride
    positions = {
        position
        for part in history.parts
        for position in np.unique(part.time[:: 1 + len(part) // _LOOKED_AT] % stride).tolist()
    }
    return stride // 2 if len(positions) > 1 else 0


def _fill(part: Rows, words: I64, times: I32, values: U32, known: U8) -> None:
    """Enter the values that words have by some entries at chosen times, and their known bytes."""
    rows, entries = part.entries_of(words)
    if not len(entries):
        return
    moments = np.searchsorted(times, part.time[entries])
    is_last = np.ones(len(entries), np.bool_)
    is_last[:-1] = (rows[1:] != rows[:-1]) | (moments[1:] != moments[:-1])
    chosen = np.flatnonzero(is_last & (moments < len(times)))
    there = np.unique(rows)
    last_entries = np.full((len(there), len(times)), -1, np.int64)
    last_entries[np.searchsorted(there, rows[chosen]), moments[chosen]] = entries[chosen]
    np.maximum.accumulate(last_entries, axis=1, out=last_entries)
    has_entry = last_entries >= 0
    values[there] = np.where(has_entry, part.value[last_entries], values[there])
    known[there] = np.where(has_entry, known_bytes(part.kind[last_entries]), known[there])


def changes_in(history: History, positions: I64, window: I32, windows: int) -> I64:
    """Return how often bytes changed in each of some windows, shape (c, windows).

    Args:
        history: the recording.
        positions: of the bytes.
        window: at each time, the one that it belongs to, or -1.
        windows: how many there are.
    """
    words = np.unique(positions // WORD_BYTES)
    changes = np.zeros((len(words), windows, WORD_BYTES), np.int64)
    for part in history.parts:
        rows, entries = part.entries_of(words)
        found = window[part.time[entries]]
        inside = np.flatnonzero((found >= 0) & ((part.changed[entries] & OWN) > 0))
        bits = part.changed[entries[inside], np.newaxis] >> np.arange(WORD_BYTES, dtype=np.uint8) & 1
        np.add.at(changes, (rows[inside], found[inside]), bits)
    return changes[np.searchsorted(words, positions // WORD_BYTES), :, positions % WORD_BYTES]
