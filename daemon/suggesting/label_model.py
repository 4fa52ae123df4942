"""Model of a label field: bytes that tell it, chances of labels by their values. Pure.

Several bytes may tell a field about as well. Each is believed as far as its evidence goes, so a suggestion is certain
where they agree, and is not made where they do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.byte_columns import CODES, UNKNOWN, Codes, bytes_at
from daemon.finding.label_runs import LATENESS, LabelledRun, labelled_runs, sets_of
from daemon.finding.state_pairs import best_pair
from daemon.finding.states import ENOUGH_VALUES, WRONG, score_states
from protocol.changes import I64
from protocol.session.frame_set import hex_word
from protocol.wording import counted

__all__ = ["LabelModel", "Opinion", "TellingByte", "fit_model"]

_TELLING = 24
"""Bytes that are listened to at most."""

_BEHIND = 6.0
"""Nats behind the best byte from which on one is not listened to."""

_MEANINGLESS = 0.05
"""Chance that a value stands for no label, or for one that was given nowhere yet."""

_WHOLE_VOTE = 4
"""Frame sets for which a run must hold a value so that it has a whole vote on its meaning."""

_LATE_VOTE = 0.3
"""Vote of a run on a value that it holds only at its end, where late labels do not explain that."""

_ENOUGH_EVIDENCE = 7.5
"""Nats from which on the best byte is believed to tell the field."""

_OVERWHELMING = 25.0
"""Nats above chance from which on it is where the field has two values: so many bytes are tried."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class TellingByte:
    """A byte whose value tells a field, or two that do so together.

    Args:
        positions: byte offsets in memory images.
        addresses: on the bus.
        pairs: of two bytes, the values that were seen with labels, as first * 257 + second, ascending; their places
            are the codes that stand for them. None of one byte, whose value is its code.
        share: how far it is believed; those of all telling bytes together are 1.
        chances: of each label by its value, shape (257, labels); what is missing to 1 is that of none of them.
        labelled: labelled frame sets by value and label, shape (257, labels).
    """

    positions: tuple[int, ...]
    addresses: tuple[int, ...]
    pairs: I64 | None
    share: float
    chances: Floats
    labelled: I64

    @property
    def name(self) -> str:
        """The byte, or the bytes, in a sentence."""
        return f"byte{'s' * (len(self.addresses) > 1)} {' and '.join(map(hex_word, self.addresses))}"

    def codes(self, history: History) -> Codes:
        """Return its value after each frame set, shape (n,)."""
        return _codes(_columns(history, np.array(self.positions, np.int64)), self.pairs)

    def reason(self, value: int, label: int, name: str) -> str:
        """Return in words why a value of this byte stands for a label."""
        said, of_value, of_label = (
            int(self.labelled[value, label]),
            int(self.labelled[value].sum()),
            int(self.labelled[:, label].sum()),
        )
        byte = f"byte {hex_word(self.addresses[0])} = {value}"
        if self.pairs is not None:
            given = divmod(int(self.pairs[value]), CODES)
            both = (f"{hex_word(address)} = {part}" for address, part in zip(self.addresses, given, strict=True))
            byte = f"bytes {' and '.join(both)}"
        if said == of_value == of_label:
            return f"{byte} in all {counted(said, 'set')} labelled {name}"
        if said == of_label:
            return f"{byte} in all {counted(said, 'set')} labelled {name}, and in {of_value - said} labelled otherwise"
        return f"{byte}, and {said} of the {counted(of_value, 'labelled set')} with that value say {name}"


@dataclass(frozen=True, slots=True, eq=False)
class LabelModel:
    """Bytes that tell a field, by the labels given so far.

    Args:
        names: its values, as far as they were given.
        telling: the bytes that tell them, the most believed first; none where no byte does.
        note: a sentence on why there are none; else empty.
    """

    names: tuple[str, ...]
    telling: tuple[TellingByte, ...]
    note: str = ""


class Opinion:
    """The most probable label of each frame set of a recording by what memory held after it.

    Args:
        model: of the field; at least one byte tells it.
        history: the recording, which may be longer than that on which the model was fitted.

    Attributes:
        labels: indices of the model's names, shape (n,).
        chances: how probable they are; 0 where no byte says anything, shape (n,).
        values: those of the byte that is believed most, shape (n,).
    """

    def __init__(self, model: LabelModel, history: History) -> None:
        self._model = model
        self._columns = np.stack([byte.codes(history) for byte in model.telling])
        chances = np.zeros((len(history.timeline), len(model.names)), np.float64)
        for byte, values in zip(model.telling, self._columns, strict=True):
            chances += byte.share * byte.chances[values]
        self.labels: I64 = chances.argmax(1)
        self.chances: Floats = chances.max(1)
        self.values: Codes = self._columns[0]

    def reason(self, place: int, label: int) -> str:
        """Return in words why a frame set probably has a label."""
        said = zip(self._model.telling, self._columns[:, place].tolist(), strict=True)
        byte, value = max(said, key=lambda each: each[0].share * float(each[0].chances[each[1], label]))
        return byte.reason(value, label, self._model.names[label])


def fit_model(history: History, values: Sequence[str]) -> LabelModel:
    """Learn a field from the labels that were given.

    Args:
        history: the recording.
        values: the field's value in each frame set, empty where there is none; shape (n,).
    """
    runs = labelled_runs(values)
    names = tuple(sorted({run.value for run in runs}))
    if len(names) < 2:
        return LabelModel(names, (), "Two situations must be labelled before one can be told from the other.")
    scores = score_states(history, runs)
    evidence = float(scores.nats[0]) if len(scores.nats) else 0.0
    if len(names) < ENOUGH_VALUES and evidence < np.log(max(1, scores.considered)) + _OVERWHELMING:
        return LabelModel(names, (), _two_values(names))
    pair = best_pair(history, runs, scores) if len(names) >= ENOUGH_VALUES else None
    if pair is not None and pair.nats >= _ENOUGH_EVIDENCE:
        return LabelModel(names, _telling(history, values, runs, names, [(pair.positions, 1.0)]))
    if evidence < _ENOUGH_EVIDENCE:
        return LabelModel(names, (), _too_little(names))
    best = np.flatnonzero(scores.nats > scores.nats[0] - _BEHIND)[:_TELLING]
    shares = np.exp(scores.nats[best] - scores.nats[0])
    told = [((int(position),), float(share)) for position, share in zip(scores.positions[best], shares, strict=True)]
    return LabelModel(names, _telling(history, values, runs, names, told))


def _telling(
    history: History,
    values: Sequence[str],
    runs: Sequence[LabelledRun],
    names: Sequence[str],
    told: Sequence[tuple[tuple[int, ...], float]],
) -> tuple[TellingByte, ...]:
    """Learn what the values of bytes, or pairs of them, stand for, by positions and weights."""
    labelled = _LabelledSets(values, runs, names, sets_of(LATENESS, history))
    total = sum(weight for _, weight in told)
    found = []
    for positions, weight in told:
        columns = _columns(history, np.array(positions, np.int64))
        pairs = _seen_pairs(columns[:, labelled.places]) if len(positions) > 1 else None
        codes = _codes(columns, pairs)
        addresses = tuple(history.address_of(position) for position in positions)
        found.append(
            TellingByte(positions, addresses, pairs, weight / total, labelled.chances(codes), labelled.counts(codes))
        )
    return tuple(found)


def _codes(columns: Codes, pairs: I64 | None) -> Codes:
    """Return the code of one byte or two after each frame set: shape (n,)."""
    if pairs is None:
        single: Codes = columns[0]
        return single
    both = columns[0].astype(np.int64) * CODES + columns[1]
    places = np.minimum(np.searchsorted(pairs, both), len(pairs) - 1)
    return np.asarray(np.where(pairs[places] == both, places, UNKNOWN), np.int16)


def _seen_pairs(columns: Codes) -> I64:
    """Return the commonest pairs of values, as many as there are codes, ascending."""
    seen, counts = np.unique(columns[0].astype(np.int64) * CODES + columns[1], return_counts=True)
    return np.sort(seen[np.argsort(-counts, kind="stable")[:UNKNOWN]])


def _columns(history: History, positions: I64) -> Codes:
    """Return bytes after each frame set, in the order in which they are given: shape (c, n)."""
    order = np.argsort(positions)
    columns = np.empty((len(positions), len(history.timeline)), np.int16)
    columns[order] = bytes_at(history, positions[order], np.arange(len(history.timeline)))
    return columns


class _LabelledSets:
    """Labelled frame sets, and the votes of their runs on the meaning of a byte's values.

    A run has one vote, however long it is, for each value that it holds for a while. The end of a run says little: a
    late label leaves it with what follows.

    Args:
        values: the field's value in each frame set, empty where there is none.
        runs: of equal values.
        names: of the values, sorted.
        lateness: frame sets by which a label may be late.

    Attributes:
        places: of the labelled frame sets.
    """

    def __init__(self, values: Sequence[str], runs: Sequence[LabelledRun], names: Sequence[str], lateness: int) -> None:
        numbers = {name: number for number, name in enumerate(names)}
        self._labels = len(names)
        self.places = np.array([place for place, value in enumerate(values) if value], np.int64)
        self._given = np.array([numbers[value] for value in values if value], np.int64)
        lengths = np.array([len(run) for run in runs], np.int64)
        left = np.repeat(np.cumsum(lengths), lengths) - np.arange(len(self.places))
        kept = np.minimum(lateness, lengths // 2)
        self._run = np.repeat(np.arange(len(runs)), lengths)
        self._is_late = left <= np.repeat(kept, lengths)
        self._whole_vote = np.minimum(_WHOLE_VOTE, lengths - kept).astype(np.float64)
        self._run_labels = np.array([numbers[run.value] for run in runs], np.int64)

    def chances(self, column: Codes) -> Floats:
        """Return how probable each label is by the value of a byte: shape (257, labels)."""
        cells = self._run * CODES + column[self.places]
        late, sure = (
            np.bincount(cells[some], minlength=CODES * len(self._run_labels)).reshape(-1, CODES)
            for some in (self._is_late, ~self._is_late)
        )
        shares = np.minimum(1.0, sure / self._whole_vote[:, np.newaxis])
        # Each time that a value comes, a late label may leave it to the run before: that often, and not more.
        is_left = (late > 0) & (sure == 0)
        too_often = 1 - shares.sum(0) / np.maximum(1, is_left.sum(0))
        shares += _LATE_VOTE * np.maximum(0.0, too_often) * is_left
        votes = np.zeros((CODES, self._labels), np.float64)
        np.add.at(votes.T, self._run_labels, shares)
        right, wrong = np.log1p(-WRONG), np.log(WRONG / (self._labels - 1))
        totals = votes.sum(1, keepdims=True)
        nats = votes * right + (totals - votes) * wrong + np.log((1 - _MEANINGLESS) / self._labels)
        frequencies = np.bincount(self._run_labels) / len(self._run_labels)
        meaningless = (votes * np.log(frequencies)).sum(1, keepdims=True) + np.log(_MEANINGLESS)
        chances = np.exp(nats - np.logaddexp(np.logaddexp.reduce(nats, axis=1, keepdims=True), meaningless))
        chances[totals[:, 0] == 0] = 0
        chances[UNKNOWN] = 0
        return np.asarray(chances, np.float64)

    def counts(self, column: Codes) -> I64:
        """Return how many frame sets have a value of a byte and a label: shape (257, labels)."""
        counts = np.zeros((CODES, self._labels), np.int64)
        np.add.at(counts, (column[self.places], self._given), 1)
        return counts


def _too_little(names: Sequence[str]) -> str:
    return (
        f"No byte of memory tells {_listed(names)} apart so far: label more of them, "
        "each at several places of the recording."
    )


def _two_values(names: Sequence[str]) -> str:
    return (
        f"Only {_listed(names)} are labelled, and too many bytes tell two situations apart by chance: "
        "label a third one, or these two many times more."
    )


def _listed(names: Sequence[str]) -> str:
    shown = [*names[:3], *(["others"] if len(names) > 3 else [])]
    return f"{', '.join(shown[:-1])} and {shown[-1]}"
