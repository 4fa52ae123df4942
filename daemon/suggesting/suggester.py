"""Suggestions of one session, with models that are kept while its labels stay. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from daemon.analysis.history import History
from daemon.suggesting.label_model import LabelModel, fit_model
from daemon.suggesting.snapping import Snap, find_snaps
from daemon.suggesting.suggestions import Suggestions, suggest

__all__ = ["Suggester"]

_MORE = 1.05
"""Growth of a recording with which a model is fitted anew, though no label of what was there has changed."""


@dataclass(frozen=True, slots=True, eq=False)
class _Answered:
    """Last answer for a field, and the labels and the recording that it is about."""

    history: History
    values: Sequence[str]
    suggestions: Suggestions


class Suggester:
    """Suggestions and snaps of one session; for one thread."""

    def __init__(self) -> None:
        self._models: dict[str, tuple[Sequence[str], LabelModel]] = {}
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
        suggestions = suggest(history, field, values, self._model(history, field, values))
        self._answered[field] = _Answered(history, values, suggestions)
        return suggestions

    def snaps(
        self, history: History, field: str, values: Sequence[str], chosen: Collection[int] | None = None
    ) -> list[Snap]:
        """Find the moves of ends of labelled runs.

        Args:
            history: the recording, as it is now.
            field: of the labels.
            values: its value in each frame set, empty where there is none; shape (n,).
            chosen: places of frame sets whose runs are meant; None for all runs.
        """
        return find_snaps(history, values, self._model(history, field, values), chosen)

    def _model(self, history: History, field: str, values: Sequence[str]) -> LabelModel:
        """Return the field's model, kept while no label changes and only a little is recorded."""
        fitted, model = self._models.get(field, (None, None))
        if fitted is None or model is None or len(values) > _MORE * len(fitted) or values[: len(fitted)] != fitted:
            model = fit_model(history, values)
            self._models[field] = values, model
        return model
