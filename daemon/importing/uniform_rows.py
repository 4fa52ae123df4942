"""The words of rows that all have their fields in the same places, in half the time. Pure.

Nearly every part of a log is like that: up to `curr_val` each field is as wide as in the row before, and what stands
behind `freq` is the same in many rows in a row. Whatever is not is for `csv_log`, which reads any row.
"""

from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from daemon.importing.digits import FIELD, Bools, Offsets, Windows, hex_values
from protocol.changes import U16, U32

__all__ = ["LONGEST_TAIL", "UniformRows", "uniform_rows"]

_COMMA, _NEWLINE, _RETURN, _ZERO = b",\n\r0"
_HEAD = 6
"""Fields up to `curr_val`; the last three are words, those before are the same in many rows."""

_SAME = 3
_FREQ = 4
"""Characters of `freq` and the comma behind it, at most."""

LONGEST_TAIL = 256
"""Characters behind `freq`, at most."""

_KEPT = np.where(np.arange(LONGEST_TAIL) < np.arange(LONGEST_TAIL + 1)[:, None], 0xFF, 0).astype(np.uint8)
"""For each length of a tail, which bytes of a window belong to it, shape (257, 256)."""


@dataclass(frozen=True, slots=True, eq=False)
class UniformRows:
    """The words of rows, and which rows say the same of everything else.

    Args:
        address: bus address, shape (rows,).
        previous: value before, shape (rows,).
        current: value now, shape (rows,).
        freq: how often the address changed in the last 100 frames, shape (rows,).
        first: the first of the rows that agree in all other fields, shape (runs,).
        lines: the lines of those, joined.
    """

    address: U32
    previous: U32
    current: U32
    freq: U16
    first: Offsets
    lines: bytes


def uniform_rows(text: bytes, begin: int, end: int) -> UniformRows | None:
    """Read rows that have their fields in the same places.

    Args:
        text: lines, each ended by LF; with at least `LONGEST_TAIL` bytes of anything behind them.
        begin: where the first line begins.
        end: one past the end of the last.

    Returns:
        The rows; None where a line is not laid out as the first. Only words and `freq` are known to be good.
    """
    characters = np.frombuffer(text, np.uint8)
    ends = np.flatnonzero(characters[begin:end] == _NEWLINE) + begin
    if not len(ends):
        return None
    starts = np.concatenate(([begin], ends[:-1] + 1))
    widths = [len(field) + 1 for field in text[begin : ends[0]].split(b",")[:_HEAD]]
    head = sum(widths)
    if widths[_SAME:] != [FIELD + 1] * (_HEAD - _SAME) or (ends - starts).min() <= head + _FREQ + FIELD:
        return None
    if sum(widths[:_SAME]) <= FIELD:
        return None  # Too short to be compared eight characters at a time.
    rows = _copied(characters, starts, head + _FREQ)
    freq, digits, good = _freq(rows[:, head:])
    tails = starts + head + digits
    lengths = ends - tails
    commas = [place - 1 for place in accumulate(widths)]
    if not good.all() or lengths.max() > LONGEST_TAIL or (rows[:, commas] != _COMMA).any():
        return None
    words, good = hex_values(np.concatenate([_column(rows, comma - FIELD) for comma in commas[_SAME:]]))
    if not good.all():
        return None
    address, previous, current = words.reshape(_HEAD - _SAME, -1)
    begins = np.ones(len(starts), bool)
    begins[1:] = _changes(rows, commas[_SAME - 1]) | (lengths[1:] != lengths[:-1])
    begins[1:] |= _changes(_tails(characters, tails, lengths), int(lengths.max()))
    first = np.flatnonzero(begins)
    lines = b"".join([text[a : b + 1] for a, b in zip(starts[first].tolist(), ends[first].tolist(), strict=True)])
    return UniformRows(address, previous, current, freq, first, lines)


def _copied(characters: NDArray[np.uint8], starts: Offsets, width: int) -> NDArray[np.uint8]:
    """Copy `width` characters from each start, shape (n, width)."""
    every = np.ndarray((len(characters) - width + 1,), f"V{width}", characters, strides=(1,))
    return every[starts].view(np.uint8).reshape(-1, width)


def _column(rows: NDArray[np.uint8], place: int) -> Windows:
    """Return the eight characters at a place of each row, no copy."""
    return np.ndarray((len(rows),), "<u8", rows, place, rows.strides[:1])


def _freq(rows: NDArray[np.uint8]) -> tuple[U16, Offsets, Bools]:
    """Read one to three digits and the comma behind them, from the start of each row.

    Returns:
        Values, how many digits, and whether it is that.
    """
    value = np.zeros(len(rows), np.uint16)
    digits = np.zeros(len(rows), np.int64)
    open_ = np.ones(len(rows), bool)
    for place in range(_FREQ - 1):
        digit = rows[:, place] - np.uint8(_ZERO)
        open_ = open_ & (digit <= 9)
        value = np.where(open_, value * np.uint16(10) + digit, value)
        digits += open_
    return value, digits, (digits > 0) & (rows[np.arange(len(rows)), digits] == _COMMA)


def _tails(characters: NDArray[np.uint8], starts: Offsets, lengths: Offsets) -> NDArray[np.uint8]:
    """Copy what stands behind `freq`, filled up with NUL to a multiple of eight characters, shape (n, width)."""
    width = -(-int(lengths.max()) // FIELD) * FIELD
    return _copied(characters, starts, width) & _KEPT[lengths, :width]


def _changes(rows: NDArray[np.uint8], width: int) -> Bools:
    """Tell which rows are not as the row before in their first `width` characters, shape (n - 1,)."""
    changes = np.zeros(len(rows) - 1, bool)
    for place in range(0, width, FIELD):
        column = _column(rows, min(place, width - FIELD))
        changes |= column[1:] != column[:-1]
    return changes
