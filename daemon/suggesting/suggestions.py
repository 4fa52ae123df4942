"""Suggested labels for frame sets that have none, and labels that memory contradicts. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from daemon.analysis.history import History
from daemon.finding.label_runs import LATENESS, LabelledRun, labelled_runs, sets_of
from daemon.suggesting.guesses import Guesses
from daemon.suggesting.label_model import LabelModel, Opinion
from daemon.suggesting.picture_opinion import PicturesOf
from protocol.changes import U32, Bools
from protocol.errors import AnalysisError
from protocol.session.annotations import TEXT_FIELDS
from protocol.session.frame_set import hex_word

__all__ = ["SUGGESTED_FIELD", "Disagreement", "Suggestion", "Suggestions", "suggest", "suggested_field"]

SUGGESTED_FIELD = "context"
"""Field whose labels are suggested unless another is named."""

_CONTRADICTED = 0.95
"""Probability of another label from which on one that was given is doubted."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A label that frame sets probably have, as nobody gave it yet.

    Args:
        first: id of the first frame set.
        last: id of the last; those between that have a label have this one.
        value: of the field.
        confidence: mean probability that it is right, 0 to 1.
        reason: why, in words.
    """

    first: int
    last: int
    value: str
    confidence: float
    reason: str

    def as_map(self) -> dict[str, Any]:
        """Return it as the bus has it."""
        return {
            "first": self.first,
            "last": self.last,
            "value": self.value,
            "confidence": round(self.confidence, 3),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Frame sets whose label is probably wrong.

    Args:
        first: id of the first frame set.
        last: id of the last.
        label: the value that was given.
        value: the one that is probably right.
        reason: why, in words.
    """

    first: int
    last: int
    label: str
    value: str
    reason: str

    def as_map(self) -> dict[str, Any]:
        """Return it as the bus has it."""
        return {
            "first": self.first,
            "last": self.last,
            "label": self.label,
            "value": self.value,
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Suggestions:
    """Answer for a field.

    Args:
        field: of the labels.
        suggestions: ascending and apart.
        disagreements: ascending and apart.
        told_by: hex addresses of the bytes that tell the field, the most believed first.
        note: a sentence on why there are no suggestions; else empty.
    """

    field: str
    suggestions: tuple[Suggestion, ...]
    disagreements: tuple[Disagreement, ...]
    told_by: tuple[str, ...]
    note: str

    def as_map(self) -> dict[str, Any]:
        """Return it as the bus has it."""
        return {
            "field": self.field,
            "suggestions": [each.as_map() for each in self.suggestions],
            "disagreements": [each.as_map() for each in self.disagreements],
            "told_by": list(self.told_by),
            "note": self.note,
        }


def suggested_field(name: str) -> str:
    """Check the name of a field whose labels are to be suggested, and return it.

    Raises:
        AnalysisError: there is no such field, or it does not hold one value out of several.
    """
    if name not in TEXT_FIELDS:
        raise AnalysisError(f"No labels are suggested for {name[:60]!r}: choose one of {', '.join(TEXT_FIELDS)}.")
    return name


def suggest(
    history: History, field: str, values: Sequence[str], model: LabelModel, pictures_of: PicturesOf | None = None
) -> Suggestions:
    """Suggest labels where there are none, and doubt those that memory contradicts.

    Args:
        history: the recording.
        field: of the labels.
        values: its value in each frame set, empty where there is none; shape (n,).
        model: of the field, fitted on these labels and this recording.
        pictures_of: gives small pictures, which are looked at where memory does not tell.
    """
    opinion = Opinion(model, history) if model.telling else None
    numbers = history.timeline.numbers
    suggestions = tuple(_suggestions(numbers, values, Guesses(history, values, model, opinion, pictures_of)))
    doubts = [] if opinion is None else _disagreements(numbers, values, model, opinion, sets_of(LATENESS, history))
    return Suggestions(
        field=field,
        suggestions=suggestions,
        disagreements=tuple(doubts),
        told_by=tuple(hex_word(address) for byte in model.telling for address in byte.addresses),
        note="" if suggestions else model.note,
    )


def _suggestions(numbers: U32, values: Sequence[str], guesses: Guesses) -> Iterator[Suggestion]:
    """Yield the runs that are suggested; sets that already have the label do not cut them."""
    is_free = np.array([not value for value in values], np.bool_)
    for run in _whole_runs(guesses.labels, numbers):
        free = run.first + np.flatnonzero(is_free[run.first : run.last + 1])
        if len(free):
            yield Suggestion(
                first=int(numbers[free[0]]),
                last=int(numbers[free[-1]]),
                value=run.value,
                confidence=float(guesses.chances[free].mean()),
                reason=guesses.reason(int(free[len(free) // 2])),
            )


def _disagreements(
    numbers: U32, values: Sequence[str], model: LabelModel, opinion: Opinion, lateness: int
) -> Iterator[Disagreement]:
    """Yield the runs whose label is contradicted, but for late ends, which are to be snapped."""
    doubted = [
        model.names[label] if value and chance >= _CONTRADICTED and model.names[label] != value else ""
        for value, label, chance in zip(values, opinion.labels.tolist(), opinion.chances.tolist(), strict=True)
    ]
    late = _late_ends(values, doubted, lateness)
    pairs = [
        "" if is_late else other and f"{value}\0{other}"
        for value, other, is_late in zip(values, doubted, late, strict=True)
    ]
    for run in _whole_runs(pairs, numbers):
        label, _, value = run.value.partition("\0")
        reason = opinion.reason((run.first + run.last) // 2, model.names.index(value))
        yield Disagreement(int(numbers[run.first]), int(numbers[run.last]), label, value, reason)


def _late_ends(values: Sequence[str], doubted: Sequence[str], lateness: int) -> Bools:
    """Return which doubted sets are the end of a label that is only late, shape (n,)."""
    late = np.zeros(len(values), np.bool_)
    for run, after in pairwise([*labelled_runs(values), LabelledRun(len(values), len(values), "")]):
        first = run.last + 1
        while first > run.first and doubted[first - 1] and run.last - first < lateness:
            first -= 1
        # A whole run may be late where the next follows at once; one that stands alone is wrong.
        if not doubted[first - 1] if first > run.first else after.first == run.last + 1:
            late[first : run.last + 1] = True
    return late


def _whole_runs(values: Sequence[str], numbers: U32) -> Iterator[LabelledRun]:
    """Yield runs of equal values, cut where frame sets are missing."""
    gaps: Bools = np.diff(numbers.astype(np.int64)) != 1
    for run in labelled_runs(values):
        cuts = run.first + np.flatnonzero(gaps[run.first : run.last])
        for first, last in zip([run.first, *(cuts + 1).tolist()], [*cuts.tolist(), run.last], strict=True):
            yield LabelledRun(first, last, run.value)
