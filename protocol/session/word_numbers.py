"""Numbering of a session's words, as memory images and the log of changes count them. Pure."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from protocol.changes import I64, U8, U32
from protocol.regions import WORD_BYTES, Region
from protocol.session.frame_set import FrameSet
from protocol.wording import counted

__all__ = ["OUTSIDE", "WordNumbers", "left_out_sentence"]

OUTSIDE = np.uint8(255)
"""Place in its word of a change that begins in no region."""


class WordNumbers:
    """Numbering of the words of all regions, one after the other.

    Args:
        regions: the session's.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self._places = {region.name: place for place, region in enumerate(regions)}
        # Behind the regions stands one without any word, for names that are none of theirs.
        self._none = len(regions)
        self._firsts = np.array([0, *accumulate(region.words for region in regions)], np.uint32)
        self._bases = np.array([*(region.base for region in regions), 0], np.uint32)
        self._sizes = np.array([*(region.size for region in regions), 0], np.uint32)

    def place_of(self, region: str) -> int:
        """Return the place of a region among them; one without words where none has that name."""
        return self._places.get(region, self._none)

    def first_of(self, place: int) -> int:
        """Return the number of a region's first word."""
        return int(self._firsts[place])

    @property
    def ends(self) -> U32:
        """The number behind the last word of each region."""
        return self._firsts[1:]

    def number(self, places: I64, addresses: U32) -> tuple[U32, U8]:
        """Number words.

        Args:
            places: of their regions, shape (m,).
            addresses: of their first bytes on the bus, shape (m,).

        Returns:
            The word in which each begins, and at which of its bytes: 0 for an aligned word, `OUTSIDE` where it does not
            begin in its region, and the number means nothing. Shape (m,).
        """
        offsets = addresses - self._bases[places]  # An address below its region wraps, and is too large then.
        shifts = (offsets & np.uint32(WORD_BYTES - 1)).astype(np.uint8)
        shifts[offsets >= self._sizes[places]] = OUTSIDE
        return (offsets >> np.uint32(2)) + self._firsts[places], shifts

    def count_left_out(self, frame_set: FrameSet) -> int:
        """Count the changes of a frame set that the log leaves out: outside of all regions."""
        scans = frame_set.changes
        places = np.array([self.place_of(scan.region) for scan in scans], np.int64)
        places = np.repeat(places, [len(scan.addresses) for scan in scans])
        _, shifts = self.number(places, np.concatenate([np.empty(0, np.uint32), *(scan.addresses for scan in scans)]))
        return int(np.count_nonzero(shifts == OUTSIDE))


def left_out_sentence(count: int) -> str:
    """Say how many changes the log leaves out, and why."""
    are, them = ("is at an address", "it") if count == 1 else ("are at addresses", "them")
    return f"{counted(count, 'change')} {are} outside of the console's work memory: searches of memory leave {them} out"
