"""Values that change wherever a given byte does. Pure."""

from dataclasses import dataclass

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.rows import OWN, Span
from protocol.changes import I64, U8, U32, Bools
from protocol.regions import WORD_BYTES

__all__ = ["Companions", "changing_with"]

_NEAR = (-1, 0, 1)
"""Frame sets around that of the given byte in which a change counts: chunks are scanned at different frames."""

_SAMPLE = 64
"""Changes with which few words keep up; only those are compared with all of the others."""

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
    often = _changing_often(history, -(-len(places) // len(_NEAR)))
    sample = places[:: -(-len(places) // _SAMPLE)]
    flags = _covering(history, sample, often)
    if len(sample) < len(places):
        flags = _covering(history, places, np.logical_or.reduce(list(flags.values())))
    return Companions(flags)


def _changing_often(history: History, least: int) -> Bools:
    """Return in which words values may begin that change often enough, shape (words,).

    A change is near no more than `_NEAR` changes of the given byte, and a value has bytes of two words at most.
    """
    entries = np.zeros(history.words + 1, np.int64)
    for part in history.parts:
        entries[part.words] += np.diff(part.pointer)
    return np.asarray(entries[:-1] + entries[1:] >= least)


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


def _covering(history: History, places: I64, words: Bools) -> dict[tuple[int, int], Bools]:
    """Return which values changed near every one of some frame sets: see `Companions`.

    Args:
        history: of the recording.
        places: of the frame sets, ascending.
        words: in which values may begin, shape (words,).
    """
    near = np.zeros(len(history.timeline), np.bool_)
    for offset in _NEAR:
        near[np.clip(places + offset, 0, len(near) - 1)] = True
    changed = _changed_bytes(history, near, _with_next(words))
    moved = np.zeros(history.words, np.bool_)
    moved[changed.words] = True
    moved[:-1] |= moved[1:]
    beginnings = np.flatnonzero(words & moved)
    flags = {(width, offset): np.zeros(history.words, np.bool_) for width in (1, 2, 4) for offset in range(WORD_BYTES)}
    step = max(1, _BLOCK_BYTES // len(places))
    for first in range(0, len(beginnings), step):
        block = beginnings[first : first + step]
        row_of = _rows_of(block, history.words)
        table = _table(changed, row_of, places, len(near))
        own, following = table[row_of[block]], table[row_of[block + 1]]
        for (width, offset), found in flags.items():
            found[block] = _covers(own, following, width, offset)
    return flags


def _with_next(words: Bools) -> Bools:
    """Return chosen words and the next of each."""
    both = words.copy()
    both[1:] |= words[:-1]
    return both


def _rows_of(words: I64, count: int) -> I64:
    """Number words and the next of each: shape (count + 1,), -1 for others."""
    numbered = np.zeros(count + 1, np.bool_)
    numbered[words] = numbered[words + 1] = True
    return np.where(numbered, np.cumsum(numbered) - 1, -1)


@dataclass(frozen=True, slots=True, eq=False)
class _ChangedBytes:
    """Bytes that changed, by word and frame set, shape (m,) each.

    Args:
        words: ascending in each part of the history.
        places: of the frame sets.
        bits: of the bytes, as in `Rows.changed`.
    """

    words: U32
    places: I64
    bits: U8


def _changed_bytes(history: History, near: Bools, words: Bools) -> _ChangedBytes:
    """Return what changed in some frame sets, in some words."""
    own = history.timeline.times_of_sets(near).view(np.uint8) * OWN
    found: list[tuple[U32, I64, U8]] = [(np.empty(0, np.uint32), np.empty(0, np.int64), np.empty(0, np.uint8))]
    for part in history.parts:
        rows = Span(part.pointer[:-1], np.where(words[part.words], part.pointer[1:], part.pointer[:-1]))
        for piece in part.slices(rows):
            entries = np.flatnonzero(own.take(piece.time) & piece.changed != 0)
            row = np.searchsorted(piece.first, entries, "right") - 1
            is_inside = entries < piece.end[row]
            entries, row = entries[is_inside], row[is_inside]
            if not len(entries):
                continue
            place = history.timeline.places_at(piece.time[entries])
            is_first = np.ones(len(entries), np.bool_)
            is_first[1:] = (row[1:] != row[:-1]) | (place[1:] != place[:-1])
            firsts = np.flatnonzero(is_first)
            bits = np.bitwise_or.reduceat(piece.changed[entries] & OWN, firsts)
            found.append((piece.words[row[firsts]], place[firsts], bits))
    return _ChangedBytes(*(np.concatenate(column) for column in zip(*found, strict=True)))


def _table(changed: _ChangedBytes, row_of: I64, places: I64, sets: int) -> U8:
    """Return the bytes of words that changed near each of some sets: (numbered words, places)."""
    table = np.zeros((int(row_of.max()) + 1, len(places)), np.uint8)
    column_of = np.full(sets + 2, -1, np.int64)
    column_of[places] = np.arange(len(places))
    row = row_of[changed.words]
    chosen = np.flatnonzero(row >= 0)
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
