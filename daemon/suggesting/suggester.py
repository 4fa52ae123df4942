"""Suggestions of one session, with models that are kept while its labels stay. Pure."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import partial

from daemon.analysis.history import History
from daemon.suggesting.label_model import LabelModel, fit_model
from daemon.suggesting.snapping import Snap, find_snaps
from daemon.suggesting.suggestions import Suggestions, suggest
from protocol.changes import I64, U8

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
    """Suggestions and snaps of one session; for one thread.

    Args:
        pictures_of: gives small pictures of frame sets, by the recording and their places; None: none are looked at.
    """

    def __init__(self, pictures_of: Callable[[History, I64], Sequence[U8 | None]] | None = None) -> None:
        self._pictures_of = pictures_of
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
        pictures_of = None if self._pictures_of is None else partial(self._pictures_of, history)
        suggestions = suggest(history, field, values, self._model(history, field, values), pictures_of)
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
