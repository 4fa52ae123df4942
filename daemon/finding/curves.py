"""Curves of candidates: their numbers over the whole recording. Pure."""

from collections import OrderedDict

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.scoring import CandidateId
from protocol.changes import I64

__all__ = ["Curve", "Curves"]

_OUTLINE = 96

_REMEMBERED = 400
"""Curves that are kept: the candidates of a few queries."""


class Curve:
    """Numbers that a candidate showed, from each place on until the next.

    Args:
        places: of the frame sets after which it had another value, ascending, shape (m,).
        numbers: as they were shown; NaN where the value is not known or none of its type, shape (m,).
        end: places of the recording.

    Attributes:
        outline: numbers at some moments, the same for all curves of a recording.
    """

    def __init__(self, places: I64, numbers: NDArray[np.float64], end: int) -> None:
        self.places = places
        self.numbers = numbers
        self.outline = self.at(np.linspace(0, max(0, end - 1), _OUTLINE).astype(np.int64))

    def at(self, places: I64) -> NDArray[np.float64]:
        """Return the numbers after frame sets, by their places; NaN before the first."""
        index = np.searchsorted(self.places, places, "right") - 1
        if not len(self.places):
            return np.full(len(places), np.nan)
        return np.where(index >= 0, self.numbers[np.maximum(index, 0)], np.nan)


class Curves:
    """Curves of candidates of a recording.

    Args:
        history: of the recording.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._kept: OrderedDict[CandidateId, Curve] = OrderedDict()

    def of(self, candidate: CandidateId) -> Curve:
        """Return the curve of a candidate."""
        curve = self._kept.get(candidate)
        if curve is None:
            steps = self._history.values_of(candidate.position, candidate.type)
            valid = steps.typed.where_valid(steps.known)
            with np.errstate(invalid="ignore"):  # Any bytes may be read as floats.
                numbers = candidate.form.shown(steps.typed.values.astype(np.float64))
            curve = Curve(
                self._history.timeline.places_at(steps.time),
                np.where(valid, numbers, np.nan),
                len(self._history.timeline),
            )
            self._kept[candidate] = curve
            while len(self._kept) > _REMEMBERED:
                self._kept.popitem(last=False)
        self._kept.move_to_end(candidate)
        return curve
