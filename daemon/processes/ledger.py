"""Ledger of jobs that the writer was given and has not reported, so that nothing is lost when the writer dies. Pure.

A job is made when the writer has room for it and not before: what waits takes the memory of a frame set's columns, not
that of its JSON. The jobs of a session are reported in the order in which they were given. A writer that was started
again holds the sessions that were being recorded and is given what is not reported once more.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from daemon.writer.jobs import Abandon, Append, Close, Hold, Job, Open, job_bytes
from protocol.errors import StoreError

__all__ = ["MAX_DEATHS", "MAX_KEPT", "Done", "Ledger", "MakeJob"]

MAX_KEPT = 1000
"""Lines of events and proofs of a session that are kept while the disk refuses."""

MAX_DEATHS = 3
"""Writers that may die over one job before the job is given up."""

MakeJob: TypeAlias = Callable[[], Job]
"""Makes a job; each time it is called the same one."""

Done: TypeAlias = Callable[[StoreError | None], None]
"""Told that a job is done, or why it was refused."""


def _nobody_waits(_error: StoreError | None) -> None:
    pass


@dataclass(slots=True, eq=False)
class _Entry:
    session: str
    make: MakeJob
    done: Done = _nobody_waits
    job: Job | None = None
    again: bool = False
    is_ours: bool = False


class Ledger:
    """The jobs of all sessions, in order."""

    def __init__(self) -> None:
        self._waiting: deque[_Entry] = deque()
        self._given: deque[_Entry] = deque()
        self._held: dict[str, None] = {}
        self._kept: dict[str, list[MakeJob]] = {}
        self._deaths = 0

    def __len__(self) -> int:
        """Count the jobs that are not reported."""
        return len(self._waiting) + len(self._given)

    def add(self, session: str, make: MakeJob, done: Done) -> None:
        """Add a job at the end.

        Args:
            session: the session that it belongs to.
            make: makes it.
            done: told of its report.
        """
        self._waiting.append(_Entry(session, make, done))

    def next_bytes(self) -> bytes | None:
        """Return the next job as the writer reads it, or None where nothing waits."""
        if not self._waiting:
            return None
        entry = self._waiting.popleft()
        try:
            entry.job = entry.make()
        except Exception as error:  # a fault of ours must not end the recording of others
            reason = f"gbatrace failed to make what is to be stored, which is its own fault: {error!r}"
            entry.job = Abandon(entry.session, reason)
        self._given.append(entry)
        return job_bytes(entry.job, again=entry.again)

    def reported(self, session: str, refusal: str) -> tuple[Done, StoreError | None]:
        """Take the report of that job of a session that was given longest ago.

        Args:
            session: the session.
            refusal: why it was refused, empty when it is done.

        Returns:
            Who is to be told, and what.
        """
        entry = next(given for given in self._given if given.session == session)
        self._given.remove(entry)
        self._deaths = 0
        if refusal:
            self._refused(entry)
            return entry.done, StoreError(refusal)
        match entry.job:
            case Hold(session):
                self._held[session] = None
            case Open(session):
                self._held[session] = None
                kept = self._kept.pop(session, [])
                self._waiting.extendleft(_Entry(session, make) for make in reversed(kept))
            case Close(session):
                self._held.pop(session, None)
                self._kept.pop(session, None)
        return entry.done, None

    def writer_died(self) -> tuple[Done, StoreError] | None:
        """Prepare to give another writer what is not reported.

        Returns:
            Where several writers have died over the same job, who is to be told that it is given up, and why.
        """
        unreported = [entry for entry in self._given if not entry.is_ours]
        self._given.clear()
        given_up = None
        self._deaths += 1
        if unreported and self._deaths >= MAX_DEATHS:
            culprit = unreported.pop(0)
            self._refused(culprit)
            self._deaths = 0
            given_up = culprit.done, StoreError(f"The writer of the recording ended {MAX_DEATHS} times over it.")
        for entry in unreported:
            entry.again = True
        self._waiting.extendleft(reversed(unreported))
        self._waiting.extendleft(_holding(session) for session in self._held)
        return given_up

    def _refused(self, entry: _Entry) -> None:
        self._held.pop(entry.session, None)
        if isinstance(entry.job, Append):
            kept = self._kept.setdefault(entry.session, [])
            if len(kept) < MAX_KEPT:
                kept.append(entry.make)


def _holding(session: str) -> _Entry:
    return _Entry(session, lambda: Hold(session), is_ours=True)
