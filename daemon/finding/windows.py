"""Frame sets around a label, and memory in them. Pure.

Bytes that stand still are looked at once, moving ones set by set: a word is scanned once in a set, so nothing is lost
by looking at the end of each. A person's delay is counted in frames of the game at its own speed, and in frame set
numbers, which go on over what is missing in a recording: sets before a gap are as far away as they were.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History, bytes_of
from daemon.analysis.timeline import Timeline
from daemon.analysis.value_types import TypedValues, ValueType
from protocol.changes import I64, U8, U32, Bools
from protocol.regions import WORD_BYTES
from protocol.session.change_log import known_bytes

__all__ = ["Samples", "places_between", "sets_in"]

_FRAMES_PER_S = 60

_PAIR = 2
"""Words that a value at any byte offset reaches into."""


def sets_in(seconds: float, timeline: Timeline) -> float:
    """Return how many frame sets a time at the game's own speed has."""
    return seconds * _FRAMES_PER_S / timeline.stride


def places_between(timeline: Timeline, first: float, last: float) -> I64:
    """Return the places of the recorded frame sets of a range of numbers, ends included."""
    numbers = timeline.numbers
    return np.arange(np.searchsorted(numbers, first, "left"), np.searchsorted(numbers, last, "right"))


@dataclass(frozen=True, slots=True, eq=False)
class Samples:
    """Memory after each of *s* frame sets, with *u* words in which moving values begin.

    Args:
        places: of the sets in the timeline, ascending, shape (s,).
        image: memory after the first of them, 0 where a byte is not known, shape (bytes,).
        known: shape (bytes,).
        words: ascending, shape (u,).
        data: bytes of each of these words and of the next one, shape (s, u, 8).
        data_known: which of these bytes are known, a bit for each, the lowest for the first, shape (s, u).
    """

    places: I64
    image: U8
    known: Bools
    words: I64
    data: U8
    data_known: U8

    @classmethod
    def of(cls, history: History, places: I64) -> "Samples":
        """Look at memory after some frame sets.

        Args:
            history: of the recording.
            places: ascending, at least one.
        """
        first, last = (history.timeline.end_of(int(places[index])) for index in (0, -1))
        still, known = history.words_at(first)
        moving, values, values_known = _moving(history, places, (first, last), (still, known))
        words = np.union1d(moving, moving[moving > 0] - 1).astype(np.int64)
        data = np.zeros((len(places), len(words), _PAIR), np.uint32)
        data_known = np.zeros((len(places), len(words), _PAIR), np.uint8)
        for index in range(_PAIR):
            exists = np.flatnonzero(words + index < history.words)
            here = words[exists] + index
            data[:, exists, index], data_known[:, exists, index] = still[here], known[here]
            is_moving = np.isin(here, moving)
            columns = np.searchsorted(moving, here[is_moving])
            data[:, exists[is_moving], index] = values[:, columns]
            data_known[:, exists[is_moving], index] = values_known[:, columns]
        return cls(
            places=places,
            image=still.view(np.uint8),
            known=bytes_of(known),
            words=words,
            data=data.view(np.uint8).reshape(len(places), len(words), _PAIR * WORD_BYTES),
            data_known=data_known[:, :, 0] | data_known[:, :, 1] << np.uint8(WORD_BYTES),
        )

    def positions(self, offset: int) -> I64:
        """Return the byte offsets in memory images of the values that begin at an offset of `words`."""
        return WORD_BYTES * self.words + offset

    def moving(self, kind: ValueType, offset: int) -> TypedValues:
        """Read the values that begin at an offset of `words`, set by set.

        Args:
            kind: their type.
            offset: from 0 to 3.

        Returns:
            Values of shape (s, u), of which those are valid that are known as well.
        """
        shape = self.data.shape[:2]
        typed = kind.decode(self.data[:, :, offset : offset + kind.width].reshape(-1, kind.width))
        needed = np.uint8((1 << kind.width) - 1 << offset)
        valid = self.data_known & needed == needed
        if typed.valid is not None:
            valid = valid & typed.valid.reshape(shape)
        return TypedValues(typed.values.reshape(shape), valid)


def _moving(
    history: History, places: I64, stretch: tuple[int, int], before: tuple[U32, U8]
) -> tuple[NDArray[np.int64], U32, U8]:
    """Return the words with entries in a stretch, their values after each set, and known bytes."""
    entries = history.entries_between(*stretch)
    moving = np.unique(entries.words).astype(np.int64)
    still, known = before
    values = np.repeat(still[moving][np.newaxis], len(places), axis=0)
    values_known = np.repeat(known[moving][np.newaxis], len(places), axis=0)
    if len(moving):
        # Of several entries of a word up to a set the last counts; later ones stand behind earlier ones.
        latest = np.full(values.shape, -1, np.int64)
        rows = np.searchsorted(places, history.timeline.places_at(entries.times))
        latest[rows, np.searchsorted(moving, entries.words)] = np.arange(len(entries.words))
        latest = np.maximum.accumulate(latest, axis=0)
        has = latest >= 0
        values[has] = entries.values[latest[has]]
        values_known[has] = known_bytes(entries.kinds[latest[has]])
    return moving, values, values_known
