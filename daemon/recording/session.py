"""One session from HELLO to its end. Pure: link events in, effects out, time passed in (ms since the epoch).

The shell performs the effects in order. A frame set is acknowledged by `stored`, when the disk has it, never before.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from daemon.labels.history import SetEdit
from daemon.recording.assembler import Assembler, AssemblerInput, Gap, LateSet, MirrorDiffers
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
from daemon.recording.recent_sets import RecentSets
from daemon.recording.session_origin import Past, SessionIdentity
from daemon.recording.tally import Tally
from protocol.errors import LabelError
from protocol.link.connection import Screenshot
from protocol.link.messages import Ack, Bye, Command, Event, Farewell, Frame, Hello, Keyframe, Proof, SetEnd, Welcome
from protocol.session.annotations import Annotations, Edit, checked_edit
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.metadata import CONFIG_CONTENT, GapCount, SessionMetadata, resume_hash
from protocol.version import LINK_VERSION, PACKAGE_VERSION

__all__ = ["LATCHABLE", "MEMORY_IMAGE_SETS", "Session"]

LATCHABLE = frozenset({"context", "scene", "action", "intent", "outcome", "tags"})
"""Fields that can be latched: a description and `complete` are about one frame set."""

_NO_LABELS = Annotations()

_NOTES = frozenset({"mark", "error"})
"""Events that make a session worth keeping even without a frame set."""

MEMORY_IMAGE_SETS = 720
"""Frame sets between two full memory images: about a minute of play."""


class Session:
    """A session and everything that is counted about it.

    Args:
        identity: what was decided when it opened.
        hello: the greeting that opened it.
        past: what it was before this daemon; the session is then lost, or ended if it had ended.

    Attributes:
        identity: what was decided when it opened.
        hello: the greeting that opened it.
        token: with which a connection goes on with it; empty until its emulator has said it to this daemon.
        state: `live` with a connection, `lost` without, `ended`.
        since: when that state began, ms since the epoch.
        latched: labels that flow onto every new frame set.
        tags_as_text: whether latched tags are written as one text, as in the session's other label files.
        problem: why nothing can be recorded just now, in words for the player; empty while all is well.
        waiting_changes: changes of the frame sets that are on their way to the disk.
    """

    def __init__(self, identity: SessionIdentity, hello: Hello, past: Past | None = None) -> None:
        self.identity = identity
        self.hello = hello
        self.token = ""
        self.state = "live"
        self.since = identity.created
        self.latched = Annotations()
        self.tags_as_text = False
        self.problem = ""
        self.waiting_changes = 0
        self._assembler = Assembler(hello)
        self._tally = Tally()
        self._ended: int | None = None
        self._ended_by: str | None = None
        self._cut_off: int | None = None
        self._was_welcomed = False
        self._has_notes = False
        self._said_bye = False
        self._commands: dict[str, Command] = {}
        self._next_image = 0
        self._played = 0
        self._told_stored = 0
        self._being_stored: deque[StoreSet] = deque()
        self._recent = RecentSets()
        if past is not None:
            self._go_on_from(past)

    @property
    def next_set(self) -> int:
        """The first frame set that the daemon does not have."""
        return self._assembler.next_set

    @property
    def is_untouched(self) -> bool:
        """Say whether it is a new session that the disk refused so far: nobody knows of it."""
        return not (self._was_welcomed or self._tally.stored)

    @property
    def backlog(self) -> int:
        """Frame sets that are on their way to the disk."""
        return len(self._being_stored)

    def give_token(self, token: str) -> None:
        """Choose the token with which a connection goes on with the session."""
        self.token = token
        self.identity = replace(self.identity, resume_sha256=resume_hash(token))

    def greeted(self, now: int) -> SessionMetadata:
        """A connection introduced itself as this session's; one that had ended goes on.

        Returns:
            The metadata with which you must make sure of the session's folder, behind everything that is being stored;
            then call `welcome` or `turned_away`.
        """
        self._said_bye = False
        if self.state == "ended":
            self._ended = self._ended_by = None
            self._enter("lost", now)
        return self.metadata()

    def welcome(self, now: int) -> Iterator[Effect]:
        """The disk is ready, and has everything that was sent before."""
        self._was_welcomed = True
        self._cut_off = None
        self.problem = ""
        self._enter("live", now)
        if self.latched != _NO_LABELS:
            self._show_latched()
        yield Announce()
        yield Send(Welcome(self.identity.session_id, self.token, self.next_set))

    def turned_away(self, reason: str, now: int) -> Iterator[Effect]:
        """The disk refuses: the connection must go, and come again later."""
        self._enter("lost", now)
        self.problem = reason
        yield Announce()
        yield Send(Farewell(reason))

    def receive(self, message: AssemblerInput | Event | Bye, now: int) -> Iterator[Effect]:
        """Take one message of the session's connection.

        Raises:
            PeerError: the message has no place here; the connection must end.
        """
        match message:
            case Keyframe() | Frame() | SetEnd() | Proof() | Screenshot():
                for assembled in self._assembler.receive(message):
                    match assembled:
                        case FrameSet():
                            yield from self._store(assembled)
                        case LateSet(number):
                            yield Send(Ack(number, self._take_commands()))
                        case Gap(first, last):
                            self._tally.miss(last - first + 1)
                            yield self._log(now, "gap", {"first": first, "last": last})
                        case MirrorDiffers(region, chunk):
                            self.command(Command("keyframes", {}))
                            yield self._log(now, "mirror_differs", {"region": region, "chunk": chunk})
                if isinstance(message, Proof) and (proof := self._assembler.proof(message)) is not None:
                    yield StoreProof(proof)
            case Event(name="latch"):
                yield from self._latch_by_key(message)
            case Event():
                self._has_notes |= message.name in _NOTES
                yield LogEvent(EventRecord(message.time, message.name, self.next_set, message.frame, message.details))
            case Bye():
                self._said_bye = True
                self._played = max(self._played, message.next_set or 0)
                yield from self.end(message.reason or "the script ended", now)

    def stored(self, frame_set: FrameSet) -> Iterator[Effect]:
        """The disk has the frame set."""
        self._no_longer_waits()
        self._recent.remember(frame_set)
        self._tally.add(frame_set)
        yield Send(Ack(frame_set.frame_set_id, self._take_commands()))
        yield from self._close()

    def not_stored(self, frame_set: FrameSet, reason: str, now: int) -> Iterator[Effect]:
        """The disk refused the frame set: go back to it, the script still holds it and sends it again.

        Sets behind it are refused as well; only the first one counts.
        """
        if frame_set.frame_set_id < self._assembler.next_set:
            self._assembler.go_back([(refused.frame_set, refused.sighted) for refused in self._being_stored])
            self._assembler.recall(self._recent.sets)
            self._next_image = min(self._next_image, frame_set.frame_set_id)
        self._no_longer_waits()
        self.problem = reason
        yield Send(Farewell(reason))
        if self.state == "live":
            self._enter("lost", now)
            yield Announce()
        yield from self._close()

    def disconnected(self, now: int, reason: str) -> Iterator[Effect]:
        """The connection is gone; the session waits for another."""
        if self.state != "live":
            return
        yield from self._store_waiting()
        self._enter("lost", now)
        yield Announce()
        yield self._log(now, "connection_lost", {"reason": reason})

    def end(self, reason: str, now: int) -> Iterator[Effect]:
        """The session is over. A set in progress that never ended is not kept."""
        if self.state == "ended":
            return
        yield from self._store_waiting()
        if self._cut_off is None:
            self._ended, self._ended_by = now, reason
        else:
            moment = datetime.fromtimestamp(self._cut_off / 1000, UTC)
            self._ended, self._ended_by = self._cut_off, f"it was cut off at {moment:%Y-%m-%d %H:%M:%S} UTC: {reason}"
        self._enter("ended", now)
        yield from self._close()

    def latch(self, edit: Edit, who: str, origin: str) -> Iterator[Effect]:
        """Latch labels: they flow onto every frame set from the one in progress on, until they are changed or emptied.

        Raises:
            LabelError: the field cannot be latched.
        """
        if not LATCHABLE.issuperset(edit):
            raise LabelError(f"Only {', '.join(sorted(LATCHABLE))} can be latched.")
        before, after = self.latched.differences(self.latched.edited(edit))
        if not after:
            return
        self.latched = self.latched.edited(after)
        self._show_latched()
        yield Announce()
        yield Latched(SetEdit(self.next_set, before, after), who, origin)

    @property
    def undelivered(self) -> range:
        """The sets behind the last that is stored: played, and lost unless the script comes back with them."""
        return range(self.next_set, max(self._played, self.next_set))

    @property
    def lost(self) -> GapCount:
        """Known losses; once the session has ended, what the script did not deliver as well."""
        lost = self._tally.lost
        return replace(lost, frame_sets=lost.frame_sets + len(self.undelivered)) if self.state == "ended" else lost

    @property
    def finished(self) -> bool:
        """Say whether the session has ended and all of it is stored."""
        return self.state == "ended" and not self._being_stored

    def refresh(self) -> Iterator[Effect]:
        """Let the metadata on disk keep up, if there is anything new: the original's tools read the counts there."""
        if self.state == "live" and self._tally.stored != self._told_stored:
            self._told_stored = self._tally.stored
            yield RefreshMetadata(self.metadata())

    @property
    def is_empty(self) -> bool:
        """Say whether its script said BYE without anything worth keeping: its folder is to be deleted.

        A core that is swapped again before its first frame set is complete leaves such sessions.
        """
        lost = self.lost.frame_sets + self.lost.flawed
        kept = self._tally.stored or lost or self._has_notes or self.latched != _NO_LABELS
        return self.finished and self._said_bye and not kept

    def command(self, command: Command) -> None:
        """Queue a command for the script; it travels with the next acknowledgement, the latest of each name."""
        self._commands[command.name] = command

    def metadata(self) -> SessionMetadata:
        """Return what `session_metadata.json` says now."""
        return SessionMetadata(
            session_id=self.identity.session_id,
            created=self.identity.created,
            total_frame_sets=self._tally.stored,
            num_frames_per_set=self.hello.frames_per_set,
            first_set=self._tally.first,
            last_set=self._tally.last,
            source_csv="",
            game_config=self.identity.game_config,
            is_custom_name=self.identity.is_custom_name,
            game_name=self.identity.game_name,
            uuid=self.identity.uuid,
            resume_sha256=self.identity.resume_sha256,
            ended=self._ended,
            ended_by=self._ended_by,
            recorder=self._recorder(),
            lost=self.lost,
        )

    def counts(self) -> dict[str, int | None]:
        """Return the session counts of the bus (protocol/README.md, 7)."""
        lost = self.lost
        return {
            "frame_sets": self._tally.stored,
            "first_set": self._tally.first,
            "last_set": self._tally.last,
            "flawed_sets": lost.flawed,
            "lost_sets": lost.frame_sets,
            "lost_screenshots": lost.screenshots,
        }

    def summary(self) -> dict[str, Any]:
        """Return the session summary of the bus (protocol/README.md, 7)."""
        return {
            "session_id": self.identity.session_id,
            "state": "discarded" if self.is_empty else self.state,
            "since": self.since,
            "created": self.identity.created,
            "ended_by": self._ended_by or "",
            "problem": self.problem,
            "game_name": self.identity.game_name,
            "rom_name": self.hello.rom_name,
            "rom_hash": self.hello.rom_hash,
            "client": self.hello.client,
            "scan_mode": self.hello.scan_mode.value,
            "reader": self.hello.reader,
            "frames_per_set": self.hello.frames_per_set,
            **self.counts(),
            "latched": {name: value for name, value in self.latched.as_map().items() if value},
            "regions": [region.as_map() for region in self.hello.regions],
        }

    def _latch_by_key(self, event: Event) -> Iterator[Effect]:
        """A hotkey in the emulator: the same key again empties the field."""
        field, value = event.details.get("field"), event.details.get("value")
        if isinstance(field, str) and field in LATCHABLE - {"tags"} and isinstance(value, str):
            now = getattr(self.latched, field)
            try:
                edit = checked_edit({field: "" if now == value else value})
            except LabelError as error:
                yield self._log(event.time, "error", {"text": str(error)})
            else:
                yield from self.latch(edit, "player", "emulator")

    def _show_latched(self) -> None:
        values = (value for value in self.latched.as_map().values() if value)
        text = ", ".join(" ".join(value) if isinstance(value, list) else str(value) for value in values)
        self.command(Command("show", {"text": text}))

    def _close(self) -> Iterator[Effect]:
        if self.finished:
            if self.undelivered:
                details = {"first": self.undelivered.start, "last": self.undelivered.stop - 1}
                yield self._log(self._ended or self.since, "undelivered", details)
            if not self.is_empty:
                yield StoreMetadata(self.metadata())
            yield Announce()

    def _store_waiting(self) -> Iterator[Effect]:
        waiting = self._assembler.disconnected()
        if waiting is not None:
            yield from self._store(waiting)

    def _store(self, frame_set: FrameSet) -> Iterator[Effect]:
        labels = self.latched if self.latched != _NO_LABELS else None
        store = StoreSet(frame_set, labels, self._assembler.sighted, self.tags_as_text)
        self._played = max(self._played, frame_set.frame_set_id + 1)
        self._being_stored.append(store)
        self.waiting_changes += frame_set.change_count
        yield store
        if store.sighted:
            self._next_image = min(self._next_image, frame_set.frame_set_id)
        if frame_set.frame_set_id >= self._next_image:
            image = self._assembler.memory_image()
            if image is not None:
                self._next_image = frame_set.frame_set_id + MEMORY_IMAGE_SETS
                yield StoreMemory(frame_set.frame_set_id, image)

    def _no_longer_waits(self) -> None:
        self.waiting_changes -= self._being_stored.popleft().frame_set.change_count

    def _go_on_from(self, past: Past) -> None:
        next_set = 0 if past.last is None else past.last + 1
        self._assembler = Assembler(self.hello, next_set)
        self._assembler.recall(past.recent)
        self._assembler.load_memory(past.memory)
        for frame_set in past.recent:
            self._recent.remember(frame_set)
        self._tally = Tally(past.frame_sets, past.first, past.last, past.lost)
        self.latched, self.tags_as_text = past.latched, past.tags_as_text
        self._next_image = next_set
        self._was_welcomed = True
        if past.ended_by:
            self._ended, self._ended_by = past.until, past.ended_by
            self._enter("ended", past.until)
        else:
            self._cut_off = past.until
            self._enter("lost", past.found)

    def _log(self, now: int, name: str, details: Mapping[str, str | int]) -> LogEvent:
        return LogEvent(EventRecord(now, name, self.next_set, None, details))

    def _enter(self, state: str, now: int) -> None:
        self.state, self.since = state, now

    def _take_commands(self) -> tuple[Command, ...]:
        commands = tuple(self._commands.values())
        self._commands.clear()
        return commands

    def _recorder(self) -> dict[str, Any]:
        return {
            "gbatrace_version": PACKAGE_VERSION,
            "link_version": LINK_VERSION,
            "script_version": self.hello.script,
            "client": self.hello.client,
            "system": self.hello.system,
            "rom_name": self.hello.rom_name,
            "rom_hash": self.hello.rom_hash,
            "scan_mode": self.hello.scan_mode.value,
            "reader": self.hello.reader,
            "regions": [region.as_map() for region in self.hello.regions],
            "buttons": self.hello.buttons,
            **({CONFIG_CONTENT: dict(self.identity.config_content)} if self.identity.config_content else {}),
        }
