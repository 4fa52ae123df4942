"""Queue of the writer's jobs, each kept until it is reported. Pure.

So nothing is lost when the writer dies. The bytes of a job are made when the writer has room for it and not before. The
jobs of a session are reported in the order in which they were given. A writer that was started again claims the
sessions that were being recorded and is given what is not reported once more.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from daemon.writer.jobs import Abandon, Append, Claim, Close, Job, Open, job_bytes
from protocol.errors import StoreError
from protocol.wording import own_fault

__all__ = ["MAX_DEATHS", "MAX_KEPT", "STALLED", "Done", "StallNotice", "WriterQueue"]

MAX_KEPT = 1000
"""Lines of events and proofs of a session that are kept while the disk refuses."""

MAX_DEATHS = 3
"""Writers that may die over one job before the job is given up."""

STALLED = 5.0
"""Seconds without a report after which the person at the keyboard is warned."""

Done: TypeAlias = Callable[[StoreError | None], None]
"""Called with None when a job is done, or with the reason why it was refused."""


def _nobody_waits(_error: StoreError | None) -> None:
    pass


@dataclass(slots=True, eq=False)
class _Entry:
    job: Job
    done: Done = _nobody_waits
    again: bool = False
    is_ours: bool = False


class WriterQueue:
    """Jobs of all sessions, in order: waiting for room, or given and not yet reported."""

    def __init__(self) -> None:
        self._waiting: deque[_Entry] = deque()
        self._given: deque[_Entry] = deque()
        self._claimed: dict[str, None] = {}
        self._kept: dict[str, list[Append]] = {}
        self._deaths = 0

    def __len__(self) -> int:
        """Count the jobs that are not reported."""
        return len(self._waiting) + len(self._given)

    def add(self, job: Job, done: Done) -> None:
        """Add a job at the end.

        Args:
            job: what is asked.
            done: called with its report.
        """
        self._waiting.append(_Entry(job, done))

    def next_bytes(self) -> bytes | None:
        """Return the next job as the writer reads it, or None where nothing waits."""
        if not self._waiting:
            return None
        entry = self._waiting.popleft()
        self._given.append(entry)
        try:
            return job_bytes(entry.job, again=entry.again)
        except Exception as error:  # a fault of ours must not end the recording of others
            entry.job = Abandon(entry.job.session, own_fault("make what is to be stored", error))
            return job_bytes(entry.job)

    def reported(self, session: str, refusal: str) -> tuple[Done, StoreError | None]:
        """Take the report of that job of a session that was given longest ago.

        Args:
            session: the session.
            refusal: why it was refused, empty when it is done.

        Returns:
            What to call, and with what.
        """
        entry = next(given for given in self._given if given.job.session == session)
        self._given.remove(entry)
        self._deaths = 0
        if refusal:
            self._refused(entry)
            return entry.done, StoreError(refusal)
        match entry.job:
            case Claim(session):
                self._claimed[session] = None
            case Open(session):
                self._claimed[session] = None
                self._waiting.extendleft(_Entry(line) for line in reversed(self._kept.pop(session, [])))
            case Close(session):
                self._claimed.pop(session, None)
                self._kept.pop(session, None)
        return entry.done, None

    def writer_died(self) -> tuple[Done, StoreError] | None:
        """Prepare to give another writer what is not reported.

        Returns:
            Where several writers have died over the same job, what to call for it, and why it is given up.
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
        self._waiting.extendleft(_Entry(Claim(session), is_ours=True) for session in self._claimed)
        return given_up

    def _refused(self, entry: _Entry) -> None:
        self._claimed.pop(entry.job.session, None)
        if isinstance(entry.job, Append):
            kept = self._kept.setdefault(entry.job.session, [])
            if len(kept) < MAX_KEPT:
                kept.append(entry.job)


class StallNotice:
    """Lines for the person at the keyboard: the disk does not answer, and answers again."""

    def __init__(self) -> None:
        self._longest = 0.0

    def observe(self, silence: float) -> str | None:
        """Note how long jobs have waited.

        Args:
            silence: seconds for which jobs have waited without any report; 0 where none waits.

        Returns:
            A line for the person at the keyboard, if there is something new.
        """
        before = self._longest
        if silence >= STALLED:
            self._longest = silence
            return None if before else f"The disk has not answered for {silence:.0f} s: recording waits for it."
        self._longest = 0.0
        return f"The disk answers again, after {before:.0f} s." if before else None
