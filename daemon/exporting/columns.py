"""Memory changes of many frame sets as flat columns. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U16, U32
from protocol.session.documents import FrameSet

__all__ = ["ChangeColumns", "change_columns"]


@dataclass(frozen=True, slots=True, eq=False)
class ChangeColumns:
    """Memory changes, columns of shape (m,), in the order of their frame sets.

    Args:
        regions: names of the regions.
        counts: changes of each frame set, shape (n,).
        frame_set: number of the frame set.
        frame: frame at which the word was scanned.
        region: place in `regions`.
        address: bus address.
        previous: value before.
        current: value now.
        freq: changes of the address in the last 100 frames.
    """

    regions: tuple[str, ...]
    counts: NDArray[np.int64]
    frame_set: U32
    frame: U32
    region: NDArray[np.int8]
    address: U32
    previous: U32
    current: U32
    freq: U16

    def part(self, chosen: NDArray[np.bool_]) -> "ChangeColumns":
        """Return the changes of the frame sets that are chosen, shape (n,)."""
        rows = np.repeat(chosen, self.counts)
        return ChangeColumns(
            self.regions,
            self.counts[chosen],
            *(
                getattr(self, name)[rows]
                for name in ("frame_set", "frame", "region", "address", "previous", "current", "freq")
            ),
        )

    def of_set(self, place: int) -> slice:
        """Return where the changes of the frame set at `place` stand."""
        end = int(self.counts[: place + 1].sum())
        return slice(end - int(self.counts[place]), end)


def change_columns(sets: Sequence[FrameSet]) -> ChangeColumns:
    """Gather the changes of frame sets."""
    scans = [scan for item in sets for scan in item.changes]
    regions = tuple(dict.fromkeys(scan.region for scan in scans))
    place = {name: number for number, name in enumerate(regions)}
    lengths = [len(scan.addresses) for scan in scans]
    counts = np.array([sum(len(scan.addresses) for scan in item.changes) for item in sets], np.int64)
    return ChangeColumns(
        regions=regions,
        counts=counts,
        frame_set=np.repeat(np.array([item.frame_set_id for item in sets], np.uint32), counts),
        frame=np.repeat(np.array([scan.frame for scan in scans], np.uint32), lengths),
        region=np.repeat(np.array([place[scan.region] for scan in scans], np.int8), lengths),
        address=_joined([scan.addresses for scan in scans]),
        previous=_joined([scan.previous for scan in scans]),
        current=_joined([scan.current for scan in scans]),
        freq=np.concatenate([scan.freq for scan in scans]) if scans else np.empty(0, np.uint16),
    )


def _joined(columns: Sequence[U32]) -> U32:
    return np.concatenate(columns) if columns else np.empty(0, np.uint32)
