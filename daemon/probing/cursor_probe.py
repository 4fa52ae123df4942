"""Probe of the cursor of a menu. Shell: it plays in a core.

Down, Down-Up, Up and Down-Down are played from one savestate; what stepped is then poked.
"""

from dataclasses import dataclass

import numpy as np

from daemon.analysis.value_types import VALUE_TYPES
from daemon.probing.axis_comparison import Moved, without_overlaps
from daemon.probing.cursor_comparison import CursorPlays, compare_cursor
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_comparison import Paced, Poke, Poked, compare_pokes
from daemon.probing.request import ProbedCandidate, ProbedMoment, ProbeGroup, Verdict
from protocol.changes import U8
from protocol.console import GBA

__all__ = ["CursorProbe"]

_HELD, _RELEASED = 4, 8
"""Frames of a press: menus ask for a button that was not held before."""

_PRESS = _HELD + _RELEASED
_POKED = 4
_TOGETHER = 8
_LISTED = 20
_COMPARED = 200
_CONVINCING = 5.5
"""Score from which on a number has stepped as a cursor does."""

_SOURCE, _COPY = 3.0, -3.0


@dataclass(frozen=True, slots=True)
class _Tried:
    """Numbers that stepped at one moment."""

    origin: U8
    found: tuple[Moved, ...]
    outcomes: dict[int, Poked]


class CursorProbe:
    """Probe of the cursor of a menu.

    Args:
        session: the session with its console.
    """

    def __init__(self, session: PlayedSession) -> None:
        self._session = session
        self._best: _Tried | None = None
        self.moments: list[ProbedMoment] = []

    @property
    def is_done(self) -> bool:
        """Return whether a cursor has answered."""
        return self._best is not None

    def try_at(self, place: int) -> None:
        """Play from the moment after a set.

        Raises:
            MomentError: the game cannot be played again up to there.
            CoreError: the core crashed or stood still.
        """
        state = self._session.state_at(place)
        before = self._session.frames
        down, up = _press("Down"), _press("Up")
        origin, rest, later = self._session.play(state, [0] * 2 * _PRESS, [0, _PRESS, 2 * _PRESS])
        ends = [self._session.play(state, keys, [len(keys)])[0] for keys in (down, down + up, up, down + down)]
        words = [image.view(np.uint32) for image in (rest, later, *ends)]
        plays = CursorPlays((words[0], words[1]), *words[2:])
        fits = self._session.history.fits
        stepped = [moved for moved in compare_cursor(plays, _COMPARED) if fits(moved.field.width)[moved.position]]
        found = tuple(without_overlaps(stepped, _LISTED))
        answers = bool(found) and found[0].score >= _CONVINCING
        if answers:
            self._best = _Tried(origin, found, self._poked(state, origin, found))
        number = int(self._session.timeline.numbers[place])
        names = ("cursor",) if answers else ()
        self.moments.append(ProbedMoment(number, names, self._session.frames - before))

    def groups(self) -> tuple[ProbeGroup, ...]:
        """Return what was found, best first."""
        tried = self._best
        if tried is None:
            return (ProbeGroup("cursor", ()),)
        candidates = [self._candidate(moved, tried.outcomes.get(moved.position), tried.origin) for moved in tried.found]
        return (ProbeGroup("cursor", tuple(sorted(candidates, key=lambda each: -each.score))),)

    def _poked(self, state: bytes, origin: U8, found: tuple[Moved, ...]) -> dict[int, Poked]:
        """Poke those that stepped, one after the other, by an entry."""
        frames = range(1, _POKED + 1)
        rest = [image.view(np.uint32) for image in self._session.play(state, [0] * _POKED, frames)]
        # A copy moves by its own number of lines for an entry.
        watched = [Paced(moved.position, moved.field, abs(moved.positive or moved.negative)) for moved in found]
        outcomes: dict[int, Poked] = {}
        for moved in found[:_TOGETHER]:
            step = moved.positive or -moved.negative
            poke = Poke(moved.position, moved.field, int(origin.view(np.uint32)[moved.word]), step)
            images = self._session.play(state, [0] * _POKED, frames, [(poke.position, poke.data)])
            poked = [image.view(np.uint32) for image in images]
            (outcomes[moved.position],) = compare_pokes([poke], rest, poked, watched)
        return outcomes

    def _candidate(self, moved: Moved, outcome: Poked | None, origin: U8) -> ProbedCandidate:
        kind = VALUE_TYPES[moved.field.type_names[0]]
        address_of = self._session.history.address_of
        moves = moved.in_words("Up", "Down")
        verdict = Verdict.UNKNOWN if outcome is None else outcome.verdict
        more = {Verdict.SOURCE: _SOURCE, Verdict.COPY: _COPY}.get(verdict, 0.0)
        told = {
            Verdict.SOURCE: "; kept what was poked, and others followed",
            Verdict.COPY: "; written anew when poked",
            Verdict.STAYS: "; kept what was poked, nothing followed",
        }
        return ProbedCandidate(
            address=address_of(moved.position),
            type=kind.name,
            verdict=verdict,
            score=moved.score + more,
            value=kind.read(origin[moved.position : moved.position + moved.field.width].tobytes()),
            moves={"Up": moved.negative, "Down": moved.positive},
            followers=tuple(map(address_of, outcome.followers)) if outcome else (),
            reason=moves + told.get(verdict, ""),
        )


def _press(button: str) -> list[int]:
    return [GBA.parse_combination(button)] * _HELD + [0] * _RELEASED
