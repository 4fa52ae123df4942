"""Probe of one button: what it moves against a play without any. Shell: it plays in a core.

The button is held for some frames and released, so that what only shows that it is held goes back; what moved is then
poked.
"""

import numpy as np

from daemon.probing.axis_comparison import AxisPlays, Moved, compare_axis, without_overlaps
from daemon.probing.played_session import PlayedSession
from daemon.probing.request import ProbedCandidate, ProbeGroup
from daemon.probing.single_pokes import best_first, poke_each
from protocol.console import GBA

__all__ = ["ButtonProbe"]

_HELD, _RELEASED = 6, 8
_PLAYED = _HELD + _RELEASED
_LISTED = 20
_COMPARED = 400

_PER_DOUBLING = 0.3
"""Score that a number loses for a doubling of its changes in the recording: what always changes says little."""


class ButtonProbe:
    """Probe of one button.

    Args:
        session: the session with its console.
        button: its name, of `GBA.buttons`.
    """

    def __init__(self, session: PlayedSession, button: str) -> None:
        self._session = session
        self._button = button
        self._found: tuple[ProbedCandidate, ...] = ()

    @property
    def is_done(self) -> bool:
        """Return whether something answered to the button."""
        return bool(self._found)

    def try_at(self, place: int) -> tuple[str, ...]:
        """Play from the moment after a set.

        Returns:
            What answered.

        Raises:
            MomentError: the game cannot be played again up to there.
            CoreError: the core crashed or stood still.
        """
        state = self._session.state_at(place)
        pressed = [GBA.parse_combination(self._button)] * _HELD + [0] * _RELEASED
        rest, moved = (self._session.play_on(state, keys)[0] for keys in ([0] * _PLAYED, pressed))
        found = self._moved(AxisPlays(rest, moved, [rest]))
        if found:
            origin = rest[0].view(np.uint8)
            outcomes = poke_each(self._session, state, origin, found)
            self._found = best_first(self._session, origin, found, outcomes, ("", self._button))
        return (self._button,) if found else ()

    def groups(self) -> tuple[ProbeGroup, ...]:
        """Return what was found, best first."""
        return (ProbeGroup(self._button, self._found),)

    def _moved(self, plays: AxisPlays) -> list[Moved]:
        history = self._session.history
        found = [
            moved
            for moved in compare_axis(plays, {}, _COMPARED)
            if history.fits(moved.field.width)[moved.position] and moved.may_lead
        ]
        quiet = {moved.position: self._noise(moved) for moved in found}
        found.sort(key=lambda moved: quiet[moved.position] - moved.score)
        return without_overlaps(found, _LISTED)

    def _noise(self, moved: Moved) -> float:
        changes = self._session.history.all_change_counts.of(moved.field.width)[moved.position]
        return _PER_DOUBLING * float(np.log2(1 + changes))
