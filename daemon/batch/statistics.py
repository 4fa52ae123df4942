"""What a session is made of, counted frame set by frame set. Pure."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from protocol.annotations import FIELD_NAMES, Annotations
from protocol.changes import U32
from protocol.documents import FrameSet

__all__ = ["SessionStatistics"]

_FOLD = 1 << 19
"""Changes of a region after which their addresses are folded into counts."""

_LABEL_FIELDS = tuple(name for name in FIELD_NAMES if name not in {"description", "complete"})
_MS_PER_MINUTE = 60_000
_LONGEST_PAUSE = 5_000
"""ms between two frame sets that still count as play; more is a pause of the emulator."""


@dataclass(slots=True)
class SessionStatistics:
    """Counts of one session, to be filled with `add`, frame sets ascending.

    Args:
        frame_sets: how many.
        frames: how many in them.
        idle_frames: those at which no button was held.
        flawed: frame sets that are not whole.
        labelled: frame sets with any label.
        complete: frame sets whose labels are marked complete.
        labels: frame sets by value, for each label field.
        changes: memory changes by region.
    """

    frame_sets: int = 0
    frames: int = 0
    idle_frames: int = 0
    flawed: int = 0
    labelled: int = 0
    complete: int = 0
    labels: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in _LABEL_FIELDS})
    changes: Counter[str] = field(default_factory=Counter)
    _addresses: dict[str, "_AddressCounts"] = field(default_factory=dict)
    _played: int = 0
    _last_time: int | None = None

    def add(self, frame_set: FrameSet, labels: Annotations | None) -> None:
        """Count a frame set."""
        self.frame_sets += 1
        self.frames += len(frame_set.frames)
        self.idle_frames += sum(not frame.current_keys for frame in frame_set.frames)
        self.flawed += not frame_set.whole
        for scan in frame_set.changes:
            self.changes[scan.region] += len(scan.addresses)
            self._addresses.setdefault(scan.region, _AddressCounts()).add(scan.addresses)
        self._pass_time(frame_set.frames[-1].timestamp)
        if labels is not None:
            self._label(labels)

    @property
    def idle_share(self) -> float:
        """Share of the frames at which no button was held, 0 to 1."""
        return self.idle_frames / self.frames if self.frames else 0.0

    @property
    def minutes(self) -> float:
        """Minutes of play, pauses left out."""
        return self._played / _MS_PER_MINUTE

    @property
    def sets_per_minute(self) -> float:
        """Frame sets per minute of play; 0 where there is no time between them."""
        return (self.frame_sets - 1) / self.minutes if self._played else 0.0

    def top_addresses(self, count: int) -> list[tuple[str, int, int]]:
        """Return the addresses that changed most often.

        Args:
            count: how many at most.

        Returns:
            `(region, address, changes)`, most changes first, then by address.
        """
        every = [
            (region, address, changes)
            for region, counts in self._addresses.items()
            for address, changes in counts.top(count)
        ]
        return sorted(every, key=lambda row: (-row[2], row[1]))[:count]

    def _pass_time(self, now: int) -> None:
        if self._last_time is not None and 0 < now - self._last_time <= _LONGEST_PAUSE:
            self._played += now - self._last_time
        self._last_time = now

    def _label(self, labels: Annotations) -> None:
        self.labelled += labels != Annotations()
        self.complete += labels.complete
        for name in _LABEL_FIELDS:
            value = getattr(labels, name)
            self.labels[name].update(filter(None, value if isinstance(value, tuple) else (value,)))


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
