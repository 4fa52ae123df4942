"""Numbering of a session's words, as memory images and the log of changes count them. Pure."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from protocol.changes import I64, U32, Bools
from protocol.regions import Region
from protocol.session.frame_set import FrameSet
from protocol.wording import counted

__all__ = ["WordNumbers", "left_out_sentence"]


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

    def number(self, places: I64, addresses: U32) -> tuple[U32, Bools]:
        """Number words.

        Args:
            places: of their regions, shape (m,).
            addresses: on the bus, shape (m,).

        Returns:
            Their numbers, and whether each is an aligned word of its region, shape (m,); else its number means nothing.
        """
        offsets = addresses - self._bases[places]  # An address below its region wraps, and is too large then.
        is_word = (offsets < self._sizes[places]) & (offsets & np.uint32(3) == 0)
        return (offsets >> np.uint32(2)) + self._firsts[places], is_word

    def count_left_out(self, frame_set: FrameSet) -> int:
        """Count the changes of a frame set that the log leaves out: at addresses that are no words."""
        scans = frame_set.changes
        places = np.array([self.place_of(scan.region) for scan in scans], np.int64)
        places = np.repeat(places, [len(scan.addresses) for scan in scans])
        _, is_word = self.number(places, np.concatenate([np.empty(0, np.uint32), *(scan.addresses for scan in scans)]))
        return len(is_word) - int(np.count_nonzero(is_word))


def left_out_sentence(count: int) -> str:
    """Say how many changes the log leaves out, and why."""
    are = "is at an address that is no aligned word" if count == 1 else "are at addresses that are no aligned words"
    them = "it" if count == 1 else "them"
    return (
        f"{counted(count, 'change')} {are} of the console's work memory, such as the original script records: "
        f"searches of memory leave {them} out"
    )
