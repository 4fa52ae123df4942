"""Memory after each frame set of a recording, from its log of changes. Pure."""

from collections.abc import Iterable

import numpy as np

from protocol.changes import U32
from protocol.session.change_log import LogBlock, bits_of_bytes, known_bytes

__all__ = ["RecordedMemory"]


class RecordedMemory:
    """Memory of a recording, one frame set after the other.

    Args:
        words: words of all regions.
        blocks: of the session's log.

    Attributes:
        values: of each word as it was last scanned, shape (words,).
        known: the bits of it that are known, shape (words,).
    """

    def __init__(self, words: int, blocks: Iterable[LogBlock]) -> None:
        self.values: U32 = np.zeros(words, np.uint32)
        self.known: U32 = np.zeros(words, np.uint32)
        self._blocks = iter(blocks)
        self._ends: list[int] = []
        self._next = 0
        self._block: LogBlock | None = None

    def advance(self) -> None:
        """Go on to the end of the next frame set.

        Raises:
            StopIteration: there is none.
        """
        while self._block is None or self._next == len(self._block.numbers):
            self._block, self._next = next(self._blocks), 0
            self._ends = np.cumsum(self._block.entry_counts, dtype=np.int64).tolist()
        block, end = self._block, self._ends[self._next]
        entries = slice(end - int(block.entry_counts[self._next]), end)
        self._next += 1
        words = block.entry_words[entries]
        # Of a word that has several entries the last one counts: they stand as they happened.
        self.values[words] = block.entry_values[entries]
        self.known[words] = bits_of_bytes(known_bytes(block.entry_kinds[entries]))
