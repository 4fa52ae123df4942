"""Values that change wherever a given byte does. Pure."""

from dataclasses import dataclass

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.rows import OWN, Rows
from protocol.changes import I64, U8, Bools
from protocol.regions import WORD_BYTES

__all__ = ["Companions", "changing_with"]

_NEAR = (-1, 0, 1)
"""Frame sets around that of the given byte in which a change counts: chunks are scanned at different frames."""

_SAMPLE = 64
"""Changes with which few words keep up; only those are compared with all of the others."""

_BLOCK_ENTRIES = 1 << 17
"""Entries that are looked at in one go."""

_BLOCK_BYTES = 1 << 24
"""Size of a block of words and changes that is looked at in one go."""


class Companions:
    """Values that changed in or beside every frame set in which a byte changed.

    Args:
        flags: of each word, by width and offset within the word, shape (words,) each.
    """

    def __init__(self, flags: dict[tuple[int, int], Bools]) -> None:
        self._flags = flags

    def of(self, width: int) -> Bools:
        """Return whether the value at each byte offset did, shape (bytes - width + 1,)."""
        found = np.stack([self._flags[width, offset] for offset in range(WORD_BYTES)], axis=1).ravel()
        return found[: len(found) - width + 1]


def changing_with(history: History, position: int, after: int, until: int) -> Companions | None:
    """Find the values that change wherever a byte does.

    Args:
        history: of the recording.
        position: of the byte in memory images.
        after: time after which its changes count.
        until: time up to which they do.

    Returns:
        None where the byte does not change in that stretch.
    """
    places = _changes_of(history, position, after, until)
    if not len(places):
        return None
    sample = places[:: -(-len(places) // _SAMPLE)]
    flags = _covering(history, sample, None)
    if len(sample) < len(places):
        flags = _covering(history, places, np.flatnonzero(np.logical_or.reduce(list(flags.values()))))
    return Companions(flags)


def _changes_of(history: History, position: int, after: int, until: int) -> I64:
    """Return the places of the frame sets in which a byte changed, ascending."""
    word, byte = divmod(position, WORD_BYTES)
    found = [np.empty(0, np.int64)]
    for part in history.parts:
        row = part.row_of(word)
        times = part.time[row]
        changed = (part.changed[row] >> byte & 1).astype(np.bool_)
        found.append(history.timeline.places_at(times[changed & (times > after) & (times <= until)]))
    return np.unique(np.concatenate(found))


def _covering(history: History, places: I64, words: I64 | None) -> dict[tuple[int, int], Bools]:
    """Return which values changed near every one of some frame sets: see `Companions`.

    Args:
        history: of the recording.
        places: of the frame sets, ascending.
        words: in which values may begin; None for all.
    """
    near = np.zeros(len(history.timeline), np.bool_)
    for offset in _NEAR:
        near[np.clip(places + offset, 0, len(near) - 1)] = True
    looked_at = None if words is None else np.union1d(words, words + 1)
    changed = _changed_bytes(history, near, looked_at)
    if words is None:
        words = np.union1d(changed.words, np.maximum(changed.words, 1) - 1)
    flags = {(width, offset): np.zeros(history.words, np.bool_) for width in (1, 2, 4) for offset in range(WORD_BYTES)}
    step = max(1, _BLOCK_BYTES // len(places))
    for first in range(0, len(words), step):
        block = words[first : first + step]
        both = np.union1d(block, block + 1)
        table = _table(changed, both, places, len(near))
        own, following = table[np.searchsorted(both, block)], table[np.searchsorted(both, block + 1)]
        for (width, offset), found in flags.items():
            found[block] = _covers(own, following, width, offset)
    return flags


@dataclass(frozen=True, slots=True, eq=False)
class _ChangedBytes:
    """Bytes that changed, by word and frame set, shape (m,) each.

    Args:
        words: ascending in each part of the history.
        places: of the frame sets.
        bits: of the bytes, as in `Rows.changed`.
    """

    words: I64
    places: I64
    bits: U8


def _changed_bytes(history: History, near: Bools, words: I64 | None) -> _ChangedBytes:
    """Return what changed in some frame sets, in some words or all."""
    times = history.timeline.times_of_sets(near)
    found: list[tuple[I64, I64, U8]] = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint8))]
    for part in history.parts:
        entries = _entries_at(part, times, words)
        if not len(entries):
            continue
        row, place = part.words_of(entries).astype(np.int64), history.timeline.places_at(part.time[entries])
        is_first = np.ones(len(entries), np.bool_)
        is_first[1:] = (row[1:] != row[:-1]) | (place[1:] != place[:-1])
        firsts = np.flatnonzero(is_first)
        found.append((row[firsts], place[firsts], np.bitwise_or.reduceat(part.changed[entries] & OWN, firsts)))
    return _ChangedBytes(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _entries_at(part: Rows, times: Bools, words: I64 | None) -> I64:
    """Return the indices of the changes at chosen times, in some words or all."""
    own = times.view(np.uint8) * OWN
    if words is None:  # A block at a time, which stays in the processor's cache.
        blocks = [slice(first, first + _BLOCK_ENTRIES) for first in range(0, len(part), _BLOCK_ENTRIES)]
        found = [np.flatnonzero(own.take(part.time[at]) & part.changed[at] != 0) + at.start for at in blocks]
        return np.concatenate([np.empty(0, np.int64), *found])
    rows = np.flatnonzero(np.isin(part.words, words))
    counts = part.pointer[rows + 1] - part.pointer[rows]
    starts = np.cumsum(counts) - counts
    entries = np.arange(int(counts.sum())) + np.repeat(part.pointer[rows] - starts, counts)
    chosen: I64 = entries[own.take(part.time[entries]) & part.changed[entries] != 0]
    return chosen


def _table(changed: _ChangedBytes, words: I64, places: I64, sets: int) -> U8:
    """Return the bytes of words that changed near each of some sets, shape (words, places)."""
    table = np.zeros((len(words), len(places)), np.uint8)
    column_of = np.full(sets + 2, -1, np.int64)
    column_of[places] = np.arange(len(places))
    row = np.searchsorted(words, changed.words)
    chosen = np.flatnonzero(words[np.minimum(row, len(words) - 1)] == changed.words)
    row, place, bits = row[chosen], changed.places[chosen], changed.bits[chosen]
    for offset in _NEAR:
        column = column_of[place - offset]
        some = np.flatnonzero(column >= 0)
        table[row[some], column[some]] |= bits[some]  # A word has one entry for each set, so no place comes twice.
    return table


def _covers(own: U8, following: U8, width: int, offset: int) -> Bools:
    """Return whether a value changed near every frame set, shape (words,)."""
    value = (1 << width) - 1 << offset
    found = own & np.uint8(value & 0b1111)
    if value >> WORD_BYTES:
        found |= following & np.uint8(value >> WORD_BYTES)
    return np.asarray(found.all(axis=1))
