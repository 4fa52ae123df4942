"""Scorer of states for the finder; see `states` for the evidence itself. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import ValueType
from daemon.finding.byte_columns import CODES, UNKNOWN, bytes_at
from daemon.finding.evidence import Query
from daemon.finding.forms import Form
from daemon.finding.found import EvidenceKind, EvidenceLine
from daemon.finding.label_runs import LATENESS, LabelledRun, LabelSamples, label_samples, labelled_runs, sets_of
from daemon.finding.scoring import CandidateId, Nats
from daemon.finding.states import ENOUGH_VALUES, WRONG, score_states
from protocol.changes import Bools

__all__ = ["FoundState", "StateScorer"]

_BYTE = "u8"
"""The value type of states: a wider value over two of them would tell as much."""

_NO_STATE = -20.0
"""Score of what is no byte that tells the labels, in nats: below that of every byte that does."""

_LINES = 24
"""Labelled runs that are listed as evidence, the others as one line."""


class FoundState:
    """Scores of a state: see `Scores`.

    Args:
        field: the label field that it tells.
        values: the labels, a text for each frame set of the timeline, empty where there is none.
        history: of the recording.
    """

    def __init__(self, field: str, values: Sequence[str], history: History) -> None:
        self._field = field
        self._history = history
        self._runs: list[LabelledRun] = labelled_runs(values)
        self._samples: LabelSamples = label_samples(self._runs, sets_of(LATENESS, history))
        found = score_states(history, self._runs)
        self._row: Nats = np.full(history.size, _NO_STATE, np.float32)
        self._row[found.positions] = np.maximum(found.nats, _NO_STATE)

    @property
    def is_enough(self) -> bool:
        """True where the labels have as many values as tell one byte from others."""
        return len(self._samples.names) >= ENOUGH_VALUES

    def of(self, kind: ValueType, form: Form, /) -> Nats | float:
        """Return the score of the value of a type at each byte offset: see `Scores.of`."""
        if not self.is_enough:
            return 0.0
        return self._row if kind.name == _BYTE and form is Form.EQUAL else _NO_STATE

    def evidence(self, candidate: CandidateId) -> Sequence[EvidenceLine]:
        """Return a line for each labelled run; of many, those that contradict the state first.

        What is left of the score when each run has its part is shared by all lines.
        """
        if not self.is_enough:
            return ()
        is_byte = candidate.type.name == _BYTE and candidate.form is Form.EQUAL
        nats = float(self._row[candidate.position]) if is_byte else _NO_STATE
        lines = self._lines(candidate.position)
        shared = (nats - sum(line.nats for line in lines)) / len(lines)
        lines = [replace(line, nats=line.nats + shared) for line in lines]
        listed = set(sorted(range(len(lines)), key=lambda place: (lines[place].holds, place))[:_LINES])
        shown = [line for place, line in enumerate(lines) if place in listed]
        rest = [line for place, line in enumerate(lines) if place not in listed]
        if rest:
            right = sum(line.holds for line in rest)
            text = f"its value tells the {self._field} in {right} of {len(rest)} more labelled runs"
            rest_nats = sum(line.nats for line in rest)
            shown.append(EvidenceLine(rest[0].number, EvidenceKind.STATE, text, 2 * right > len(rest), rest_nats))
        return shown

    def unknown(self) -> Bools | None:
        """Return None: a byte that is not known at a label is judged by the others."""
        return None

    def problems(self) -> Sequence[str]:
        """Return a sentence where the labels are not enough."""
        if self.is_enough:
            return ()
        names = self._samples.names
        have = f"only {' and '.join(names)}" if names else "no labels"
        return (
            f"{self._field} has {have} here: with {ENOUGH_VALUES} values and more the byte that tells it is found.",
        )

    def _lines(self, position: int) -> list[EvidenceLine]:
        """Return what a byte was in each run, with the nats of its label alone."""
        samples = self._samples
        [values] = bytes_at(self._history, np.array([position]), samples.places)
        table = np.zeros((CODES, len(samples.names)))
        np.add.at(table, (values, samples.labels), samples.weights)
        stands_for = table.argmax(axis=1)
        frequencies = np.bincount(samples.labels, samples.weights) / samples.weights.sum()
        right, wrong = np.log1p(-WRONG), np.log(WRONG / (len(samples.names) - 1))
        lines = []
        for number in range(int(samples.run_numbers[-1]) + 1):
            some = np.flatnonzero(samples.run_numbers == number)
            label = int(samples.labels[some[0]])
            codes, counts = np.unique(values[some], return_counts=True)
            code = int(codes[counts.argmax()])
            meant = int(stands_for[code])
            holds = code != UNKNOWN and meant == label
            text = "its value is not known" if code == UNKNOWN else f"it was {code}, which stands for "
            if code != UNKNOWN:
                text += samples.names[meant] if holds else f"{samples.names[meant]}, not {samples.names[label]}"
            first = int(self._history.timeline.numbers[samples.places[some[0]]])
            nats = float((right if holds else wrong) - np.log(frequencies[label]))
            lines.append(EvidenceLine(first, EvidenceKind.STATE, text, holds, nats))
        return lines


class StateScorer:
    """Scorer of states, which keeps what it found for the last labels: see `Scorer`.

    Args:
        values_of: returns the labels of a field, a text for each frame set, empty where there is none.
    """

    def __init__(self, values_of: Callable[[str], Sequence[str]]) -> None:
        self._values_of = values_of
        self._known: tuple[str, Sequence[str], History, FoundState] | None = None

    def scores(self, query: Query, history: History) -> FoundState | None:
        """Score every candidate by the labels of the query's field; None where it has none."""
        if query.field is None:
            return None
        values = self._values_of(query.field)
        if self._known is None or self._known[:2] != (query.field, values) or self._known[2] is not history:
            self._known = query.field, values, history, FoundState(query.field, values, history)
        return self._known[3]
