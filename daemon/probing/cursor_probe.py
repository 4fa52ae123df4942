"""Probe of the cursor of a menu. Shell: it plays in a core.

Down, Down-Up, Up and Down-Down are played from one savestate; what stepped is then poked.
"""

from dataclasses import dataclass

import numpy as np

from daemon.probing.axis_comparison import Moved, without_overlaps
from daemon.probing.cursor_comparison import CursorPlays, compare_cursor
from daemon.probing.played_session import PlayedSession
from daemon.probing.poke_comparison import Poked
from daemon.probing.request import ProbeGroup
from daemon.probing.single_pokes import best_first, poke_each
from protocol.changes import U8
from protocol.console import GBA

__all__ = ["CursorProbe"]

_HELD, _RELEASED = 4, 8
"""Frames of a press: menus ask for a button that was not held before."""

_PRESS = _HELD + _RELEASED
_LISTED = 20
_COMPARED = 200
_CONVINCING = 5.5
"""Score from which on a number has stepped as a cursor does."""


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

    @property
    def is_done(self) -> bool:
        """Return whether a cursor has answered."""
        return self._best is not None

    def try_at(self, place: int) -> tuple[str, ...]:
        """Play from the moment after a set.

        Returns:
            What answered.

        Raises:
            MomentError: the game cannot be played again up to there.
            CoreError: the core crashed or stood still.
        """
        state = self._session.state_at(place)
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
            self._best = _Tried(origin, found, poke_each(self._session, state, origin, found))
        return ("cursor",) if answers else ()

    def groups(self) -> tuple[ProbeGroup, ...]:
        """Return what was found, best first."""
        tried = self._best
        if tried is None:
            return (ProbeGroup("cursor", ()),)
        candidates = best_first(self._session, tried.origin, tried.found, tried.outcomes, ("Up", "Down"))
        return (ProbeGroup("cursor", candidates),)


def _press(button: str) -> list[int]:
    return [GBA.parse_combination(button)] * _HELD + [0] * _RELEASED
