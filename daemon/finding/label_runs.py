"""Runs of equal labels, and the frame sets of them that are looked at. Pure.

A run of equal labels is one piece of evidence, however long it is: people give a whole run the wrong label, or none.
Labels come 0.2 to 1.0 s late, which leaves the end of a run with sets that belong to what follows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.windows import sets_in
from protocol.changes import I64

__all__ = ["LATENESS", "LabelSamples", "LabelledRun", "label_samples", "labelled_runs", "sets_of"]

LATENESS = 1.2
"""Seconds by which a label may be late, the frame set in which it was given included."""

_MOST_SAMPLES = 600
_SAMPLES_OF_RUN = 4


@dataclass(frozen=True, slots=True)
class LabelledRun:
    """Frame sets in a row with the same label, by their places; both ends belong to it."""

    first: int
    last: int
    value: str

    def __len__(self) -> int:
        """Number of frame sets."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, eq=False)
class LabelSamples:
    """Labelled frame sets that are looked at, shape (s,) each.

    Args:
        places: of the timeline, ascending.
        labels: indices of `names`.
        weights: those of a run together are 1.
        run_numbers: the run of each.
        names: values of the field.
    """

    places: I64
    labels: I64
    weights: NDArray[np.float64]
    run_numbers: I64
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.places)


def labelled_runs(values: Sequence[str]) -> list[LabelledRun]:
    """Find the runs of equal labels; an empty text is no label."""
    runs = []
    first = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[first]:
            if values[first]:
                runs.append(LabelledRun(first, place - 1, values[first]))
            first = place
    return runs


def sets_of(seconds: float, history: History) -> int:
    """Return how many whole frame sets a time takes, at least one."""
    return max(1, round(sets_in(seconds, history.timeline)))


def label_samples(runs: Sequence[LabelledRun], lateness: int) -> LabelSamples:
    """Choose the frame sets of runs whose labels are looked at.

    Args:
        runs: ascending and apart.
        lateness: frame sets by which a label may be late.
    """
    if len(runs) > _MOST_SAMPLES:
        runs = [runs[index] for index in np.linspace(0, len(runs) - 1, _MOST_SAMPLES).round().astype(int).tolist()]
    most = max(1, min(_SAMPLES_OF_RUN, _MOST_SAMPLES // max(1, len(runs))))
    names = tuple(sorted({run.value for run in runs}))
    places: list[int] = []
    labels: list[int] = []
    weights: list[float] = []
    numbers: list[int] = []
    for number, run in enumerate(runs):
        last = max(run.first + (len(run) - 1) // 2, run.last - lateness)
        chosen = sorted(set(np.linspace(run.first, last, most + 2)[1:-1].round().astype(int).tolist()))
        places += chosen
        labels += [names.index(run.value)] * len(chosen)
        weights += [1 / len(chosen)] * len(chosen)
        numbers += [number] * len(chosen)
    return LabelSamples(
        places=np.array(places, np.int64),
        labels=np.array(labels, np.int64),
        weights=np.array(weights, np.float64),
        run_numbers=np.array(numbers, np.int64),
        names=names,
    )
