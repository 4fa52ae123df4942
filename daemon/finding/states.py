"""States: bytes of memory whose value tells a label field. Pure.

A run of equal labels is one piece of evidence, however long it is: people give a whole run the wrong label, or none. So
one label in ten may be wrong. Labels come 0.2 to 1.0 s late, which leaves the end of a run with sets that belong to
what follows: the evidence is taken from the rest of it.

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
from daemon.analysis.rows import OWN, Rows
from daemon.finding.windows import sets_in
from protocol.changes import I32, I64, U8, U32, Bools
from protocol.regions import WORD_BYTES
from protocol.session.change_log import known_bytes

__all__ = [
    "CODES",
    "ENOUGH_VALUES",
    "LATENESS",
    "UNKNOWN",
    "WRONG",
    "LabelSamples",
    "LabelledRun",
    "StateScores",
    "bytes_at",
    "label_samples",
    "labelled_runs",
    "scan_lag",
    "score_states",
    "sets_of",
]

ENOUGH_VALUES = 3
"""Values of a field from which on a byte that tells them is found: by chance too many bytes tell two apart."""

WRONG = 0.12
"""Share of runs with a wrong label that is expected: one in ten, and some that were labelled too late."""

LATENESS = 1.2
"""Seconds by which a label may be late, the frame set in which it was given included."""

_MOST_SAMPLES = 600
_SAMPLES_OF_RUN = 4
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

_MOST_ENDS = 400
_LOOKED_AT = 4096

Floats = NDArray[np.float64]
Codes = NDArray[np.int16]

UNKNOWN = 256
"""Code of a byte whose value is not known."""

CODES = 257
"""Values of a byte, and that it is not known."""

_KNOWN = 0.5
"""Share of the samples at which a byte must be known."""


@dataclass(frozen=True, slots=True)
class LabelledRun:
    """Frame sets in a row with the same label, by their places; both ends belong to it."""

    first: int
    last: int
    value: str

    def __len__(self) -> int:
        """Number of frame sets."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, eq=False)
class LabelSamples:
    """Labelled frame sets that are looked at, shape (s,) each.

    Args:
        places: of the timeline, ascending.
        labels: indices of `names`.
        weights: those of a run together are 1.
        names: values of the field.
    """

    places: I64
    labels: I64
    weights: Floats
    names: tuple[str, ...]

    def __len__(self) -> int:
        """Number of samples."""
        return len(self.places)


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


def labelled_runs(values: Sequence[str]) -> list[LabelledRun]:
    """Find the runs of equal labels; an empty text is no label."""
    runs = []
    first = 0
    for place in range(1, len(values) + 1):
        if place == len(values) or values[place] != values[first]:
            if values[first]:
                runs.append(LabelledRun(first, place - 1, values[first]))
            first = place
    return runs


def sets_of(seconds: float, history: History) -> int:
    """Return how many whole frame sets a time takes, at least one."""
    return max(1, round(sets_in(seconds, history.timeline)))


def label_samples(runs: Sequence[LabelledRun], lateness: int) -> LabelSamples:
    """Choose the frame sets of runs whose labels are looked at.

    Args:
        runs: ascending and apart.
        lateness: frame sets by which a label may be late.
    """
    if len(runs) > _MOST_SAMPLES:
        runs = [runs[index] for index in np.linspace(0, len(runs) - 1, _MOST_SAMPLES).round().astype(int).tolist()]
    most = max(1, min(_SAMPLES_OF_RUN, _MOST_SAMPLES // max(1, len(runs))))
    names = tuple(sorted({run.value for run in runs}))
    places: list[int] = []
    labels: list[int] = []
    weights: list[float] = []
    for run in runs:
        last = max(run.first + (len(run) - 1) // 2, run.last - lateness)
        chosen = sorted(set(np.linspace(run.first, last, most + 2)[1:-1].round().astype(int).tolist()))
        places += chosen
        labels += [names.index(run.value)] * len(chosen)
        weights += [1 / len(chosen)] * len(chosen)
    return LabelSamples(np.array(places, np.int64), np.array(labels, np.int64), np.array(weights, np.float64), names)


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
    nats = _table_nats(values, samples) - _PER_CHANGE * np.log2(1 + counts[positions])
    nats += _end_nats(history, positions, counts[positions], runs, lateness)
    order = np.argsort(-nats, kind="stable")
    return StateScores(positions[order], nats[order], considered)


def bytes_at(history: History, positions: I64, places: I64, lag: int | None = None) -> Codes:
    """Return bytes after chosen frame sets, as they probably were at the sets' last frames.

    A chunk is scanned once in a set. What is scanned early in the next set has mostly changed in this one.

    Args:
        history: the recording.
        positions: byte offsets in memory images, ascending, shape (c,).
        places: of the timeline, ascending, shape (s,).
        lag: frames by which a change is seen late; None for half of the time between two scans.

    Returns:
        Their values, `UNKNOWN` where they are not known, shape (c, s).
    """
    words = np.unique(positions // WORD_BYTES)
    values = np.zeros((len(words), len(places)), np.uint32)
    known = np.zeros((len(words), len(places)), np.uint8)
    times = ((places + 1) * history.timeline.stride - 1 + (scan_lag(history) if lag is None else lag)).astype(np.int32)
    for part in history.parts:
        _fill(part, words, times, values, known)
    rows = np.searchsorted(words, positions // WORD_BYTES)
    place_in_word = (positions % WORD_BYTES)[:, np.newaxis]
    found = (values[rows] >> (8 * place_in_word).astype(np.uint32) & 0xFF).astype(np.int16)
    found[(known[rows] >> place_in_word.astype(np.uint8) & 1) == 0] = UNKNOWN
    return found


def scan_lag(history: History) -> int:
    """Return by how many frames a change is seen late: half a set; 0 if all is scanned at once."""
    stride = history.timeline.stride
    positions = {
        position
        for part in history.parts
        for position in np.unique(part.time[:: 1 + len(part) // _LOOKED_AT] % stride).tolist()
    }
    return stride // 2 if len(positions) > 1 else 0


def _fill(part: Rows, words: I64, times: I32, values: U32, known: U8) -> None:
    """Enter the values that words have by some entries at chosen times, and their known bytes."""
    rows, entries = part.entries_of(words)
    if not len(entries):
        return
    moments = np.searchsorted(times, part.time[entries])
    is_last = np.ones(len(entries), np.bool_)
    is_last[:-1] = (rows[1:] != rows[:-1]) | (moments[1:] != moments[:-1])
    chosen = np.flatnonzero(is_last & (moments < len(times)))
    there = np.unique(rows)
    last_entries = np.full((len(there), len(times)), -1, np.int64)
    last_entries[np.searchsorted(there, rows[chosen]), moments[chosen]] = entries[chosen]
    np.maximum.accumulate(last_entries, axis=1, out=last_entries)
    has_entry = last_entries >= 0
    values[there] = np.where(has_entry, part.value[last_entries], values[there])
    known[there] = np.where(has_entry, known_bytes(part.kind[last_entries]), known[there])


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


def _table_nats(values: Codes, samples: LabelSamples) -> Floats:
    """Return the evidence that each value of a byte stands for one label: shape (c,)."""
    labels, count = len(samples.names), len(values)
    right, wrong = np.log1p(-WRONG), np.log(WRONG / (labels - 1))
    keys = (np.arange(count)[:, np.newaxis] * CODES + values) * labels + samples.labels
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
    nats: Floats = np.bincount(cells[starts] // CODES, cell_nats, count).astype(np.float64)
    frequencies = np.bincount(samples.labels, samples.weights)
    nats -= float((frequencies * np.log(frequencies / frequencies.sum())).sum())
    return nats


def _end_nats(
    history: History, positions: I64, counts: NDArray[np.integer], runs: Sequence[LabelledRun], lateness: int
) -> Floats:
    """Return the evidence of changes at ends of labels that others follow at once: shape (c,)."""
    ends = [after.first for run, after in pairwise(runs) if after.first == run.last + 1][:_MOST_ENDS]
    if not ends:
        return np.zeros(len(positions), np.float64)
    stride = history.timeline.stride
    window = np.full(len(history.timeline) * stride, -1, np.int32)
    for index, place in enumerate(ends):
        window[max(0, place - lateness) * stride : (place + 1) * stride] = index
    changed = _changed_in(history, positions, window, len(ends))
    base = 1 - np.exp(-counts / len(history.timeline) * (lateness + 1))
    base = np.clip(base, 1e-3, 0.999)
    hits = changed.sum(1)
    gain, loss = np.log(_FOLLOWS / base), np.log((1 - _FOLLOWS) / (1 - base))
    # A byte that changes all the time gains nothing by it, and loses nothing.
    nats: Floats = np.where(base < _FOLLOWS, hits * gain + (len(ends) - hits) * loss, np.minimum(0, hits * gain))
    return nats


def _changed_in(history: History, positions: I64, window: I32, windows: int) -> Bools:
    """Return whether bytes changed in each of some windows, shape (c, windows).

    Args:
        history: the recording.
        positions: of the bytes.
        window: at each time, the one that it belongs to, or -1.
        windows: how many there are.
    """
    words = np.unique(positions // WORD_BYTES)
    changed = np.zeros((len(words), windows), np.uint8)
    for part in history.parts:
        rows, entries = part.entries_of(words)
        found = window[part.time[entries]]
        inside = np.flatnonzero((found >= 0) & ((part.changed[entries] & OWN) > 0))
        np.bitwise_or.at(changed, (rows[inside], found[inside]), part.changed[entries[inside]] & OWN)
    rows = np.searchsorted(words, positions // WORD_BYTES)
    bits = (1 << (positions % WORD_BYTES)).astype(np.uint8)
    return (changed[rows] & bits[:, np.newaxis]) > 0
