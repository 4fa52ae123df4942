"""Memory of a console: live from the link, or rebuilt from a session's files. Pure.

The link gives keyframes and changes, the files images and changes.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U32, Words
from protocol.errors import DocumentError, MessageError, SequenceError
from protocol.regions import WORD_BYTES, Chunk, Region
from protocol.session.frame_set import ScanChanges, hex_word
from protocol.session.integrity import ChunkName

__all__ = ["Contradiction", "Memory"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A word whose value in a file differs from what everything before it comes to.

    Args:
        region: the region's name.
        address: the word's bus address; the first of them.
        stored: the value in the file.
        rebuilt: the value that everything before it comes to.
        words: how many words differ.
    """

    region: str
    address: int
    stored: int
    rebuilt: int
    words: int

    def __str__(self) -> str:
        """Write it as the end of a sentence."""
        more = f" ({self.words} words differ)" if self.words > 1 else ""
        return (
            f"{self.region} {hex_word(self.address)} is {hex_word(self.stored)} there "
            f"and {hex_word(self.rebuilt)} by everything before{more}"
        )


class Memory:
    """All regions as 32-bit words, each of them known or not yet.

    The value of a word that is not known means nothing. A chunk is known when every word of it is. A chunk can be
    *doubted*: its values are the latest that came, and the console may have others.

    Args:
        regions: as the greeting or the session's metadata give them. Methods name a region by its index here.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = tuple(regions)
        self._index = {region.name: index for index, region in enumerate(regions)}
        self._words = [np.zeros(region.words, "<u4") for region in regions]
        self._known = [np.zeros(region.words, np.bool_) for region in regions]
        self._known_chunks = [[False] * len(region.chunks) for region in regions]
        """True where every word of the chunk is known; where it is False that may have changed: see `is_known`."""
        self._doubted: set[tuple[int, int]] = set()

    def chunk(self, region: int, chunk: int) -> Chunk:
        """Look a chunk up.

        Raises:
            MessageError: there is no such region or chunk.
        """
        if region >= len(self._regions) or chunk >= len(self._regions[region].chunks):
            raise MessageError(f"there is no chunk {chunk} of region {region}")
        return self._regions[region].chunks[chunk]

    def find(self, name: ChunkName) -> tuple[int, int] | None:
        """Return the region and the chunk of a name in a file; None where there is no such chunk."""
        region, chunk = self._index.get(name[0]), name[1]
        return None if region is None or not 0 <= chunk < len(self._regions[region].chunks) else (region, chunk)

    def is_known(self, region: int, chunk: int) -> bool:
        """Return whether every word of a chunk is known."""
        known = self._known_chunks[region]
        if not known[chunk]:  # Asked for each chunk of each frame: its thousands of words are not looked at each time.
            known[chunk] = bool(self._known[region][_words_of(self._regions[region].chunks[chunk])].all())
        return known[chunk]

    def word_at(self, address: int) -> bytes | None:
        """Return the aligned word at a bus address; None where it is not known for certain."""
        for index, region in enumerate(self._regions):
            chunk = region.chunk_of(address)
            if chunk is not None:
                word = (address - region.base) // WORD_BYTES
                is_sure = self._known[index][word] and (index, chunk) not in self._doubted
                return self._words[index][word].tobytes() if is_sure else None
        return None

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
        memory = self._words[region][_words_of(where)]
        now = np.frombuffer(words, "<u4")
        is_news = not self.is_known(region, chunk) or not np.array_equal(memory, now)
        memory[:] = now
        self._known[region][_words_of(where)] = True
        self._doubted.discard((region, chunk))
        return is_news

    def confirms(self, region: int, chunk: int, words: Words, previous: U32) -> bool:
        """Return whether values before, as the script sent them, are those that are known here.

        Args:
            region: index of the region.
            chunk: index of its chunk.
            words: word numbers within the region, shape (m,).
            previous: their values before, shape (m,).
        """
        return self.is_known(region, chunk) and np.array_equal(self._words[region][words], previous)

    def change(self, region: int, chunk: int, words: Words, current: U32, previous: U32 | None) -> U32:
        """Apply the changes of one chunk that the link brought.

        Args:
            region: index of the region.
            chunk: index of its chunk; every word must lie in it.
            words: word numbers within the region, shape (m,), ascending.
            current: values now, shape (m,).
            previous: values before where the script sent them, else None: they are taken from here.

        Returns:
            The values before, shape (m,).

        Raises:
            SequenceError: the values before are neither sent nor known.
        """
        memory = self._words[region]
        if previous is None:
            if not self.is_known(region, chunk):
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

    def apply(self, scan: ScanChanges) -> Contradiction | None:
        """Apply the changes of one stored scan; from now on its words are known.

        Returns:
            What their values before contradict.

        Raises:
            DocumentError: there is no such region, or the addresses are not ascending words of it.
        """
        index = self._index.get(scan.region)
        if index is None:
            raise DocumentError(f"there is no region {scan.region[:60]!r}")
        words = _numbers(self._regions[index], scan.addresses)
        memory, known = self._words[index], self._known[index]
        before = memory[words]
        contradiction = self._contradiction(index, words, known[words] & (before != scan.previous), scan.previous)
        memory[words] = scan.current
        known[words] = True
        return contradiction

    def load_image(self, image: bytes) -> list[Contradiction]:
        """Take all regions, one after the other; from now on every word is known.

        Returns:
            What it contradicts, one for each region at most.

        Raises:
            DocumentError: it does not have the size of the regions.
        """
        total = sum(region.size for region in self._regions)
        if len(image) != total:
            raise DocumentError(f"it holds {len(image)} bytes of memory, the regions have {total}")
        found = []
        start = 0
        for index, region in enumerate(self._regions):
            words = np.frombuffer(image, "<u4", region.words, start)
            start += region.size
            differs = self._known[index] & (words != self._words[index])
            found.append(self._contradiction(index, np.arange(region.words), differs, words))
            self._words[index][:] = words
            self._known[index][:] = True
        self._doubted.clear()
        return [contradiction for contradiction in found if contradiction is not None]

    def doubt(self, region: int, chunk: int) -> None:
        """Note that a chunk may differ from the console's, until a keyframe, an image or a proof."""
        self._doubted.add((region, chunk))

    def doubt_all(self, but: Collection[tuple[int, int]] = ()) -> None:
        """Note that every chunk may differ from the console's, but for some."""
        for region, chunks in enumerate(self._known_chunks):
            self._doubted.update((region, chunk) for chunk in range(len(chunks)) if (region, chunk) not in but)

    def trust(self, region: int, chunk: int) -> None:
        """Note that a chunk is proven to be the console's."""
        self._doubted.discard((region, chunk))

    def forget(self, region: int, chunk: int) -> None:
        """Mark a chunk as not known, until its next keyframe or image."""
        self._known[region][_words_of(self._regions[region].chunks[chunk])] = False
        self._known_chunks[region][chunk] = False

    def forget_named(self, names: Iterable[ChunkName]) -> None:
        """Mark chunks that a file names as not known; those that do not exist are passed over."""
        for where in filter(None, map(self.find, names)):
            self.forget(*where)

    def forget_all(self) -> None:
        """Mark every chunk as not known."""
        for known, chunks in zip(self._known, self._known_chunks, strict=True):
            known[:] = False
            chunks[:] = [False] * len(chunks)

    def sha256(self, region: int, chunk: int) -> str | None:
        """Hash a chunk: 64 upper-case hex digits, or None while it is not known.

        Raises:
            MessageError: there is no such chunk.
        """
        where = self.chunk(region, chunk)
        if not self.is_known(region, chunk):
            return None
        return sha256(self._words[region][_words_of(where)].tobytes()).hexdigest().upper()

    def image(self) -> bytes | None:
        """Return all regions one after the other; None while a word is unknown or a chunk doubted."""
        if self._doubted or not all(known.all() for known in self._known):
            return None
        return b"".join(words.tobytes() for words in self._words)

    def _contradiction(
        self, index: int, words: NDArray[np.int64], differs: NDArray[np.bool_], stored: U32
    ) -> Contradiction | None:
        """Describe the first word that differs: numbers, whether each differs, stored values."""
        if not differs.any():
            return None
        first = int(np.argmax(differs))
        region, word = self._regions[index], int(words[first])
        return Contradiction(
            region=region.name,
            address=region.base + WORD_BYTES * word,
            stored=int(stored[first]),
            rebuilt=int(self._words[index][word]),
            words=int(differs.sum()),
        )


def _words_of(chunk: Chunk) -> slice:
    return slice(chunk.first_word, chunk.end_word)


def _numbers(region: Region, addresses: U32) -> NDArray[np.int64]:
    offsets = addresses.astype(np.int64) - region.base
    if (offsets % WORD_BYTES).any() or (np.diff(offsets) <= 0).any():
        raise DocumentError(f"its addresses in {region.name} are not words in ascending order")
    if offsets[0] < 0 or offsets[-1] >= region.size:
        raise DocumentError(f"an address is not in {region.name}")
    return offsets // WORD_BYTES
