"""The picture to ask for next: where the best candidates would show different numbers. Pure.

The candidates' scores are taken as log probabilities. A reading tells two of them apart where their numbers differ,
so that picture is chosen for which the probability that two drawn at random differ is greatest, if possible one on
which the numbers stand still: a person reads what is shown, a frame or two later than memory has it.
"""

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np

from daemon.analysis.timeline import Timeline
from daemon.finding.curves import Curve

__all__ = ["picture_to_ask_for"]

_MOST_PLACES = 4096
"""Frame sets that are looked at, evenly over a recording."""

_STILL_SETS = 2
"""Frame sets before and after the picture over which a number should stay."""

_MOVING = 0.5
"""Worth of a picture for each candidate whose number does not."""

_LEAST = 0.02
"""Probability below which no picture tells enough to ask for it."""


def picture_to_ask_for(
    timeline: Timeline, curves: Sequence[Curve], scores: Sequence[float], asked: Collection[int]
) -> int | None:
    """Return the frame set whose picture would tell most; None where none tells anything.

    Args:
        timeline: of the recording.
        curves: of the best candidates.
        scores: theirs, in nats.
        asked: frame sets of which a reading is known.
    """
    count = len(timeline)
    if len(curves) < 2 or not count:
        return None
    weights = np.exp(np.array(scores) - max(scores))
    weights /= weights.sum()
    places = np.unique(np.linspace(0, count - 1, _MOST_PLACES).astype(np.int64))
    numbers = [curve.at(places) for curve in curves]
    differ = np.zeros(len(places))
    for (one, other), (weight, another) in zip(
        combinations(numbers, 2), combinations(weights.tolist(), 2), strict=True
    ):
        differ += 2 * weight * another * ((one != other) & ~np.isnan(one) & ~np.isnan(other))
    for curve in curves:
        moves = curve.at(places - _STILL_SETS) != curve.at(places + _STILL_SETS)
        differ[moves] *= _MOVING
    differ[np.isin(timeline.numbers[places], list(asked))] = 0
    best = int(np.argmax(differ))
    return int(timeline.numbers[places[best]]) if differ[best] >= _LEAST else None
