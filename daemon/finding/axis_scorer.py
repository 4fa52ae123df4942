"""Scorer of an axis for the finder: see `axes` for the evidence itself. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.value_types import ValueType
from daemon.analysis.word_fields import FIELDS
from daemon.finding.axes import AxisScores, Held, Presses, presses_of, score_axis
from daemon.finding.evidence import Axis, Query
from daemon.finding.forms import Form
from daemon.finding.found import EvidenceKind, EvidenceLine
from daemon.finding.scoring import CandidateId, Nats
from protocol.changes import Bools

__all__ = ["AxisScorer", "FoundAxis"]

_LEAST = -4.0
"""Score of what moves against the axis, or never with it."""

_SCALE, _HALF = 4.0, 8.0
"""Measures by which more presses count ever less: they are not independent, and a copy moves in all of them as well."""


class FoundAxis:
    """Scores of an axis: see `Scores`.

    Args:
        axis: the axis.
        history: of the recording.
    """

    def __init__(self, axis: Axis, history: History) -> None:
        self._axis = axis
        self._size = history.size
        self._first = int(history.timeline.numbers[0]) if len(history.timeline) else 0
        self._presses: Presses = presses_of(history.timeline, axis.negative, axis.positive)
        self._scores: AxisScores = score_axis(history, self._presses)
        self._rows: dict[str, Nats] = {}

    @property
    def presses(self) -> int:
        """Number of presses of both buttons."""
        return int(self._presses.counts[[Held.POSITIVE, Held.NEGATIVE]].sum())

    def of(self, kind: ValueType, _form: Form, /) -> Nats | float:
        """Return the score of the value of a type at each byte offset: see `Scores.of`."""
        if not self.presses:
            return 0.0
        row = self._rows.get(kind.name)
        if row is None:
            row = np.full(self._size - kind.width + 1, _LEAST, np.float32)
            fields = [index for index, field in enumerate(FIELDS) if kind.name in field.type_names]
            some = np.isin(self._scores.fields, fields)
            row[self._scores.positions[some]] = _bounded(self._scores.nats[some])
            self._rows[kind.name] = row
        return row

    def evidence(self, candidate: CandidateId) -> Sequence[EvidenceLine]:
        """Return the axis as one line, which is about all presses."""
        if not self.presses:
            return ()
        nats = float(self.of(candidate.type, candidate.form)[candidate.position])  # type: ignore[index]
        presses = f"{self.presses:,} press{'' if self.presses == 1 else 'es'} of {self._axis}"
        found = np.flatnonzero(self._scores.positions == candidate.position)
        found = found[[candidate.type.name in self._scores.field(int(index)).type_names for index in found]]
        text = f"it never moved in {presses}"
        if len(found):
            right, wrong = (int(column[found[0]]) for column in (self._scores.right, self._scores.wrong))
            text = f"it moved the same way in {right} of {presses}, the other way in {wrong}"
        return (EvidenceLine(self._first, EvidenceKind.AXIS, text, nats > 0, nats),)

    def unknown(self) -> Bools | None:
        """Return None: what is not known for a while has not moved there."""
        return None

    def problems(self) -> Sequence[str]:
        """Return a sentence where nobody pressed the buttons."""
        return () if self.presses else (f"Nobody pressed {self._axis} in this recording: the axis is left out.",)


def _bounded(nats: NDArray[np.float64]) -> NDArray[np.float64]:
    """Bring the nats of presses to a scale on which readings still count."""
    return np.where(nats > 0, _SCALE * np.log1p(np.maximum(nats, 0) / _HALF), np.maximum(nats / 2, _LEAST))


class AxisScorer:
    """Scorer of an axis, which keeps what it found for the last one: see `Scorer`."""

    def __init__(self) -> None:
        self._known: tuple[Axis, History, FoundAxis] | None = None

    def scores(self, query: Query, history: History) -> FoundAxis | None:
        """Score every candidate by the axis of a query; None where it has none."""
        if query.axis is None:
            return None
        if self._known is None or self._known[0] != query.axis or self._known[1] is not history:
            self._known = query.axis, history, FoundAxis(query.axis, history)
        return self._known[2]
