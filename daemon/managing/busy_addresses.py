"""Addresses that changed most often, counted frame set by frame set. Pure."""

from collections import Counter, defaultdict

from protocol.session.frame_set import FrameSet

__all__ = ["BusyAddresses"]


class BusyAddresses:
    """Counter of the changes of each address; a console has some 70,000 words."""

    def __init__(self) -> None:
        self._regions: defaultdict[str, Counter[int]] = defaultdict(Counter)

    def add(self, frame_set: FrameSet) -> None:
        """Count a frame set's changes."""
        for scan in frame_set.changes:
            self._regions[scan.region].update(scan.addresses.tolist())

    def top(self, count: int) -> list[tuple[str, int, int]]:
        """Return the addresses that changed most often.

        Args:
            count: how many at most.

        Returns:
            `(region, address, changes)`, most changes first, then by address.
        """
        every = [
            (region, address, changes)
            for region, addresses in self._regions.items()
            for address, changes in addresses.items()
        ]
        return sorted(every, key=lambda row: (-row[2], row[1]))[:count]
