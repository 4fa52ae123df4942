"""Batches of frame sets with their changes, labels, splits and episodes. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from protocol.session.annotations import Annotations
from protocol.session.change_rows import ChangeColumns
from protocol.session.frame_set import FrameSet

__all__ = ["Batch"]


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Consecutive frame sets as columns of shape (n,).

    Args:
        sets: the frame sets; their memory changes are in `changes`.
        changes: their memory changes, as columns.
        labels: their labels; None where a set was never labelled.
        splits: their splits; `split.GAP` for none.
        episodes: their episodes.
        variables: values of the dataset's variables after each, shape (n, k); NaN where a value is not known.
    """

    sets: Sequence[FrameSet]
    changes: ChangeColumns
    labels: Sequence[Annotations | None]
    splits: NDArray[np.str_]
    episodes: NDArray[np.int64]
    variables: NDArray[np.float64]

    def part(self, chosen: NDArray[np.bool_]) -> "Batch":
        """Return the frame sets that are chosen, shape (n,)."""
        places = np.flatnonzero(chosen).tolist()
        return Batch(
            [self.sets[place] for place in places],
            self.changes.part(chosen),
            [self.labels[place] for place in places],
            self.splits[chosen],
            self.episodes[chosen],
            self.variables[chosen],
        )

    def runs(self) -> Iterator["Batch"]:
        """Cut the batch where the episode or the split changes; frame sets of no split are left out."""
        changes = (self.episodes[1:] != self.episodes[:-1]) | (self.splits[1:] != self.splits[:-1])
        edges = [0, *(np.flatnonzero(changes) + 1).tolist(), len(self.sets)]
        for first, last in pairwise(edges):
            if first < last and self.splits[first]:
                chosen = np.zeros(len(self.sets), bool)
                chosen[first:last] = True
                yield self.part(chosen)
