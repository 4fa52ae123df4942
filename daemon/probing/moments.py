"""Choice of moments in which a game answers to its buttons, from the recording alone. Pure.

A good moment is the last set before a press that moved what the axis moves, as the recording shows: whoever presses
there will be answered again. For a walk over tiles this is also a moment in which no step is under way.
"""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History
from daemon.analysis.timeline import Timeline
from daemon.analysis.word_fields import FIELDS
from daemon.finding.axes import AxisScores, Held, Presses, presses_of
from protocol.regions import WORD_BYTES

__all__ = ["axis_moments", "button_moments", "menu_moments", "spread"]

_NUMBERS = 12
"""Numbers of an axis whose answers are looked for."""

_LEAST = 1.5
"""Nats from which on a number belongs to them."""

_SOON = 16
"""Frames in which a game answers."""

_NEAR = 45
"""Frames by which an answer of the other axis says less: what is free around the player has changed since."""

_HURRIED = 0.4
"""Worth of a moment right after a button: a step may be under way."""

_EARLY = 7_200
"""Sets after which a moment is worth half: the way there takes a second for each half minute."""

_APART = 24
"""Sets between two moments at least."""

_NO_BUTTON = "no button"
"""Opposite of a button that has none: nobody ever holds it."""

_STEP = 1
"""Difference that a cursor makes."""


def axis_moments(history: History, axes: Sequence[tuple[Presses, AxisScores]], limit: int) -> list[int]:
    """Choose places of sets from which both axes are likely to be answered, the best first.

    Args:
        history: the recording.
        axes: presses and scores of each.
        limit: most moments.
    """
    timeline = history.timeline
    answered = [_answers(history, presses, scores) for presses, scores in axes]
    weights: dict[int, float] = {}
    for index, own in enumerate(answered):
        others = [other for place, other in enumerate(answered) if place != index]
        for start, weight in own:
            place = start // timeline.stride - 1
            if place < 0 or not _is_calm(place, timeline, [presses for presses, _ in axes]):
                continue
            beside = sum(_nearby(start, other) for other in others)
            calm = 1.0 if _is_calm(place, timeline, [presses for presses, _ in axes], for_long=True) else _HURRIED
            worth = calm * (min(weight, beside) + 0.25 * max(weight, beside)) / (1 + place / _EARLY)
            weights[place] = max(weights.get(place, 0.0), worth)
    return _chosen(weights, limit)


def menu_moments(history: History, presses: Presses, limit: int) -> list[int]:
    """Choose places of sets from which a cursor is likely to move, the best first.

    In a menu a press moves a few numbers by one, and little else: walking changes far more.

    Args:
        history: the recording.
        presses: of the buttons that move the cursor.
        limit: most moments.
    """
    timeline = history.timeline
    weights: dict[int, float] = {}
    stepped, changed = np.zeros(len(presses.starts), np.int64), np.zeros(len(presses.starts), np.int64)
    for part in history.parts:
        if not len(part):
            continue
        press = presses.of_times(part.time)
        previous = np.empty_like(part.value)
        previous[1:] = part.value[:-1]
        previous[part.pointer[:-1]] = part.before
        soon = (part.time - presses.starts[press] <= _SOON) & (part.kind == 0)
        changed += np.bincount(press[soon], minlength=len(changed))
        is_step = np.zeros(len(part), np.bool_)
        for field in FIELDS[:WORD_BYTES]:
            is_step |= np.abs(field.difference(previous, part.value)) == _STEP
        stepped += np.bincount(press[soon & is_step], minlength=len(stepped))
    for index in np.flatnonzero(np.isin(presses.held, (Held.POSITIVE, Held.NEGATIVE)) & (stepped > 0)):
        place = int(presses.starts[index]) // timeline.stride - 1
        if place >= 0 and _is_calm(place, timeline, [presses]):
            weights[place] = float(-changed[index])
    return _chosen(weights, limit)


def button_moments(history: History, button: str, limit: int) -> list[int]:
    """Choose places of sets right before a button was pressed, the most usual answers first.

    After a press words change that did not before it; the usual answer is that of the median press.

    Args:
        history: the recording.
        button: its name.
        limit: most moments.
    """
    timeline = history.timeline
    presses = presses_of(timeline, _NO_BUTTON, button)
    starts = presses.starts[presses.held == Held.POSITIVE].astype(np.int64)
    more = np.zeros(len(starts), np.int64)
    for part in history.parts:
        words = np.repeat(part.words.astype(np.int64), np.diff(part.pointer))
        last, following = (np.searchsorted(starts, part.time, "right") + offset for offset in (-1, 0))
        soon = (last >= 0) & (part.time - starts[last] <= _SOON) if len(starts) else np.zeros(len(part), np.bool_)
        before = following < len(starts)
        before[before] = starts[following[before]] - part.time[before] <= _SOON
        after_it, before_it = (
            press[chosen] * np.int64(history.words) + words[chosen]
            for press, chosen in ((last, soon), (following, before))
        )
        more += np.bincount(np.setdiff1d(after_it, before_it) // history.words, minlength=len(starts))
    if not (more > 0).any():
        return []
    usual = float(np.median(more[more > 0]))
    weights = {
        int(start) // timeline.stride - 1: -abs(float(count) - usual)
        for start, count in zip(starts, more, strict=True)
        if count > 0 and start >= timeline.stride
    }
    return _chosen({place: weight for place, weight in weights.items() if _is_calm(place, timeline, [presses])}, limit)


def spread(sets: int, limit: int) -> list[int]:
    """Choose places evenly, from the middle of equal parts of a recording of so many sets."""
    count = min(limit, sets)
    return [(2 * index + 1) * sets // (2 * count) for index in range(count)]


def _answers(history: History, presses: Presses, scores: AxisScores) -> list[tuple[int, float]]:
    """List the presses that were answered soon: first time and how many numbers answered."""
    stronger = scores.nats[: 4 * _NUMBERS] > _LEAST
    weights = np.zeros(len(presses.starts))
    seen: set[int] = set()
    for index in np.flatnonzero(stronger):
        word = int(scores.positions[index]) // WORD_BYTES
        if word in seen:
            continue
        seen.add(word)
        if len(seen) > _NUMBERS:
            break
        weights[_moved_by(history, presses, word, scores, int(index))] += 1
    return [(int(presses.starts[press]), float(weights[press])) for press in np.flatnonzero(weights)]


def _moved_by(history: History, presses: Presses, word: int, scores: AxisScores, index: int) -> NDArray[np.int64]:
    """Return the presses in whose first frames a number moved as it should."""
    entries = history.entries_of(word)
    if len(entries.time) < 2:
        return np.empty(0, np.int64)
    steps = scores.field(index).difference(entries.value[:-1], entries.value[1:]) * int(scores.signs[index])
    times = entries.time[1:]
    press = presses.of_times(times)
    held = presses.held[press]
    is_right = ((held == Held.POSITIVE) & (steps > 0)) | ((held == Held.NEGATIVE) & (steps < 0))
    soon = times - presses.starts[press] <= _SOON
    return np.unique(press[is_right & soon & (entries.kind[1:] == 0)])


def _is_calm(place: int, timeline: Timeline, presses: Sequence[Presses], *, for_long: bool = False) -> bool:
    """Return whether no button of any axis is held at the end of a set, or was a moment ago."""
    held = (int(each.held[each.of_times(np.array([timeline.end_of(place)]))[0]]) for each in presses)
    if for_long:
        return all(state == Held.NONE for state in held)
    return all(state not in {Held.POSITIVE, Held.NEGATIVE, Held.UNUSABLE} for state in held)


def _nearby(time: int, answers: Sequence[tuple[int, float]]) -> float:
    """Return the strongest answer near a time, the nearer the better."""
    near = ((abs(start - time), weight) for start, weight in answers)
    return max((weight * math.exp(-distance / _NEAR) for distance, weight in near), default=0.0)


def _chosen(weights: dict[int, float], limit: int) -> list[int]:
    """Take the best places that are apart; the earlier of two that are as good."""
    chosen: list[int] = []
    for place in sorted(weights, key=lambda place: (-weights[place], place)):
        if len(chosen) == limit:
            break
        if all(abs(place - other) >= _APART for other in chosen):
            chosen.append(place)
    return chosen
