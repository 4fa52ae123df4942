"""Retry queues of jobs while another program holds a file of their session. Pure.

Time is passed in, seconds of any clock.

A held folder delays its own session and nobody else's: its later jobs wait in a queue behind the job that was refused,
and the other sessions go on. The job is tried again, with growing pauses, until `protocol.held_files` gives it up; then
it fails as any other refusal of the disk does.
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
class _RetryQueue:
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
        self._queues: dict[str, _RetryQueue] = {}

    def take(self, job: Job, now: float, *, again: bool = False) -> Iterator[tuple[str, str]]:
        """Do a job, or queue it.

        Args:
            job: what is asked.
            now: the time.
            again: whether a writer that was killed may have done it, in full or in part.

        Yields:
            Its session, and why it was refused, empty when it is done; nothing while it waits.
        """
        queue = self._queues.get(job.session)
        if queue is not None:
            queue.jobs.append((job, again))
            return
        try:
            yield job.session, self._perform(job, again)
        except FileHeldError:
            queue = self._queues[job.session] = _RetryQueue(deque([(job, True)]))
            queue.due = now + next(queue.pauses)

    def retry(self, now: float) -> Iterator[tuple[str, str]]:
        """Try again what is due; yields as `take` does."""
        for session, queue in list(self._queues.items()):
            if queue.due <= now:
                yield from self._go_on(session, queue, now)

    def next_due(self) -> float | None:
        """Return when to call `retry` next, None where nothing waits."""
        return min((queue.due for queue in self._queues.values()), default=None)

    def _go_on(self, session: str, queue: _RetryQueue, now: float) -> Iterator[tuple[str, str]]:
        while queue.jobs:
            job, again = queue.jobs[0]
            try:
                report = self._perform(job, again)
            except FileHeldError as error:
                pause = next(queue.pauses, None)
                if pause is not None:
                    queue.jobs[0] = job, True
                    queue.due = now + pause
                    return
                report = self._perform(Abandon(session, str(error)), False)  # noqa: FBT003 - as `Perform` has it
            queue.jobs.popleft()
            queue.pauses = pauses()
            yield session, report
        del self._queues[session]
