"""Changes of one value: when it changed, from what to what, and in which frame sets. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np

from daemon.analysis.history import Entries, History
from daemon.analysis.timeline import ranges_of_numbers
from daemon.analysis.value_types import ValueType
from protocol.changes import I32, Bools
from protocol.regions import WORD_BYTES
from protocol.session.change_log import EntryKind, kinds_of, known_bytes

__all__ = ["ValueChanges", "value_changes"]


@dataclass(frozen=True, slots=True, eq=False)
class ValueChanges:
    """Changes of a value over the whole recording, as columns of shape (m,).

    Args:
        history: whose timeline the times belong to.
        time: of each change, ascending.
        values: from then on; None where it is not known, or no value of the type.
        before: the values before, the same way.
        is_recorded: False where the value only became known or unknown, or was restated after a savestate.
    """

    history: History
    time: I32
    values: list[int | float | None]
    before: list[int | float | None]
    is_recorded: Bools

    def __len__(self) -> int:
        """Number of changes."""
        return len(self.time)

    def rows(self, first: int, end: int) -> list[dict[str, Any]]:
        """Return some of the changes as the bus holds them.

        Args:
            first: index of the first.
            end: index behind the last.
        """
        timeline = self.history.timeline
        times = self.time[first:end]
        frames = timeline.frames_at(times)
        columns = {
            "frame_set_id": timeline.numbers_at(times).tolist(),
            "frame": timeline.frames[frames].tolist(),
            "timestamp": timeline.timestamps[frames].tolist(),
            "buttons": [timeline.combinations[held] for held in timeline.keys[frames]],
            "previous": self.before[first:end],
            "current": self.values[first:end],
            "recorded": self.is_recorded[first:end].tolist(),
        }
        return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def ranges(self) -> list[list[int]]:
        """Return the frame sets in which it changed, as pairs of the first and last of each run."""
        numbers = np.unique(self.history.timeline.numbers_at(self.time[self.is_recorded])).astype(np.int64)
        return ranges_of_numbers(numbers)


def value_changes(history: History, position: int, kind: ValueType) -> ValueChanges:
    """Find the changes of a value.

    Args:
        history: of the recording.
        position: byte offset in memory images.
        kind: the value's type.

    Raises:
        AnalysisError: it would reach beyond the end of its region.
    """
    steps = history.values_of(position, kind)
    words = range(position // WORD_BYTES, (position + kind.width - 1) // WORD_BYTES + 1)
    entries = [history.entries_of(word) for word in words]
    changed, other = (
        reduce(np.union1d, [found.time[(kinds_of(found.kind) == EntryKind.CHANGED) == is_change] for found in entries])
        for is_change in (True, False)
    )
    values = steps.numbers()
    before = [None, *values][: len(values)]
    is_recorded = np.isin(steps.time, changed) & steps.known
    # Where a word was restated right before its change, as at its first sight, that has the value before.
    for index in np.flatnonzero(is_recorded & np.isin(steps.time, other)).tolist():
        data = _bytes_before(entries, int(steps.time[index]), position % WORD_BYTES, kind.width)
        restated = kind.read(data) if data is not None else None
        before[index] = before[index] if restated == values[index] else restated
        is_recorded[index] = restated != values[index]
    moved = (old is not None and old != new for old, new in zip(before, values, strict=True))
    is_recorded &= np.fromiter(moved, np.bool_, len(values))
    return ValueChanges(history, steps.time, values, before, is_recorded)


def _bytes_before(entries: Sequence[Entries], time: int, start: int, width: int) -> bytes | None:
    """Return bytes of neighbouring words before their changes at a time, if all are known."""
    data, known = b"", 0
    for index, found in enumerate(entries):
        is_change = kinds_of(found.kind) == EntryKind.CHANGED
        earlier = np.flatnonzero((found.time < time) | ((found.time == time) & ~is_change))
        if not len(earlier):
            return None
        data += int(found.value[earlier[-1]]).to_bytes(WORD_BYTES, "little")
        known |= int(known_bytes(found.kind[earlier[-1:]])[0]) << WORD_BYTES * index
    needed = (1 << width) - 1 << start
    return data[start : start + width] if known & needed == needed else None
