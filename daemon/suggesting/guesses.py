"""Guesses: labels of frame sets without one, by memory, pictures, and what is around. Pure."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.label_runs import LATENESS, LabelledRun, label_samples, labelled_runs, sets_of
from daemon.suggesting.label_model import LabelModel, Opinion
from daemon.suggesting.picture_opinion import PictureOpinion, PicturesOf
from protocol.changes import I64, Bools
from protocol.wording import counted

__all__ = ["SURE", "Guesses"]

SURE = 0.85
"""Probability from which on a label is suggested."""

_HEARD = 0.5
"""Probability from which on memory is not overruled by a picture."""

_MOST_PICTURES = 1_200
"""Pictures of frame sets without a label that are looked at for one answer, evenly over the recording."""

_PASSING = 0.75
"""Seconds that a moment which nobody labels lasts at most: one scene fades into another."""

Floats = NDArray[np.float64]


class Guesses:
    """Labels that frame sets without one probably have.

    Args:
        history: the recording.
        values: the field's value in each frame set, empty where there is none; shape (n,).
        model: of the field.
        opinion: of memory by the model; None where no byte tells the field.
        pictures_of: gives small pictures; None where there are none to look at.

    Attributes:
        labels: the given ones and the guessed ones, empty where there is none: a text for each frame set.
        chances: that the guessed ones are right, 0 where nothing is guessed, shape (n,).
    """

    def __init__(
        self,
        history: History,
        values: Sequence[str],
        model: LabelModel,
        opinion: Opinion | None,
        pictures_of: PicturesOf | None,
    ) -> None:
        self._history = history
        self._opinion = opinion
        self._reasons: dict[int, str] = {}
        self._names = model.names
        self.labels = list(values)
        self.chances: Floats = np.zeros(len(values), np.float64)
        self._by_memory()
        if pictures_of is not None and len(model.names) > 1:
            self._by_pictures(values, pictures_of)
        self._by_what_is_around()

    def reason(self, place: int) -> str:
        """Return in words why the label of a frame set is guessed."""
        if place in self._reasons or self._opinion is None:
            return self._reasons[place]
        return self._opinion.reason(place, self._names.index(self.labels[place]))

    def _guess(self, first: int, last: int, label: str, chance: float, reason: str) -> None:
        for place in range(first, last + 1):
            self.labels[place], self.chances[place], self._reasons[place] = label, chance, reason

    def _by_memory(self) -> None:
        if self._opinion is None:
            return
        sure = np.flatnonzero(self._is_free() & (self._opinion.chances >= SURE))
        for place in sure.tolist():
            self.labels[place] = self._names[self._opinion.labels[place]]
            self.chances[place] = self._opinion.chances[place]

    def _by_pictures(self, values: Sequence[str], pictures_of: PicturesOf) -> None:
        """Look at pictures of what memory leaves open; two that agree speak for what is between."""
        is_free = self._is_free()
        unsure = np.flatnonzero(is_free)
        if not len(unsure):
            return
        lateness = sets_of(LATENESS, self._history)
        opinion = PictureOpinion(label_samples(labelled_runs(values), lateness), pictures_of)
        votes = opinion.votes(unsure[:: 1 + len(unsure) // _MOST_PICTURES])
        accepted = [
            (place, vote) for place, vote in votes.items() if vote.chance >= SURE and self._is_open(place, vote.label)
        ]
        for index, (place, vote) in enumerate(accepted):
            last = place
            if index + 1 < len(accepted):
                after, its = accepted[index + 1]
                is_near = its.label == vote.label and after - place <= lateness
                if is_near and is_free[place:after].all() and self._is_unbroken(place, after):
                    last = after - 1
            number = int(self._history.timeline.numbers[vote.nearest])
            reason = f"its picture is nearest to set {number}, labelled {vote.label}"
            self._guess(place, last, vote.label, vote.chance, reason)

    def _by_what_is_around(self) -> None:
        """Give a passing moment the label before it, where another follows at once."""
        longest = max(1, round(_PASSING / LATENESS * sets_of(LATENESS, self._history)))
        runs = labelled_runs([label or "\0" for label in self.labels])
        for before, run, after in zip(runs, runs[1:], runs[2:], strict=False):
            if run.value == "\0" and len(run) <= longest and self._is_passing(run):
                reason = f"{counted(len(run), 'set')} between {before.value} and {after.value}, which nobody labelled"
                self._guess(run.first, run.last, before.value, SURE, reason)

    def _is_passing(self, run: LabelledRun) -> bool:
        """Return whether memory speaks for no label there, and no frame set is missing."""
        if self._opinion is None or not self._is_unbroken(run.first, run.last + 1):
            return False
        return bool((self._opinion.chances[run.first : run.last + 1] < _HEARD).all())

    def _is_open(self, place: int, label: str) -> bool:
        """Return whether memory does not speak against a label."""
        opinion = self._opinion
        return opinion is None or opinion.chances[place] < _HEARD or self._names[opinion.labels[place]] == label

    def _is_unbroken(self, first: int, end: int) -> bool:
        """Return whether no frame set is missing in a stretch or around it."""
        numbers: I64 = self._history.timeline.numbers[max(0, first - 1) : end + 1].astype(np.int64)
        return bool((np.diff(numbers) == 1).all())

    def _is_free(self) -> Bools:
        return np.array([not label for label in self.labels], np.bool_)
