"""Snapping: ends of labelled runs move to the change of memory that the label meant. Pure.

A person labels what was seen 0.2 to 1.0 s before. Where the bytes that tell the field are known, an end moves to the
frame set from which on they say what the label says; else to the most surprising one: that in which the rarest words
changed. It moves by 1.2 s at most, and never past the other end of a run beside it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.finding.byte_columns import Codes, scan_lag
from daemon.finding.label_runs import LATENESS, LabelledRun, labelled_runs, sets_of
from daemon.finding.windows import sets_in
from daemon.suggesting.label_model import LabelModel, Opinion
from protocol.regions import WORD_BYTES

__all__ = ["Snap", "find_snaps", "label_moves", "snapped", "surprise"]

_EARLIEST = 0.15
"""Seconds by which a label that was typed live is late at least."""

_USUALLY_LATEST = 1.05
"""Seconds by which it usually is late at most."""

_UNUSUAL = 2.0
"""Nats that a moment outside of these costs, and as many again one after the label."""

_CLEAR = 3.0
"""Times the usual surprise of a frame set from which on the end of a run beside no other is moved."""

_SURE = 0.85
"""Probability from which on the bytes that tell the field are believed."""

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Snap:
    """Move of a place between two frame sets at which the label changes.

    Args:
        before: place of the first frame set behind it, as labelled.
        after: the same, as it should be.
        left: value before it, empty for none.
        right: value behind it, empty for none.
        reason: why, in words.
    """

    before: int
    after: int
    left: str
    right: str
    reason: str

    @property
    def places(self) -> range:
        """Places whose label changes."""
        return range(min(self.before, self.after), max(self.before, self.after))

    @property
    def value(self) -> str:
        """Value that they get, empty for none."""
        return self.right if self.after < self.before else self.left


def snapped(values: Sequence[str], snaps: Sequence[Snap]) -> list[str]:
    """Return a field's value in each frame set after the moves."""
    found = list(values)
    for snap in snaps:
        for place in snap.places:
            found[place] = snap.value
    return found


def label_moves(values: Sequence[str], snaps: Sequence[Snap], numbers: Sequence[int]) -> list[dict[str, Any]]:
    """Return what snaps do to the labels as the bus has it: runs that change alike.

    Args:
        values: the field's value in each frame set, empty where there is none.
        snaps: ascending.
        numbers: ids of all frame sets by their places.
    """
    after = snapped(values, snaps)
    reasons = {place: snap.reason for snap in snaps for place in snap.places}
    moves: list[dict[str, Any]] = []
    before = -1
    for place in sorted(reasons):
        if after[place] == values[place]:
            continue
        said = {"label": values[place], "value": after[place], "reason": reasons[place]}
        if moves and place == before + 1 and said.items() <= moves[-1].items():
            moves[-1]["last"] = numbers[place]
        else:
            moves.append({"first": numbers[place], "last": numbers[place], **said})
        before = place
    return moves


def find_snaps(
    history: History, values: Sequence[str], model: LabelModel, chosen: Collection[int] | None = None
) -> list[Snap]:
    """Find the moves of ends of labelled runs.

    Args:
        history: the recording.
        values: the field's value in each frame set, empty where there is none; shape (n,).
        model: of the field, fitted on these labels.
        chosen: places of frame sets whose labelled runs are meant; None for all runs.

    Returns:
        Moves by at least one frame set, ascending; where a whole run moves, it may move beyond where it began.
    """
    opinion = Opinion(model, history) if model.telling else None
    said = np.full(len(values), "", dtype=object)
    if opinion is not None:
        names = np.array(model.names, dtype=object)
        said = np.where(opinion.chances >= _SURE, names[opinion.labels], "")
    surprising = surprise(history)
    told = model.telling[0].name if model.telling else ""
    second = sets_of(1, history)
    snaps: list[Snap] = []
    begins: dict[int, int] = {}
    for left, right in _ends(history, values):
        if chosen is not None and not any(run.value and _holds_any(run, chosen) for run in (left, right)):
            continue
        # The run before may have moved as a whole: people who are late are late at both of its ends.
        first = begins.get(left.first, left.first)
        lowest = max(first + bool(left.value), snaps[-1].after + 1 if snaps else 0)
        highest = right.last + (not right.value)
        near = _near(history, right.first, lowest, highest)
        if not len(near):
            continue
        place = None
        if opinion is not None:
            place = _by_state(near, said, opinion.values, right.value, right.first, second)
        reason = f"{told} change{'s' * told.startswith('byte ')} there"
        if place is None:
            place = _by_surprise(near, surprising, right.first, second, is_bare=not (left.value and right.value))
            reason = "words that seldom change do so there"
        if place is not None and place != right.first:
            snaps.append(Snap(right.first, place, left.value, right.value, reason))
            begins[right.first] = place
    return snaps


def surprise(history: History) -> Floats:
    """Return how rare the changes of each frame set are, in nats: shape (n,)."""
    sets = len(history.timeline)
    counts = history.all_change_counts.of(WORD_BYTES)[::WORD_BYTES]
    rarity = np.maximum(0, np.log(sets / np.maximum(1, counts)))
    found = np.zeros(sets, np.float64)
    lag = scan_lag(history)
    for part in history.parts:
        rows = np.repeat(np.arange(len(part.words)), np.diff(part.pointer))
        nats = np.where(part.changed & 15, rarity[part.words[rows]], 0)
        places = np.maximum(0, (part.time - lag) // history.timeline.stride)
        found += np.bincount(places, nats, sets)
    return found


def _ends(history: History, values: Sequence[str]) -> Iterator[tuple[LabelledRun, LabelledRun]]:
    """Yield the runs on both sides of each end, runs without a label among them."""
    whole = labelled_runs([value or "\0" for value in values])
    runs = [LabelledRun(run.first, run.last, run.value.strip("\0")) for run in whole]
    numbers = history.timeline.numbers
    for left, right in pairwise(runs):
        if int(numbers[right.first]) == int(numbers[left.last]) + 1:
            yield left, right


def _holds_any(run: LabelledRun, places: Collection[int]) -> bool:
    return any(run.first <= place <= run.last for place in places)


def _near(history: History, place: int, lowest: int, highest: int) -> Places:
    """Return the places to which an end may move."""
    reach = int(sets_in(LATENESS, history.timeline))
    return np.arange(max(lowest, place - reach), min(highest, place + reach) + 1)


def _by_state(near: Places, said: NDArray[Any], values: Codes, right: str, labelled: int, second: int) -> int | None:
    """Return where the telling bytes begin to say what the label says; None if they do not."""
    near = near[(near > 0) & (near < len(said)) & (near <= labelled + 1)]
    begins = near[(said[near] != said[near - 1]) & (said[near] == right)] if right else near[:0]
    if len(begins):
        return labelled if labelled - begins[-1] <= 1 else int(begins[-1])  # A scan may see it a set late or early.
    # Another label was meant, or one of which too little is known: the byte's last change that can have been seen.
    changes = near[(values[near] != values[near - 1]) & _is_usual(near, labelled, second)]
    return int(changes[-1]) if len(changes) else None


def _is_usual(near: Places, labelled: int, second: int) -> NDArray[np.bool_]:
    """Return at which places a label that stands where it does was probably meant."""
    late = (labelled - near) / second
    usual: NDArray[np.bool_] = ((late >= _EARLIEST) & (late <= _USUALLY_LATEST)) | (near == labelled)
    return usual


def _by_surprise(near: Places, surprising: Floats, labelled: int, second: int, *, is_bare: bool) -> int | None:
    """Return the most surprising place, rather before the label; None if nothing stands out."""
    nats = np.log1p(surprising[np.minimum(near, len(surprising) - 1)])
    nats -= _UNUSUAL * ~_is_usual(near, labelled, second) + _UNUSUAL * (near > labelled)
    place = int(near[nats.argmax()])
    if is_bare and surprising[min(place, len(surprising) - 1)] < _CLEAR * float(np.median(surprising)):
        return None
    return place
