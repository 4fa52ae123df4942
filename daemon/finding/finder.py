"""Finder of variables: scores of all evidence added up, a certainty. Pure."""

from collections.abc import Iterator, Sequence

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES, Number
from daemon.finding.asking import picture_to_ask_for
from daemon.finding.axis_scorer import AxisScorer
from daemon.finding.curves import Curves
from daemon.finding.events import EventScorer
from daemon.finding.evidence import Query
from daemon.finding.forms import Form
from daemon.finding.found import Certainty, EvidenceLine, Found, FoundCandidate, Mirror
from daemon.finding.mirrors import Group, Ranked, grouped, overlap
from daemon.finding.priors import Priors, rarity
from daemon.finding.readings import ReadingScorer
from daemon.finding.scoring import CandidateId, Nats, Scorer, Scores
from protocol.bus.memory_questions import DEFAULT_FOUND
from protocol.changes import I64

__all__ = ["Finder"]

_LOOKED_AT = 256
"""Candidates that are grouped: the best, an address more than once for its types and forms."""

_MIRRORS = 16
"""Mirrors that are listed with a candidate at most."""

_COMPARED = 8
"""Groups among which the picture to ask for decides."""

_CERTAIN_NATS, _LIKELY_NATS = 4.0, 1.0
"""Leads above which the first is certain, or likely: in the prototype the first was right 72 of 72 times above 4 nats,
in 73 % from 1 to 4, and in 22 % below."""

_CONTRADICTED = 4
"""A candidate that more than one label in so many contradicts is never certain: people err in one of ten."""

_HARDLY = -1.5
"""Nats below which a label hardly speaks for a candidate: one that ran past the number in the time of the delay."""


class Finder:
    """Finder of variables in one recording, which may grow.

    What a label says is kept, so that a query with one more label costs little more than that label.

    Args:
        history: of the recording.
        scorers: of other evidence than readings, events and an axis.
    """

    def __init__(self, history: History, scorers: Sequence[Scorer] = ()) -> None:
        self._scorers: tuple[Scorer, ...] = (ReadingScorer(), EventScorer(), AxisScorer(), *scorers)
        self._take(history)

    def renew(self, history: History) -> None:
        """Take the recording with what has been recorded since."""
        if history is not self._history:
            self._take(history)

    def find(self, query: Query, limit: int = DEFAULT_FOUND) -> Found:
        """Find the variable of a query.

        Args:
            query: what is known of it.
            limit: candidates to list.

        Raises:
            EvidenceError: some of it cannot be used on this recording.
        """
        history = self._history
        found = [scorer.scores(query, history) for scorer in self._scorers]
        scores = [each for each in found if each is not None]
        problems = [problem for each in scores for problem in each.problems()]
        if not scores or not len(history):
            return Found(query.name, problems=tuple(problems))
        forms = tuple(Form) if query.readings else (Form.EQUAL,)
        ranked = self._best(scores, forms)
        considered = len(forms) * sum(int(history.fits(kind.width).sum()) for kind in VALUE_TYPES.values())
        # Where no label speaks for a candidate, what ranks it is nothing but habits of games.
        every = [
            (group, self._candidate(group, scores)) for group in grouped(ranked, self._curves, max(limit, _COMPARED))
        ]
        fitting = [(group, candidate) for group, candidate in every if candidate.has_support]
        if not fitting:
            return Found(query.name, considered=considered, problems=tuple(problems))
        groups = [group for group, _ in fitting]
        candidates = tuple(candidate for _, candidate in fitting[:limit])
        others = [group for group, _ in every if group is not groups[0]]
        lead = max(0.0, groups[0].first.score - others[0].first.score) if others else 0.0
        return Found(
            name=query.name,
            candidates=candidates,
            lead=lead,
            certainty=_certainty(lead, candidates[0].evidence),
            ask=picture_to_ask_for(
                history.timeline,
                [self._curves.of(group.first.id) for group in groups[:_COMPARED]],
                [group.first.score for group in groups[:_COMPARED]],
                {reading.number for reading in query.readings},
            ),
            considered=considered,
            unknown=self._unknown(scores),
            problems=(*problems, *(_contradiction(line) for line in candidates[0].evidence if not line.holds)),
        )

    def _take(self, history: History) -> None:
        self._history = history
        self._priors = Priors(history)
        self._curves = Curves(history)

    def _best(self, scores: Sequence[Scores], forms: Sequence[Form]) -> list[Ranked]:
        """Return the best candidates in order."""
        least = -np.inf
        found: list[tuple[float, CandidateId]] = []
        for kind in VALUE_TYPES.values():
            for form in forms:
                total = self._priors.of(kind.width) - np.float32(rarity(kind, form))
                for each in scores:
                    total += each.of(kind, form)
                positions = _largest(total, least)
                found += zip(
                    total[positions].tolist(),
                    (CandidateId(position, kind, form) for position in positions.tolist()),
                    strict=True,
                )
                found.sort(key=lambda entry: -entry[0])
                del found[_LOOKED_AT:]
                least = found[-1][0] if len(found) == _LOOKED_AT else least
        return [Ranked(candidate, score) for score, candidate in found]

    def _candidate(self, group: Group, scores: Sequence[Scores]) -> FoundCandidate:
        history, candidate = self._history, group.first.id
        return FoundCandidate(
            position=candidate.position,
            address=history.address_of(candidate.position),
            type=candidate.type,
            form=candidate.form,
            score=group.first.score,
            changes=int(history.all_change_counts.of(candidate.type.width)[candidate.position]),
            value=self._last_value(candidate),
            evidence=tuple(sorted(self._lines(candidate, scores), key=lambda line: line.number)),
            mirrors=tuple(self._mirrors(group)),
        )

    def _mirrors(self, group: Group) -> Iterator[Mirror]:
        """Yield the copies of a variable, then its own bytes read otherwise, an address once."""
        others: dict[int, CandidateId] = {}
        for each in group.mirrors:
            others.setdefault(each.id.position, each.id)
        others.pop(group.first.id.position, None)
        order = sorted(others.values(), key=lambda each: overlap(each, group.first.id))
        for other in order[:_MIRRORS]:
            yield Mirror(self._history.address_of(other.position), other.type.name)

    def _lines(self, candidate: CandidateId, scores: Sequence[Scores]) -> Iterator[EvidenceLine]:
        for each in scores:
            yield from each.evidence(candidate)

    def _last_value(self, candidate: CandidateId) -> Number | None:
        timeline = self._history.timeline
        end = np.array([timeline.end_of(len(timeline) - 1)], np.int32)
        return self._history.values_of(candidate.position, candidate.type, end).numbers()[0]

    def _unknown(self, scores: Sequence[Scores]) -> int:
        found = np.zeros(self._history.size, np.bool_)
        for each in scores:
            if (unknown := each.unknown()) is not None:
                found |= unknown
        return int(found.sum())


def _largest(total: Nats, least: float) -> I64:
    """Return where the largest scores are, of equal ones the first, in order of place."""
    found = np.flatnonzero(total > least)
    if len(found) <= _LOOKED_AT:
        return found
    scores = total[found]
    border = np.partition(scores, len(scores) - _LOOKED_AT)[len(scores) - _LOOKED_AT]
    above = found[scores > border]
    return np.sort(np.concatenate([above, found[scores == border][: _LOOKED_AT - len(above)]]))


def _certainty(lead: float, evidence: Sequence[EvidenceLine]) -> Certainty:
    against = sum(not line.holds for line in evidence)
    hardly_for = sum(not line.holds or line.nats < _HARDLY for line in evidence)
    if 2 * against >= len(evidence):
        return Certainty.UNSURE  # The best of what does not fit is no answer, however far the others are behind.
    if lead > _CERTAIN_NATS and hardly_for * _CONTRADICTED <= len(evidence):
        return Certainty.CERTAIN
    return Certainty.LIKELY if lead > _LIKELY_NATS else Certainty.UNSURE


def _contradiction(line: EvidenceLine) -> str:
    where = f" at frame set {line.number}" if line.kind.has_picture else ""
    return f"The {line.kind}{where} contradicts the first candidate: {line.text}."
