"""Import of logs, the original's or our own, as a session. Shell: streams files to files."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Annotated
from uuid import uuid4

import typer

from daemon.disk.durability import Durability, Unsynced
from daemon.disk.files import map_os_errors
from daemon.importing.import_order import ImportOrderCheck
from daemon.importing.import_report import ImportReport
from daemon.importing.keyboard_map import KeyboardMap
from daemon.importing.log_file import LogFile, open_log
from daemon.importing.log_rows import Fault
from daemon.importing.log_sets import frame_sets
from daemon.importing.snapshots import Snapshots
from daemon.progress import Progress
from daemon.recording.staging import Staging, require_free
from daemon.settings import DATA_FOLDER
from protocol.disk import read_file, retry_while_held
from protocol.errors import LogError, SettingsError
from protocol.link.spool import SNAPSHOTS
from protocol.regions import MAX_FRAMES_PER_SET
from protocol.session.events import EventRecord
from protocol.session.frame_set import FrameSet
from protocol.session.layout import SessionFolder
from protocol.session.metadata import CONFIG_CONTENT, ORIGINAL_REGIONS, SessionMetadata
from protocol.session.word_numbers import WordNumbers, left_out_sentence
from protocol.version import PACKAGE_VERSION
from protocol.wording import counted, sentence
from resources.config_files import find_game_config, read_game_config
from resources.game_config import Severity

__all__ = ["ImportOptions", "import_log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Options of an import, annotated as the command line has them.

    The original's names with `_` are known too.

    Raises:
        SettingsError: an option has an impossible value.
    """

    logs: Annotated[
        list[Path],
        typer.Option("--csv", metavar="FILE", help="The log, or a spool folder; again for each part of a rotated log."),
    ]

    output: Annotated[Path, typer.Option("--output", "--data", metavar="FOLDER", help="Data folder.")] = DATA_FOLDER

    snapshots: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="The screenshots; without it `snapshots` next to the log.")
    ] = None

    session_name: Annotated[
        str,
        typer.Option("--session-name", "--session_name", metavar="NAME", help="Name; without it the time of the log."),
    ] = ""

    game_config: Annotated[
        Path | None,
        typer.Option("--game-config", "--game_config", metavar="FILE", help="Keyboard keys of the console's buttons."),
    ] = None

    num_frames: Annotated[
        int, typer.Option("--num-frames", "--num_frames", metavar="NUMBER", help="Frames in a frame set.")
    ] = 5

    cleanup: bool = False
    """Delete the screenshots, or the spool folder, when all of it is stored."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, write nothing.")] = False

    def __post_init__(self) -> None:
        if not self.logs:
            raise SettingsError("There is no log to import: name it with --csv.")
        if len({log.absolute() for log in self.logs}) < len(self.logs):
            raise SettingsError("The same log is named twice with --csv.")
        if not 1 <= self.num_frames <= MAX_FRAMES_PER_SET:
            raise SettingsError(f"--num_frames must be 1 to {MAX_FRAMES_PER_SET}, not {self.num_frames}.")


def import_log(options: ImportOptions, progress: Progress) -> ImportReport:
    """Import a log.

    Args:
        options: what to import.
        progress: called while the logs are read.

    Returns:
        What was found.

    Raises:
        GbatraceError: something that was named cannot be used, the session exists, or the disk refused. Nothing was
            changed.
    """
    return _Import(options, progress).run()


class _Import:
    """One import, from the first look at what was named to the last deletion."""

    def __init__(self, options: ImportOptions, progress: Progress) -> None:
        self._options = options
        self._progress = progress
        begun = [(_first_time(log), log) for log in map(open_log, options.logs)]
        begun.sort(key=itemgetter(0))
        self._created = begun[0][0]
        self._logs = [log for _, log in begun]
        self._report = ImportReport(options.session_name or f"{_stamp(self._created)}-imported")
        require_free(options.output, self._report.session_id)
        self._config = None
        if options.game_config is not None:
            self._config = read_game_config(find_game_config(options.game_config, options.output), Severity.NOTE)
        self._keyboard = KeyboardMap(self._config.keys if self._config else {})
        self._snapshots = Snapshots(_snapshot_folder(options.snapshots, self._logs[0].path))
        self._order = ImportOrderCheck(options.num_frames, self._report)
        self._uuid = str(uuid4())
        self._words = WordNumbers(ORIGINAL_REGIONS)
        self._left_out = 0

    def run(self) -> ImportReport:
        if self._options.dry_run:
            for _ in self._frame_sets(self._report_fault):
                pass
            self._take_notes()
            return self._report
        with Staging(self._options.output, self._report.session_id) as staging:
            staging.writer.open(self._metadata())
            self._write(staging)
            self._take_notes()
            staging.writer.write_metadata(self._metadata())
            session = staging.publish()
        if self._options.cleanup:
            self._clean_up(session)
        return self._report

    def _write(self, staging: Staging) -> None:
        rejected = staging.folder.rejected_rows
        with map_os_errors(rejected), rejected.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file, lineterminator="\n")

            def reject(fault: Fault) -> None:
                self._report_fault(fault)
                if not fault.is_header:
                    table.writerow((fault.log, fault.line, fault.reason, fault.text))

            for frame_set, jump in self._frame_sets(reject):
                staging.writer.write_frame_set(frame_set)
                if jump is not None:
                    staging.writer.append_event(jump)
        if not self._report.rejected:
            rejected.unlink()

    def _frame_sets(self, on_fault: Callable[[Fault], None]) -> Iterator[tuple[FrameSet, EventRecord | None]]:
        """Yield the frame sets of all logs, complete and counted, each with the jump before it."""
        rows = chain.from_iterable(log.rows(on_fault, self._progress) for log in self._logs)
        for place, logged in frame_sets(rows, self._keyboard):
            png, flaws = self._snapshots.find(logged.frame_set_id)
            frame_set = replace(logged, flaws=(*logged.flaws, *flaws), png=png)
            self._report.rows += frame_set.change_count
            self._left_out += self._words.count_left_out(frame_set)
            yield frame_set, self._order.enter(frame_set, place)

    def _report_fault(self, fault: Fault) -> None:
        if fault.is_header:
            self._report.note("A header was skipped", fault.place)
        else:
            self._report.reject(fault)

    def _take_notes(self) -> None:
        note = self._report.note
        for number, problem in sorted(self._snapshots.unreadable.items()):
            self._report.refuse(str(self._snapshots.path(number)), problem)
        for log in self._logs:
            if log.odd_form:
                note(f"{log.name} was not saved as the original saves it, and was read all the same: {log.odd_form}")
            if (older := log.path.with_suffix(".beside")).is_dir():
                note(
                    f"{older.name}, which an earlier version of gbatrace exported with the log, was not read: "
                    "only a copy of a session's folder keeps everything"
                )
        if len(self._logs) > 1:
            note(f"The logs were read in the order of their times: {', '.join(log.name for log in self._logs)}")
        if self._report.largest_set > self._options.num_frames:
            note(
                f"Frame sets have up to {self._report.largest_set} frames, not {self._options.num_frames}: "
                "the original script needed a sixth frame for the last bytes. "
                "With --num_frames 6 the session says so, and datasets have six frames a step"
            )
        if self._left_out:
            note(left_out_sentence(self._left_out))
        if self._keyboard.unknown:
            keys = ", ".join(sorted(self._keyboard.unknown))
            note(f"Keys that no console button has in {self._config and self._config.file} were left out: {keys}")
        unused = len(self._order.missing(self._snapshots.numbers))
        if unused:
            belong = "belongs" if unused == 1 else "belong"
            note(f"{counted(unused, 'screenshot')} {belong} to no frame set of the log")

    def _metadata(self) -> SessionMetadata:
        return SessionMetadata(
            session_id=self._report.session_id,
            created=self._created,
            total_frame_sets=self._report.frame_sets,
            num_frames_per_set=self._options.num_frames,
            first_set=self._order.first,
            last_set=self._order.last,
            source_csv="; ".join(log.name for log in self._logs),
            game_config=self._config.file if self._config else "",
            is_custom_name=bool(self._options.session_name),
            game_name=self._config.game if self._config else "",
            resume_sha256="",
            ended=self._order.last_time or None,
            ended_by="imported from a log",
            uuid=self._uuid,
            recorder={
                "imported": {"gbatrace_version": PACKAGE_VERSION, **self._report.as_map()},
                **({CONFIG_CONTENT: dict(self._config.content)} if self._config else {}),
            },
            lost=self._order.lost,
        )

    def _clean_up(self, session: SessionFolder) -> None:
        """Delete each screenshot that the session has, after its copy was forced out to the medium."""
        unsynced = Unsynced(Durability.POWER)
        unsynced.wrote((*session.path.rglob("*"), session.path, session.path.parent))
        unsynced.sync()
        deleted = 0
        with map_os_errors(self._snapshots.folder):
            for number in self._snapshots.numbers:
                source, copy = self._snapshots.path(number), session.screenshot(number)
                if copy.is_file() and read_file(copy) == read_file(source):
                    retry_while_held(source.unlink)
                    deleted += 1
            if deleted and not any(self._snapshots.folder.iterdir()):
                self._snapshots.folder.rmdir()
        self._report.note(f"Deleted {counted(deleted, 'screenshot')} that the session has")


def _first_time(log: LogFile) -> int:
    """Return the time of a log's first row in ms since the epoch.

    Raises:
        LogError: it has none.
    """
    faults: list[Fault] = []

    def keep_first(fault: Fault) -> None:
        if not faults and not fault.is_header:
            faults.append(fault)

    for rows in log.rows(keep_first):
        return rows.timestamp
    if not faults:
        raise LogError(f"{log.path} is empty.")
    wrong = f"Line {faults[0].line}: {faults[0].reason}"
    raise LogError(sentence(f"{log.path} is not a log: no line is a row of it. {wrong}"))


def _stamp(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y%m%d-%H%M%S")


def _snapshot_folder(named: Path | None, log: Path) -> Path | None:
    if named is not None:
        return named
    usual = log.with_name(SNAPSHOTS)
    return usual if usual.is_dir() else None
