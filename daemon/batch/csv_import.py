"""A log of the original tool, or one of ours, becomes a session. Shell: streams from files to files."""

import csv
import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

from daemon.batch.beside import FRAME_SETS, copy_files, find_beside
from daemon.batch.bulk_writer import BulkWriter
from daemon.batch.buttons import Buttons
from daemon.batch.csv_log import Fault
from daemon.batch.game_config_check import button_keys
from daemon.batch.import_report import ImportReport
from daemon.batch.log_file import first_time, read_log
from daemon.batch.log_sets import LogSets
from daemon.batch.set_completer import CompleteSet, SetCompleter
from daemon.batch.snapshots import Snapshots
from daemon.batch.staging import Staging, require_free
from daemon.files import guarded
from daemon.game_configs import GameConfig, parse_game_config
from protocol.documents import SessionMetadata
from protocol.errors import ConfigError, SettingsError
from protocol.layout import SessionFolder
from protocol.regions import MAX_FRAMES_PER_SET
from protocol.version import PACKAGE_VERSION

__all__ = ["REJECTED_ROWS", "ImportOptions", "import_log"]

REJECTED_ROWS = "rejected_rows.csv"
"""Lines of the log that are no rows, kept in the session's folder: file, line, reason, text."""

Progress: TypeAlias = Callable[[int], None]
"""Told how many more bytes of the log are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What to import, and into what.

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
        GbatraceError: something that was named can not be used, the session exists, or the disk refused. Nothing was
            changed.
    """
    return _Import(options, progress).run()


class _Import:
    """One import, from the first look at what was named to the last deletion."""

    def __init__(self, options: ImportOptions, progress: Progress) -> None:
        self._options = options
        self._progress = progress
        times = {log: first_time(log) for log in options.logs}
        self._logs = sorted(options.logs, key=lambda log: times[log])
        self._created = times[self._logs[0]]
        self._report = ImportReport(options.session_name or f"{_stamp(self._created)}-imported")
        require_free(options.output, self._report.session_id)
        self._config, keys = _game_config(options.game_config)
        self._beside = find_beside(self._logs[0]) if len(self._logs) == 1 else None
        self._buttons = Buttons({} if self._beside else keys)
        self._snapshots = Snapshots(_snapshot_folder(options.snapshots, self._logs[0]))
        self._completer = SetCompleter(self._snapshots, self._beside, options.num_frames, self._report)
        self._rejected_rows: Path | None = None

    def run(self) -> ImportReport:
        if self._options.dry_run:
            for _complete in self._sets():
                pass
            self._take_notes()
            return self._report
        with Staging(self._options.output, self._report.session_id) as staging:
            self._rejected_rows = staging.folder.path / REJECTED_ROWS
            staging.writer.write_metadata(self._metadata())
            with BulkWriter(staging.folder) as writer:
                for complete in self._sets():
                    writer.write(complete.frame_set, complete.labels, complete.sighted)
                    if complete.jump is not None:
                        staging.writer.append_event(complete.jump)
                if self._beside:
                    files = self._beside.session.folder
                    for number in self._beside.session.memory_images():
                        writer.copy_image(number, files.memory_image(number))
                    made_anew = (FRAME_SETS, files.metadata.name, files.checksums.name, REJECTED_ROWS)
                    copy_files(files, staging.folder.path, without=made_anew)
            self._take_notes()
            staging.writer.write_metadata(self._metadata())
            session = staging.publish()
        if self._options.cleanup:
            self._clean_up(session)
        return self._report

    def _sets(self) -> Iterator[CompleteSet]:
        log_sets = LogSets(self._buttons)
        for log in self._logs:
            for block in read_log(log):
                self._reject(log, block.faults)
                self._report.rows += len(block.rows)
                yield from map(self._completer.complete, log_sets.receive(block.rows, log.name))
                self._progress(block.size)
        yield from map(self._completer.complete, log_sets.finish())
        yield from self._completer.remaining()

    def _reject(self, log: Path, faults: Sequence[Fault]) -> None:
        kept = io.StringIO()
        table = csv.writer(kept, lineterminator="\n")
        for fault in faults:
            if fault.header:
                self._report.note("A header was passed over", f"{log.name}:{fault.line}")
                continue
            self._report.reject(f"{log.name}:{fault.line}", fault)
            table.writerow((log.name, fault.line, fault.reason, fault.text.decode("utf-8", "backslashreplace")))
        if kept.tell() and self._rejected_rows:
            with guarded(self._rejected_rows), self._rejected_rows.open("a", encoding="utf-8", newline="") as file:
                file.write(kept.getvalue())

    def _take_notes(self) -> None:
        note = self._report.note
        if len(self._logs) > 1:
            note(f"The logs were read in the order of their times: {', '.join(log.name for log in self._logs)}")
        if self._report.largest_set > self._options.num_frames:
            note(
                f"Frame sets have up to {self._report.largest_set} frames, not {self._options.num_frames}: "
                "the original script needed a sixth frame for the last bytes"
            )
        if self._buttons.unknown:
            keys = ", ".join(sorted(self._buttons.unknown))
            note(f"Keys that no console button has in {self._config and self._config.file} were left out: {keys}")
        unused = self._completer.unused_snapshots()
        if unused:
            note(f"{unused:,} screenshots belong to no frame set of the log")

    def _metadata(self) -> SessionMetadata:
        completer, report = self._completer, self._report
        counted: dict[str, Any] = {
            "session_id": report.session_id,
            "total_frame_sets": report.frame_sets,
            "first_set": completer.first,
            "last_set": completer.last,
            "source_csv": "; ".join(map(str, self._logs)),
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
            resume="",
            ended=completer.last_time or None,
            ended_by="imported from a log",
            recorder={"imported": {"gbatrace_version": PACKAGE_VERSION, **report.as_map()}},
            lost=completer.lost,
        )

    def _clean_up(self, session: SessionFolder) -> None:
        """Delete each screenshot of which the session is seen to have a copy."""
        deleted = 0
        with guarded(self._snapshots.folder):
            for number in self._snapshots.numbers:
                source, copy = self._snapshots.path(number), session.screenshot(number)
                if copy.is_file() and copy.read_bytes() == source.read_bytes():
                    source.unlink()
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


def _game_config(path: Path | None) -> tuple[GameConfig | None, dict[str, str]]:
    if path is None:
        return None, {}
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"The game config {path} can not be read ({error.strerror or error}).") from None
    return parse_game_config(path.name, data), button_keys(path.name, data)
