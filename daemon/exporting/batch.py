"""Batches of frame sets with their changes, labels, splits, episodes and actions. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from protocol.session.annotations import Annotations
from protocol.session.change_rows import ChangeColumns
from protocol.session.frame_set import FrameSet

__all__ = ["NOTHING", "Batch", "SetColumns"]

NOTHING = -1
"""Stands for no picture in `SetColumns.pictures`, and for no next action in `SetColumns.next_combinations`."""


@dataclass(frozen=True, slots=True, eq=False)
class SetColumns:
    """Consecutive frame sets as columns of shape (n,), with f frames a set.

    Args:
        sets: the frame sets.
        labels: their labels; None where a set was never labelled.
        splits: their splits; `split.GAP` for none.
        episodes: their episodes.
        variables: values of the dataset's variables after each, shape (n, k); NaN where a value is not known.
        pictures: the frame set that each one's screenshot was taken after; `NOTHING` without one.
        held: buttons held at each of its frames, as bit sets, shape (n, f).
        combinations: the same as numbers of the dataset's vocabulary, shape (n, f).
        next_combinations: those of the frame set that follows in the episode, shape (n, f); `NOTHING` at its end.
        rewards: gained during each; NaN where that is not known, 0 where the dataset has no goal.
        dones: whether the episode is over after each.
        resets: whether nobody plays in each.
        memories: memory after each, in the dataset's form: images, None for those without, or words, shape (n, w).
    """

    sets: Sequence[FrameSet]
    labels: Sequence[Annotations | None]
    splits: NDArray[np.str_]
    episodes: NDArray[np.int64]
    variables: NDArray[np.float64]
    pictures: NDArray[np.int64]
    held: NDArray[np.uint32]
    combinations: NDArray[np.int32]
    next_combinations: NDArray[np.int32]
    rewards: NDArray[np.float64]
    dones: NDArray[np.bool_]
    resets: NDArray[np.bool_]
    memories: Sequence[bytes | None] | NDArray[np.uint32]

    def taken(self, places: NDArray[np.intp]) -> "SetColumns":
        """Return the frame sets at some places, without their changes."""
        return SetColumns(*(_taken(getattr(self, item.name), places) for item in fields(SetColumns)))

    @classmethod
    def joined(cls, parts: Sequence["SetColumns"]) -> "SetColumns":
        """Put parts of one session behind each other, at least one."""
        return cls(*(_joined([getattr(part, item.name) for part in parts]) for item in fields(cls)))


@dataclass(frozen=True, slots=True, eq=False)
class Batch(SetColumns):
    """Consecutive frame sets with their memory changes.

    Args:
        changes: their memory changes, as columns.
    """

    changes: ChangeColumns

    def part(self, chosen: NDArray[np.bool_]) -> "Batch":
        """Return the frame sets that are chosen, shape (n,)."""
        places = np.flatnonzero(chosen)
        columns = {item.name: _taken(getattr(self, item.name), places) for item in fields(SetColumns)}
        return Batch(**columns, changes=self.changes.part(chosen))

    def runs(self) -> Iterator["Batch"]:
        """Cut the batch where the episode or the split changes; frame sets of no split are left out."""
        changes = (self.episodes[1:] != self.episodes[:-1]) | (self.splits[1:] != self.splits[:-1])
        return (part for part in self.cut((np.flatnonzero(changes) + 1).tolist()) if part.splits[0])

    def cut(self, starts: Sequence[int]) -> Iterator["Batch"]:
        """Cut the batch before each of some places, ascending."""
        for first, last in pairwise([0, *starts, len(self.sets)]):
            if first < last:
                chosen = np.zeros(len(self.sets), bool)
                chosen[first:last] = True
                yield self.part(chosen)


def _taken(column: Any, places: NDArray[np.intp]) -> Any:
    return column[places] if isinstance(column, np.ndarray) else [column[place] for place in places.tolist()]


def _joined(columns: Sequence[Any]) -> Any:
    if isinstance(columns[0], np.ndarray):
        return np.concatenate(columns)
    return [value for column in columns for value in column]
