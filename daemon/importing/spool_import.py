"""Import of spool folders, sent to a recorder of its own as the script would do. Shell.

So the game, its config and the session are those that the script was recording: a session that was cut off goes on.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_urlsafe
from uuid import uuid4

from daemon.background import Background
from daemon.disk.data_folder import has_session, prepare_data_folder
from daemon.disk.durability import Durability
from daemon.disk.files import map_os_errors, remove_tree, replace_file
from daemon.labels.history import SetEdit
from daemon.labels.service import LabelService
from daemon.processes.writer_process import WriterProcess, writer_command
from daemon.progress import Progress
from daemon.recording.recorder import Recorder
from daemon.recording.restoring import restore_session
from daemon.recording.sessions import Sessions
from daemon.stopping import run_until_stopped
from daemon.writer.jobs import Sync
from protocol.disk import read_file
from protocol.errors import LogError, MessageError, PeerError, StoreError
from protocol.link.messages import Ack, Bye, Event, Farewell, Hello, Refused, Reply, SetEnd, Welcome
from protocol.link.spool import (
    IMPORTED,
    JOURNAL,
    LOG,
    SNAPSHOTS,
    SpooledSet,
    SpoolOpening,
    SpoolRecord,
    SpoolTerms,
    imported_bytes,
    parse_imported,
    read_records,
)
from protocol.wording import sentence
from resources.config_files import read_game_configs

__all__ = ["SpoolImport", "SpoolReport", "import_spool", "spool_folder"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpoolImport:
    """Options of an import: the spool and its target.

    Args:
        folder: the spool folder.
        output: the data folder.
        session_name: the session's name, where none goes on; empty makes one of time and game.
        game_config: the game config, instead of the one that fits the game.
        cleanup: whether to delete the folder when all of it is stored.
        dry_run: whether to read everything and write nothing.
    """

    folder: Path
    output: Path
    session_name: str = ""
    game_config: Path | None = None
    cleanup: bool = False
    dry_run: bool = False


@dataclass(slots=True)
class SpoolReport:
    """Report of an import.

    Args:
        session_id: the session; empty of a dry run.
        frame_sets: frame sets that are new in it.
        known: frame sets of the spool that it had already.
        goes_on: whether the session was there before.
        messages: sentences for the person at the keyboard.
    """

    session_id: str = ""
    frame_sets: int = 0
    known: int = 0
    goes_on: bool = False
    messages: list[str] = field(default_factory=list)


def spool_folder(named: Path) -> Path | None:
    """Return the spool folder that a person named, itself or its log; None where there is none.

    Raises:
        LogError: it is the folder of several spools.
    """
    folder = named if named.is_dir() else named.parent if named.name == LOG else None
    if folder is None:
        return None
    if not (folder / JOURNAL).is_file():
        if spools := sorted(journal.parent.name for journal in folder.glob(f"*/{JOURNAL}")):
            raise LogError(f"{folder} holds {', '.join(spools)}: import one of them, such as {folder / spools[0]}.")
        return None
    _, opening = next(_records(folder), (0, None))
    return folder if isinstance(opening, SpoolOpening) and opening.greeting else None


def import_spool(options: SpoolImport, progress: Progress) -> SpoolReport:
    """Import a spool folder.

    Args:
        options: what to import.
        progress: called with the bytes of the journal that were delivered since the last call.

    Raises:
        LogError: the journal is damaged, the session is being recorded, or somebody asked to stop: what was stored
            until then stays, and another import goes on after it.
        GbatraceError: something that was named cannot be used, or the disk refused.
    """
    journal = _read_journal(options.folder)
    if options.dry_run:
        return SpoolReport(frame_sets=journal.frame_sets)
    delivery = _Delivery(options, journal, progress)
    run_until_stopped(delivery.run())
    if not delivery.is_done:
        raise LogError("The import was stopped: import the folder again to go on.")
    return delivery.report


@dataclass(frozen=True, slots=True)
class _Journal:
    """The journal of a spool.

    Args:
        hello: the greeting with which the script would send it.
        origin: the number that screenshots are counted from.
        terms: the session that it belongs to; without a name where none was opened.
        first: its first frame set, None where it has none.
        frame_sets: how many frame sets it has.
    """

    hello: Hello
    origin: int
    terms: SpoolTerms
    first: SpooledSet | None
    frame_sets: int


class _Connection:
    """Connection that the recorder sees; keeps its answers, waits while the disk is behind."""

    def __init__(self) -> None:
        self.peer = "the spool"
        self.acknowledged = 0
        self.ending = ""
        self._opening: asyncio.Future[Welcome] = asyncio.get_running_loop().create_future()
        self._answered = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()

    async def welcome(self) -> Welcome:
        await self._until(self._opening.done)
        return self._opening.result()

    async def room(self) -> None:
        await self._until(self._has_room.is_set)

    async def acknowledgements(self, count: int) -> None:
        await self._until(lambda: self.acknowledged >= count)

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            if self.ending:
                raise StoreError(sentence(self.ending))
            self._answered.clear()
            await self._answered.wait()

    def send(self, reply: Reply) -> None:
        match reply:
            case Welcome():
                self._opening.set_result(reply)
            case Ack():
                self.acknowledged += 1
            case Refused(reason) | Farewell(reason):
                self.ending = reason
        self._answered.set()

    def part(self, reason: str) -> None:
        self.farewell(reason)

    def farewell(self, reason: str) -> None:
        self.ending = reason
        self._answered.set()

    def reset(self, reason: str) -> None:
        self.farewell(reason)

    def pause(self) -> None:
        self._has_room.clear()

    def resume(self) -> None:
        self._has_room.set()
        self._answered.set()


class _Delivery:
    """One import."""

    def __init__(self, options: SpoolImport, journal: _Journal, progress: Progress) -> None:
        self._options = options
        self._journal = journal
        self._progress = progress
        self.report = SpoolReport()
        self.is_done = False
        self._terms = journal.terms
        self._now = journal.first.last_time if journal.first else time.time_ns() // 1_000_000
        self._latches: list[tuple[str, SetEdit, str, str]] = []

    async def run(self) -> None:
        options = self._options
        data_folder = prepare_data_folder(options.output, self.report.messages.append)
        sessions = Sessions(
            read_game_configs(data_folder, options.game_config, self.report.messages.append),
            name_is_taken=lambda name: has_session(data_folder, name),
            new_token=lambda: token_urlsafe(16),
            new_uuid=lambda: str(uuid4()),
            session_name=options.session_name,
        )
        restored = restore_session(data_folder, self._terms.token, self._now, self.report.messages.append)
        if restored is not None:
            self._now = max(self._now, restored.since)
        writer = WriterProcess(writer_command(data_folder, Durability.PROCESS), self.report.messages.append)
        await writer.start()
        background = Background()
        try:
            recorder = Recorder(sessions, writer, _ignore, self._latch, _ignore, lambda: self._now)
            labels = LabelService(
                data_folder, background, _ignore, recorder.latch, lambda: self._now, _ignore, sessions.knows
            )
            if restored is not None:
                recorder.take_over(restored)
            try:
                delivered = await self._deliver(recorder)
            finally:
                recorder.end_all("the import of its spool was stopped")
                await recorder.settled()
            await writer.perform(Sync())
            for latch in self._latches:
                await labels.latched(*latch)
            labels.release()
        finally:
            await writer.close()
            background.close()
        if options.cleanup:
            with map_os_errors(options.folder):
                remove_tree(options.folder)
        else:
            self._mark_imported(delivered)
        self.is_done = True

    async def _deliver(self, recorder: Recorder) -> int:
        """Deliver the journal; return how many bytes it has."""
        connection = _Connection()
        recorder.received(connection, self._journal.hello)
        welcome = await connection.welcome()
        self.report.session_id, self.report.goes_on = welcome.session, welcome.session == self._terms.session
        first = self._journal.first.number if self._journal.first else 0
        origin = self._terms.origin if self.report.goes_on else first
        self._terms = SpoolTerms(welcome.session, welcome.resume, origin)
        self._mark_imported(0)
        wanted, delivered, is_new = origin + welcome.next_set, 0, welcome.next_set == 0
        try:
            for end, record in _records(self._options.folder):
                await connection.room()
                if isinstance(record, SpooledSet):
                    is_new = record.number >= wanted
                    self.report.known += not is_new
                if isinstance(record, SpooledSet) and is_new:
                    self._now = max(self._now, record.last_time)
                    self._deliver_set(recorder, connection, record)
                    self.report.frame_sets += 1
                elif isinstance(record, Event) and is_new:
                    recorder.received(connection, record)
                self._progress(end - delivered)
                delivered = end
                await asyncio.sleep(0)
            await connection.acknowledgements(self.report.frame_sets)
            recorder.received(connection, Bye("its spool was imported"))
        except PeerError as error:
            raise _damaged(self._options.folder, error) from None
        return delivered

    def _latch(self, session: str, edit: SetEdit, who: str, origin: str) -> None:
        self._latches.append((session, edit, who, origin))

    def _deliver_set(self, recorder: Recorder, connection: _Connection, spooled: SpooledSet) -> None:
        number = spooled.number - self._terms.origin
        for frame in spooled.frames(number):
            recorder.received(connection, frame)
        png = self._screenshot(spooled) if spooled.has_screenshot else b""
        recorder.received(connection, SetEnd(number, spooled.interruption, False, png, spooled.is_undrawn))  # noqa: FBT003 - as on the wire

    def _screenshot(self, spooled: SpooledSet) -> bytes:
        path = self._options.folder / SNAPSHOTS / f"{spooled.number - self._journal.origin}.png"
        return read_file(path) if path.is_file() else b""

    def _mark_imported(self, journal_bytes: int) -> None:
        """Note for the script and later imports which session has how much of the journal."""
        path = self._options.folder / IMPORTED
        with map_os_errors(path):
            replace_file(path, imported_bytes(journal_bytes, self._terms))


def _records(folder: Path) -> Iterator[tuple[int, SpoolRecord]]:
    """Read the journal of a folder."""
    try:
        with (folder / JOURNAL).open("rb") as file:
            yield from read_records(file.read)
    except OSError as error:
        raise LogError(f"The journal in {folder} cannot be read ({error.strerror or error}).") from None
    except MessageError as error:
        raise _damaged(folder, error) from None


def _read_journal(folder: Path) -> _Journal:
    """Read the journal once; of several records of the game and the session the last one counts.

    Raises:
        LogError: it cannot be read, or is damaged.
    """
    opening, terms = SpoolOpening(0, b""), SpoolTerms("", "", 0)
    first: SpooledSet | None = None
    frame_sets = 0
    for _, record in _records(folder):
        match record:
            case SpoolOpening():
                opening = record
            case SpoolTerms():
                terms = record
            case SpooledSet():
                first = first or record
                frame_sets += 1
    imported = folder / IMPORTED
    if imported.is_file():
        with map_os_errors(imported):
            terms = parse_imported(read_file(imported))[1]
    try:
        return _Journal(opening.hello(terms.token), opening.origin, terms, first, frame_sets)
    except MessageError as error:
        raise _damaged(folder, error) from None


def _damaged(folder: Path, error: PeerError) -> LogError:
    return LogError(sentence(f"The spool in {folder} cannot be delivered: {error}"))


def _ignore(*_arguments: object) -> None:
    """Publish, sync and print nothing: no bus runs, the end syncs, the report is printed."""
