"""Routing of messages to sessions, and execution of their effects. Shell, on the event loop.

Everything goes one way: a message of a connection, a report of the writer or a decision of the daemon enters a session
by `_feed`, and what the session wants done leaves by `_perform`.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from daemon.alarms.evaluation import Alarm
from daemon.labels.history import SetEdit
from daemon.recording.effects import (
    Disconnected,
    Effect,
    End,
    Greeted,
    Input,
    Labelled,
    Latch,
    Latched,
    Notify,
    Publish,
    Refresh,
    Reported,
    Send,
    SetAlarms,
)
from daemon.recording.rejections import Rejections
from daemon.recording.session import Session
from daemon.recording.session_state import SessionState
from daemon.recording.sessions import Sessions, refusal
from daemon.writer.jobs import Claim, Close, Job
from protocol.errors import LabelError, SequenceError, StoreError
from protocol.link.connection import Received
from protocol.link.messages import Hello, Refused, Reply
from protocol.session.annotations import Edit
from protocol.wording import sentence

__all__ = ["MAX_JOBS", "MAX_WAITING_CHANGES", "PARTING", "QUIET", "Connection", "PublishOnBus", "Recorder", "Writer"]

MAX_JOBS = 16
"""Jobs of one session that wait for the disk before its connection is no longer read from."""

MAX_WAITING_CHANGES = 1 << 20
"""Changes of the frame sets of one session that wait for the disk before its connection is no longer read from."""

QUIET = 0.5
"""Seconds of silence after which every emulator is taken to have read its farewell, or to be paused."""

PARTING = 3.0
"""Seconds that a daemon that is being stopped listens at most."""

PublishOnBus = Callable[[str, str, Mapping[str, Any]], None]
"""Publishes on the bus: topic, session id, body."""


class Connection(Protocol):
    """One connection of an emulator; `daemon.link.ingest.Connection`."""

    peer: str

    def send(self, reply: Reply) -> None:
        """Send a reply."""

    def part(self, reason: str) -> None:
        """Send a farewell, and go on to read what the emulator sends before it has read that."""

    def farewell(self, reason: str) -> None:
        """End the connection: send the reason, then reset."""

    def reset(self, reason: str) -> None:
        """End the connection at once."""

    def pause(self) -> None:
        """Read nothing more for now."""

    def resume(self) -> None:
        """Read on."""


class Writer(Protocol):
    """Owner of the files; `daemon.processes.writer_process.WriterProcess`."""

    def submit(self, job: Job, done: Callable[[StoreError | None], None]) -> None:
        """Give it a job; `done` is called with the report."""


class Recorder:
    """Sessions and their connections: the owner of which belongs to which.

    Args:
        sessions: all sessions.
        writer: the owner of their files.
        publish: the bus.
        latched: called with what was latched: session id, edit, who, from where.
        report: shows a line to the person at the keyboard.
        now: the wall clock, ms since the epoch.
        labelled: called with a session's id and the label that an alarm gives to one of its frame sets.
    """

    def __init__(
        self,
        sessions: Sessions,
        writer: Writer,
        publish: PublishOnBus,
        latched: Callable[[str, SetEdit, str, str], None],
        report: Callable[[str], None],
        now: Callable[[], int],
        labelled: Callable[[str, Labelled], None] = lambda _session, _label: None,
    ) -> None:
        self._sessions = sessions
        self._writer = writer
        self._publish = publish
        self._latched = latched
        self._labelled = labelled
        self._report = report
        self._now = now
        self._session_of: dict[Connection, Session] = {}
        self._connection_of: dict[Session, Connection] = {}
        self._waiting: dict[Connection, Session] = {}
        self._jobs: Counter[Session] = Counter()
        self._rejections = Rejections()
        self._stopping = ""
        self._heard = 0.0
        self._retired = asyncio.Event()

    def received(self, connection: Connection, event: Received) -> None:
        """Take what a connection sent.

        Raises:
            PeerError: it must end.
        """
        if isinstance(event, Hello):
            self._greet(connection, event)
            return
        session = self._session_of.get(connection)
        if session is None:
            raise SequenceError("the connection has no session: it was not welcomed, or another one goes on with it")
        if self._stopping:
            self._heard = asyncio.get_running_loop().time()
        self._feed(session, event)
        if self._waits_for_disk(session):
            connection.pause()

    def lost(self, connection: Connection, reason: str) -> None:
        """Take the end of a connection that had sent HELLO."""
        session = self._session_of.pop(connection, None) or self._waiting.pop(connection, None)
        if session is not None:
            self._connection_of.pop(session, None)
            self._feed(session, Disconnected(reason))

    def rejected(self, peer: str, reason: str) -> None:
        """Take note of a connection that was ended because it sent no valid HELLO."""
        self._report_rejection(sentence(f"Ended a connection from {peer}: {reason}"))

    def latch(self, session_id: str, edit: Edit, who: str, origin: str) -> None:
        """Latch labels in a session that is being recorded.

        Raises:
            LabelError: it is not, or the field cannot be latched.
        """
        for session in self._sessions:
            if session.identity.session_id == session_id and session.state is not SessionState.ENDED:
                self._feed(session, Latch(edit, who, origin))
                return
        raise LabelError(f"Session {session_id[:60]} is not being recorded: nothing can be latched in it.")

    def set_alarms(self, session_id: str, alarms: Sequence[Alarm]) -> None:
        """Set the alarms of a session; nothing happens where it is not being recorded."""
        for session in self._sessions:
            if session.identity.session_id == session_id:
                self._feed(session, SetAlarms(tuple(alarms)))

    def write_tags_as_text(self, session_id: str) -> None:
        """Write latched tags in a session as one text from now on."""
        for session in self._sessions:
            if session.identity.session_id == session_id:
                session.tags_as_text = True

    def end_overdue(self, patience: float, now: float) -> None:
        """End the sessions whose emulator did not come back within `patience` seconds.

        Args:
            patience: in seconds.
            now: seconds of the monotonic clock.
        """
        for session in self._sessions.overdue(now, patience):
            self._feed(session, End("its emulator did not come back"))
        self._sessions.forget_dormant(now, patience)

    async def part_all(self, reason: str) -> None:
        """Send every emulator a farewell, take no other, and store what they still send.

        An emulator reads its farewell between two sets; what it sends until then is stored with its screenshots.
        """
        self._stopping = reason
        for connection in self._session_of:
            connection.part(reason)
        loop = asyncio.get_running_loop()
        self._heard, latest = loop.time(), loop.time() + PARTING
        while self._session_of and loop.time() < min(latest, self._heard + QUIET):  # noqa: ASYNC110 - silence is no event
            await asyncio.sleep(QUIET / 10)

    def refresh_metadata(self) -> None:
        """Bring the metadata of what is being recorded up to date."""
        for session in self._sessions:
            self._feed(session, Refresh())

    def end_all(self, reason: str) -> None:
        """End every session, with a farewell to its emulator, and take no other."""
        self._stopping = reason
        for connection in [*self._session_of, *self._waiting]:
            connection.farewell(reason)
        for session in list(self._sessions):
            self._feed(session, End(reason))

    def take_over(self, session: Session) -> None:
        """Take a session that was found on disk: cut off, or ended a while ago."""
        self._sessions.take_over(session)
        if session.state is SessionState.ENDED:
            self._sessions.retire(session)
            return
        text = f"was cut off at frame set {session.next_set}; it goes on if its emulator comes back"
        for effect in (Claim(session.identity.session_id), Notify(text)):
            self._perform(session, effect)

    async def settled(self) -> None:
        """Wait until no session is open and everything of them was given to the disk."""
        while any(self._sessions):
            self._retired.clear()
            await self._retired.wait()

    def summaries(self) -> list[dict[str, Any]]:
        """Return the session summaries, newest first."""
        return self._sessions.summaries()

    def _greet(self, connection: Connection, hello: Hello) -> None:
        if self._stopping:
            connection.farewell(self._stopping)
            return
        reason = self._refusal(hello)
        if reason is not None:
            self._report_rejection(f"Refused {connection.peer}: {reason}")
            connection.send(Refused(reason))
            return
        session = self._sessions.greet(hello, self._now())
        self._displace(session)
        self._waiting[connection] = session
        # WELCOME says which sets the daemon has: it waits for those that are still on their way to the disk.
        self._feed(session, Greeted(), connection)

    def _refusal(self, hello: Hello) -> str | None:
        """Return why a greeting cannot be taken; make room for it where that is all it needs."""
        reason = refusal(hello, self._sessions.link_token)
        if reason is None and self._sessions.are_full() and self._sessions.find(hello) is None:
            waiting = self._sessions.longest_lost()
            if waiting is None:
                return "The daemon records as many emulators as it can already: stop one of them."
            self._feed(waiting, End("another emulator needed its place"))
        return reason

    def _report_rejection(self, line: str) -> None:
        shown = self._rejections.note(line, self._now())
        if shown is not None:
            self._report(shown)

    def _displace(self, session: Session) -> None:
        displaced = self._connection_of.get(session)
        if displaced is not None:
            self.lost(displaced, "its emulator opened another connection")
            displaced.reset("its emulator opened another connection")

    def _feed(self, session: Session, event: Input, opening: Connection | None = None) -> None:
        """Let a session take an input, and perform what it answers.

        Args:
            session: the session.
            event: the input.
            opening: the connection that the session greets, and that is its own when its folder is ready.
        """
        for effect in session.receive(event, self._now()):
            self._perform(session, effect, opening)

    def _perform(self, session: Session, effect: Effect, opening: Connection | None = None) -> None:
        name = session.identity.session_id
        match effect:
            case Send(reply):
                connection = self._connection_of.get(session)
                if connection is not None:
                    connection.send(reply)
            case Publish(topic, body):
                self._publish(topic, name, body)
            case Notify(text):
                self._report(sentence(f"{name} {text}"))
            case Latched(edit, who, origin):
                self._latched(name, edit, who, origin)
            case Labelled():
                self._labelled(name, effect)
            case _:
                self._submit(session, effect, opening)
                if isinstance(effect, Close):
                    self._sessions.retire(session)
                    self._retired.set()

    def _submit(self, session: Session, job: Job, opening: Connection | None) -> None:
        """Give the writer a job; a connection that outruns the disk is not read from meanwhile."""
        self._jobs[session] += 1

        def done(error: StoreError | None) -> None:
            self._jobs[session] -= 1
            if opening is None or self._take_up(opening, session):
                self._feed(session, Reported(job, str(error or "")))
            connection = self._connection_of.get(session)
            if connection is not None and not self._waits_for_disk(session):
                connection.resume()
            if not self._jobs[session]:
                del self._jobs[session]

        self._writer.submit(job, done)

    def _take_up(self, connection: Connection, session: Session) -> bool:
        """Make a connection that was greeted the session's own, unless it was lost meanwhile."""
        if self._waiting.pop(connection, None) is None:
            return False
        self._displace(session)
        self._session_of[connection] = session
        self._connection_of[session] = connection
        return True

    def _waits_for_disk(self, session: Session) -> bool:
        return self._jobs[session] >= MAX_JOBS or session.waiting_changes > MAX_WAITING_CHANGES
