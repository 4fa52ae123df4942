"""Poke of variables, to tell them from their copies. Shell: it plays in a core.

Each value is written larger by 3, and the game plays on with the buttons that were recorded, best over a moment at
which the value is known to change: then the game has to read the variable. The variable keeps what was added and others
follow; a copy is written anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from daemon.analysis.history import History
from daemon.analysis.value_types import VALUE_TYPES, Number, ValueType
from daemon.probing.played_session import PlayedSession
from daemon.probing.request import ProbedCandidate, Verdict
from protocol.changes import I64, U8, Bools
from protocol.errors import ValueTypeError

__all__ = ["PokeProbe", "PokeTarget", "copies_of", "poke_moments"]

_STEP = 3
_SOON = 4
"""Frames after which a copy that is written each frame is noticed."""

_AFTER = 12
"""Frames that are played on behind a change, in which others follow."""

_CALM = 3
"""Sets from a moment to the change."""

_LONGEST = 60
_SAMPLES = 12
_ALIKE = 0.8
"""Share of the moments at which a copy has the same value."""

_RESTS = 6
"""Sets for which a value rests at least where it is compared with others."""

_COPIES = 24
_MOST_FOLLOWERS = 32
_PLAIN = ("u8", "u16", "u32")

_FOLLOWS = (0.01, 0.1, 1.0, 10.0, 100.0)
"""Steps of a copy for one of its source: it may be shown ten times as large."""

_COHERENT = 0.02

_AGREEING = 1
"""Difference of two values of which one may be a copy of the other: a fraction is cut off, a count begins with 1."""

_STACK = range(0x0300_7A00, 0x0300_7F00)
"""Addresses below the pointer with which the console starts (GBATEK, default memory usage)."""

_LEADS = 0.5
"""Places that a source stands before its copy, wherever it stood before."""


@dataclass(frozen=True, slots=True)
class PokeTarget:
    """A variable to poke.

    Args:
        position: of its first byte in memory images.
        type: its value type.
    """

    position: int
    type: ValueType

    def read(self, image: U8) -> Number | None:
        """Return its value in a memory image."""
        return self.type.read(image[self.position : self.position + self.type.width].tobytes())

    def overlaps(self, other: "PokeTarget") -> bool:
        """Return whether they have a byte in common."""
        return self.position < other.position + other.type.width and other.position < self.position + self.type.width


@dataclass(slots=True)
class _Outcome:
    """Outcomes of one target over all moments."""

    value: Number | None = None
    step: Number = 0
    tries: int = 0
    lost_soon: int = 0
    """Times that it was written anew at once, as what is made anew each frame."""
    lost: int = 0
    """Times that it was written anew in the end."""
    read: int = 0
    """Times that anything at all followed."""
    followers: set[int] = field(default_factory=set)
    leads: set[int] = field(default_factory=set)
    """Targets that took their value from it, at a moment at which they had the same."""
    led_by: set[int] = field(default_factory=set)

    @property
    def verdict(self) -> Verdict:
        """Verdict over all moments.

        What is written anew only when it changes may be a variable that is given its values, or a copy: a copy has a
        source among the others.
        """
        if not self.tries:
            return Verdict.UNKNOWN
        if 2 * self.lost_soon >= self.tries or (2 * self.lost >= self.tries and self.led_by - self.leads):
            return Verdict.COPY
        return Verdict.SOURCE if self.leads or self.read else Verdict.STAYS


class PokeProbe:
    """Pokes of several variables at several moments.

    Args:
        session: the session with its console.
        targets: the variables, the likeliest first.
    """

    def __init__(self, session: PlayedSession, targets: Sequence[PokeTarget]) -> None:
        self._session = session
        self._targets = list(targets)
        self._outcomes = [_Outcome() for _ in targets]
        self._tries = 0

    @property
    def is_clear(self) -> bool:
        """Return whether two moments agree on a source."""
        return self._tries > 1 and any(
            outcome.verdict is Verdict.SOURCE and outcome.tries - outcome.lost > 1 for outcome in self._outcomes
        )

    def try_at(self, place: int) -> tuple[str, ...]:
        """Poke all targets at the moment after a set, one after the other.

        Returns:
            What answered.

        Raises:
            MomentError: the game cannot be played again up to there.
            CoreError: the core crashed or stood still.
        """
        state = self._session.state_at(place)
        frames = self._frames_from(place)
        held = self._session.recorded_buttons(place, frames)
        pressed = (held + [0] * frames)[:frames]
        ends = sorted({min(_SOON, frames), frames})
        origin, *rest = self._session.play(state, pressed, [0, *ends])
        lower = self._tries % 2 == 1
        answered = []
        for index, target in enumerate(self._targets):
            value = target.read(origin)
            data = None if value is None else _written(target.type, value, lower=lower)
            if value is None or data is None:
                continue
            poked = self._session.play(state, pressed, ends, [(target.position, data)])
            if self._judge(index, value, data, [origin, *rest], poked):
                answered.append(index)
        self._tries += 1
        return tuple(f"{self._session.history.address_of(self._targets[index].position):08X}" for index in answered)

    def candidates(self) -> tuple[ProbedCandidate, ...]:
        """Return the targets as they were given, but a source before its copies.

        What is written anew and has no source among the targets stays where it was: it may be the variable, poked at a
        moment at which its place in memory was another one's.
        """
        scores = [-float(index) for index in range(len(self._outcomes))]
        for _ in self._targets:  # A source may itself come to stand before a copy of a copy.
            for index, outcome in enumerate(self._outcomes):
                if outcome.verdict in {Verdict.SOURCE, Verdict.STAYS}:
                    copies = [copy for copy in outcome.leads - outcome.led_by if self._is_copy(copy, index)]
                    behind = [scores[copy] + _LEADS for copy in copies]
                    scores[index] = max([scores[index], *behind])
        order = sorted(range(len(scores)), key=lambda index: -scores[index])
        return tuple(self._candidate(index, self._targets[index], scores[index]) for index in order)

    def _is_copy(self, index: int, source: int) -> bool:
        """Return whether a target is a copy of another one.

        Of two places on the stack one may be a register that is saved while the game waits for its next frame: it is
        where the variable's value comes from, and not the variable.
        """
        address_of = self._session.history.address_of
        places = (address_of(self._targets[each].position) for each in (index, source))
        return self._outcomes[index].verdict is Verdict.COPY and not all(place in _STACK for place in places)

    def _frames_from(self, place: int) -> int:
        """Choose how long to play on: beyond the next change of the first target, if it is near."""
        target = self._targets[0]
        timeline = self._session.timeline
        steps = self._session.history.values_of(target.position, target.type)
        later = steps.time[steps.time > timeline.end_of(place)]
        if not len(later):
            return _AFTER
        until = int(later[0]) - timeline.end_of(place)
        return until + _AFTER if until + _AFTER <= _LONGEST else _AFTER

    def _judge(self, index: int, value: Number, data: bytes, rest: Sequence[U8], poked: Sequence[U8]) -> bool:
        """Note what became of a poke; returns whether the value was kept.

        Args:
            index: of the target.
            value: that it had.
            data: that was written.
            rest: memory before, after some frames, and at the end, without the poke.
            poked: after some frames and at the end, with it.
        """
        outcome, target = self._outcomes[index], self._targets[index]
        written = target.type.read(data)
        assert written is not None  # noqa: S101 - it was made of a value
        step = written - value
        outcome.value, outcome.step = value, step
        outcome.tries += 1
        is_kept = _off(target, poked[-1], rest[-1], step) is not None
        outcome.lost += not is_kept
        outcome.lost_soon += _off(target, poked[0], rest[1], step) is None
        differs = poked[-1] != rest[-1]
        differs[target.position : target.position + target.type.width] = False
        followed = np.flatnonzero(differs)
        if is_kept and len(followed):
            outcome.read += 1
            outcome.followers.update(followed[:_MOST_FOLLOWERS].tolist())
        for other, its in enumerate(self._targets):
            if other == index or its.overlaps(target) or not _agree(value, its.read(rest[0])):
                continue
            if _followed(its, poked[-1], rest[-1], step):
                outcome.leads.add(other)
                self._outcomes[other].led_by.add(index)
        return is_kept

    def _candidate(self, index: int, target: PokeTarget, score: float) -> ProbedCandidate:
        outcome = self._outcomes[index]
        address_of = self._session.history.address_of
        kept = f"kept {outcome.step:+g} in {outcome.tries - outcome.lost} of {outcome.tries} pokes"
        match outcome.verdict:
            case Verdict.UNKNOWN:
                reason = "not poked: no value of its type stood there"
            case Verdict.COPY:
                reason = f"written anew in {max(outcome.lost, outcome.lost_soon)} of {outcome.tries} pokes"
            case Verdict.SOURCE:
                reason = f"{kept}, others followed"
            case _:
                reason = f"{kept}, nothing followed"
        if leads := len(outcome.leads - outcome.led_by):
            reason += f"; {leads} of the others take their value from it"
        return ProbedCandidate(
            address=address_of(target.position),
            type=target.type.name,
            verdict=outcome.verdict,
            score=score,
            value=outcome.value,
            followers=tuple(address_of(position) for position in sorted(outcome.followers)[:_MOST_FOLLOWERS]),
            reason=reason,
        )


def poke_moments(history: History, targets: Sequence[PokeTarget], limit: int) -> list[int]:
    """Choose places of sets right before a variable changes.

    Those come first at which most of the others have its number, as a variable and its copies do: where its place in
    memory is another one's for a while they do not. Of these come first those before which it has rested longest.

    Args:
        history: the recording.
        targets: the variable, and what is poked with it.
        limit: most moments.
    """
    steps = history.values_of(targets[0].position, targets[0].type)
    places = history.timeline.places_at(steps.time)
    rests = np.diff(places, prepend=0)
    values = steps.typed.values.astype(np.float64)
    is_change = steps.known.copy()
    is_change[:1] = False
    is_change[1:] &= steps.known[:-1]
    # 0 mostly stands for nothing: before the game has begun, or where a list has no such entry.
    is_something = np.zeros(len(steps), np.bool_)
    is_something[1:] = (values[1:] != 0) & (values[:-1] != 0)
    agreeing = np.zeros(len(steps), np.int64)
    for target in targets[1:]:
        if target.overlaps(targets[0]):
            continue
        its = history.values_of(target.position, target.type)
        row = np.searchsorted(its.time, steps.time[1:] - 1, "right") - 1
        its_values = np.append(its.typed.values.astype(np.float64), np.nan)
        agreeing[1:] += np.abs(its_values[row] - values[:-1]) <= _AGREEING
    order = sorted(
        np.flatnonzero(is_change), key=lambda at: (not is_something[at], -int(agreeing[at]), -int(rests[at]))
    )
    # The change may have happened in the frames of the set before it was scanned, and some calm is wanted before it.
    return list(dict.fromkeys(max(0, int(places[at]) - _CALM) for at in order))[:limit]


def copies_of(history: History, target: PokeTarget) -> list[PokeTarget]:
    """Find the numbers that have the same value as a variable at most moments of a recording.

    Args:
        history: the recording.
        target: the variable.

    Returns:
        At most 24, without the variable itself.
    """
    steps = history.values_of(target.position, target.type)
    stride = history.timeline.stride
    ends = np.append(steps.time[1:], len(history.timeline) * stride)
    # While a value changes again and again, as a gauge on its way does, its copies have not come to it yet.
    rests = np.flatnonzero(steps.known & (ends - steps.time >= _RESTS * stride))
    known = rests if len(rests) > 2 else np.flatnonzero(steps.known)
    if len(known) < 2:
        return []
    chosen = known[np.unique(np.linspace(0, len(known) - 1, _SAMPLES).astype(int))]
    # A copy is written a little later, and scanned at another time of the set: look when the value has settled, and
    # once more before it changes again, by which what merely came to the same value at another time is left out.
    settled = [(min(int(ends[at]) - 1, int(steps.time[at]) + 3 * stride), at) for at in chosen]
    moments = [*settled, *((int(ends[at]) - 1, at) for at in chosen)]
    images = [history.words_at(time)[0].view(np.uint8) for time, _ in moments]
    values = [steps.typed.values[at].item() for _, at in moments]
    found: list[PokeTarget] = []
    names = [name for name in _PLAIN if VALUE_TYPES[name].width <= target.type.width] if target.type.is_whole else []
    for kind in dict.fromkeys([target.type, *(VALUE_TYPES[name] for name in names)]):
        alike = np.zeros(history.size - kind.width + 1, np.int64)
        for image, value in zip(images, values, strict=True):
            typed = kind.view(image)
            alike += typed.where_valid(typed.values == value)
        fits = history.fits(kind.width)
        for position in _best(alike, fits, max(2, round(_ALIKE * len(values)))):
            other = PokeTarget(int(position), kind)
            if not other.overlaps(target) and not any(other.overlaps(each) for each in found):
                found.append(other)
    return found[:_COPIES]


def _agree(value: Number, other: Number | None) -> bool:
    """Return whether a value may be a copy: the same, or shown 10 or 100 times as large."""
    return other is not None and any(abs(other - value * usual) <= _AGREEING for usual in _FOLLOWS if usual >= 1)


def _off(target: PokeTarget, poked: U8, rest: U8, step: Number) -> Number | None:
    """Return how far a value is off for a poke of itself; None where it did not keep it."""
    left, right = target.read(poked), target.read(rest)
    if left is None or right is None or abs(left - right - step) > abs(step) / 3:
        return None
    return left - right


def _followed(target: PokeTarget, poked: U8, rest: U8, step: Number) -> bool:
    """Return whether a value is off as that of a copy is, or on the way there; not by chance."""
    left, right = target.read(poked), target.read(rest)
    if left is None or right is None or left == right:
        return False
    ratio = (left - right) / step
    return 0 < ratio < 1 or any(abs(ratio / usual - 1) <= _COHERENT for usual in _FOLLOWS)


def _best(alike: I64, fits: Bools, least: int) -> I64:
    places = np.flatnonzero((alike >= least) & fits)
    return places[np.argsort(-alike[places], kind="stable")][: 4 * _COPIES]


def _written(kind: ValueType, value: Number, *, lower: bool) -> bytes | None:
    """Return the bytes of a value that is 3 larger, or smaller; None where neither fits."""
    steps = (-_STEP, _STEP) if lower and value > 2 * _STEP else (_STEP, -_STEP)
    for step in steps:
        try:
            return kind.encode(value + step)
        except ValueTypeError:
            continue
    return None
