"""Counts of changes of every value, of every width at every byte offset. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.rows import Rows, reduced
from daemon.analysis.timeline import I32
from protocol.changes import I64, Bools
from protocol.regions import WORD_BYTES

__all__ = ["ChangeCounts", "count_changes"]

_OWN = (0b0001, 0b0010, 0b0100, 0b1000, 0b0011, 0b0110, 0b1100, 0b1111, 0b1110, 0b0111)
"""Bytes of a word that are counted together: a change of any of them is one."""

_SHARED = ((0b1000, 0b0001), (0b1110, 0b0001), (0b1100, 0b0011), (0b1000, 0b0111))
"""Bytes of a word and of the next that belong to one value: changes of both at the same time are counted."""

_LANE_BITS = 9
_LANES = 7
_LONGEST = (1 << _LANE_BITS) - 1
"""Entries that are added up before a lane of 9 bits runs over."""

_LANE = np.uint64(_LONGEST)


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


class ChangeCounts:
    """Numbers of changes in a stretch. Changes of one value at the same time count once.

    Args:
        lanes: of each word, by its bytes, shape (14, words).
    """

    def __init__(self, lanes: I32) -> None:
        self._own = dict(zip(_OWN, lanes, strict=False))
        self._shared = dict(zip(_SHARED, lanes[len(_OWN) :], strict=True))
        self._words = lanes.shape[1]

    def of(self, width: int) -> I32:
        """Return the changes of the value at each byte offset, shape (bytes - width + 1,).

        Args:
            width: of the value in bytes, 1, 2 or 4.
        """
        counts = np.empty((self._words, WORD_BYTES), np.int32)
        value = (1 << width) - 1
        for offset in range(WORD_BYTES):
            own, following = value << offset & 0b1111, value << offset >> WORD_BYTES
            counts[:, offset] = self._own[own]
            if following:  # Inclusion and exclusion: what both words changed at the same time is one change.
                counts[:-1, offset] += self._own[following][1:] - self._shared[own, following][:-1]
        return counts.ravel()[: counts.size - width + 1]


def count_changes(parts: Sequence[Rows], words: int, after: int, until: int, times: Bools | None) -> ChangeCounts:
    """Count changes; see `History.change_counts`.

    Args:
        parts: the entries.
        words: of all regions.
        after: the stretch.
        until: its end.
        times: only at these; None for all.
    """
    lanes = np.zeros((len(_LANES_IN_ORDER), words), np.int32)
    for part in parts:
        changed = part.changed if times is None else part.changed * times.view(np.uint8)[part.time]
        span = part.span(after, until)
        rows = np.flatnonzero(span.end > span.first)
        first, end, starts = _pieces(span.first[rows], span.end[rows])
        for number, table in enumerate(_TABLES):
            sums = reduced(np.add, table[changed], first, end)
            for lane in range(_LANES):
                counts = (sums >> np.uint64(_LANE_BITS * lane) & _LANE).astype(np.int32)
                lanes[_LANES * number + lane, part.words[rows]] += _sums(counts, starts)
    return ChangeCounts(lanes)


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
    return np.add.reduceat(counts, starts) if len(starts) else counts
