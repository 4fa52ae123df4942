"""Compressed rows: the entries of each word one after the other, and sums over them. Pure."""

from collections import OrderedDict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from protocol.changes import I32, I64, U8, U32, Bools
from protocol.regions import WORD_BYTES
from protocol.session.change_log import ALL_BYTES, EntryKind, kinds_of, known_bytes

__all__ = ["FEW", "OWN", "LoggedEntries", "Rows", "Slice", "Span", "logged_rows", "merged_rows", "reduced"]

OWN = np.uint8(0xF)
"""Bits of `Rows.changed` that are about the word itself; those above are about the next one."""

_BLOCK = 1 << 17
"""Entries that are worked on together: their columns stay in the processor's cache."""

FEW = 6
"""Entries of a stretch are picked out where all are more than so many times as many: to pass over one costs less."""

_MOMENTS = 24
"""Moments whose places in the rows are remembered: filters ask for the same few."""

_MULTIPLIER = np.uint32(1 << 24 | 1 << 17 | 1 << 10 | 1 << 3)
"""Collects the lowest bits of four bytes in the highest byte, in their order."""


@dataclass(frozen=True, slots=True, eq=False)
class LoggedEntries:
    """Entries of words at times, shape (m,) each: see `LogBlock`."""

    words: U32
    times: I32
    values: U32
    kinds: U8


@dataclass(frozen=True, slots=True, eq=False)
class Span:
    """Entries of a stretch: from `first` to before `end` of each row, shape (k,) both."""

    first: I64
    end: I64

    @property
    def entries(self) -> int:
        """Number of entries."""
        return int((self.end - self.first).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """Entries of some rows, with those of a stretch among them.

    Args:
        words: of the rows, shape (r,).
        time: of the entries, shape (e,).
        changed: see `Rows`, shape (e,).
        first: index of each row's first entry in the stretch; every row has one. Shape (r,).
        end: index behind its last, shape (r,).
    """

    words: U32
    time: I32
    changed: U8
    first: I64
    end: I64


class Rows:
    """Entries by word, each word's in the order in which they happened: *k* words, *m* entries.

    Args:
        words: the words that have entries, ascending, shape (k,).
        pointer: index of each word's first entry, and m, shape (k + 1,).
        time: of the timeline, ascending in each row, shape (m,).
        value: from then on; where it is not known, the last that was, shape (m,).
        kind: as `LogBlock.entry_kinds`, shape (m,).
        before: the value before each word's first entry; where that was not known, the value of the entry, shape (k,).
        changed: bytes of the word that this change changed, bit 0 for the lowest address; shifted by four bits: those
            of the next word that changed at the same time. 0 where nothing changed, shape (m,).
    """

    def __init__(self, words: U32, pointer: I64, time: I32, value: U32, kind: U8, changed: U8, before: U32) -> None:
        self.words = words
        self.pointer = pointer
        self.time = time
        self.value = value
        self.kind = kind
        self.changed = changed
        self.before = before
        self._ends: OrderedDict[int, I64] = OrderedDict()

    def __len__(self) -> int:
        """Number of entries."""
        return len(self.time)

    def ends(self, time: int) -> I64:
        """Return the index behind each row's last entry up to a time, shape (k,)."""
        found = self._ends.get(time)
        if found is None:
            found = _search(self.time, self.pointer, time)
            self._ends[time] = found
            while len(self._ends) > _MOMENTS:
                self._ends.popitem(last=False)
        return found

    def span(self, after: int, until: int) -> Span:
        """Return the entries later than one time and up to another."""
        return Span(self.ends(after), self.ends(max(after, until)))

    def row_of(self, word: int) -> slice:
        """Return the entries of a word; none where it has none."""
        row = int(np.searchsorted(self.words, np.uint32(word)))  # Of another type all of them would be copied.
        if row == len(self.words) or int(self.words[row]) != word:
            return slice(0, 0)
        return slice(int(self.pointer[row]), int(self.pointer[row + 1]))

    def entries_of(self, words: NDArray[np.integer]) -> tuple[I64, I64]:
        """Find the entries of some words.

        Args:
            words: their numbers, shape (w,).

        Returns:
            The index in `words` of each entry's word, ascending, and the index of the entry: shape (e,) both.
        """
        words = words.astype(np.uint32)  # Of another type all of the rows' would be copied.
        rows = np.searchsorted(self.words, words)
        there = np.flatnonzero(rows < len(self.words))
        there = there[self.words[rows[there]] == words[there]]
        first = self.pointer[rows[there]]
        counts = self.pointer[rows[there] + 1] - first
        return np.repeat(there, counts), _indices(first, counts)

    def words_of(self, entries: I64) -> U32:
        """Return the words of entries by their indices."""
        return self.words[np.searchsorted(self.pointer, entries, "right") - 1]

    @cached_property
    def is_split(self) -> bool:
        """True where of some words only some bytes are known.

        Rows of a word must then not be in several parts: what is known depends on all of its entries.
        """
        return bool(self.kind.max(initial=0) > EntryKind.UNKNOWN)

    @cached_property
    def restated(self) -> I64:
        """Indices of the entries that restate a value."""
        return np.flatnonzero(kinds_of(self.kind) == EntryKind.RESTATED)

    @cached_property
    def unknown(self) -> I64:
        """Indices of the entries from which on some byte is not known."""
        return np.flatnonzero(self.kind >= EntryKind.UNKNOWN)

    @cached_property
    def lost_bytes(self) -> U8:
        """Bytes that are not known any more from each entry of `unknown` on, as bits: its shape."""
        if not self.is_split:
            return np.full(len(self.unknown), ALL_BYTES, np.uint8)
        known = known_bytes(self.kind)
        before = np.append(np.uint8(0), known[:-1])
        before[self.pointer[:-1]] = 0
        return before[self.unknown] & ~known[self.unknown]

    @cached_property
    def restated_bytes(self) -> U8:
        """Bytes of the word that each restated entry moved, as bits: shape of `restated`."""
        rows = np.searchsorted(self.pointer, self.restated, "right") - 1
        is_first = self.pointer[rows] == self.restated
        before = np.where(is_first, self.before[rows], self.value[self.restated - 1])
        moved = _nonzero_bytes(self.value[self.restated] ^ before)
        return moved & self._seen_before(self.restated, rows) if self.is_split else moved

    def _seen_before(self, entries: I64, rows: I64) -> U8:
        """Return the bytes that were known at any entry of the word before each of some, as bits."""
        known = known_bytes(self.kind)
        seen = np.zeros(len(entries), np.uint8)
        for bit in (np.uint8(1 << byte) for byte in range(WORD_BYTES)):
            counts = np.append(0, np.cumsum(known & bit != 0))
            seen[counts[entries] > counts[self.pointer[rows]]] |= bit
        return seen

    def entries(self, span: Span) -> LoggedEntries:
        """Return the entries of a stretch, those of each word in their order."""
        counts = span.end - span.first
        places = _indices(span.first, counts)
        return LoggedEntries(
            words=np.repeat(self.words, counts),
            times=self.time[places],
            values=self.value[places],
            kinds=self.kind[places],
        )

    def slices(self, span: Span) -> Iterator[Slice]:
        """Cut the entries of a stretch into slices of whole rows that are worked on at once."""
        rows = np.flatnonzero(span.end > span.first)
        first, end = span.first[rows], span.end[rows]
        counts = end - first
        ends = np.cumsum(counts)
        if len(rows) and FEW * int(ends[-1]) < len(self):
            bounds = np.unique(np.append(np.searchsorted(ends, np.arange(0, ends[-1], _BLOCK)), len(rows))).tolist()
            for low, high in pairwise(bounds):
                inside = counts[low:high]
                stops = np.cumsum(inside)
                places = _indices(first[low:high], inside)
                yield Slice(
                    words=self.words[rows[low:high]],
                    time=self.time.take(places),
                    changed=self.changed.take(places),
                    first=stops - inside,
                    end=stops,
                )
            return
        bounds = np.unique(np.append(np.searchsorted(first, np.arange(0, len(self), _BLOCK)), len(rows))).tolist()
        for low, high in pairwise(bounds):
            begin, stop = int(first[low]), int(end[high - 1])
            yield Slice(
                words=self.words[rows[low:high]],
                time=self.time[begin:stop],
                changed=self.changed[begin:stop],
                first=first[low:high] - begin,
                end=end[low:high] - begin,
            )


def _indices(first: I64, counts: I64) -> I64:
    """Return the indices of runs of entries, one run after the other: shape (sum of counts,)."""
    ends = np.cumsum(counts)
    return np.arange(int(counts.sum())) + np.repeat(first - ends + counts, counts)


def reduced(ufunc: np.ufunc, column: NDArray[Any], first: I64, end: I64) -> NDArray[Any]:
    """Reduce a column piece by piece.

    Args:
        ufunc: of two numbers.
        column: shape (m,).
        first: first index of each piece, ascending, shape (p,).
        end: index behind its last, greater than `first`, shape (p,).

    Returns:
        Shape (p,).
    """
    if not len(first):
        return np.empty(0, column.dtype)
    bounds = np.empty(2 * len(first), np.int64)
    bounds[::2], bounds[1::2] = first, end
    # The last bound may be the end of the column, which is no index. What lies between two pieces is thrown away.
    bounds = bounds[:-1] if bounds[-1] == len(column) else bounds
    found: NDArray[Any] = ufunc.reduceat(column, bounds)[::2]
    return found


def logged_rows(entries: LoggedEntries, latest: U32, seen: Bools) -> Rows:
    """Sort entries by word.

    Args:
        entries: as they happened.
        latest: the last known value of each word before, shape (all words,).
        seen: whether there was one.
    """
    count = len(entries.words)
    # One number of word and index sorts several times as fast as a stable sort of the words.
    keys = entries.words.astype(np.uint64) << np.uint64(32) | np.arange(count, dtype=np.uint64)
    keys.sort()
    order = keys.astype(np.uint32)
    in_order = (keys >> np.uint64(32)).astype(np.uint32)
    firsts = np.flatnonzero(np.concatenate(([True], in_order[1:] != in_order[:-1])))[:count]
    words = in_order[firsts]
    value, kind = entries.values[order], entries.kinds[order]
    before = np.where(seen[words], latest[words], value[firsts])
    what = kinds_of(kind)
    unknown = np.flatnonzero(what == EntryKind.UNKNOWN)
    value[unknown] = value[unknown - 1]
    is_unknown_at_first = what[firsts] == EntryKind.UNKNOWN
    value[firsts[is_unknown_at_first]] = before[is_unknown_at_first]
    previous = np.empty_like(value)
    previous[1:] = value[:-1]
    previous[firsts] = before
    moved = _nonzero_bytes(value ^ previous)
    moved[what != EntryKind.CHANGED] = 0
    changed = np.empty_like(moved)
    changed[order] = moved
    changed |= _next_changed(entries, changed) << 4
    return Rows(
        words=words,
        pointer=np.append(firsts, count).astype(np.int64),
        time=entries.times[order],
        value=value,
        kind=kind,
        changed=changed[order],
        before=before,
    )


def merged_rows(earlier: Rows, later: Rows) -> Rows:
    """Join two sets of rows, of which one has only later entries."""
    words = np.union1d(earlier.words, later.words)
    parts = (earlier, later)
    rows = [np.searchsorted(words, part.words) for part in parts]
    counts = np.zeros((2, len(words)), np.int64)
    before = np.empty(len(words), np.uint32)
    for index in (1, 0):
        counts[index, rows[index]] = np.diff(parts[index].pointer)
        before[rows[index]] = parts[index].before
    pointer = np.concatenate(([0], np.cumsum(counts.sum(0))))
    starts = (pointer[:-1], pointer[:-1] + counts[0])
    places = [
        np.arange(len(part)) + np.repeat(starts[index][rows[index]] - part.pointer[:-1], np.diff(part.pointer))
        for index, part in enumerate(parts)
    ]

    def joined(columns: Sequence[NDArray[Any]]) -> NDArray[Any]:
        column = np.empty(pointer[-1], columns[0].dtype)
        for place, values in zip(places, columns, strict=True):
            column[place] = values
        return column

    return Rows(
        words=words,
        pointer=pointer,
        time=joined([part.time for part in parts]),
        value=joined([part.value for part in parts]),
        kind=joined([part.kind for part in parts]),
        changed=joined([part.changed for part in parts]),
        before=before,
    )


def _search(time: I32, pointer: I64, wanted: int) -> I64:
    """Find the end of each row up to a time: a binary search in all rows at once."""
    low, high = pointer[:-1].copy(), pointer[1:].copy()
    if not len(low):
        return low
    # Most rows are decided by their ends: they have one entry, or all of them are earlier or later.
    open_rows = np.flatnonzero((time[low] <= wanted) & (time[high - 1] > wanted))
    high[time[low] > wanted] = low[time[low] > wanted]
    result = high
    first, end = low[open_rows] + 1, high[open_rows] - 1
    while len(open_rows):
        middle = (first + end) >> 1
        is_before = time[middle] <= wanted
        first = np.where(is_before, middle + 1, first)
        end = np.where(is_before, end, middle)
        is_open = first < end
        if np.count_nonzero(is_open) < 0.75 * len(open_rows):
            result[open_rows[~is_open]] = first[~is_open]
            open_rows, first, end = open_rows[is_open], first[is_open], end[is_open]
    return result


def _nonzero_bytes(difference: U32) -> U8:
    """Return which of the four bytes of each number are not 0, a bit for each."""
    flags = (difference.view(np.uint8) != 0).view(np.uint32)
    found: U8 = (flags * _MULTIPLIER >> np.uint32(24)).astype(np.uint8) & OWN
    return found


def _next_changed(entries: LoggedEntries, changed: U8) -> U8:
    """Return the changed bytes of the next word where that changed with it: shape (m,).

    Changes of one scan ascend by address, so the next word's change is the next one.
    """
    result = np.zeros_like(changed)
    places = np.flatnonzero(kinds_of(entries.kinds) == EntryKind.CHANGED)
    words, times = entries.words[places], entries.times[places]
    follows = (words[1:] == words[:-1] + 1) & (times[1:] == times[:-1])
    result[places[:-1][follows]] = changed[places[1:][follows]]
    return result
