"""Memory as a session's files tell it: full images plus changes, each word known or not yet. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
import zstandard
from numpy.typing import NDArray

from protocol.changes import U32
from protocol.errors import DocumentError
from protocol.regions import MAX_REGION_BYTES, MAX_REGIONS, WORD_BYTES, Region
from protocol.session.documents import ScanChanges, hex_word
from protocol.session.integrity import ChunkName

__all__ = ["Contradiction", "RebuiltMemory", "unpack_image"]


def unpack_image(data: bytes) -> bytes:
    """Unpack a memory image, which is never larger than all the regions that a session can have.

    Raises:
        DocumentError: it is not zstandard, or larger.
    """
    largest = MAX_REGIONS * MAX_REGION_BYTES
    try:
        if zstandard.frame_content_size(data) > largest:
            raise DocumentError("it is larger than any console's memory")
        return zstandard.ZstdDecompressor().decompress(data, max_output_size=largest)
    except zstandard.ZstdError as error:
        raise DocumentError(f"it cannot be unpacked ({error})") from None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A word whose value is told in two ways.

    Args:
        region: the region's name.
        address: the word's bus address; the first of them.
        told: the value that the file tells.
        rebuilt: the value that everything before it comes to.
        words: how many words differ.
    """

    region: str
    address: int
    told: int
    rebuilt: int
    words: int

    def __str__(self) -> str:
        """Write it as the end of a sentence."""
        more = f" ({self.words} words differ)" if self.words > 1 else ""
        return (
            f"{self.region} {hex_word(self.address)} is {hex_word(self.told)} there "
            f"and {hex_word(self.rebuilt)} by everything before{more}"
        )


class RebuiltMemory:
    """All regions, word by word.

    Args:
        regions: as the session's metadata tell them.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = {region.name: region for region in regions}
        self._words = {region.name: np.zeros(region.words, np.uint32) for region in regions}
        self._known = {region.name: np.zeros(region.words, np.bool_) for region in regions}

    def words(self) -> list[U32]:
        """Return the words of each region; those that are not known mean nothing."""
        return list(self._words.values())

    def known_chunks(self) -> list[list[bool]]:
        """Tell for each region which of its chunks are known word for word."""
        return [
            [bool(known[chunk.first_word : chunk.last_word].all()) for chunk in region.chunks]
            for region, known in zip(self._regions.values(), self._known.values(), strict=True)
        ]

    def take_image(self, image: bytes) -> list[Contradiction]:
        """Take a full image; from now on every word is known.

        Returns:
            What it contradicts, one for each region at most.

        Raises:
            DocumentError: it does not have the size of the regions.
        """
        total = sum(region.size for region in self._regions.values())
        if len(image) != total:
            raise DocumentError(f"it holds {len(image)} bytes of memory, the regions have {total}")
        contradictions = []
        start = 0
        for name, region in self._regions.items():
            words = np.frombuffer(image, "<u4", region.words, start)
            start += region.size
            differs = self._known[name] & (words != self._words[name])
            if differs.any():
                where = int(np.argmax(differs))
                told, rebuilt = int(words[where]), int(self._words[name][where])
                address = region.base + WORD_BYTES * where
                contradictions.append(Contradiction(name, address, told, rebuilt, int(differs.sum())))
            self._words[name] = words.astype(np.uint32)
            self._known[name][:] = True
        return contradictions

    def forget(self, chunks: Iterable[ChunkName]) -> None:
        """Know chunks no more: their memory moved without any change. Chunks that do not exist are passed over."""
        for name, number in chunks:
            region = self._regions.get(name)
            if region is not None and 0 <= number < len(region.chunks):
                chunk = region.chunks[number]
                self._known[name][chunk.first_word : chunk.last_word] = False

    def change(self, scan: ScanChanges) -> Contradiction | None:
        """Carry out the changes of one scan.

        Returns:
            What their values before contradict.

        Raises:
            DocumentError: an address is not that of a word of the region, or they do not ascend.
        """
        region = self._regions.get(scan.region)
        if region is None:
            raise DocumentError(f"there is no region {scan.region[:60]!r}")
        words = self._indices(region, scan.addresses)
        memory, known = self._words[scan.region], self._known[scan.region]
        differs = known[words] & (memory[words] != scan.previous)
        contradiction = None
        if differs.any():
            where = int(np.argmax(differs))
            contradiction = Contradiction(
                scan.region,
                int(scan.addresses[where]),
                int(scan.previous[where]),
                int(memory[words[where]]),
                int(differs.sum()),
            )
        memory[words] = scan.current
        known[words] = True
        return contradiction

    def sha256(self, name: str, number: int) -> str | None:
        """Hash a chunk: 64 upper-case hex digits, or None where there is no such chunk or not all of it is known."""
        region = self._regions.get(name)
        if region is None or not 0 <= number < len(region.chunks):
            return None
        chunk = region.chunks[number]
        where = slice(chunk.first_word, chunk.last_word)
        if not self._known[name][where].all():
            return None
        return sha256(self._words[name][where].astype("<u4").tobytes()).hexdigest().upper()

    def _indices(self, region: Region, addresses: U32) -> NDArray[np.int64]:
        offsets = addresses.astype(np.int64) - region.base
        if (offsets % WORD_BYTES).any() or (np.diff(offsets) <= 0).any():
            raise DocumentError(f"its addresses in {region.name} are not words in ascending order")
        if offsets[0] < 0 or offsets[-1] >= region.size:
            raise DocumentError(f"an address is not in {region.name}")
        return offsets // WORD_BYTES
