"""Values that change wherever a given byte does. Pure."""

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.rows import OWN
from protocol.changes import I64, U8, U32, Bools
from protocol.regions import WORD_BYTES

__all__ = ["Companions", "changing_with"]

_NEAR = (-1, 0, 1)
"""Frame sets around that of the given byte in which a change counts: chunks are scanned at different frames."""

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
    flags = {(width, offset): np.zeros(history.words, np.bool_) for width in (1, 2, 4) for offset in range(WORD_BYTES)}
    words = _frequent(history, places)
    step = max(1, _BLOCK_BYTES // len(places))
    for first in range(0, len(words), step):
        block = words[first : first + step]
        beside = np.union1d(block, block + np.uint32(1))
        changed = _changed_near(history, beside, places)
        own = changed[np.searchsorted(beside, block)]
        following = changed[np.searchsorted(beside, block + np.uint32(1))]
        for (width, offset), found in flags.items():
            found[block] = _covers(own, following, width, offset)
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


def _frequent(history: History, places: I64) -> U32:
    """Return the words that change often enough near these frame sets, they and the next one together."""
    near = np.zeros(len(history.timeline), np.bool_)
    for offset in _NEAR:
        near[np.clip(places + offset, 0, len(near) - 1)] = True
    times = history.timeline.times_of_sets(near)
    counts = np.zeros(history.words + 1, np.int64)
    for part in history.parts:
        counts[part.words] += part.reduce(
            np.add, ((part.changed & OWN != 0) & times[part.time]).astype(np.int32), part.span(-1, len(times))
        )
    # One change lies near as many as three of them.
    return np.flatnonzero((counts[:-1] + counts[1:]) * len(_NEAR) >= len(places)).astype(np.uint32)


def _changed_near(history: History, words: U32, places: I64) -> U8:
    """Return the bytes of words that changed near each of some frame sets, shape (words, places)."""
    changed = np.zeros((len(words), len(places)), np.uint8)
    index_of = np.full(len(history.timeline) + 2, -1, np.int64)
    index_of[places] = np.arange(len(places))
    for part in history.parts:
        rows = np.flatnonzero(np.isin(part.words, words))
        entries, counts = _entries(part.pointer, rows)
        row = np.repeat(np.searchsorted(words, part.words[rows]), counts)
        flags, times = part.changed[entries] & OWN, part.time[entries]
        # At one frame of a set a word changes once, so no place is written twice in one go.
        for frame in range(history.timeline.stride):
            chosen = np.flatnonzero((times % history.timeline.stride == frame) & (flags != 0))
            sets = history.timeline.places_at(times[chosen])
            for offset in _NEAR:
                index = index_of[sets - offset]
                some = index >= 0
                changed[row[chosen[some]], index[some]] |= flags[chosen[some]]
    return changed


def _entries(pointer: I64, rows: I64) -> tuple[I64, I64]:
    """Return the indices of all entries of rows, and how many each has."""
    counts = pointer[rows + 1] - pointer[rows]
    starts = np.cumsum(counts) - counts
    return np.arange(int(counts.sum())) + np.repeat(pointer[rows] - starts, counts), counts


def _covers(own: U8, following: U8, width: int, offset: int) -> Bools:
    """Return whether a value changed near every frame set, shape (words,)."""
    value = (1 << width) - 1 << offset
    found = own & np.uint8(value & 0b1111)
    if value >> WORD_BYTES:
        found |= following & np.uint8(value >> WORD_BYTES)
    return np.asarray(found.all(axis=1))
