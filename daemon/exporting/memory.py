"""Memory after each frame set, in three forms. Pure.

Memory is that *after* the last frame of a frame set, all recorded regions one after the other; bytes that are not known
are 0.
"""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.exporting.split import GAP
from protocol.changes import U32
from protocol.regions import WORD_BYTES
from protocol.session.change_log import EntryKind, bits_of_bytes, kinds_of, known_bytes

__all__ = ["KEYFRAME_SETS", "Memories", "MemoryForm", "MemoryWalk", "changing_addresses"]

KEYFRAME_SETS = 720
"""Most frame sets from one keyframe to the next: a minute of play."""

Memories = Sequence[bytes | None] | NDArray[np.uint32]
"""Memory of n frame sets: whole images, None where there is none; or words, shape (n, w)."""


class MemoryForm(StrEnum):
    """Form of memory in a dataset."""

    NONE = "none"
    """It is left out."""

    DENSE = "dense"
    """All of it with each frame set."""

    WORDS = "words"
    """With each frame set, the words that ever changed in any of the sessions."""

    KEYFRAMES = "keyframes"
    """All of it now and then: memory changes lead from one to the next."""


class MemoryWalk:
    """Walk through a session's memory, frame set after frame set.

    Args:
        history: of the session.
        form: not `NONE`.
        addresses: of the words, for `WORDS`.
    """

    def __init__(self, history: History, form: MemoryForm, addresses: U32) -> None:
        self._history = history
        self._form = form
        self._words = np.array([history.position_of(address) // WORD_BYTES for address in addresses.tolist()], np.int64)
        self._values, _ = history.words_at(-1)
        self._time = -1
        self._since = KEYFRAME_SETS
        self._split: str | None = None

    def memories(self, numbers: Sequence[int], splits: Sequence[str]) -> Memories:
        """Return memory after the next frame sets.

        Args:
            numbers: the frame sets, ascending.
            splits: the split of each.

        Raises:
            MomentError: the recording does not have one of them.
        """
        ends = [self._history.timeline.end_of_number(number) for number in numbers]
        entries = self._history.entries_between(self._time, ends[-1] if ends else self._time)
        order = np.argsort(entries.times, kind="stable")
        edges = np.searchsorted(entries.times[order], [self._time, *ends], "right")
        found: list[Any] = []
        for split, (first, last) in zip(splits, pairwise(edges.tolist()), strict=True):
            here = order[first:last]
            words, kinds = entries.words[here], entries.kinds[here]
            known = known_bytes(kinds)
            self._values[words] = entries.values[here] & bits_of_bytes(known)
            found.append(self._memory(split, is_told=bool((kinds_of(kinds) == EntryKind.CHANGED).all())))
        self._time = ends[-1] if ends else self._time
        if self._form is MemoryForm.WORDS:
            return np.array(found, np.uint32).reshape(len(numbers), len(self._words))
        return found

    def _memory(self, split: str, *, is_told: bool) -> bytes | U32 | None:
        if self._form is MemoryForm.WORDS:
            return self._values[self._words]
        if self._form is MemoryForm.KEYFRAMES:
            is_due = not is_told or split != self._split or self._since >= KEYFRAME_SETS
            self._split = split
            self._since = 1 if is_due else self._since + 1
            if not is_due or split == GAP:
                return None
        return self._values.astype("<u4").tobytes()


def changing_addresses(histories: Iterable[History]) -> U32:
    """Return the addresses of words with more than one value in any session, ascending."""
    found: set[int] = set()
    for history in histories:
        entries = history.entries_between(-1, np.iinfo(np.int32).max)
        order = np.lexsort((entries.times, entries.words))
        words, values = entries.words[order], entries.values[order]
        kinds = kinds_of(entries.kinds[order])
        moves = kinds == EntryKind.CHANGED
        moves[1:] |= (words[1:] == words[:-1]) & (values[1:] != values[:-1])
        found.update(history.address_of(int(word) * WORD_BYTES) for word in np.unique(words[moves]))
    return np.array(sorted(found), np.uint32)
