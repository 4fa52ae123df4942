"""States: bytes of memory whose value tells a label field. Pure.

One label in ten may be wrong, and ends of runs may be late: see `label_runs`.

The score of a byte is the logarithm of a probability (nats): that of the labels, given that each value of the byte
stands for one label that is not known beforehand, less that of the labels by their frequencies alone. Each value pays
for being one more. Bytes only: a wider value over two neighbouring states would beat the true one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.byte_columns import CODES, UNKNOWN, Codes, bytes_at, changes_in
from daemon.finding.label_runs import LATENESS, LabelledRun, LabelSamples, label_samples, sets_of
from daemon.finding.state_priors import state_priors
from protocol.changes import I64

__all__ = ["ENOUGH_VALUES", "WRONG", "StateScores", "right_shares", "score_states", "table_nats"]

ENOUGH_VALUES = 3
"""Values of a field from which on a byte that tells them is found: by chance too many bytes tell two apart."""

WRONG = 0.12
"""Share of runs with a wrong label that is expected: one in ten, and some that were labelled too late."""

_PAIRS = 160
"""Pairs of samples with equal labels, and as many with others, by which bytes are chosen for a closer look."""

_CLOSER = 1500
"""Bytes that are looked at closely."""

_BUSIEST = 0.2
"""Changes in a frame set, on average, above which a byte is no state."""

_PER_CHANGE = 0.15
"""Nats that a doubling of a byte's changes costs."""

_FOLLOWS = 0.85
"""Chance that a state changes where a label ends."""

_LEAST_BASE = 0.2
"""Chance by which even a byte at rest changes where a label ends: ends are not independent of each other."""

_MOST_ENDS = 400

_KNOWN = 0.5
"""Share of the samples at which a byte must be known."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StateScores:
    """Scores of bytes by how well they tell the labels, best first, shape (c,) both.

    Args:
        positions: byte offsets in memory images.
        nats: how much better than the frequencies of the labels alone.
        considered: bytes among which they were chosen.
    """

    positions: I64
    nats: Floats
    considered: int


def score_states(history: History, runs: Sequence[LabelledRun]) -> StateScores:
    """Score the bytes that change now and then by how well their value tells the label.

    Args:
        history: the recording.
        runs: of labels, ascending and apart.

    Returns:
        The best bytes; none where there are fewer than two different labels.
    """
    lateness = sets_of(LATENESS, history)
    samples = label_samples(runs, lateness)
    counts = history.all_change_counts.of(1)
    positions = np.flatnonzero((counts > 0) & (counts <= max(8, _BUSIEST * len(history.timeline))))
    considered = len(positions)
    if len(samples.names) < 2 or not considered:
        return StateScores(np.empty(0, np.int64), np.empty(0, np.float64), considered)
    values = bytes_at(history, positions, samples.places)
    kept = np.flatnonzero((values != UNKNOWN).mean(1) >= _KNOWN)
    if len(kept) > _CLOSER:
        agreement = _agreement(values[kept], samples)
        kept = np.sort(kept[np.argsort(-agreement, kind="stable")[:_CLOSER]])
    positions, values = positions[kept], values[kept]
    nats = table_nats(values, samples) + state_priors(history, positions, samples.places)
    nats += _end_nats(history, positions, counts[positions], runs, lateness)
    order = np.argsort(-nats, kind="stable")
    return StateScores(positions[order], nats[order], considered)


def _agreement(values: Codes, samples: LabelSamples) -> Floats:
    """Return how well bytes are the same where labels are and differ where they do, shape (c,)."""
    chance = np.random.default_rng(1)
    count = len(samples)
    first, second = chance.integers(0, count, (2, 40 * _PAIRS))
    far = first != second
    same = np.flatnonzero(far & (samples.labels[first] == samples.labels[second]))[:_PAIRS]
    other = np.flatnonzero(far & (samples.labels[first] != samples.labels[second]))[:_PAIRS]
    agreement = np.zeros(len(values), np.float64)
    if len(same):
        agreement += (values[:, first[same]] == values[:, second[same]]).mean(1)
    if len(other):
        agreement += (values[:, first[other]] != values[:, second[other]]).mean(1)
    return agreement


def right_shares(values: NDArray[np.integer], samples: LabelSamples) -> Floats:
    """Return of what share of the runs bytes are right, by what their values mostly stand for."""
    shares = []
    for row in values:
        _, codes = np.unique(row, return_inverse=True)
        table = np.zeros((int(codes.max()) + 1, len(samples.names)))
        np.add.at(table, (codes, samples.labels), samples.weights)
        shares.append(table.max(axis=1).sum() / samples.weights.sum())
    return np.array(shares, np.float64)


def table_nats(values: NDArray[np.integer], samples: LabelSamples, codes: int = CODES) -> Floats:
    """Return the evidence that each value of a byte or two stands for one label: shape (c,).

    Args:
        values: at the samples, from 0 to below `codes`, shape (c, s).
        samples: labelled frame sets.
        codes: how many values there may be.
    """
    labels, count = len(samples.names), len(values)
    right, wrong = np.log1p(-WRONG), np.log(WRONG / (labels - 1))
    keys = (np.arange(count)[:, np.newaxis] * codes + values) * labels + samples.labels
    found, places = np.unique(keys, return_inverse=True)
    weights = np.bincount(places.ravel(), np.tile(samples.weights, count))
    cells = found // labels
    starts = np.flatnonzero(np.concatenate(([True], cells[1:] != cells[:-1])))
    totals, peaks = np.add.reduceat(weights, starts), np.maximum.reduceat(weights, starts)
    sizes = np.diff(np.append(starts, len(cells)))
    # Each label in turn is that of the value: those that it was seen with, and the others.
    likely = np.exp((right - wrong) * (weights - np.repeat(peaks, sizes)))
    sums = np.add.reduceat(likely, starts) + (labels - sizes) * np.exp(-(right - wrong) * peaks)
    cell_nats = np.log(sums / labels) + peaks * right + (totals - peaks) * wrong
    nats: Floats = np.bincount(cells[starts] // codes, cell_nats, count).astype(np.float64)
    frequencies = np.bincount(samples.labels, samples.weights)
    nats -= float((frequencies * np.log(frequencies / frequencies.sum())).sum())
    return nats


def _end_nats(
    history: History, positions: I64, counts: NDArray[np.integer], runs: Sequence[LabelledRun], lateness: int
) -> Floats:
    """Return the evidence of changes at ends of labels, less that of others: shape (c,)."""
    ends = [after.first for run, after in pairwise(runs) if after.first == run.last + 1][:_MOST_ENDS]
    if not ends:
        return np.asarray(-_PER_CHANGE * np.log2(1 + counts), np.float64)
    stride = history.timeline.stride
    window = np.full(len(history.timeline) * stride, -1, np.int32)
    for index, place in enumerate(ends):
        window[max(0, place - lateness) * stride : (place + 1) * stride] = index
    changes = changes_in(history, positions, window, len(ends))
    # A state may change twice where a label ends, on the way to the next: only its other changes are chance.
    others = counts - changes.sum(1)
    outside = max(1, int(np.count_nonzero(window < 0)) // stride)
    base = np.clip(1 - np.exp(-(others + 1) / outside * (lateness + 1)), _LEAST_BASE, 0.999)
    hits = np.count_nonzero(changes, axis=1)
    gain, loss = np.log(_FOLLOWS / base), np.log((1 - _FOLLOWS) / (1 - base))
    # A byte that changes all the time gains nothing by it, and loses nothing.
    nats: Floats = np.where(base < _FOLLOWS, hits * gain + (len(ends) - hits) * loss, np.minimum(0, hits * gain))
    nats -= _PER_CHANGE * np.log2(1 + others)
    return nats
