"""The writer without a process: carries out its jobs when a test calls `work`."""

from pathlib import Path

from daemon.disk.durability import Unsynced
from daemon.processes.writer_queue import Done, WriterQueue
from daemon.writer.jobs import Job, JobReader
from daemon.writer.recordings import Recordings

__all__ = ["Disk"]


class Disk:
    """Takes jobs as `WriterProcess` does.

    Args:
        data: the data folder.
    """

    def __init__(self, data: Path) -> None:
        self._queue = WriterQueue()
        self._recordings = Recordings(data, Unsynced())

    def submit(self, job: Job, done: Done) -> None:
        self._queue.add(job, done)

    def work(self) -> None:
        """Do everything that is queued, and what follows from it."""
        while (data := self._queue.next_bytes()) is not None:
            for job, again in JobReader().receive_data(data):
                self._report(job.session, self._recordings.perform(job, again=again))

    def refuse(self) -> None:
        """Refuse everything that is queued."""
        refused: list[Job] = []
        while (data := self._queue.next_bytes()) is not None:
            refused += (job for job, _ in JobReader().receive_data(data))
        for job in refused:
            self._report(job.session, "The disk is full.")

    def _report(self, session: str, refusal: str) -> None:
        done, error = self._queue.reported(session, refusal)
        done(error)
