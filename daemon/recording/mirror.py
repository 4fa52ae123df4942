"""The daemon's own copy of the emulator's memory: keyframes plus changes. Pure."""

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from protocol.changes import U32, Words
from protocol.errors import MessageError, SequenceError
from protocol.regions import WORD_BYTES, Chunk, Region

__all__ = ["Mirror"]


class Mirror:
    """Memory as last scanned, region by region.

    A chunk is *known* once its keyframe came. Before that its words are zero and mean nothing.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = tuple(regions)
        self._words = [np.zeros(region.words, "<u4") for region in regions]
        self._known = [[False] * len(region.chunks) for region in regions]

    def chunk(self, region: int, chunk: int) -> Chunk:
        """Look a chunk up.

        Raises:
            MessageError: there is no such region or chunk.
        """
        if region >= len(self._regions) or chunk >= len(self._regions[region].chunks):
            raise MessageError(f"there is no chunk {chunk} of region {region}")
        return self._regions[region].chunks[chunk]

    def keyframe(self, region: int, chunk: int, words: bytes) -> bool:
        """Take a chunk's words as they are.

        Returns:
            Whether the chunk was not known, or not like this.

        Raises:
            MessageError: there is no such chunk, or it has another size.
        """
        where = self.chunk(region, chunk)
        if len(words) != where.words * WORD_BYTES:
            raise MessageError(f"a keyframe has {len(words)} bytes, its chunk {where.words * WORD_BYTES}")
        memory = self._words[region][where.first_word : where.last_word]
        now = np.frombuffer(words, "<u4")
        is_news = not self._known[region][chunk] or not np.array_equal(memory, now)
        memory[:] = now
        self._known[region][chunk] = True
        return is_news

    def confirms(self, region: int, chunk: int, words: Words, previous: U32) -> bool:
        """Tell whether values before, as the script sent them, are those that are known here.

        Args:
            region: index of the region.
            chunk: index of its chunk.
            words: word numbers within the region, shape (m,).
            previous: their values before, shape (m,).
        """
        return self._known[region][chunk] and np.array_equal(self._words[region][words], previous)

    def change(self, region: int, chunk: int, words: Words, current: U32, previous: U32 | None) -> U32:
        """Apply changes to one chunk.

        Args:
            region: index of the region.
            chunk: index of its chunk; every word must lie in it.
            words: word numbers within the region, shape (m,), ascending.
            current: values now, shape (m,).
            previous: values before where the script sent them, else None: the mirror has them.

        Returns:
            The values before, shape (m,).

        Raises:
            SequenceError: the values before are neither sent nor known.
        """
        memory = self._words[region]
        if previous is None:
            if not self._known[region][chunk]:
                raise SequenceError(
                    f"changes of chunk {chunk} of {self._regions[region].name} came before its keyframe"
                )
            previous = memory[words]
        memory[words] = current
        return previous

    def undo(self, region: int, words: Words, previous: U32) -> None:
        """Take a change back.

        Args:
            region: index of the region.
            words: word numbers within the region, shape (m,).
            previous: the values before, shape (m,).
        """
        self._words[region][words] = previous

    def forget(self, region: int, chunk: int) -> None:
        """Know a chunk no more, until its next keyframe."""
        self._known[region][chunk] = False

    def load(self, words: Sequence[U32], known: Sequence[Sequence[bool]]) -> None:
        """Take memory as it was rebuilt.

        Args:
            words: those of each region, shape (words of the region,).
            known: for each region, whether each of its chunks is known.
        """
        self._words = [region.astype("<u4") for region in words]
        self._known = [list(chunks) for chunks in known]

    def sha256(self, region: int, chunk: int) -> str | None:
        """Hash a chunk: 64 upper-case hex digits, or None while it is not known.

        Raises:
            MessageError: there is no such chunk.
        """
        where = self.chunk(region, chunk)
        if not self._known[region][chunk]:
            return None
        return sha256(self._words[region][where.first_word : where.last_word].tobytes()).hexdigest().upper()

    def image(self) -> bytes | None:
        """Return all regions one after the other, or None while any chunk is not known."""
        if not all(all(chunks) for chunks in self._known):
            return None
        return b"".join(words.tobytes() for words in self._words)
