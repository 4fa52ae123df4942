"""Scan of a console's memory as the script does it: one chunk of each region at each frame of a set."""

from collections.abc import Mapping, Sequence

import numpy as np

from protocol.changes import U32
from protocol.regions import Region
from protocol.session.frame_set import ScanChanges

__all__ = ["MemoryScanner"]


class MemoryScanner:
    """Memory as last scanned, zeros at first.

    Args:
        regions: what is scanned.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self._regions = regions
        self._scanned = [np.zeros(region.words, np.uint32) for region in regions]

    def scan(self, position: int, moment: int, memories: Mapping[str, U32]) -> list[ScanChanges]:
        """Scan the chunks of a frame.

        Args:
            position: of the frame in its set.
            moment: number of the frame.
            memories: words of each region by its name.
        """
        scans = []
        for region, scanned in zip(self._regions, self._scanned, strict=True):
            chunk = region.chunks[position]
            part = slice(chunk.first_word, chunk.end_word)
            words = memories[region.name]
            moved = chunk.first_word + np.flatnonzero(words[part] != scanned[part])
            if len(moved):
                addresses = (region.base + 4 * moved).astype(np.uint32)
                ones = np.ones(len(moved), np.uint16)
                scans.append(ScanChanges(region.name, position, moment, addresses, scanned[moved], words[moved], ones))
                scanned[part] = words[part]
        return scans
