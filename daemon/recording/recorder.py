"""Performs what sessions decide: the one place where link, sessions, writer and bus meet. Runs on the event loop."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Protocol

import numpy as np

from daemon.labels.history import SetEdit
from daemon.link.rejections import Rejections
from daemon.recording.effects import (
    Announce,
    Effect,
    Latched,
    LogEvent,
    RefreshMetadata,
    Send,
    StoreMemory,
    StoreMetadata,
    StoreProof,
    StoreSet,
)
from daemon.recording.session import Session
from daemon.recording.session_jobs import (
    append_event,
    append_proof,
    open_session,
    refresh_metadata,
    write_memory,
    write_metadata,
    write_set,
)
from daemon.recording.sessions import Sessions, refusal
from daemon.writer.jobs import Close, Hold, Job
from protocol.bus.messages import Topic
from protocol.errors import LabelError, SequenceError, StoreError
from protocol.link.connection import Received
from protocol.link.messages import Bye, Hello, Refused, Reply
from protocol.session.annotations import Annotations, Edit
from protocol.session.frame_set import FrameSet, ScanChanges
from protocol.wording import counted, sentence

__all__ = [
    "FLAWS_SAID",
    "FLAWS_SAID_AGAIN",
    "MAX_JOBS",
    "MAX_WAITING_CHANGES",
    "PARTING",
    "QUIET",
    "Connection",
    "Publish",
    "Recorder",
    "Report",
    "Writer",
]

MAX_JOBS = 16
"""Jobs of one session that wait for the disk before its connection is no longer read from."""

MAX_WAITING_CHANGES = 1 << 20
"""Changes of the frame sets of one session that wait for the disk before its connection is no longer read from."""

QUIET = 0.5
"""Seconds without a word after which every emulator is thought to have read its farewell, or to be paused."""

PARTING = 3.0
"""Seconds that a daemon that is being stopped listens at most."""

FLAWS_SAID = 3
FLAWS_SAID_AGAIN = 100
"""The first frame sets that are not whole are told one by one, then every hundredth: a line each would be noise."""

_WORD, _COUNT = np.dtype("<u4"), np.dtype("<u2")

Publish = Callable[[str, str, Mapping[str, Any]], None]
"""Publishes on the bus: topic, session id, body."""

Report = Callable[[str], None]
"""Tells the person at the keyboard one line."""


class Connection(Protocol):
    """One connection of an emulator; `daemon.link.ingest.Connection`."""

    peer: str

    def send(self, reply: Reply) -> None:
        """Send a reply."""

    def part(self, reason: str) -> None:
        """Say farewell, and go on to hear what the emulator says before it has read that."""

    def farewell(self, reason: str) -> None:
        """End the connection: say why, then reset."""

    def reset(self, reason: str) -> None:
        """End the connection at once."""

    def pause(self) -> None:
        """Read nothing more for now."""

    def resume(self) -> None:
        """Read on."""


class Writer(Protocol):
    """Owns the files; `daemon.processes.writer_process.WriterProcess`."""

    def submit(self, session: str, make: Callable[[], Job], done: Callable[[StoreError | None], None]) -> None:
        """Give it a job."""


class Recorder:
    """Owns which connection belongs to which session.

    Args:
        sessions: all sessions.
        writer: the owner of their files.
        publish: the bus.
        latched: told what was latched: session id, edit, who, from where.
        report: the terminal.
        now: the wall clock, ms since the epoch.
    """

    def __init__(
        self,
        sessions: Sessions,
        writer: Writer,
        publish: Publish,
        latched: Callable[[str, SetEdit, str, str], None],
        report: Report,
        now: Callable[[], int],
    ) -> None:
        self._sessions = sessions
        self._writer = writer
        self._publish = publish
        self._latched = latched
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
        """Handle what a connection said.

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
        self._perform(session, session.receive(event, self._now()))
        if self._waits_for_disk(session):
            connection.pause()
        if isinstance(event, Bye):
            self._say(session, f"ended: {event.reason or 'the script ended'}")

    def lost(self, connection: Connection, reason: str) -> None:
        """A connection that had said HELLO is gone."""
        session = self._session_of.pop(connection, None) or self._waiting.pop(connection, None)
        if session is None:
            return
        self._connection_of.pop(session, None)
        if session.state == "live":
            self._perform(session, session.disconnected(self._now(), reason))
            self._say(session, f"lost its emulator ({reason}), waiting for it to come back")

    def rejected(self, peer: str, reason: str) -> None:
        """A connection that never introduced itself, or not in a way that is possible, was ended."""
        self._turned_away(sentence(f"Ended a connection from {peer}: {reason}"))

    def latch(self, session_id: str, edit: Edit, who: str, origin: str) -> None:
        """Latch labels in a session that is being recorded.

        Raises:
            LabelError: it is not, or the field cannot be latched.
        """
        for session in self._sessions:
            if session.identity.session_id == session_id and session.state != "ended":
                self._perform(session, session.latch(edit, who, origin))
                return
        raise LabelError(f"Session {session_id[:60]} is not being recorded: nothing can be latched in it.")

    def write_tags_as_text(self, session_id: str) -> None:
        """Write latched tags in a session as one text from now on."""
        for session in self._sessions:
            if session.identity.session_id == session_id:
                session.tags_as_text = True

    def end_overdue(self, patience: float, now: float) -> None:
        """End the sessions whose emulator did not come back within `patience` seconds; call it now and then.

        Args:
            patience: in seconds.
            now: seconds of a clock that nobody sets.
        """
        for session in self._sessions.overdue(now, patience):
            self._end(session, "its emulator did not come back")
        self._sessions.forget_dormant(now, patience)

    async def part_all(self, reason: str) -> None:
        """Say farewell to every emulator, take no other, and let each finish the frame sets that it is about to send.

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
        """Let the metadata of what is being recorded keep up."""
        for session in self._sessions:
            self._perform(session, session.refresh())

    def end_all(self, reason: str) -> None:
        """End every session, with a farewell to its emulator, and take no other."""
        self._stopping = reason
        for connection in [*self._session_of, *self._waiting]:
            connection.farewell(reason)
        for session in list(self._sessions):
            self._end(session, reason)

    def adopt(self, session: Session) -> None:
        """Take a session that was found on disk: cut off, or ended a while ago."""
        self._sessions.adopt(session)
        if session.state == "ended":
            self._sessions.retire(session)
            return
        self._submit(session, lambda: Hold(session.identity.session_id))
        self._say(session, f"was cut off at frame set {session.next_set}; it goes on if its emulator comes back")

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
            self._turned_away(f"Refused {connection.peer}: {reason}")
            connection.send(Refused(reason))
            return
        session, _ = self._sessions.greet(hello, self._now())
        self._displace(session)
        self._waiting[connection] = session
        # WELCOME says which sets the daemon has: it waits for those that are still on their way to the disk.
        self._record(
            session,
            partial(open_session, session.greeted(self._now())),
            lambda error: self._opened(connection, session, hello, error),
        )

    def _opened(self, connection: Connection, session: Session, hello: Hello, error: StoreError | None) -> None:
        if self._waiting.pop(connection, None) is None:
            return
        if session.state == "ended":
            connection.farewell("the session was ended meanwhile")
            return
        self._displace(session)
        self._session_of[connection] = session
        self._connection_of[session] = connection
        if error is not None:
            if not session.problem:
                self._say(session, f"cannot record. {error}")
            self._perform(session, session.turned_away(str(error), self._now()))
            return
        opening = f"goes on at frame set {session.next_set} with" if session.next_set else "records"
        self._perform(session, session.welcome(self._now()))
        self._say(session, f"{opening} {session.identity.game_name} from {hello.client} ({hello.reader} reads)")
        if not session.next_set:
            self._say(session, _config_sentence(session))

    def _refusal(self, hello: Hello) -> str | None:
        """Say why a greeting cannot be taken; make room for it where that is all it needs."""
        reason = refusal(hello, self._sessions.link_token)
        if reason is None and self._sessions.are_full() and self._sessions.find(hello) is None:
            waiting = self._sessions.longest_lost()
            if waiting is None:
                return "The daemon records as many emulators as it can already: stop one of them."
            self._end(waiting, "another emulator needed its place")
        return reason

    def _turned_away(self, line: str) -> None:
        told = self._rejections.note(line, self._now())
        if told is not None:
            self._report(told)

    def _displace(self, session: Session) -> None:
        displaced = self._connection_of.get(session)
        if displaced is not None:
            self.lost(displaced, "its emulator opened another connection")
            displaced.reset("its emulator opened another connection")

    def _end(self, session: Session, reason: str) -> None:
        if session.state != "ended":
            self._perform(session, session.end(reason, self._now()))
            self._say(session, f"ended: {reason}, {counted(session.metadata().total_frame_sets, 'frame set')}")

    def _perform(self, session: Session, effects: Iterable[Effect]) -> None:
        name = session.identity.session_id
        for effect in effects:
            match effect:
                case StoreSet():
                    self._store_set(session, effect)
                case StoreProof(proof):
                    self._submit(session, partial(append_proof, name, proof))
                case Latched(edit, who, origin):
                    self._latched(name, edit, who, origin)
                case StoreMemory(number, image):
                    self._submit(session, partial(write_memory, name, number, image))
                case StoreMetadata(metadata):
                    self._submit(session, partial(write_metadata, metadata))
                case RefreshMetadata(metadata):
                    self._writer.submit(name, partial(refresh_metadata, metadata), lambda _error: None)
                case Announce():
                    self._publish(Topic.SESSION, name, {"session": session.summary()})
                case LogEvent(event):
                    self._submit(session, partial(append_event, name, event))
                    self._publish(Topic.EVENT, name, {"session": name, "event": event.as_map()})
                case Send(reply):
                    connection = self._connection_of.get(session)
                    if connection is not None:
                        connection.send(reply)
        if session.finished:
            self._sessions.retire(session)
            self._writer.submit(name, partial(Close, name, discard=session.is_empty), lambda _error: None)
            self._retired.set()

    def _store_set(self, session: Session, effect: StoreSet) -> None:
        frame_set, labels = effect.frame_set, effect.labels

        def done(error: StoreError | None) -> None:
            if error is not None:
                if session.state == "live":
                    self._say(session, f"stopped recording. {error}")
                self._perform(session, session.not_stored(frame_set, str(error), self._now()))
                return
            self._perform(session, session.stored(frame_set))
            self._say_flaws(session, frame_set)
            self._publish(Topic.SET, session.identity.session_id, _set_body(session, frame_set, labels))

        self._record(session, partial(write_set, session.identity.session_id, effect), done)

    def _submit(self, session: Session, job: Callable[[], Job]) -> None:
        def done(error: StoreError | None) -> None:
            if error is not None:
                self._say(session, f"could not be written in full. {error}")

        self._record(session, job, done)

    def _record(self, session: Session, job: Callable[[], Job], done: Callable[[StoreError | None], None]) -> None:
        """Give the writer a job; a connection that gives more than the disk takes is not read from meanwhile."""
        self._jobs[session] += 1

        def finished(error: StoreError | None) -> None:
            self._jobs[session] -= 1
            done(error)
            connection = self._connection_of.get(session)
            if connection is not None and not self._waits_for_disk(session):
                connection.resume()
            if not self._jobs[session]:
                del self._jobs[session]

        self._writer.submit(session.identity.session_id, job, finished)

    def _waits_for_disk(self, session: Session) -> bool:
        return self._jobs[session] >= MAX_JOBS or session.waiting_changes > MAX_WAITING_CHANGES

    def _say_flaws(self, session: Session, frame_set: FrameSet) -> None:
        if frame_set.whole:
            return
        flawed = session.summary()["flawed_sets"]
        if flawed <= FLAWS_SAID or flawed % FLAWS_SAID_AGAIN == 0:
            flaws = ", ".join(frame_set.flaws)
            self._say(session, f"frame set {frame_set.frame_set_id} is not whole: {flaws} ({flawed} such sets so far)")

    def _say(self, session: Session, what: str) -> None:
        self._report(sentence(f"{session.identity.session_id} {what}"))


def _config_sentence(session: Session) -> str:
    if session.identity.game_config:
        return f"uses the game config {session.identity.game_config}"
    return (
        "has no game config, so its buttons have no meanings: put one into game_configs in the data folder, "
        f'with "rom_hashes": ["{session.hello.rom_hash}"]'
    )


def _set_body(session: Session, frame_set: FrameSet, labels: Annotations | None) -> dict[str, Any]:
    return {
        "session": session.identity.session_id,
        "frame_set": {**frame_set.summary(), "annotations": labels and labels.as_map()},
        "counts": session.counts(),
        "changes": [_columns(scan) for scan in frame_set.changes],
        "png": frame_set.png,
    }


def _columns(scan: ScanChanges) -> dict[str, Any]:
    return {
        "region": scan.region,
        "frame": scan.frame,
        "chunk": scan.chunk,
        "addresses": scan.addresses.astype(_WORD, copy=False).tobytes(),
        "previous": scan.previous.astype(_WORD, copy=False).tobytes(),
        "current": scan.current.astype(_WORD, copy=False).tobytes(),
        "freq": scan.freq.astype(_COUNT, copy=False).tobytes(),
    }
