"""State machine of a session: inputs in, effects out. Pure; time is ms since the epoch.

The shell performs the effects in order and passes in the writer's report of each job. A frame set is acknowledged when
its job is reported as done, never before.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from daemon.alarms.evaluation import Alarms, Fired
from daemon.analysis.alarm_rules import Action
from daemon.labels.commands import MAX_NAME
from daemon.labels.history import SetEdit
from daemon.recording.assembler import Assembler, AssemblerInput, Gap, LateSet, MirrorDiffers
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
    publish_set,
)
from daemon.recording.recent_past import RecentSets
from daemon.recording.session_jobs import (
    append_event,
    append_proof,
    open_session,
    refresh_metadata,
    write_metadata,
    write_set,
)
from daemon.recording.session_state import (
    TRANSITIONS,
    RestoredState,
    SessionCounts,
    SessionIdentity,
    SessionState,
    Trigger,
    config_sentence,
    describe_recorder,
)
from daemon.writer.jobs import Close, Open, RefreshMetadata, WriteMemory, WriteSet
from protocol.bus.messages import Topic
from protocol.errors import LabelError
from protocol.link.connection import Screenshot
from protocol.link.messages import Ack, Bye, Command, Event, Farewell, Frame, Hello, Keyframe, Proof, SetEnd, Welcome
from protocol.session.annotations import TEXT_FIELDS, Annotations, Edit, checked_edit
from protocol.session.events import MARK, EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName
from protocol.session.metadata import SessionMetadata, resume_hash
from protocol.wording import counted

__all__ = ["ALARM", "FLAW_LINES", "FLAW_LINES_EVERY", "LATCHABLE", "MEMORY_IMAGE_SETS", "Session"]

LATCHABLE = frozenset({*TEXT_FIELDS, "tags"})
"""Fields that can be latched: a description and `complete` are about one frame set."""

ALARM = "alarm"
"""Origin of labels that an alarm gives."""

_NO_LABELS = Annotations()

_NOTES = frozenset({MARK, "error"})
"""Events that make a session worth keeping even without a frame set."""

MEMORY_IMAGE_SETS = 720
"""Frame sets between two full memory images: about a minute of play."""

FLAW_LINES = 3
FLAW_LINES_EVERY = 100
"""Lines about the first frame sets that are not whole, then about every hundredth; alarms alike."""


@dataclass(frozen=True, slots=True)
class _PendingSet:
    """A frame set that is on its way to the disk."""

    frame_set: FrameSet
    labels: Annotations | None
    rebaselined: tuple[ChunkName, ...]
    words: Mapping[int, bytes]
    """Those that alarms lacked, by address, as they were after it."""


class Session:
    """State machine of one session.

    Args:
        identity: what was decided when it opened.
        hello: the greeting that opened it.
        restored: what it was before this daemon; the session is then lost, or ended if it had ended.

    Attributes:
        identity: what was decided when it opened.
        hello: the greeting that opened it.
        token: with which a connection goes on with it; empty until its emulator has sent it to this daemon.
        state: changed by the table in `session_state` alone.
        since: when that state began, ms since the epoch.
        latched: labels that every new frame set gets.
        tags_as_text: whether latched tags are written as one text, as in the session's other label files.
        problem: why nothing can be recorded just now, in words for the player; empty while all is well.
        waiting_changes: changes of the frame sets that are on their way to the disk.
    """

    def __init__(self, identity: SessionIdentity, hello: Hello, restored: RestoredState | None = None) -> None:
        self.identity = identity
        self.hello = hello
        self.token = ""
        self.state = SessionState.LIVE
        self.since = identity.created
        self.latched = Annotations()
        self.tags_as_text = False
        self.problem = ""
        self.waiting_changes = 0
        self._assembler = Assembler(hello)
        self._counts = SessionCounts()
        self._ended: int | None = None
        self._ended_by: str | None = None
        self._cut_off: int | None = None
        self._was_welcomed = False
        self._has_notes = False
        self._has_bye = False
        self._commands: dict[str, Command] = {}
        self._next_image = 0
        self._played = 0
        self._stored_in_metadata = 0
        self._pending: deque[_PendingSet] = deque()
        self._recent = RecentSets()
        self._alarms = Alarms()
        self._fired = 0
        if restored is not None:
            self._go_on_from(restored)

    @property
    def next_set(self) -> int:
        """The first frame set that the daemon does not have."""
        return self._assembler.next_set

    @property
    def is_untouched(self) -> bool:
        """Return whether it is a new session that the disk refused so far: nobody knows of it."""
        return not (self._was_welcomed or self._counts.stored)

    def give_token(self, token: str) -> None:
        """Choose the token with which a connection goes on with the session."""
        self.token = token
        self.identity = replace(self.identity, resume_sha256=resume_hash(token))

    def receive(self, event: Input, now: int) -> Iterator[Effect]:
        """Take a message of the connection, a report of the writer, or a decision of the daemon.

        Raises:
            PeerError: the message has no place here; the connection must end.
            LabelError: the field cannot be latched.
        """
        match event:
            case Keyframe() | Frame() | SetEnd() | Proof() | Screenshot():
                yield from self._assemble(event, now)
            case Event(name="latch"):
                yield from self._latch_by_key(event)
            case Event():
                self._has_notes |= event.name in _NOTES
                yield from self._log_event(
                    EventRecord(event.time, event.name, self.next_set, event.frame, event.details)
                )
            case Bye():
                self._has_bye = True
                self._played = max(self._played, event.next_set or 0)
                reason = event.reason or "the script ended"
                yield from self._end(reason, now)
                yield Notify(f"ended: {reason}")
            case Reported(WriteSet(), refusal):
                yield from self._not_stored(refusal, now) if refusal else self._stored(now)
            case Reported(Open(), refusal):
                yield from self._not_opened(refusal, now) if refusal else self._welcome(now)
            case Reported(Close() | RefreshMetadata()):
                pass  # Nothing waits for them.
            case Reported(_, refusal):
                if refusal:
                    yield Notify(f"could not be written in full. {refusal}")
            case Greeted():
                self._has_bye = False
                if self._enter(Trigger.GREETED, now):
                    self._ended = self._ended_by = None
                yield open_session(self.metadata())
            case Disconnected(reason):
                yield from self._disconnected(reason, now)
            case End(reason):
                if self.state is not SessionState.ENDED:
                    yield from self._end(reason, now)
                    yield Notify(f"ended: {reason}, {counted(self._counts.stored, 'frame set')}")
            case Latch(edit, who, origin):
                yield from self._latch(edit, who, origin)
            case SetAlarms(alarms):
                if alarms != self._alarms.alarms:
                    self._alarms = Alarms(alarms, self.hello.regions)
            case Refresh():
                if self.state is SessionState.LIVE and self._counts.stored != self._stored_in_metadata:
                    self._stored_in_metadata = self._counts.stored
                    yield refresh_metadata(self.metadata())

    @property
    def undelivered(self) -> range:
        """Frame sets that were played and never came: lost, unless the script still sends them."""
        return range(self.next_set, max(self._played, self.next_set))

    @property
    def counts(self) -> SessionCounts:
        """Counts of its frame sets; once it has ended, undelivered ones are lost as well."""
        return self._counts.with_gap(len(self.undelivered)) if self.state is SessionState.ENDED else self._counts

    @property
    def finished(self) -> bool:
        """Return whether the session has ended and all of it is stored."""
        return self.state is SessionState.ENDED and not self._pending

    @property
    def is_empty(self) -> bool:
        """Return whether it ended before anything worth keeping: its folder goes.

        A core that is swapped again before its first frame set is complete leaves such sessions. So does a daemon that
        stood still while a script greeted it twice: nobody was welcomed to the session of the first greeting.
        """
        lost = self.counts.lost
        kept = self._counts.stored or lost.frame_sets or lost.flawed or self._has_notes or self.latched != _NO_LABELS
        return self.finished and (self._has_bye or self.is_untouched) and not kept

    def metadata(self) -> SessionMetadata:
        """Return the present content of `session_metadata.json`."""
        return SessionMetadata(
            session_id=self.identity.session_id,
            created=self.identity.created,
            total_frame_sets=self._counts.stored,
            num_frames_per_set=self.hello.frames_per_set,
            first_set=self._counts.first,
            last_set=self._counts.last,
            source_csv="",
            game_config=self.identity.game_config,
            is_custom_name=self.identity.is_custom_name,
            game_name=self.identity.game_name,
            uuid=self.identity.uuid,
            resume_sha256=self.identity.resume_sha256,
            ended=self._ended,
            ended_by=self._ended_by,
            recorder=describe_recorder(self.identity, self.hello),
            lost=self.counts.lost,
        )

    def summary(self) -> dict[str, Any]:
        """Return the session summary of the bus (protocol/README.md, 7)."""
        return {
            "session_id": self.identity.session_id,
            "state": "discarded" if self.is_empty else self.state.value,
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
            **self.counts.as_map(),
            "latched": {name: value for name, value in self.latched.as_map().items() if value},
            "regions": [region.as_map() for region in self.hello.regions],
        }

    def _assemble(self, message: AssemblerInput, now: int) -> Iterator[Effect]:
        for assembled in self._assembler.receive(message):
            match assembled:
                case FrameSet():
                    yield from self._store(assembled)
                case LateSet(number):
                    yield Send(Ack(number, self._take_commands()))
                case Gap(first, last):
                    self._counts = self._counts.with_gap(last - first + 1)
                    yield from self._log(now, "gap", {"first": first, "last": last})
                case MirrorDiffers(region, chunk):
                    self._command(Command("keyframes", {}))
                    yield from self._log(now, "mirror_differs", {"region": region, "chunk": chunk})
        if isinstance(message, Proof) and (proof := self._assembler.proof(message)) is not None:
            yield append_proof(self._name, proof)

    def _store(self, frame_set: FrameSet) -> Iterator[Effect]:
        labels = self.latched if self.latched != _NO_LABELS else None
        words = self._assembler.words_at(self._alarms.lacking)
        pending = _PendingSet(frame_set, labels, self._assembler.rebaselined, words)
        self._played = max(self._played, frame_set.frame_set_id + 1)
        self._pending.append(pending)
        self.waiting_changes += frame_set.change_count
        yield write_set(self._name, frame_set, labels, pending.rebaselined, tags_as_text=self.tags_as_text)
        if pending.rebaselined:
            self._next_image = min(self._next_image, frame_set.frame_set_id)
        if frame_set.frame_set_id >= self._next_image:
            image = self._assembler.memory_image()
            if image is not None:
                self._next_image = frame_set.frame_set_id + MEMORY_IMAGE_SETS
                yield WriteMemory(self._name, frame_set.frame_set_id, image)

    def _stored(self, now: int) -> Iterator[Effect]:
        pending = self._take_pending()
        frame_set = pending.frame_set
        self._recent.remember(frame_set)
        self._counts = self._counts.with_set(frame_set)
        yield Send(Ack(frame_set.frame_set_id, self._take_commands()))
        yield publish_set(self._name, frame_set, pending.labels, self.counts)
        flawed = self._counts.lost.flawed
        if not frame_set.whole and (flawed <= FLAW_LINES or flawed % FLAW_LINES_EVERY == 0):
            flaws = ", ".join(frame_set.flaws)
            yield Notify(
                f"frame set {frame_set.frame_set_id} is not whole: {flaws} ({counted(flawed, 'such set')} so far)"
            )
        for fired in self._alarms.observe(frame_set, pending.rebaselined, pending.words):
            yield from self._alarm(fired, now)
        yield from self._close()

    def _not_stored(self, refusal: str, now: int) -> Iterator[Effect]:
        """Go back to a frame set that the disk refused; the script sends it again.

        Sets after it are refused as well; only the first one counts.
        """
        number = self._pending[0].frame_set.frame_set_id
        if number < self._assembler.next_set:
            self._assembler.go_back([(refused.frame_set, refused.rebaselined) for refused in self._pending])
            self._assembler.recall(self._recent.sets)
            self._next_image = min(self._next_image, number)
        self._take_pending()
        self.problem = refusal
        if self.state is SessionState.LIVE:
            yield Notify(f"stopped recording. {refusal}")
        yield Send(Farewell(refusal))
        if self._enter(Trigger.NOT_STORED, now):
            yield self._announce()
        yield from self._close()

    def _take_pending(self) -> _PendingSet:
        pending = self._pending.popleft()
        self.waiting_changes -= pending.frame_set.change_count
        return pending

    def _welcome(self, now: int) -> Iterator[Effect]:
        """Go live: the disk is ready, and has everything that was sent before."""
        if not self._enter(Trigger.OPENED, now):
            yield Send(Farewell("the session was ended meanwhile"))
            return
        self._was_welcomed = True
        self._cut_off = None
        self.problem = ""
        if self.latched != _NO_LABELS:
            self._show_latched()
        yield self._announce()
        yield Send(Welcome(self._name, self.token, self.next_set))
        opening = f"goes on at frame set {self.next_set} with" if self.next_set else "records"
        yield Notify(f"{opening} {self.identity.game_name} from {self.hello.client} ({self.hello.reader} reads)")
        if not self.next_set:
            yield Notify(config_sentence(self.identity, self.hello))

    def _not_opened(self, refusal: str, now: int) -> Iterator[Effect]:
        """Turn the connection away until the disk takes something again."""
        if not self._enter(Trigger.NOT_OPENED, now):
            yield Send(Farewell("the session was ended meanwhile"))
            return
        if not self.problem:
            yield Notify(f"cannot record. {refusal}")
        self.problem = refusal
        yield self._announce()
        yield Send(Farewell(refusal))

    def _disconnected(self, reason: str, now: int) -> Iterator[Effect]:
        """Wait for another connection. A set that only lacked its screenshot is stored."""
        if self.state is not SessionState.LIVE:
            return
        yield from self._store_waiting()
        self._enter(Trigger.DISCONNECTED, now)
        yield self._announce()
        yield from self._log(now, "connection_lost", {"reason": reason})
        yield Notify(f"lost its emulator ({reason}), waiting for it to come back")

    def _end(self, reason: str, now: int) -> Iterator[Effect]:
        """End the session. A set in progress that never ended is not kept."""
        if self.state is SessionState.ENDED:
            return
        yield from self._store_waiting()
        if self._cut_off is None:
            self._ended, self._ended_by = now, reason
        else:
            moment = datetime.fromtimestamp(self._cut_off / 1000, UTC)
            self._ended, self._ended_by = self._cut_off, f"it was cut off at {moment:%Y-%m-%d %H:%M:%S} UTC: {reason}"
        self._enter(Trigger.ENDED, now)
        yield from self._close()

    def _store_waiting(self) -> Iterator[Effect]:
        waiting = self._assembler.disconnected()
        if waiting is not None:
            yield from self._store(waiting)

    def _close(self) -> Iterator[Effect]:
        """Complete the files of a session that has ended, once all of it is stored."""
        if not self.finished:
            return
        if self.undelivered:
            details = {"first": self.undelivered.start, "last": self.undelivered.stop - 1}
            yield from self._log(self._ended or self.since, "undelivered", details)
        if not self.is_empty:
            yield write_metadata(self.metadata())
        yield self._announce()
        yield Close(self._name, discard=self.is_empty)

    def _alarm(self, fired: Fired, now: int) -> Iterator[Effect]:
        """Carry out an alarm that has fired, and say so."""
        alarm, action = fired.alarm, fired.alarm.rule.action
        name = MARK if action is Action.MARK else "alarm"
        yield from self._log_event(EventRecord(now, name, fired.number, fired.frame, fired.details))
        self._fired += 1
        if self._fired <= FLAW_LINES or self._fired % FLAW_LINES_EVERY == 0:
            yield Notify(f"fired the alarm {alarm.title} in frame set {fired.number}: {fired.details['value']}")
        if alarm.rule.label is None:
            return
        field, value = alarm.rule.label.field, alarm.rule.label.value
        tags = [*(self.latched.tags if action is Action.LATCH else ()), value]
        try:
            edit = checked_edit({field: tags if field == "tags" else value})
        except LabelError as error:
            yield from self._log(now, "error", {"text": str(error)})
            return
        if action is Action.LABEL:
            yield Labelled(fired.number, edit, alarm.title[:MAX_NAME], ALARM)
        elif self.state is not SessionState.ENDED:
            yield from self._latch(edit, alarm.title[:MAX_NAME], ALARM)

    def _latch(self, edit: Edit, who: str, origin: str) -> Iterator[Effect]:
        if not LATCHABLE.issuperset(edit):
            raise LabelError(f"Only {', '.join(sorted(LATCHABLE))} can be latched.")
        before, after = self.latched.differences(self.latched.edited(edit))
        if not after:
            return
        self.latched = self.latched.edited(after)
        self._show_latched()
        yield self._announce()
        yield Latched(SetEdit(self.next_set, before, after), who, origin)

    def _latch_by_key(self, event: Event) -> Iterator[Effect]:
        """Latch what a hotkey in the emulator stands for; the same key again empties the field."""
        field, value = event.details.get("field"), event.details.get("value")
        if isinstance(field, str) and field in LATCHABLE - {"tags"} and isinstance(value, str):
            now = getattr(self.latched, field)
            try:
                edit = checked_edit({field: "" if now == value else value})
            except LabelError as error:
                yield from self._log(event.time, "error", {"text": str(error)})
            else:
                yield from self._latch(edit, "player", "emulator")

    def _show_latched(self) -> None:
        values = (value for value in self.latched.as_map().values() if value)
        text = ", ".join(" ".join(value) if isinstance(value, list) else str(value) for value in values)
        self._command(Command("show", {"text": text}))

    def _command(self, command: Command) -> None:
        """Queue a command for the script, sent with the next acknowledgement; the latest of a name."""
        self._commands[command.name] = command

    def _take_commands(self) -> tuple[Command, ...]:
        commands = tuple(self._commands.values())
        self._commands.clear()
        return commands

    def _go_on_from(self, restored: RestoredState) -> None:
        last = restored.counts.last
        next_set = 0 if last is None else last + 1
        self._assembler = Assembler(self.hello, next_set)
        self._assembler.recall(restored.recent)
        self._assembler.load_memory(restored.memory)
        for frame_set in restored.recent:
            self._recent.remember(frame_set)
        self._counts = restored.counts
        self.latched, self.tags_as_text = restored.latched, restored.tags_as_text
        self._next_image = next_set
        self._was_welcomed = True
        if restored.ended_by:
            self._ended, self._ended_by = restored.until, restored.ended_by
            self.state, self.since = SessionState.ENDED, restored.until
        else:
            self._cut_off = restored.until
            self.state, self.since = SessionState.LOST, restored.found

    def _enter(self, trigger: Trigger, now: int) -> bool:
        """Enter the state that follows, and return whether any does."""
        following = TRANSITIONS[self.state].get(trigger)
        if following is not None:
            self.state, self.since = following, now
        return following is not None

    def _announce(self) -> Publish:
        return Publish(Topic.SESSION, {"session": self.summary()})

    def _log(self, now: int, name: str, details: Mapping[str, str | int]) -> Iterator[Effect]:
        return self._log_event(EventRecord(now, name, self.next_set, None, details))

    def _log_event(self, event: EventRecord) -> Iterator[Effect]:
        yield append_event(self._name, event)
        yield Publish(Topic.EVENT, {"session": self._name, "event": event.as_map()})

    @property
    def _name(self) -> str:
        return self.identity.session_id
