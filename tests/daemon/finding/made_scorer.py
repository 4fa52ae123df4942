"""A scorer that is told its scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import ValueType
from daemon.finding.evidence import Query
from daemon.finding.forms import Form
from daemon.finding.found import EvidenceKind, EvidenceLine
from daemon.finding.scoring import CandidateId, Nats, Scorer, Scores
from protocol.changes import Bools

__all__ = ["MadeScorer"]


@dataclass
class MadeScorer:
    """Nats by type and byte offset, for queries with an axis."""

    nats: Mapping[tuple[str, int], float] = field(default_factory=dict)
    size: int = 32

    def scores(self, query: Query, history: History) -> Scores | None:
        return self if query.axis else None

    def of(self, kind: ValueType, form: Form) -> Nats | float:
        found = np.zeros(self.size - kind.width + 1, np.float32)
        for (name, position), nats in self.nats.items():
            if name == kind.name:
                found[position] = nats
        return found if found.any() else 0.0

    def evidence(self, candidate: CandidateId) -> Sequence[EvidenceLine]:
        nats = self.nats.get((candidate.type.name, candidate.position), 0.0)
        return [EvidenceLine(1, EvidenceKind.AXIS, "it moves with Left and Right", nats > 0, nats)]

    def unknown(self) -> Bools | None:
        return None

    def problems(self) -> Sequence[str]:
        return ()


_: Scorer = MadeScorer()
