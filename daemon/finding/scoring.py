"""Seam between scorers and the finder: log scores of every candidate. Pure.

A scorer knows one kind of evidence. It is asked once for a query; what it finds gives, for a value type and a form, the
score of the value at each byte offset. The finder adds those of all scorers to the score that a candidate has without
any label, and asks for the evidence of the few best.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.value_types import ValueType
from daemon.finding.evidence import Query
from daemon.finding.forms import Form
from daemon.finding.found import EvidenceLine
from protocol.changes import Bools

__all__ = ["CandidateId", "Nats", "Scorer", "Scores"]

Nats: TypeAlias = NDArray[np.float32]
"""Log scores, natural logarithms of probabilities or of their ratios."""


@dataclass(frozen=True, slots=True)
class CandidateId:
    """Value at a byte offset of memory images, and the form in which a game shows it."""

    position: int
    type: ValueType
    form: Form


class Scores(Protocol):
    """Scores of every candidate by one scorer."""

    def of(self, kind: ValueType, form: Form, /) -> Nats | float:
        """Return the score of the value of a type and form at each byte offset.

        Returns:
            Shape (bytes - width + 1,), or one number where every offset has the same.
        """

    def evidence(self, candidate: CandidateId) -> Sequence[EvidenceLine]:
        """Return the parts of a candidate's score, label by label; they add up to it."""

    def unknown(self) -> Bools | None:
        """Return at which bytes a value that was needed is not known; None where at none.

        Returns:
            Shape (bytes,).
        """

    def problems(self) -> Sequence[str]:
        """Return sentences on evidence that could not be used."""


class Scorer(Protocol):
    """Scorer of one kind of evidence."""

    def scores(self, query: Query, history: History) -> Scores | None:
        """Score every candidate.

        Args:
            query: of which it uses its own kind of evidence.
            history: the recording, which may have grown since the last time; it goes on from that one.

        Returns:
            None where the query has no such evidence.

        Raises:
            EvidenceError: some of it cannot be used on this recording.
        """
