"""Memory of a console that plays, as a recording of it would have it. Pure."""

from collections.abc import Mapping, Sequence
from hashlib import sha256

import numpy as np

from lua.headless.core import MEMORY_MAP
from protocol.changes import U32
from protocol.errors import CoreError
from protocol.regions import WORD_BYTES, Region, ScanMode, scheduled_chunks

__all__ = ["ReplayedMemory"]


class ReplayedMemory:
    """Memory as last scanned, each chunk at its frame of the set.

    Args:
        regions: what the recording scanned.
        mode: at which frames.
        frames_per_set: of the recording.

    Raises:
        CoreError: the console has no memory where a region lies.

    Attributes:
        words: of all regions, one after the other, shape (words,).
    """

    def __init__(self, regions: Sequence[Region], mode: ScanMode, frames_per_set: int) -> None:
        self.words: U32 = np.zeros(sum(region.words for region in regions), np.uint32)
        self._regions = tuple(regions)
        self._firsts = [sum(region.words for region in regions[:index]) for index in range(len(regions))]
        self._due = [tuple(scheduled_chunks(mode, position, frames_per_set)) for position in range(frames_per_set)]
        self._places = [_memory_of(region) for region in regions]
        self._live: list[U32] = []

    def connect(self, memories: Mapping[str, memoryview]) -> None:
        """Take the console's live memory, anew after each reset."""
        self._live = [
            np.frombuffer(memories[domain], np.uint32, region.words, region.base - base)
            for region, (domain, base) in zip(self._regions, self._places, strict=True)
        ]

    def scan(self, position: int) -> None:
        """Scan what is due at a frame of a set."""
        for live, region, first in zip(self._live, self._regions, self._firsts, strict=True):
            for number in self._due[position]:
                chunk = region.chunks[number]
                self.words[first + chunk.first_word : first + chunk.end_word] = live[chunk.first_word : chunk.end_word]

    def sha256(self, region: str, chunk: int) -> str:
        """Return a chunk's SHA-256, upper-case hex; empty where there is no such chunk."""
        for first, each in zip(self._firsts, self._regions, strict=True):
            if each.name == region and chunk < len(each.chunks):
                words = self.words[first + each.chunks[chunk].first_word : first + each.chunks[chunk].end_word]
                return sha256(words.data).hexdigest().upper()
        return ""

    def address_of(self, word: int) -> int:
        """Return the bus address of a word."""
        region, within = self._find(word)
        return region.base + WORD_BYTES * within

    def position_of(self, word: int) -> int:
        """Return the first position of a set at which a word is scanned."""
        region, within = self._find(word)
        number = next(number for number, chunk in enumerate(region.chunks) if within < chunk.end_word)
        return next(position for position, due in enumerate(self._due) if number in due)

    def _find(self, word: int) -> tuple[Region, int]:
        index = max(index for index, first in enumerate(self._firsts) if first <= word)
        return self._regions[index], word - self._firsts[index]


def _memory_of(region: Region) -> tuple[str, int]:
    """Return the memory in which a region lies, by BizHawk's name, and its bus address."""
    for domain, (base, size) in MEMORY_MAP.items():
        if base <= region.base and region.base + region.size <= base + size:
            return domain, base
    raise CoreError(f"The core shows no memory where the region {region.name} of the session lies.")
