"""Second opinion on labels: those of the most similar labelled pictures. Pure.

How similar is similar enough is learned from the labelled pictures themselves: from how far the nearest picture of
another run still mostly has the same label. Where that never is so, pictures tell nothing.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.finding.label_runs import LabelSamples
from daemon.finding.states import WRONG
from protocol.changes import I64, U8

__all__ = ["PictureOpinion", "PictureVote", "PicturesOf"]

_AGREEING = 0.7
"""Share of the nearest pictures that must have the same label: one wrong in ten, in both, leaves 0.8."""

_FEWEST = 6.0
"""Runs of labels by which a distance is learned at least."""

_LAST = 12.0
"""Runs of labels, the farthest ones so far, that must agree for a distance to be learned."""

_NEAREST = 5
"""Runs whose pictures vote."""

_NO_LABEL = 0.05
"""Chance that a picture has none of the labels given so far."""

_FARTHEST = 24.0
"""Distance, in steps of colour of 255, beyond which pictures are never similar."""

_CLOSEST = 1.0
"""Distance up to which pictures count as the same one."""

Floats = NDArray[np.float32]

PicturesOf = Callable[[I64], Sequence[U8 | None]]
"""Returns small pictures of frame sets by their places, of the same shape (f,) each; None where there is none."""


@dataclass(frozen=True, slots=True)
class PictureVote:
    """Label of a frame set by its picture.

    Args:
        label: as it was given to others.
        chance: that it is right.
        nearest: place of the most similar labelled frame set that has it.
    """

    label: str
    chance: float
    nearest: int


class PictureOpinion:
    """Labels by similar pictures.

    Args:
        samples: labelled frame sets that are looked at.
        pictures_of: gives their pictures, and those of others.
    """

    def __init__(self, samples: LabelSamples, pictures_of: PicturesOf) -> None:
        self._pictures_of = pictures_of
        found = pictures_of(samples.places)
        kept = np.array([place for place, picture in enumerate(found) if picture is not None], np.int64)
        self._places, self._labels, self._runs = (
            each[kept] for each in (samples.places, samples.labels, samples.run_numbers)
        )
        self._names = samples.names
        self._pictures = _stacked([found[place] for place in kept.tolist()])
        self._reach, self._wrong = self._learned(samples.weights[kept])

    @property
    def tells(self) -> bool:
        """True where similar pictures mostly have the same label."""
        return self._reach > 0

    def votes(self, places: I64) -> dict[int, PictureVote]:
        """Return the labels of frame sets by their places, as far as a similar picture is labelled."""
        if not self.tells:
            return {}
        found = self._pictures_of(places)
        kept = [place for place, picture in enumerate(found) if picture is not None]
        if not kept:
            return {}
        distances = _distances(_stacked([found[place] for place in kept]), self._pictures)
        votes = {place: self._vote(row) for place, row in zip(places[kept].tolist(), distances, strict=True)}
        return {place: vote for place, vote in votes.items() if vote is not None}

    def _vote(self, distances: Floats) -> PictureVote | None:
        near = np.flatnonzero(distances <= self._reach)
        near = near[np.argsort(distances[near], kind="stable")]
        _, first_of_run = np.unique(self._runs[near], return_index=True)
        voters = near[np.sort(first_of_run)[:_NEAREST]]
        if not len(voters):
            return None
        labels = len(self._names)
        votes = np.bincount(self._labels[voters], minlength=labels)
        nats = votes * np.log1p(-self._wrong) + (len(voters) - votes) * np.log(self._wrong / max(1, labels - 1))
        shares = np.exp(nats - nats.max())
        label = int(votes.argmax())
        chance = (1 - _NO_LABEL / len(voters)) * float(shares[label] / shares.sum())
        nearest = voters[self._labels[voters] == label][0]
        return PictureVote(self._names[label], chance, int(self._places[nearest]))

    def _learned(self, weights: NDArray[np.float64]) -> tuple[float, float]:
        """Return the distance within which the nearest picture mostly agrees, and how often it errs.

        Args:
            weights: of the labelled pictures.
        """
        if len(self._places) < 2:
            return 0.0, WRONG
        distances = _distances(self._pictures, self._pictures)
        distances[self._runs[:, np.newaxis] == self._runs] = np.inf
        nearest = distances.argmin(1)
        away = distances[np.arange(len(nearest)), nearest]
        order = np.argsort(away, kind="stable")
        order = order[away[order] <= _FARTHEST]
        agrees = self._labels[order] == self._labels[nearest[order]]
        voices = np.concatenate(([0.0], np.cumsum(weights[order])))
        right = np.concatenate(([0.0], np.cumsum(weights[order] * agrees)))
        # From the nearest on, as far as the last few of them agree too: many near ones must not speak for far ones.
        since = np.searchsorted(voices, voices - _LAST, "left")
        share = (right - right[since]) / np.maximum(voices - voices[since], 1e-9)
        is_enough = (voices >= _FEWEST) & (share >= _AGREEING)
        first = int(is_enough.argmax())
        if not is_enough[first]:
            return 0.0, WRONG
        fails = np.flatnonzero(~is_enough[first:])
        last = first + int(fails[0]) - 1 if len(fails) else len(order)
        return max(_CLOSEST, float(away[order[last - 1]])), max(WRONG, 1 - float(right[last] / voices[last]))


def _stacked(pictures: Sequence[U8 | None]) -> Floats:
    """Return pictures as rows, shape (p, f)."""
    rows = [picture.astype(np.float32) for picture in pictures if picture is not None]
    return np.stack(rows) if rows else np.empty((0, 1), np.float32)


def _distances(some: Floats, others: Floats) -> Floats:
    """Return how far pictures are apart, the root mean square of their colours: shape (a, b)."""
    squares = (some**2).sum(1)[:, np.newaxis] + (others**2).sum(1) - 2 * some @ others.T
    return np.asarray(np.sqrt(np.maximum(squares, 0) / some.shape[1]), np.float32)
