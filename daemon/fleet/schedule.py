"""Schedule of a fleet: which recorder has which session, again where one died. Pure.

A recorder that dies takes nothing with it: its session goes back into the queue and is begun again, a few times. What
fails by itself, a policy that raises for one, would fail again and is not tried again.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace

from daemon.fleet.plan import PlannedSession

__all__ = ["MOST_TRIES", "Failure", "Running", "Schedule"]

MOST_TRIES = 4
"""Recorders that may die of one session, before it is given up."""

_MOST_GIVEN_UP = 10
"""Sessions that may be given up one after the other, before all would be."""


@dataclass(frozen=True, slots=True)
class Running:
    """A session that is being recorded.

    Args:
        session: the session.
        tries: recorders that began it, this one included.
        frames: recorded.
        since: when it was begun, seconds of any clock.
    """

    session: PlannedSession
    tries: int
    frames: int
    since: float


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that went wrong with a session.

    Args:
        session: its name.
        reason: one sentence.
        is_final: whether the session was given up.
    """

    session: str
    reason: str
    is_final: bool


class Schedule:
    """Sessions that are waiting, being recorded, stored and given up.

    Attributes:
        total: sessions of the plan.
        frames_total: their frames.
        stored: sessions that are at the target.
        frames_stored: their frames.
        running: sessions that are being recorded, by recorder.
        failures: in order.

    Args:
        planned: all sessions of the plan.
        stored: the names of those that are at the target already.
    """

    def __init__(self, planned: Iterable[PlannedSession], stored: Iterable[str]) -> None:
        sessions, known = list(planned), set(stored)
        self._waiting = deque((session, 1) for session in sessions if session.name not in known)
        self.total = len(sessions)
        self.frames_total = sum(session.frames for session in sessions)
        self.stored = self.total - len(self._waiting)
        self.frames_stored = sum(session.frames for session in sessions if session.name in known)
        self.running: dict[str, Running] = {}
        self.failures: list[Failure] = []
        self._given_up_in_a_row = 0

    @property
    def is_over(self) -> bool:
        """End of the fleet: nothing is left to record."""
        return not self._waiting and not self.running

    @property
    def waiting(self) -> int:
        """Sessions that nobody records yet."""
        return len(self._waiting)

    @property
    def given_up(self) -> list[Failure]:
        """The failures for which sessions were given up."""
        return [failure for failure in self.failures if failure.is_final]

    @property
    def is_hopeless(self) -> bool:
        """State in which one session after the other is given up."""
        return self._given_up_in_a_row >= _MOST_GIVEN_UP

    @property
    def frames_recorded(self) -> int:
        """Frames stored and being recorded."""
        return self.frames_stored + sum(running.frames for running in self.running.values())

    def assign(self, worker: str, now: float) -> Running | None:
        """Give a recorder its next session; None where there is none."""
        if not self._waiting:
            return None
        session, tries = self._waiting.popleft()
        self.running[worker] = running = Running(session, tries, 0, now)
        return running

    def advance(self, worker: str, frames: int) -> None:
        """Note how many frames of its session a recorder has recorded."""
        self.running[worker] = replace(self.running[worker], frames=frames)

    def finish(self, worker: str) -> None:
        """Note that a recorder's session is at the target."""
        running = self.running.pop(worker)
        self._given_up_in_a_row = 0
        self.stored += 1
        self.frames_stored += running.session.frames

    def lose(self, worker: str, reason: str) -> None:
        """Take back the session of a recorder that died.

        It is begun again, next of all, unless that was tried too often.
        """
        running = self.running.pop(worker)
        if running.tries >= MOST_TRIES:
            self._note_given_up(running, reason)
        else:
            self.failures.append(Failure(running.session.name, reason, is_final=False))
            self._waiting.appendleft((running.session, running.tries + 1))

    def give_up(self, worker: str, reason: str) -> None:
        """Note that a session failed by itself."""
        self._note_given_up(self.running.pop(worker), reason)

    def _note_given_up(self, running: Running, reason: str) -> None:
        self._given_up_in_a_row += 1
        self.failures.append(Failure(running.session.name, reason, is_final=True))
