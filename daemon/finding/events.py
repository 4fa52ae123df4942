"""Scores of events: keys that a person pressed when something happened to a value. Pure.

The score of a candidate is Σ log((1 - ε) · h / b + ε) over the events. `h` is 1 where it changed the right way in the
window before the key, less where it did so in several steps, and 0 where it did not; `b` is the chance that it would
have done so in any window: by its changes in the whole recording and by those around the key, since much moves in a
fight that rests in a meadow. A person presses after a change, or with probability ε for nothing. So a window without a
change always costs log ε, however busy the value is, and one with a change gives the less the busier it is.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES, Number, ValueType
from daemon.finding.evidence import Direction, Event, Query
from daemon.finding.forms import Form
from daemon.finding.found import EvidenceKind, EvidenceLine
from daemon.finding.scoring import CandidateId, Nats
from daemon.finding.windows import Samples, places_between, sets_in
from protocol.changes import I32, I64, Bools
from protocol.regions import WORD_BYTES

__all__ = ["ERROR", "WINDOW_S", "EventScorer", "EventScores"]

ERROR = 0.15
"""ε: share of keys that nothing of the value was behind, or that came outside of the window."""

WINDOW_S = (0.1, 1.2)
"""Seconds from the change to the key: a person's 0.2 to 1.0 s, and a frame set at either end."""

_PAUSED_SETS = (-3, 1)
"""Frame sets around a paused picture in which the value changed."""

_AROUND_S = 6.0
"""Seconds before and after the key from which the local rate is taken."""

_LOCAL = 0.5
"""Share of the local rate in the chance of a change, of its logarithm."""

_STEPS = 0.5
"""Exponent by which several changes in the window count less."""

_REMEMBERED = 256
"""Events whose windows are kept."""

_WIDTHS = (1, 2, 4)
_UPWARDS = {Direction.UP: True, Direction.DOWN: False}


@dataclass(frozen=True, slots=True, eq=False)
class _Window:
    """Changes before a key.

    Args:
        sets: frame sets of the window, and of the stretch around the key, that were recorded.
        around: places of that stretch, first and last: it grows while the recording does.
        positions: by width, values that changed in the window, ascending, shape (m,).
        changes: by width, how often each did in the window, and around the key, shape (2, m).
        matches: by type, whether each went the right way, shape (m,) of its width.
        unknown: bytes that were not known at the start of the window, shape (bytes,).
    """

    sets: tuple[int, int]
    around: tuple[int, int]
    positions: Mapping[int, I64]
    changes: Mapping[int, I32]
    matches: Mapping[str, Bools]
    unknown: Bools


class EventScores:
    """Scores of the events of a query: see `Scores`.

    Args:
        history: of the recording.
        windows: of each event that can be used.
        problems: sentences on the others.
    """

    def __init__(self, history: History, windows: Mapping[Event, _Window], problems: Sequence[str]) -> None:
        self._history = history
        self._windows = windows
        self._problems = tuple(problems)
        self._rows: dict[str, Nats] = {}
        self._counts: dict[int, I32] = {}
        self._gained: dict[tuple[Event, int], Nats] = {}

    def of(self, kind: ValueType, _form: Form, /) -> Nats | float:
        """Return the score of the value of a type at each byte offset: see `Scores.of`."""
        if not self._windows:
            return 0.0
        row = self._rows.get(kind.name)
        if row is None:
            row = np.full(self._history.size - kind.width + 1, len(self._windows) * math.log(ERROR), np.float32)
            for event, window in self._windows.items():
                is_hit = window.matches[kind.name]
                row[window.positions[kind.width][is_hit]] += self._gains(event, window, kind.width)[is_hit]
            self._rows[kind.name] = row
        return row

    def evidence(self, candidate: CandidateId) -> Sequence[EvidenceLine]:
        """Return the parts of a candidate's score, event by event."""
        return [self._line(event, window, candidate) for event, window in self._windows.items()]

    def unknown(self) -> Bools | None:
        """Return at which bytes a value is not known at one of the events."""
        found = np.zeros(self._history.size, np.bool_)
        for window in self._windows.values():
            found |= window.unknown
        return found if found.any() else None

    def problems(self) -> Sequence[str]:
        """Return sentences on events that could not be used."""
        return self._problems

    def _gains(self, event: Event, window: _Window, width: int) -> Nats:
        """Return by how much a hit is better than none, shape (m,)."""
        if (event, width) not in self._gained:
            self._gained[event, width] = self._gain(event, window, width)
        return self._gained[event, width]

    def _gain(self, event: Event, window: _Window, width: int) -> Nats:
        inside, around = window.changes[width].astype(np.float64)
        sets, sets_around = window.sets
        everywhere = self._changes(width)[window.positions[width]]
        rates = np.stack(
            [
                np.maximum(everywhere - 1, 0.5) / len(self._history.timeline),
                np.maximum(around - inside, 0.5) / sets_around,
            ]
        )
        chance = 1 - np.exp(-rates * sets)
        if event.direction is not Direction.CHANGED:
            chance /= 2  # Without knowing more, a change is as likely upwards as downwards.
        base = chance[0] ** (1 - _LOCAL) * chance[1] ** _LOCAL
        # A hit is never worse than a miss, and one that would be expected anyway is worth nothing.
        ratio = np.maximum(1, inside**-_STEPS / base)
        gains: Nats = (np.log((1 - ERROR) * ratio + ERROR) - math.log(ERROR)).astype(np.float32)
        return gains

    def _changes(self, width: int) -> I32:
        """Return the changes of the value of a width at each byte offset in the whole recording."""
        if width not in self._counts:
            self._counts[width] = self._history.all_change_counts.of(width)
        return self._counts[width]

    def _line(self, event: Event, window: _Window, candidate: CandidateId) -> EvidenceLine:
        kind = candidate.type
        positions = window.positions[kind.width]
        found = int(np.searchsorted(positions, candidate.position))
        has_changed = found < len(positions) and int(positions[found]) == candidate.position
        is_hit = has_changed and bool(window.matches[kind.name][found])
        nats = math.log(ERROR) + (float(self._gains(event, window, kind.width)[found]) if is_hit else 0.0)
        return EvidenceLine(
            event.number, EvidenceKind.EVENT, self._sentence(event, candidate, has_changed=has_changed), is_hit, nats
        )

    def _sentence(self, event: Event, candidate: CandidateId, *, has_changed: bool) -> str:
        key = "the key" if event.is_live else "the picture"
        if not has_changed:
            return f"it did not change before {key}"
        timeline = self._history.timeline
        places = _places(event, self._history)
        times = np.array([timeline.end_of(place) for place in [int(places[0]) - 1, *places.tolist()]], np.int32)
        numbers = self._history.values_of(candidate.position, candidate.type, times).numbers()
        while len(numbers) > 2 and numbers[0] is None:  # The first sight of a value is no step.
            numbers = numbers[1:]
        values = [_shown(candidate.type, number) for number in numbers]
        steps = f"from {values[0]} to {values[-1]}"
        if len(values) > 2:
            steps = f"{steps} in {len(values) - 1} steps"
        return f"it went {steps} before {key}"


class EventScorer:
    """Scorer of events, which keeps what it found for each of them: see `Scorer`."""

    def __init__(self) -> None:
        self._history: History | None = None
        self._windows: dict[Event, _Window] = {}

    def scores(self, query: Query, history: History) -> EventScores | None:
        """Score every candidate by the events of a query; None where it has none."""
        if not query.events:
            return None
        if self._history is None or not history.continues(self._history):
            self._windows.clear()
        self._history = history
        found: dict[Event, _Window] = {}
        problems: list[str] = []
        for event in query.events:
            if len(places := _places(event, history)):
                found[event] = self._window(event, history, places)
            else:
                problems.append(f"The recording has no frame set before {event}: this event is left out.")
        return EventScores(history, found, problems)

    def _window(self, event: Event, history: History, places: I64) -> _Window:
        before = self._windows.pop(event, None)
        around = _around(event, history, places)
        window = before if before is not None and before.around == around else _look(event, history, places, around)
        self._windows[event] = window
        while len(self._windows) > _REMEMBERED:
            del self._windows[next(iter(self._windows))]
        return window


def _places(event: Event, history: History) -> I64:
    """Return the places of the frame sets in which the value changed if the event is right."""
    timeline = history.timeline
    if event.is_live:
        near, far = (sets_in(seconds, timeline) for seconds in WINDOW_S)
        return places_between(timeline, event.number - far, event.number - near)
    before, after = _PAUSED_SETS
    return places_between(timeline, event.number + before, event.number + after)


def _around(event: Event, history: History, places: I64) -> tuple[int, int]:
    timeline = history.timeline
    reach = sets_in(_AROUND_S, timeline)
    found = places_between(timeline, event.number - reach, event.number + reach)
    return min(int(found[0]), int(places[0])), max(int(found[-1]), int(places[-1]))


def _look(event: Event, history: History, places: I64, around: tuple[int, int]) -> _Window:
    timeline = history.timeline
    before = int(places[0]) - 1
    inside = history.change_counts(timeline.end_of(before), timeline.end_of(int(places[-1])))
    nearby = history.change_counts(timeline.end_of(around[0] - 1), timeline.end_of(around[1]))
    positions: dict[int, I64] = {}
    changes: dict[int, I32] = {}
    for width in _WIDTHS:
        counts = inside.of(width)
        counts[~history.fits(width)] = 0
        positions[width] = np.flatnonzero(counts)
        changes[width] = np.stack([counts[positions[width]], nearby.of(width)[positions[width]]])
    samples = Samples.of(history, np.array([max(0, before), *places.tolist()]))
    if event.direction is Direction.CHANGED:
        matches = {kind.name: np.ones(len(positions[kind.width]), np.bool_) for kind in VALUE_TYPES.values()}
    else:
        matches = {
            kind.name: _moved(samples, kind, positions[kind.width], history.size, is_up=_UPWARDS[event.direction])
            for kind in VALUE_TYPES.values()
        }
    sets = len(places), around[1] - around[0] + 1
    return _Window(sets, around, positions, changes, matches, ~samples.known)


def _moved(samples: Samples, kind: ValueType, positions: I64, size: int, *, is_up: bool) -> Bools:
    """Return which of some values rose, or fell, from one sample to the next at least once."""
    found = np.zeros(size + WORD_BYTES, np.bool_)
    for offset in range(WORD_BYTES):
        moving = samples.moving(kind, offset)
        earlier, later = moving.values[:-1], moving.values[1:]
        steps = later > earlier if is_up else later < earlier
        if moving.valid is not None:
            steps = steps & moving.valid[:-1] & moving.valid[1:]
        found[samples.positions(offset)] = steps.any(axis=0)
    return found[positions]


def _shown(kind: ValueType, number: Number | None) -> str:
    return "unknown" if number is None else kind.format(number)
