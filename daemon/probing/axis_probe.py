"""Probe of both axes within a hundred frames. Shell: it plays in a core.

At a moment both buttons of an axis are played; where nothing goes two ways the game does not answer, and another moment
is tried. What moved is then poked: all of it together, each by a step of its own, and those that keep theirs once
more alone. What a game writes anew from the variable is a copy, however well it moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

import numpy as np

from daemon.analysis.value_types import VALUE_TYPES
from daemon.analysis.word_fields import WordField
from daemon.finding.axes import AxisScores
from daemon.probing.axis_comparison import AxisPlays, Moved, compare_axis, without_overlaps
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_comparison import Paced, Poke, Poked, compare_pokes, share_followers
from daemon.probing.request import ProbedCandidate, ProbedMoment, ProbeGroup, Verdict
from protocol.changes import U8, U32
from protocol.console import GBA

__all__ = ["AXES", "BUDGET", "AxisProbe"]

AXES = (("Left", "Right"), ("Up", "Down"))
"""The axes: the button of each that goes back, and the one that goes forth."""

BUDGET = 100
"""Frames that are emulated from savestates for both axes."""

_PLAYED = 14
"""Frames of a play: enough for a game that first turns the player around."""

_HALF = 7
_POKED = 4
_TOGETHER = 12
"""Numbers of an axis that are poked together."""

_LISTED = 20
_COMPARED = 400
_CONVINCING = 3.0
"""Score from which on a number has moved both ways as an axis does."""

_KNOWN = 3.0
"""Nats of a number from which on the recording shows what the axis moves."""

_SOURCE, _COPY, _SPEED = 6.0, -6.0, -4.0
_PER_DOUBLING = 2.0
"""Score of a source for twice as many followers."""

_PIXELS = 3
"""Smallest step of a poke, in what a number moves in a frame; each poked together with others has a step of its own."""


@dataclass(slots=True)
class _AxisState:
    """Progress of one axis."""

    negative: str
    positive: str
    recorded: Mapping[tuple[int, WordField], float]
    found: list[Moved] = field(default_factory=list)
    outcomes: dict[int, Poked] = field(default_factory=dict)
    origin: U8 | None = None

    @property
    def name(self) -> str:
        return f"{self.negative}/{self.positive}"

    @property
    def is_known(self) -> bool:
        """Return whether the recording shows what the axis moves."""
        return self.most >= _KNOWN

    @property
    def most(self) -> float:
        """The most nats that the recording gives to any number."""
        return max(self.recorded.values(), default=0.0)


class AxisProbe:
    """Probe of both axes.

    Args:
        session: the session with its console.
        recorded: scores of each axis from the recording, in the order of `AXES`.
    """

    def __init__(self, session: PlayedSession, recorded: Sequence[AxisScores]) -> None:
        self._session = session
        self._axes = [
            _AxisState(negative, positive, _by_field(scores))
            for (negative, positive), scores in zip(AXES, recorded, strict=True)
        ]
        self.moments: list[ProbedMoment] = []

    @property
    def is_done(self) -> bool:
        """Return whether both axes have answered, or no frames are left for another moment."""
        return all(axis.found for axis in self._axes) or self._left < 2 * _PLAYED

    def try_at(self, place: int) -> None:
        """Play from the moment after a set, for the axes that have not answered yet.

        Raises:
            MomentError: the game cannot be played again up to there.
            CoreError: the core crashed or stood still.
        """
        state = self._session.state_at(place)
        before = self._session.frames
        origin: U8 | None = None
        plays: dict[str, tuple[tuple[U32, U32], tuple[U32, U32]]] = {}
        answered: list[_AxisState] = []
        for axis in self._axes:
            if axis.found or self._left < 2 * _PLAYED:
                continue
            images: list[tuple[U32, U32]] = []
            for button in (axis.negative, axis.positive):
                first, half, end = self._session.play(state, [_bits(button)] * _PLAYED, [0, _HALF, _PLAYED])
                origin = first
                images.append((half.view(np.uint32), end.view(np.uint32)))
            plays[axis.name] = (images[0], images[1])
            assert origin is not None  # noqa: S101 - two were played
            if not self._moved(axis, origin, plays, ()):
                break  # A game that does not answer here to one axis hardly answers to the other.
        for axis in self._axes:
            if axis.name in plays and origin is not None:
                others = [image for name, both in plays.items() if name != axis.name for image in both]
                moved = self._moved(axis, origin, plays, others)
                if moved:
                    axis.found, axis.origin = moved, origin
                    answered.append(axis)
        if answered:
            self._poke(state, answered)
        number = int(self._session.timeline.numbers[place])
        names = tuple(axis.name for axis in answered)
        self.moments.append(ProbedMoment(number, names, self._session.frames - before))

    def groups(self) -> tuple[ProbeGroup, ...]:
        """Return what was found, best first."""
        return tuple(ProbeGroup(axis.name, self._candidates(axis)) for axis in self._axes)

    @property
    def _left(self) -> int:
        return BUDGET - self._session.frames

    def _moved(
        self,
        axis: _AxisState,
        origin: U8,
        plays: Mapping[str, tuple[tuple[U32, U32], tuple[U32, U32]]],
        others: Sequence[tuple[U32, U32]],
    ) -> list[Moved]:
        """Return the numbers that moved; none where nothing went both ways."""
        negative, positive = plays[axis.name]
        compared = AxisPlays(origin.view(np.uint32), negative, positive, others)
        found = compare_axis(compared, axis.recorded, _COMPARED)
        usable = self._session.history.fits
        kept = [moved for moved in found if usable(moved.field.width)[moved.position]]
        best = without_overlaps(kept, _LISTED)
        return best if any(_answers(axis, moved) for moved in best) else []

    def _poke(self, state: bytes, axes: Sequence[_AxisState]) -> None:
        if self._left < 2 * _POKED:
            return
        rest = self._images(state, ())
        together = {axis.name: _pokes(axis, axis.found[:_TOGETHER]) for axis in axes}
        poked = self._images(state, [poke for pokes in together.values() for poke in pokes])
        for axis in axes:
            _note(axis, together[axis.name], rest, poked)
        if not all(axis.found for axis in self._axes):
            return  # The other axis needs the frames that are left: its buttons at another moment, and a poke.
        # Those that kept their step: alone, one of each axis at a time.
        kept = [
            [poke for poke in together[axis.name] if axis.outcomes[poke.position].verdict is not Verdict.COPY]
            for axis in axes
        ]
        for row in zip_longest(*kept):
            if self._left < _POKED:
                return
            alone = self._images(state, [poke for poke in row if poke is not None])
            for axis, poke in zip(axes, row, strict=True):
                if poke is not None:
                    _note(axis, [poke], rest, alone)

    def _images(self, state: bytes, pokes: Sequence[Poke]) -> tuple[U8, U8]:
        writes = [(poke.position, poke.data) for poke in pokes]
        half, end = self._session.play(state, [0] * _POKED, [_POKED // 2, _POKED], writes)
        return half, end

    def _candidates(self, axis: _AxisState) -> tuple[ProbedCandidate, ...]:
        scored = [(_total(moved, axis.outcomes.get(moved.position)), moved) for moved in axis.found]
        scored.sort(key=lambda item: -item[0])
        return tuple(self._candidate(axis, moved, score) for score, moved in scored)

    def _candidate(self, axis: _AxisState, moved: Moved, score: float) -> ProbedCandidate:
        assert axis.origin is not None  # noqa: S101 - it has candidates
        outcome = axis.outcomes.get(moved.position)
        kind = VALUE_TYPES[moved.field.type_names[0]]
        address_of = self._session.history.address_of
        data = axis.origin[moved.position : moved.position + moved.field.width].tobytes()
        return ProbedCandidate(
            address=address_of(moved.position),
            type=kind.name,
            verdict=Verdict.UNKNOWN if outcome is None else outcome.verdict,
            score=score,
            value=kind.read(data),
            moves={axis.negative: moved.negative, axis.positive: moved.positive},
            followers=tuple(map(address_of, outcome.followers)) if outcome else (),
            reason=_reason(axis, moved, outcome),
        )


def _by_field(scores: AxisScores) -> dict[tuple[int, WordField], float]:
    return {
        (int(position), scores.field(index)): float(nats)
        for index, (position, nats) in enumerate(zip(scores.positions, scores.nats, strict=True))
    }


def _answers(axis: _AxisState, moved: Moved) -> bool:
    """Return whether a number shows that the game answers to the axis.

    Where the recording knows numbers of the axis it must be one of those: much goes two ways by chance.
    """
    if axis.is_known:  # One way is enough: the other may be blocked.
        return axis.recorded.get((moved.position, moved.field), 0.0) >= axis.most / 2
    return moved.is_opposite and moved.score >= _CONVINCING


def _bits(button: str) -> int:
    return GBA.parse_combination(button)


def _pokes(axis: _AxisState, found: Sequence[Moved]) -> list[Poke]:
    """Choose what is written: each number moves by another multiple of what it moves in a frame."""
    assert axis.origin is not None  # noqa: S101 - it has candidates
    pokes = []
    for place, moved in enumerate(found):
        before = int.from_bytes(axis.origin[moved.position : moved.position + moved.field.width].tobytes(), "little")
        frames = _PIXELS + 2 * place
        if moved.field.is_float:
            value = np.frombuffer(before.to_bytes(4, "little"), np.float32) + np.float32(_paced(moved).pace * frames)
            step = int(value.view(np.uint32)[0]) - before
        else:
            step = max(1, round(_paced(moved).pace)) * frames
        limit = 1 << (8 * moved.field.width)
        pokes.append(Poke(moved.position, moved.field.width, before, step if before + step < limit else -step))
    return pokes


def _note(axis: _AxisState, pokes: Sequence[Poke], rest: tuple[U8, U8], poked: tuple[U8, U8]) -> None:
    """Note what became of pokes.

    What merely differs since is no follower: chance goes another way after any poke.
    """
    watched = [(moved.position, moved.field.width) for moved in axis.found]
    outcomes = compare_pokes(pokes, rest, poked, watched)
    for outcome in share_followers(outcomes, rest[1], poked[1], [_paced(moved) for moved in axis.found]):
        axis.outcomes[outcome.poke.position] = outcome


def _paced(moved: Moved) -> Paced:
    largest = max(abs(moved.negative), abs(moved.positive))
    return Paced(moved.position, moved.field.width, largest / _PLAYED)


def _total(moved: Moved, outcome: Poked | None) -> float:
    if outcome is None:
        return moved.score
    if outcome.verdict is Verdict.COPY:
        return moved.score + _COPY
    if outcome.is_speed:
        return moved.score + _SPEED
    if outcome.verdict is Verdict.SOURCE:
        return moved.score + _SOURCE + _PER_DOUBLING * float(np.log2(1 + len(outcome.followers)))
    return moved.score


def _reason(axis: _AxisState, moved: Moved, outcome: Poked | None) -> str:
    moves = moved.in_words(axis.negative, axis.positive)
    if outcome is None:
        return moves
    match outcome.verdict:
        case Verdict.COPY:
            return f"{moves}; written anew when poked"
        case _ if outcome.is_speed:
            return f"{moves}; others went on moving when it was poked, as with a speed"
        case Verdict.SOURCE:
            return f"{moves}; kept what was poked, and {len(outcome.followers)} others followed"
        case _:
            return f"{moves}; kept what was poked, nothing followed"
