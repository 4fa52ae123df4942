"""Session whose files are written in this process. Shell.

Each job is done before the next message is taken. It takes the place of the link, of `daemon/recording/recorder.py` and
of the writer's process.
"""

import time
from collections import deque
from pathlib import Path

from daemon.disk.durability import Unsynced
from daemon.recording.effects import Effect, End, Input, Labelled, Latched, Notify, Publish, Refresh, Reported, Send
from daemon.recording.session import Session
from daemon.writer.held_jobs import HeldJobs
from daemon.writer.jobs import Claim, Job
from daemon.writer.recordings import Recordings
from protocol.errors import StoreError
from protocol.link.messages import Farewell

__all__ = ["DirectSession"]

_REFRESH_EVERY = 5.0
"""Seconds between two writes of the metadata, as the daemon has them."""


class DirectSession:
    """Session together with its files.

    Args:
        data_folder: where the session folders are.
        session: the state machine; nobody else feeds it.

    Attributes:
        has_failed: whether the disk refused something: no frame set is stored behind one that is lost.
    """

    def __init__(self, data_folder: Path, session: Session) -> None:
        self.session = session
        self.has_failed = False
        self._recordings = Recordings(data_folder, Unsynced(), comes_again=False)
        self._held = HeldJobs(lambda job, again: self._recordings.perform(job, again=again))
        self._refreshed = time.monotonic()

    def receive(self, event: Input, now: int) -> None:
        """Let the session take an input, and carry out what it answers.

        Args:
            event: the input.
            now: ms since the epoch.

        Raises:
            StoreError: the disk refused.
        """
        waiting = deque([event])
        while waiting:
            for effect in list(self.session.receive(waiting.popleft(), now)):
                waiting.extend(self._perform(effect))

    def keep_up(self, now: int) -> None:
        """Bring log of changes and metadata up to date; call once a frame set."""
        while self._recordings.is_log_due:
            self._recordings.work_on_logs()
        if time.monotonic() - self._refreshed > _REFRESH_EVERY:
            self._refreshed = time.monotonic()
            self.receive(Refresh(), now)

    def end_cut_off(self, reason: str, now: int) -> None:
        """Take over the files of a session that was found cut off, and end it.

        Args:
            reason: why it ends, for people.
            now: ms since the epoch.

        Raises:
            StoreError: the disk refused.
        """
        for report in self._perform(Claim(self.session.identity.session_id)):
            self.receive(report, now)
        self.receive(End(reason), now)

    def close(self) -> None:
        """Let go of the session's files."""
        self._recordings.close()

    def _perform(self, effect: Effect) -> list[Input]:
        match effect:
            case Send(Farewell(reason)):
                self.has_failed = True
                raise StoreError(reason)
            case Send() | Publish() | Notify() | Latched() | Labelled():
                return []  # Nobody listens, and what nobody sees labels nothing.
            case _:
                return [Reported(effect, self._do(effect))]

    def _do(self, job: Job) -> str:
        """Do a job, again while another program holds a file; return why it was refused."""
        reports = list(self._held.take(job, time.monotonic()))
        while not reports:
            time.sleep(max(0.0, (self._held.next_due() or 0.0) - time.monotonic()))
            reports = list(self._held.retry(time.monotonic()))
        return reports[0][1]
