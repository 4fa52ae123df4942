"""Addresses that changed most often, counted frame set by frame set. Pure."""

import numpy as np

from protocol.changes import U32
from protocol.session.frame_set import FrameSet

__all__ = ["BusyAddresses"]

_FOLD = 1 << 19
"""Changes of a region after which their addresses are folded into counts."""


class BusyAddresses:
    """How often each address changed, to be filled with `add`."""

    def __init__(self) -> None:
        self._regions: dict[str, _AddressCounts] = {}

    def add(self, frame_set: FrameSet) -> None:
        """Count a frame set's changes."""
        for scan in frame_set.changes:
            self._regions.setdefault(scan.region, _AddressCounts()).add(scan.addresses)

    def top(self, count: int) -> list[tuple[str, int, int]]:
        """Return the addresses that changed most often.

        Args:
            count: how many at most.

        Returns:
            `(region, address, changes)`, most changes first, then by address.
        """
        every = [
            (region, address, changes)
            for region, counts in self._regions.items()
            for address, changes in counts.top(count)
        ]
        return sorted(every, key=lambda row: (-row[2], row[1]))[:count]


class _AddressCounts:
    """How often each address of a region changed, folded now and then so that memory stays flat."""

    def __init__(self) -> None:
        self._addresses = np.empty(0, np.uint32)
        self._changes = np.empty(0, np.int64)
        self._waiting: list[U32] = []
        self._size = 0

    def add(self, addresses: U32) -> None:
        self._waiting.append(addresses)
        self._size += len(addresses)
        if self._size >= _FOLD:
            self._fold()

    def top(self, count: int) -> list[tuple[int, int]]:
        self._fold()
        order = np.lexsort((self._addresses, -self._changes))[:count]
        return list(zip(self._addresses[order].tolist(), self._changes[order].tolist(), strict=True))

    def _fold(self) -> None:
        addresses, changes = np.unique(np.concatenate((np.empty(0, np.uint32), *self._waiting)), return_counts=True)
        every, place = np.unique(np.concatenate((self._addresses, addresses)), return_inverse=True)
        counts = np.concatenate((self._changes, changes))
        self._changes = np.bincount(place, counts, len(every)).astype(np.int64)
        self._addresses = every
        self._waiting.clear()
        self._size = 0
