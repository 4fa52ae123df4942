"""Retry queues of jobs while another program holds a file of their session. Pure.

Time is passed in, seconds of any clock.

A held folder delays its own session and nobody else's: what is asked of that session waits in line behind the job that
was refused, and the other sessions go on. The job is tried again, with growing pauses, until `HOLD_PATIENCE` is over;
then it fails as any other refusal of the disk does.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from daemon.writer.jobs import Abandon, Job
from protocol.errors import FileHeldError
from protocol.held_files import pauses

__all__ = ["HeldJobs", "Perform"]

Perform = Callable[[Job, bool], str]
"""Does a job, see `Recordings.perform`; raises `FileHeldError` where another program holds a file."""


@dataclass(slots=True)
class _Line:
    """Jobs of a session, the first of which was refused."""

    jobs: deque[tuple[Job, bool]]
    pauses: Iterator[float] = field(default_factory=pauses)
    due: float = 0.0


class HeldJobs:
    """Retry queues, one for each session whose files are held; other jobs are done at once.

    Args:
        perform: does a job.
    """

    def __init__(self, perform: Perform) -> None:
        self._perform = perform
        self._lines: dict[str, _Line] = {}

    def take(self, job: Job, now: float, *, again: bool = False) -> Iterator[tuple[str, str]]:
        """Do a job, or put it in line.

        Args:
            job: what is asked.
            now: the time.
            again: whether a writer that was killed may have done it, in full or in part.

        Yields:
            Its session, and why it was refused, empty when it is done; nothing while it waits.
        """
        line = self._lines.get(job.session)
        if line is not None:
            line.jobs.append((job, again))
            return
        try:
            yield job.session, self._perform(job, again)
        except FileHeldError:
            line = self._lines[job.session] = _Line(deque([(job, True)]))
            line.due = now + next(line.pauses)

    def retry(self, now: float) -> Iterator[tuple[str, str]]:
        """Try again what is due; yields as `take` does."""
        for session, line in list(self._lines.items()):
            if line.due <= now:
                yield from self._go_on(session, line, now)

    def next_due(self) -> float | None:
        """Return when to call `retry` next, None where nothing waits."""
        return min((line.due for line in self._lines.values()), default=None)

    def _go_on(self, session: str, line: _Line, now: float) -> Iterator[tuple[str, str]]:
        while line.jobs:
            job, again = line.jobs[0]
            try:
                report = self._perform(job, again)
            except FileHeldError as error:
                pause = next(line.pauses, None)
                if pause is not None:
                    line.jobs[0] = job, True
                    line.due = now + pause
                    return
                report = self._perform(Abandon(session, str(error)), False)  # noqa: FBT003 - as `Perform` has it
            line.jobs.popleft()
            line.pauses = pauses()
            yield session, report
        del self._lines[session]
