"""Counts of changes of every value, of every width at every byte offset. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.rows import Slice, reduced
from protocol.changes import I32, I64, Bools
from protocol.regions import WORD_BYTES

__all__ = ["ChangeCounts"]

_OWN = (0b0001, 0b0010, 0b0100, 0b1000, 0b0011, 0b0110, 0b1100, 0b1111, 0b1110, 0b0111)
"""Bytes of a word that are counted together: a change of any of them is one."""

_SHARED = ((0b1000, 0b0001), (0b1110, 0b0001), (0b1100, 0b0011), (0b1000, 0b0111))
"""Bytes of a word and of the next that belong to one value: changes of both at the same time are counted."""

_LANE_BITS = 9
_LANES = 7
_LANE = np.uint64((1 << _LANE_BITS) - 1)
_SHIFTS = np.arange(_LANES, dtype=np.uint64)[:, np.newaxis] * np.uint64(_LANE_BITS)

_LONGEST = (1 << _LANE_BITS) - 3
"""Entries that are added up, with one before and one behind them, before a lane of 9 bits runs over."""


def _table(lanes: Sequence[tuple[int, int]]) -> NDArray[np.uint64]:
    """Return for each value of `Rows.changed` a 1 in every lane to which it counts."""
    changed = np.arange(256)
    table = np.zeros(256, np.uint64)
    for lane, (own, following) in enumerate(lanes):
        counts = ((changed & own) != 0) & ((following == 0) | ((changed >> 4 & following) != 0))
        table |= counts.astype(np.uint64) << np.uint64(_LANE_BITS * lane)
    return table


_LANES_IN_ORDER = [*((own, 0) for own in _OWN), *_SHARED]
_TABLES = [_table(_LANES_IN_ORDER[first : first + _LANES]) for first in range(0, len(_LANES_IN_ORDER), _LANES)]
_PAIR_TABLES = [np.add.outer(table, table).ravel() for table in _TABLES]
"""The same for two entries one after the other, read as one number of 16 bits: looking up is what takes the time."""


class ChangeCounts:
    """Numbers of changes in a stretch. Changes of one value at the same time count once.

    Args:
        words: of all regions.
    """

    def __init__(self, words: int) -> None:
        self._words = words
        self._lanes = np.zeros((len(_LANES_IN_ORDER), words), np.int32)

    def __add__(self, other: "ChangeCounts") -> "ChangeCounts":
        """Return the changes in two stretches that do not overlap."""
        result = ChangeCounts(self._words)
        np.add(self._lanes, other._lanes, out=result._lanes)
        return result

    def __sub__(self, other: "ChangeCounts") -> "ChangeCounts":
        """Return the changes in a stretch without those in a part of it."""
        result = ChangeCounts(self._words)
        np.subtract(self._lanes, other._lanes, out=result._lanes)
        return result

    def add(self, piece: Slice, times: Bools | None = None) -> None:
        """Count more entries.

        Args:
            piece: the entries.
            times: only at these, shape (sets * stride,); None for all.
        """
        # `take` is twice as fast as an index here.
        changed = piece.changed if times is None else piece.changed * times.view(np.uint8).take(piece.time)
        changed = np.append(changed, np.zeros(2 + len(changed) % 2, np.uint8))  # A pair behind the last one.
        first, end, starts = _pieces(piece.first, piece.end)
        for number, (table, pairs) in enumerate(zip(_TABLES, _PAIR_TABLES, strict=True)):
            sums = reduced(np.add, pairs.take(changed.view(np.uint16)), first >> 1, (end + 1) >> 1)
            # Where a piece begins or ends within a pair, half of that was too much.
            sums -= table.take(changed[first - 1] * (first & 1).astype(np.uint8))
            sums -= table.take(changed[end] * (end & 1).astype(np.uint8))
            counts = (sums >> _SHIFTS & _LANE).astype(np.int32)
            lanes = slice(_LANES * number, _LANES * (number + 1))
            self._lanes[lanes, piece.words] += _sums(counts, starts)

    def of(self, width: int) -> I32:
        """Return the changes of the value at each byte offset, shape (bytes - width + 1,).

        Args:
            width: of the value in bytes, 1, 2 or 4.
        """
        counts = np.empty((self._words, WORD_BYTES), np.int32)
        value = (1 << width) - 1
        own_lanes = dict(zip(_OWN, self._lanes, strict=False))
        shared_lanes = dict(zip(_SHARED, self._lanes[len(_OWN) :], strict=True))
        for offset in range(WORD_BYTES):
            own, following = value << offset & 0b1111, value << offset >> WORD_BYTES
            counts[:, offset] = own_lanes[own]
            if following:  # Inclusion and exclusion: what both words changed at the same time is one change.
                counts[:-1, offset] += own_lanes[following][1:] - shared_lanes[own, following][:-1]
        return counts.ravel()[: counts.size - width + 1]


def _pieces(first: I64, end: I64) -> tuple[I64, I64, I64]:
    """Cut stretches so that no piece is longer than `_LONGEST`.

    Returns:
        Beginning and end of each piece, and the index of each stretch's first piece.
    """
    pieces = -(-(end - first) // _LONGEST)
    starts = np.cumsum(pieces) - pieces
    firsts = np.repeat(first, pieces) + _LONGEST * (np.arange(int(pieces.sum())) - np.repeat(starts, pieces))
    return firsts, np.minimum(firsts + _LONGEST, np.repeat(end, pieces)), starts


def _sums(counts: I32, starts: I64) -> I32:
    """Add up the pieces of each stretch; mostly each has one."""
    return counts if len(starts) == counts.shape[1] else np.add.reduceat(counts, starts, axis=1)
