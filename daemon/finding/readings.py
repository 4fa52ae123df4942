"""Scores of readings: numbers that a person read off pictures. Pure.

The score of a candidate is Σ log((1 - ε) · m + ε / R) over the readings: with probability 1 - ε the person read what
was shown, else any of R numbers. `m` is the share of the delay, as it is distributed, for which the candidate showed
the number: a value that runs through all numbers shows each of them for a moment and gains little. A reading of a
paused picture looks at its own frame set above all: a word that is scanned early in a set is seen to change in the
next one, and what a game draws is a frame or two old.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.history import History, within
from daemon.analysis.value_types import VALUE_TYPES, ValueType
from daemon.finding.evidence import Query, Reading
from daemon.finding.forms import Form
from daemon.finding.found import EvidenceKind, EvidenceLine
from daemon.finding.scoring import CandidateId, Nats
from daemon.finding.windows import Samples, places_between, sets_in
from protocol.changes import I64, U8, Bools
from protocol.regions import WORD_BYTES

__all__ = ["DELAY_S", "ERROR", "ReadingScorer", "ReadingScores"]

ERROR = 0.1
"""ε: share of readings that are wrong, as the simulated people of the evaluation have it."""

DELAY_S = (0.2, 1.0)
"""Seconds from seeing a number to typing it, live; each in between is as likely."""

_PAUSED = {-1: 0.1, 0: 0.75, 1: 0.15}
"""Likelihood that a paused picture shows memory as it was found so many frame sets later."""

_LEAST_RANGE = 10
"""Numbers that a person may take for another, at least: a digit."""

_ROUGH = 1 / 64
"""Shortfall of a fraction that stands for a number which cannot be stored exactly."""

_TINY = 2.0**-13
"""Floats nearer to 0 are other data that are read as floats: small whole numbers and pointers."""

_REMEMBERED = 256
"""Readings whose matches are kept: 3 MB each at most."""


@dataclass(frozen=True, slots=True, eq=False)
class _Partial:
    """Shares of a reading's delay for which moving values showed its number, shape (m,) each."""

    positions: I64
    shares: Nats


@dataclass(frozen=True, slots=True, eq=False)
class _Matches:
    """Candidates that show the number of a reading.

    Args:
        places: of the frame sets that were looked at.
        still: by type and form, a bit for each byte offset; none where nothing matches.
        moving: by type and form, of the values that moved meanwhile.
        unknown: bytes that were not known at all meanwhile, shape (bytes,).
    """

    places: I64
    still: dict[tuple[str, Form], U8]
    moving: dict[tuple[str, Form], _Partial]
    unknown: Bools


class ReadingScores:
    """Scores of the readings of a query: see `Scores`.

    Args:
        history: of the recording.
        matches: of each reading that can be used.
        problems: sentences on the others.
    """

    def __init__(self, history: History, matches: dict[Reading, _Matches], problems: Sequence[str]) -> None:
        self._history = history
        self._matches = matches
        self._problems = tuple(problems)
        self._range = _range(list(matches))

    def of(self, kind: ValueType, form: Form, /) -> Nats | float:
        """Return the score of the value of a type and form at each byte offset: see `Scores.of`."""
        base = len(self._matches) * self._nats(0.0)
        gain = self._nats(1.0) - self._nats(0.0)
        count = self._history.size - kind.width + 1
        key = (kind.name, form)
        still = [matches.still[key] for matches in self._matches.values() if key in matches.still]
        moving = [matches.moving[key] for matches in self._matches.values() if key in matches.moving]
        if not still and not moving:
            return base
        hits = np.zeros(count, np.uint8)
        for bits in still:
            hits += np.unpackbits(bits, count=count)
        nats: Nats = hits * np.float32(gain) + np.float32(base)
        for partial in moving:
            nats[partial.positions] += _gains(partial.shares, self._range) - np.float32(self._nats(0.0))
        return nats

    def evidence(self, candidate: CandidateId) -> Sequence[EvidenceLine]:
        """Return the parts of a candidate's score, reading by reading."""
        return [self._line(reading, matches, candidate) for reading, matches in self._matches.items()]

    def unknown(self) -> Bools | None:
        """Return at which bytes a value is not known at one of the readings."""
        found = np.zeros(self._history.size, np.bool_)
        for matches in self._matches.values():
            found |= matches.unknown
        return found if found.any() else None

    def problems(self) -> Sequence[str]:
        """Return sentences on readings that could not be used."""
        return self._problems

    def _nats(self, share: float) -> float:
        return math.log((1 - ERROR) * share + ERROR / self._range)

    def _line(self, reading: Reading, matches: _Matches, candidate: CandidateId) -> EvidenceLine:
        kind, form = candidate.type, candidate.form
        timeline = self._history.timeline
        times = np.array([timeline.end_of(place) for place in matches.places.tolist()], np.int32)
        numbers = self._history.values_of(candidate.position, kind, times).numbers()
        share = _share_at(matches, candidate)
        shown = [kind.format(value) if value is not None else None for value in numbers]
        text = _sentence(reading, shown, form, holds=share > 0)
        return EvidenceLine(reading.number, EvidenceKind.READING, text, share > 0, self._nats(share))


class ReadingScorer:
    """Scorer of readings, which keeps what it found for each of them: see `Scorer`."""

    def __init__(self) -> None:
        self._history: History | None = None
        self._matches: dict[Reading, _Matches] = {}

    def scores(self, query: Query, history: History) -> ReadingScores | None:
        """Score every candidate by the readings of a query; None where it has none."""
        if not query.readings:
            return None
        if self._history is None or not history.continues(self._history):
            self._matches.clear()
        self._history = history
        found: dict[Reading, _Matches] = {}
        problems: list[str] = []
        for reading in query.readings:
            weights = _weights(reading, history)
            if weights:
                found[reading] = self._matched(reading, history, weights)
            else:
                problems.append(f"The recording has no frame set at {reading}: this reading is left out.")
        return ReadingScores(history, found, problems)

    def _matched(self, reading: Reading, history: History, weights: dict[int, float]) -> _Matches:
        before = self._matches.pop(reading, None)
        is_same = before is not None and before.places.tolist() == list(weights)
        matches = before if before is not None and is_same else _match(reading, history, weights)
        self._matches[reading] = matches
        while len(self._matches) > _REMEMBERED:
            del self._matches[next(iter(self._matches))]
        return matches


def _weights(reading: Reading, history: History) -> dict[int, float]:
    """Return the likelihood of the places at which the number may have been seen."""
    timeline = history.timeline
    if reading.is_live:
        first, last = (reading.number - sets_in(seconds, timeline) for seconds in reversed(DELAY_S))
        # A key falls anywhere in its set, and a word is scanned anywhere in one: a set more at both ends.
        places = places_between(timeline, first - 1, last + 1)
        numbers = timeline.numbers[places].astype(np.float64)
        raw = np.clip(np.minimum(numbers - first, last - numbers) + 1.5, 0.5, 1)
    else:
        places = places_between(timeline, reading.number - 1, reading.number + 1)
        late = (timeline.numbers[places].astype(np.int64) - reading.number).tolist()
        if 0 not in late:
            return {}
        raw = np.array([_PAUSED[by] for by in late])
    total = raw.sum()
    return dict(zip(places.tolist(), (raw / total).tolist(), strict=True)) if len(places) and total > 0 else {}


def _match(reading: Reading, history: History, weights: dict[int, float]) -> _Matches:
    samples = Samples.of(history, np.array(list(weights)))
    shares = np.array(list(weights.values()), np.float32)
    still: dict[tuple[str, Form], U8] = {}
    moving: dict[tuple[str, Form], _Partial] = {}
    unknown_bytes = ~samples.known
    has_unknown = bool(unknown_bytes.any())
    for kind in VALUE_TYPES.values():
        targets = [(form, target) for form in Form if (target := _target(kind, form, reading.value)) is not None]
        typed = kind.view(samples.image)
        valid = typed.valid
        if has_unknown:
            known = ~within(unknown_bytes, kind.width)
            valid = known if valid is None else valid & known
        moved = [(samples.positions(offset), samples.moving(kind, offset)) for offset in range(WORD_BYTES)]
        inside = [positions + kind.width <= history.size for positions, _ in moved]
        for form, target in targets:
            flags = _shows(kind, typed.values, target)
            if valid is not None:
                flags &= valid
            positions, parts = [], []
            for (place, values), fits in zip(moved, inside, strict=True):
                shows = values.where_valid(_shows(kind, values.values, target))
                part = shares @ shows.astype(np.float32)
                some = fits & (part > 0)
                flags[place[fits]] = False
                positions.append(place[some])
                parts.append(part[some])
            partial = _Partial(np.concatenate(positions), np.concatenate(parts))
            if flags.any():
                still[kind.name, form] = np.packbits(flags)
            if len(partial.positions):
                moving[kind.name, form] = partial
    return _Matches(samples.places, still, moving, unknown_bytes)


@dataclass(frozen=True, slots=True)
class _Target:
    """Stored values that are shown as a number: from `low` to below `high`, or exactly `low`."""

    low: float
    high: float | None = None


def _target(kind: ValueType, form: Form, shown: float) -> _Target | None:
    """Return the stored values that a form shows as a number; None where there are none.

    Of fractions a game shows what stands before the point, as a conversion to a whole number leaves it.
    """
    if kind.is_whole:
        stored = form.stored(shown)
        return _Target(int(stored)) if stored == int(stored) and kind.least <= stored <= kind.greatest else None
    digit = 1.0 if shown == int(shown) else 0.1
    low, high = form.stored(shown - _ROUGH), form.stored(shown + digit)
    return _Target(low, high) if kind.least <= high and low <= kind.greatest else None


def _shows(kind: ValueType, values: NDArray[Any], target: _Target) -> Bools:
    if target.high is None:
        return np.asarray(values == values.dtype.type(target.low))
    found: Bools = (values >= target.low) & (values < target.high)
    if kind.raw.kind == "f":
        found &= (np.abs(values) >= _TINY) | (values == 0)
    return found


def _range(readings: Sequence[Reading]) -> float:
    """Return R: as many numbers as have the digits of the largest one that was read."""
    largest = max((abs(reading.value) for reading in readings), default=0)
    return float(max(_LEAST_RANGE, 10 ** len(str(int(largest)))))


def _gains(shares: Nats, numbers: float) -> Nats:
    gains: Nats = np.log((1 - ERROR) * shares + np.float32(ERROR / numbers))
    return gains


def _share_at(matches: _Matches, candidate: CandidateId) -> float:
    """Return the share of the delay for which a candidate showed the number."""
    key = (candidate.type.name, candidate.form)
    partial = matches.moving.get(key)
    if partial is not None and (found := np.flatnonzero(partial.positions == candidate.position)).size:
        return float(partial.shares[found[0]])
    bits = matches.still.get(key)
    if bits is None:
        return 0.0
    return float(bits[candidate.position // 8] >> (7 - candidate.position % 8) & 1)


def _sentence(reading: Reading, numbers: Sequence[str | None], form: Form, *, holds: bool) -> str:
    """Write what a candidate was where a number was read."""
    seen = list(dict.fromkeys("unknown" if number is None else number for number in numbers))
    was = seen[0] if len(seen) == 1 else f"{', '.join(seen[:-1])} and {seen[-1]}" if seen else "unknown"
    shown = f"{reading.value:.12g}"
    relation = "" if form is Form.EQUAL else f" (shown as {form})"
    return f"it was {was}{relation}, as {shown} was read" if holds else f"it was {was}{relation}, not {shown}"
