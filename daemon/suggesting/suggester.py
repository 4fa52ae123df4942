"""Suggestions of one session, with models that are kept while its labels stay. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from daemon.analysis.history import History
from daemon.suggesting.label_model import LabelModel, fit_model
from daemon.suggesting.suggestions import Suggestions, suggest

__all__ = ["Suggester"]

_MORE = 1.05
"""Growth of a recording with which a model is fitted anew, though no label of what was there has changed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Answered:
    """Last answer for a field, and the labels, fitted labels and model that it was made of."""

    history: History
    values: Sequence[str]
    fitted: Sequence[str]
    model: LabelModel
    suggestions: Suggestions


class Suggester:
    """Suggestions of one session; for one thread."""

    def __init__(self) -> None:
        self._answered: dict[str, _Answered] = {}

    def suggestions(self, history: History, field: str, values: Sequence[str]) -> Suggestions:
        """Suggest labels of a field; what was asked before costs little.

        Args:
            history: the recording, as it is now.
            field: of the labels.
            values: its value in each frame set, empty where there is none; shape (n,).
        """
        before = self._answered.get(field)
        if before is not None and before.history is history and before.values == values:
            return before.suggestions
        if before is not None and _holds(before.fitted, values):
            fitted, model = before.fitted, before.model
        else:
            fitted, model = values, fit_model(history, values)
        suggestions = suggest(history, field, values, model)
        self._answered[field] = _Answered(history, values, fitted, model, suggestions)
        return suggestions


def _holds(fitted: Sequence[str], values: Sequence[str]) -> bool:
    """Return whether a model still holds: only a little was recorded since."""
    return len(values) <= _MORE * len(fitted) and values[: len(fitted)] == fitted
