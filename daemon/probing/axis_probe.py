"""Probe of both axes within a hundred frames. Shell: it plays in a core.

At a moment both buttons of an axis are played; where nothing goes two ways the game does not answer, and another moment
is tried. What moved is then poked: all of it together, each by a step of its own, and what is not a copy once more
alone. Where several keep their value while the game rests they are poked with a button held too: some games compute
copies anew only when something moves.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from daemon.analysis.value_types import VALUE_TYPES
from daemon.analysis.word_fields import WordField
from daemon.finding.axes import AxisScores
from daemon.probing.axis_comparison import (
    AxisPlays,
    Moved,
    answered_at_all,
    compare_axis,
    left_alone,
    without_overlaps,
)
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_comparison import Paced, Poke, Poked, compare_pokes
from daemon.probing.request import ProbedCandidate, ProbeGroup, Verdict
from protocol.changes import U32
from protocol.console import GBA

__all__ = ["AXES", "BUDGET", "AxisProbe"]

AXES = (("Left", "Right"), ("Up", "Down"))
"""The axes: the button of each that goes back, and the one that goes forth."""

BUDGET = 100
"""Frames that are emulated from savestates for both axes."""

_PLAYED = 14
"""Frames of a play: enough for a game that first turns the player around."""

_JUMP = "A"
"""Button of a jump, with which a game is upright that does not answer to Up and Down."""

_FOR_ONE = 40
"""Frames for another moment at which one axis may answer that are left for a jump and its pokes if none does."""

_BESIDE = 16
"""Bytes by which a y is away from its x at most, where only a jump moves it."""

_FIRST = 8
"""Frames after which a game that does not answer has differed in nothing but mirrors of the buttons."""

_POKED = 4
_TOGETHER = 12
"""Numbers of an axis that are poked together."""

_BEHIND = 5.0
"""Score by which such a number is behind the best at most: a speed that jumps once would push the place."""

_ALONE = 8
"""Numbers of an axis that are poked alone at most."""

_CHECKED = 4
"""Numbers of an axis that are poked alone at least: a source, and what comes behind it."""

_MOVING = 3
"""Numbers that are poked with a button held, of those that kept their value at rest."""

_TELLING = (Verdict.SOURCE, Verdict.COPY)
"""Outcomes that count with a button held: a walk that was put off its way may go anywhere."""

_LEADS = 0.5
"""Score by which a number stands before another that it moves and that does not move it, as a camera."""

_LISTED = 40
_SHOWN = 20
_COMPARED = 400
_CONVINCING = 7.5
"""Score from which on a number that jumped has moved as cells do."""

_KNOWN = 3.0
"""Nats of a number from which on the recording shows what the axis moves."""

_SOURCE, _COPY = 6.0, -6.0
_PER_DOUBLING = 2.0
"""Score of a source for twice as many followers."""

_PIXELS = 3
"""Smallest step of a poke, in what a number moves in a frame; each poked together with others has a step of its own."""


@dataclass(slots=True)
class _AxisState:
    """Progress of one axis.

    Args:
        name: of the axis.
        negative: the button that goes back; empty for none.
        positive: the one that goes forth.
        recorded: what the recording shows.
        found: the numbers that moved, best first.
        outcomes: of pokes, by position.
        alone: positions that were poked alone.
        state: savestate of the moment from which it is poked: at which it answered.
        plays: memory in the plays from there, by button; empty for none.
        held: button that is held in its pokes; empty for none.
    """

    name: str
    negative: str
    positive: str
    recorded: Mapping[tuple[int, WordField], float]
    found: list[Moved] = field(default_factory=list)
    outcomes: dict[int, Poked] = field(default_factory=dict)
    alone: set[int] = field(default_factory=set)
    state: bytes = b""
    plays: dict[str, Sequence[U32]] = field(default_factory=dict)
    held: str = ""

    @property
    def is_known(self) -> bool:
        """Return whether the recording shows what the axis moves."""
        return self.most >= _KNOWN

    @property
    def most(self) -> float:
        """The most nats that the recording gives to any number."""
        return max(self.recorded.values(), default=0.0)

    @property
    def origin(self) -> U32:
        """Memory of the moment at which it answered."""
        return self.plays[self.positive][0]

    @property
    def free(self) -> str:
        """The button that was answered: a wall may be on the other side."""
        ways = [(abs(moved.positive), abs(moved.negative)) for moved in self.found[:_TOGETHER]]
        return self.positive if sum(forth > back / 2 for forth, back in ways) * 2 >= len(ways) else self.negative

    @property
    def likely(self) -> list[Moved]:
        """The numbers that may be the place, by the plays alone."""
        return [moved for moved in self.found if moved.may_lead and moved.score >= self.found[0].score - _BEHIND]

    @property
    def ranked(self) -> list[Moved]:
        """The numbers that moved, the likeliest first by what became of their pokes."""
        scores = self.scores
        return sorted(self.found, key=lambda moved: -scores[moved.position])

    @property
    def scores(self) -> dict[int, float]:
        """The score of each number with its pokes, by position."""
        scores = {moved.position: _total(moved, self.outcomes.get(moved.position)) for moved in self.found}
        likely = {moved.position for moved in self.likely}
        alone = [self.outcomes[position] for position in self.alone if position in likely]
        sources = [outcome for outcome in alone if outcome.verdict is Verdict.SOURCE]
        for source in sources:
            for other in alone:
                first, second = source.poke.position, other.poke.position
                if second in source.touched and first not in other.touched:
                    scores[first] = max(scores[first], scores[second] + _LEADS)
        return scores

    @property
    def is_clear(self) -> bool:
        """Return whether the likeliest is a source, poked alone."""
        first = self.ranked[0].position if self.found else -1
        return first in self.alone and self.outcomes[first].verdict is Verdict.SOURCE

    def has_kept(self, moved: Moved) -> bool:
        """Return whether a number kept what was poked."""
        return self.outcomes[moved.position].verdict in {Verdict.SOURCE, Verdict.STAYS}

    def towards(self, moved: Moved) -> int:
        """Return the direction in which the free button moves a number."""
        way = moved.positive if self.free == self.positive else moved.negative
        other = moved.negative if self.free == self.positive else moved.positive
        return int(np.sign(way or -other))


class AxisProbe:
    """Probe of both axes.

    Args:
        session: the session with its console.
        recorded: scores of each axis from the recording, in the order of `AXES`.
    """

    def __init__(self, session: PlayedSession, recorded: Sequence[AxisScores]) -> None:
        self._session = session
        self._axes = [
            _AxisState(f"{negative}/{positive}", negative, positive, _by_field(scores))
            for (negative, positive), scores in zip(AXES, recorded, strict=True)
        ]

    @property
    def is_done(self) -> bool:
        """Return whether both axes have answered, or no frames are left for another moment."""
        answered = sum(bool(axis.found) for axis in self._axes)
        return answered == len(self._axes) or self._left < (_FOR_ONE if answered else 2 * _PLAYED + _POKED)

    @property
    def jumps(self) -> bool:
        """Return whether the second axis was found by a jump."""
        return self._axes[1].positive == _JUMP

    def try_at(self, place: int) -> tuple[str, ...]:
        """Play from the moment after a set, for the axes that have not answered yet.

        Returns:
            What answered.

        Raises:
            MomentError: the game cannot be played again up to there.
            CoreError: the core crashed or stood still.
        """
        state = self._session.state_at(place)
        plays: dict[str, Sequence[U32]] = {}
        tried: list[_AxisState] = []
        for axis in self._axes:
            if axis.found or self._left < 2 * _PLAYED:
                continue
            both = self._both(axis, state)
            if both is None:
                break  # A game that does not answer here to one axis hardly answers to the other.
            plays |= both
            if not self._moved(axis, plays, ()):
                break
            tried.append(axis)
        answered: list[_AxisState] = []
        for axis in tried:
            others = [play for button, play in plays.items() if button not in {axis.negative, axis.positive}]
            moved = self._moved(axis, plays, others)
            if moved:
                axis.found, axis.state, axis.plays = moved, state, plays
                answered.append(axis)
        if answered and self._left >= 2 * _POKED:
            pokes = {axis.name: _pokes(axis, axis.likely[:_TOGETHER]) for axis in answered}
            self._poke(answered, pokes)
        return tuple(axis.name for axis in answered)

    def try_jump(self) -> None:
        """Look for what a jump moves if Up and Down moved nothing: from where Left and Right did.

        Raises:
            CoreError: the core crashed or stood still.
        """
        level, upright = self._axes
        if upright.found or not level.found or self._left < _PLAYED + 2 * _POKED:
            return
        begun, reached = self._session.play_on(level.state, [_bits(_JUMP)] * (_PLAYED - _POKED))
        flown = self._session.play_on(reached, [_bits(_JUMP)] * _POKED)[0]
        played = [*begun, *flown[1:]]
        ways = [level.plays[level.negative], level.plays[level.positive]]
        plays = AxisPlays(ways[0], played, ways)
        usable = self._session.history.fits
        found = [
            moved
            for moved in compare_axis(plays, {}, _COMPARED)
            if usable(moved.field.width)[moved.position] and left_alone(plays, moved)
        ]
        # Whatever lives goes another way once chance was asked once more: a player's y lies beside its x.
        x = level.ranked[0]
        found = [moved.near() if _is_beside(moved, x) else moved for moved in found]
        found.sort(key=lambda moved: -moved.score)
        if not any(_is_beside(moved, x) for moved in found):
            return
        # It is poked in the air: on the ground what is put up falls, while the rest stands.
        jump = _AxisState(upright.name, "", _JUMP, upright.recorded, without_overlaps(found, _LISTED), held=_JUMP)
        jump.state, jump.plays = reached, {_JUMP: flown}
        self._axes[1] = jump
        self._poke([jump], {jump.name: _pokes(jump, jump.likely[:_TOGETHER])})

    def settle(self) -> None:
        """Poke the best of what moved alone: at rest, then with a button held."""
        for _ in range(_ALONE):
            chosen = {axis.name: _pokes(axis, each) for axis in self._axes if (each := self._next(axis))}
            axes = [axis for axis in self._axes if axis.name in chosen]
            for group in [axes] if len({id(axis.plays) for axis in axes}) == 1 else [[axis] for axis in axes]:
                if self._left < _POKED:
                    return
                self._poke(group, chosen)
                for axis in group:
                    axis.alone |= {poke.position for poke in chosen[axis.name]}
        for axis in self._axes:
            kept = [moved for moved in axis.ranked if moved.position in axis.alone and axis.has_kept(moved)]
            if len(kept) < 2 and axis.is_clear:
                continue
            for moved in kept[:_MOVING]:
                if self._left >= _POKED:
                    self._poke([axis], {axis.name: _pokes(axis, [moved])}, axis.free)

    def groups(self) -> tuple[ProbeGroup, ...]:
        """Return what was found, best first."""
        return tuple(ProbeGroup(axis.name, self._candidates(axis)) for axis in self._axes)

    @property
    def _left(self) -> int:
        return BUDGET - self._session.frames

    def _both(self, axis: _AxisState, state: bytes) -> dict[str, Sequence[U32]] | None:
        """Play both buttons of an axis; None where nothing answers in the first frames."""
        buttons = (axis.negative, axis.positive)
        first = [self._session.play_on(state, [_bits(button)] * _FIRST) for button in buttons]
        if not answered_at_all(first[0][0], first[1][0]):
            return None
        later = [
            self._session.play_on(reached, [_bits(button)] * (_PLAYED - _FIRST))[0]
            for button, (_, reached) in zip(buttons, first, strict=True)
        ]
        return {button: [*begun[0], *rest[1:]] for button, begun, rest in zip(buttons, first, later, strict=True)}

    def _moved(
        self, axis: _AxisState, plays: Mapping[str, Sequence[U32]], others: Sequence[Sequence[U32]]
    ) -> list[Moved]:
        """Return the numbers that moved; none where nothing went both ways."""
        compared = AxisPlays(plays[axis.negative], plays[axis.positive], others)
        found = compare_axis(compared, axis.recorded, _COMPARED)
        usable = self._session.history.fits
        kept = [moved for moved in found if usable(moved.field.width)[moved.position]]
        best = without_overlaps(kept, _LISTED)
        return best if any(_answers(axis, moved) for moved in best) else []

    def _next(self, axis: _AxisState) -> list[Moved]:
        """Return the best number that is still to be poked alone, if there is one."""
        if axis.is_clear and len(axis.alone) >= _CHECKED:
            return []
        # What was written anew together with others has lost score by it: its turn comes where nothing better is left.
        return [moved for moved in axis.ranked if moved.position not in axis.alone][:1]

    def _poke(self, axes: Sequence[_AxisState], pokes: Mapping[str, list[Poke]], button: str = "") -> None:
        """Poke numbers of axes that answered at the same moment."""
        leading = axes[0]
        held = button or leading.held
        pressed = [_bits(held)] * _POKED
        if held not in leading.plays:
            leading.plays[held] = self._session.play_on(leading.state, pressed)[0]
        writes = [(poke.position, poke.data) for axis in axes for poke in pokes[axis.name]]
        images = self._session.play(leading.state, pressed, range(1, _POKED + 1), writes)
        poked = [image.view(np.uint32) for image in images]
        rest = leading.plays[held][1 : _POKED + 1]
        for axis in axes:
            for outcome in compare_pokes(pokes[axis.name], rest, poked, [_paced(moved) for moved in axis.found]):
                if not button or outcome.verdict in _TELLING:
                    axis.outcomes[outcome.poke.position] = outcome

    def _candidates(self, axis: _AxisState) -> tuple[ProbedCandidate, ...]:
        return tuple(self._candidate(axis, moved) for moved in axis.ranked[:_SHOWN])

    def _candidate(self, axis: _AxisState, moved: Moved) -> ProbedCandidate:
        outcome = axis.outcomes.get(moved.position)
        kind = VALUE_TYPES[moved.field.type_names[0]]
        address_of = self._session.history.address_of
        data = axis.origin.view(np.uint8)[moved.position : moved.position + moved.field.width].tobytes()
        return ProbedCandidate(
            address=address_of(moved.position),
            type=kind.name,
            verdict=Verdict.UNKNOWN if outcome is None else outcome.verdict,
            score=axis.scores[moved.position],
            value=kind.read(data),
            moves={
                button: way
                for button, way in ((axis.negative, moved.negative), (axis.positive, moved.positive))
                if button
            },
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

    Much goes two ways by chance: it must have gone on and on, or be known by the recording.
    """
    nats = axis.recorded.get((moved.position, moved.field), 0.0)
    if moved.is_regular and (2 * moved.steps >= _PLAYED or nats >= _KNOWN):
        return True
    if axis.is_known:  # One way is enough: the other may be blocked.
        return nats >= axis.most / 2
    return moved.is_opposite and moved.score >= _CONVINCING


def _is_beside(moved: Moved, x: Moved) -> bool:
    """Return whether a number may be the y of an x: of the same kind, in the same structure."""
    same = moved.field.width == x.field.width and moved.field.is_float == x.field.is_float
    goes_on = moved.may_lead and moved.is_regular and 2 * moved.steps >= _PLAYED
    return same and goes_on and 0 < abs(moved.position - x.position) <= _BESIDE


def _bits(button: str) -> int:
    return GBA.parse_combination(button) if button else 0


def _pokes(axis: _AxisState, found: Sequence[Moved]) -> list[Poke]:
    """Choose what is written: another multiple of its way in a frame for each number.

    They go where the free button leads: there was seen to be room.
    """
    pokes = []
    for place, moved in enumerate(found):
        word = int(axis.origin[moved.word])
        step = _paced(moved).pace * (_PIXELS + 2 * place)
        if not moved.field.is_float:
            step = max(1, round(step))
        pokes.append(Poke(moved.position, moved.field, word, step * axis.towards(moved)))
    return pokes


def _paced(moved: Moved) -> Paced:
    largest = max(abs(moved.negative), abs(moved.positive))
    return Paced(moved.position, moved.field, largest / _PLAYED)


def _total(moved: Moved, outcome: Poked | None) -> float:
    if outcome is None:
        return moved.score
    if outcome.verdict is Verdict.COPY:
        return moved.score + _COPY
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
        case Verdict.SOURCE:
            return f"{moves}; kept what was poked, and {len(outcome.followers)} others followed"
        case Verdict.STAYS:
            return f"{moves}; kept what was poked, nothing followed"
        case _:
            return f"{moves}; went another way when poked, neither kept nor written anew"
