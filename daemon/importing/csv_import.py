"""A log of the original tool, or one of ours, becomes a session. Shell: streams from files to files."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias
from uuid import uuid4

from daemon.disk.durability import Durability, Unsynced
from daemon.disk.files import map_os_errors
from daemon.importing import block_import
from daemon.importing.beside import FRAME_SETS, Beside, copy_files, find_beside
from daemon.importing.block_import import BlockReport, ImportTools, PartReport
from daemon.importing.bulk_writer import ChecksumJournal, copy_image, write_set
from daemon.importing.crew import Crew
from daemon.importing.import_report import ImportReport
from daemon.importing.log_blocks import BLOCK_BYTES, LogBlock, cut_logs
from daemon.importing.log_file import first_time
from daemon.importing.log_form import PlainLog, plain_logs
from daemon.importing.set_completer import SetCompleter
from daemon.importing.set_ledger import SetLedger, set_facts
from daemon.importing.snapshots import Snapshots
from daemon.importing.staging import Staging, require_free
from protocol.disk import patiently, read_file
from protocol.errors import SettingsError
from protocol.regions import MAX_FRAMES_PER_SET
from protocol.session.layout import SessionFolder
from protocol.session.metadata import CONFIG_CONTENT, SessionMetadata
from protocol.version import PACKAGE_VERSION
from resources.config_files import find_game_config, read_game_config
from resources.game_config import Severity

__all__ = ["REJECTED_ROWS", "ImportOptions", "import_log"]

REJECTED_ROWS = SessionFolder(Path()).rejected_rows.name
"""Lines of the log that are no rows, kept in the session's folder: file, line, reason, text."""

Progress: TypeAlias = Callable[[int], None]
"""Told how many more bytes of the log are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """Options of an import: its source and its target.

    Args:
        logs: the log, or the parts that it was rotated into, in any order.
        output: the data folder.
        snapshots: the folder of screenshots; None takes `snapshots` beside the first log, if there is one.
        session_name: the session's name; empty makes one of the time of the first row.
        game_config: says which keyboard key was which console button; None leaves the names as they are.
        num_frames: frames in a frame set.
        cleanup: whether to delete the screenshots that are in the session, when all of it is there.
        dry_run: whether to read everything and write nothing.

    Raises:
        SettingsError: an option has an impossible value.
    """

    logs: Sequence[Path]
    output: Path
    snapshots: Path | None = None
    session_name: str = ""
    game_config: Path | None = None
    num_frames: int = 5
    cleanup: bool = False
    dry_run: bool = False

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
        progress: told how far the logs are read.

    Returns:
        What was found.

    Raises:
        GbatraceError: something that was named cannot be used, the session exists, or the disk refused. Nothing was
            changed.
    """
    with plain_logs(options.logs) as plain:
        return _Import(options, progress, plain).run()


class _Import:
    """One import, from the first look at what was named to the last deletion."""

    def __init__(self, options: ImportOptions, progress: Progress, plain: Mapping[Path, PlainLog]) -> None:
        self._options = options
        self._progress = progress
        self._plain = plain
        times = {log: first_time(plain[log].path) for log in options.logs}
        self._logs = sorted(options.logs, key=lambda log: times[log])
        self._created = times[self._logs[0]]
        self._report = ImportReport(options.session_name or f"{_stamp(self._created)}-imported")
        require_free(options.output, self._report.session_id)
        self._config = None
        if options.game_config is not None:
            self._config = read_game_config(find_game_config(options.game_config, options.output), Severity.NOTE)
        self._beside = find_beside(self._logs[0]) if len(self._logs) == 1 else None
        self._keys = {} if self._beside or self._config is None else self._config.keys
        self._snapshots = Snapshots(_snapshot_folder(options.snapshots, self._logs[0]))
        self._ledger = SetLedger(options.num_frames, self._report)
        self._uuid = str(uuid4())
        self._lines = dict.fromkeys(range(len(self._logs)), 0)
        self._unknown_keys: set[str] = set()
        self._unreadable: dict[int, str] = {}

    def run(self) -> ImportReport:
        if self._options.dry_run:
            self._receive(None)
            self._take_notes()
            return self._report
        with Staging(self._options.output, self._report.session_id) as staging:
            staging.writer.write_metadata(self._metadata())
            self._receive(staging)
            if self._beside:
                made_anew = (FRAME_SETS, self._beside.session.folder.metadata.name, staging.folder.checksums.name)
                copy_files(self._beside.session.folder, staging.folder.path, without=(*made_anew, REJECTED_ROWS))
            self._take_notes()
            staging.writer.write_metadata(self._metadata())
            session = staging.publish()
        if self._options.cleanup:
            self._clean_up(session)
        return self._report

    def _receive(self, staging: Staging | None) -> None:
        """Let every frame set be made, and enter it in the ledger."""
        logs = [self._plain[log].path for log in self._logs]
        tools = ImportTools(
            logs=tuple(log.absolute() for log in logs),
            snapshots=self._snapshots.folder.absolute() if self._snapshots.numbers else None,
            beside=self._beside.session.folder.path if self._beside else None,
            keys=self._keys,
            target=staging.folder.path.absolute() if staging else None,
        )
        blocks = sum(log.stat().st_size for log in logs) // BLOCK_BYTES
        with ExitStack() as stack:
            checksums = stack.enter_context(ChecksumJournal(staging.folder)) if staging else None
            crew = stack.enter_context(Crew[LogBlock, BlockReport](block_import.__name__, tools, blocks))
            for block in crew.results(cut_logs(logs)):
                self._enter(block, staging, checksums)
            if self._beside:
                self._complete(self._beside, staging, checksums)

    def _enter(self, block: BlockReport, staging: Staging | None, checksums: ChecksumJournal | None) -> None:
        """Take what came of a block."""
        before = [self._lines[part.span.log] for part in block.parts]
        for part in block.parts:
            self._reject(part, staging)
            self._report.rows += part.rows
            self._lines[part.span.log] += part.lines
        for made in block.sets:
            log = block.parts[made.part].span.log
            place = f"{self._logs[log].name}:{before[made.part] + made.line}"
            jump = self._ledger.enter(made.facts, place)
            if staging and checksums:
                checksums.add(made.checksums)
                if jump is not None:
                    staging.writer.append_event(jump)
        self._unknown_keys |= block.unknown_keys
        self._unreadable |= block.unreadable
        self._progress(sum(part.span.size for part in block.parts))

    def _complete(self, beside: Beside, staging: Staging | None, checksums: ChecksumJournal | None) -> None:
        """Take what stands beside the log alone: frame sets in which nothing changed, and memory images."""
        completer = SetCompleter(self._snapshots, beside)
        for number in self._ledger.missing(beside.numbers()):
            complete = completer.unlogged(number)
            if complete is None:
                continue
            self._ledger.enter(set_facts(complete.frame_set, known=True))
            if staging and checksums:
                line = write_set(staging.folder, complete.frame_set, complete.labels, complete.sighted)
                checksums.add(line)
        if staging and checksums:
            for number, image in beside.session.memory_images().items():
                checksums.add(copy_image(staging.folder, number, image))

    def _reject(self, part: PartReport, staging: Staging | None) -> None:
        log, before = self._logs[part.span.log].name, self._lines[part.span.log]
        kept = io.StringIO()
        table = csv.writer(kept, lineterminator="\n")
        for fault in part.faults:
            line = before + fault.line
            if fault.header:
                self._report.note("A header was passed over", f"{log}:{line}")
                continue
            self._report.reject(f"{log}:{line}", fault)
            table.writerow((log, line, fault.reason, fault.text.decode("utf-8", "backslashreplace")))
        if kept.tell() and staging:
            path = staging.folder.path / REJECTED_ROWS
            with map_os_errors(path), path.open("a", encoding="utf-8", newline="") as file:
                file.write(kept.getvalue())

    def _take_notes(self) -> None:
        note = self._report.note
        for number, problem in sorted(self._unreadable.items()):
            self._report.refuse(str(self._snapshots.path(number)), problem)
        for log in self._logs:
            if form := self._plain[log].form:
                note(f"{log.name} was not saved as the original saves it, and was read all the same: {form}")
        if len(self._logs) > 1:
            note(f"The logs were read in the order of their times: {', '.join(log.name for log in self._logs)}")
        if self._report.largest_set > self._options.num_frames:
            note(
                f"Frame sets have up to {self._report.largest_set} frames, not {self._options.num_frames}: "
                "the original script needed a sixth frame for the last bytes. "
                "With --num_frames 6 the session says so, and datasets have six frames a step"
            )
        if self._unknown_keys:
            keys = ", ".join(sorted(self._unknown_keys))
            note(f"Keys that no console button has in {self._config and self._config.file} were left out: {keys}")
        unused = len(self._ledger.missing(self._snapshots.numbers))
        if unused:
            note(f"{unused:,} screenshots belong to no frame set of the log")

    def _metadata(self) -> SessionMetadata:
        ledger, report = self._ledger, self._report
        counted: dict[str, Any] = {
            "session_id": report.session_id,
            "total_frame_sets": report.frame_sets,
            "first_set": ledger.first,
            "last_set": ledger.last,
            "source_csv": "; ".join(log.name for log in self._logs),
            "is_custom_name": bool(self._options.session_name),
        }
        if self._beside:
            return replace(self._beside.session.metadata, **counted)
        return SessionMetadata(
            **counted,
            created=self._created,
            num_frames_per_set=self._options.num_frames,
            game_config=self._config.file if self._config else "",
            game_name=self._config.game if self._config else "",
            resume_sha256="",
            ended=ledger.last_time or None,
            ended_by="imported from a log",
            uuid=self._uuid,
            recorder={
                "imported": {"gbatrace_version": PACKAGE_VERSION, **report.as_map()},
                **({CONFIG_CONTENT: dict(self._config.content)} if self._config else {}),
            },
            lost=ledger.lost,
        )

    def _clean_up(self, session: SessionFolder) -> None:
        """Delete each screenshot of which the session is seen to have a copy, once a power cut can take none of it."""
        unsynced = Unsynced(Durability.POWER)
        unsynced.wrote((*session.path.rglob("*"), session.path, session.path.parent))
        unsynced.sync()
        deleted = 0
        with map_os_errors(self._snapshots.folder):
            for number in self._snapshots.numbers:
                source, copy = self._snapshots.path(number), session.screenshot(number)
                if copy.is_file() and read_file(copy) == read_file(source):
                    patiently(source.unlink)
                    deleted += 1
            if deleted and not any(self._snapshots.folder.iterdir()):
                self._snapshots.folder.rmdir()
        self._report.note(f"{deleted:,} screenshots were deleted, the session has them")


def _stamp(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000).astimezone().strftime("%Y%m%d-%H%M%S")


def _snapshot_folder(named: Path | None, log: Path) -> Path | None:
    if named is not None:
        return named
    beside = log.with_name("snapshots")
    return beside if beside.is_dir() else None
