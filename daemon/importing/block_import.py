"""A block of a log becomes the folders of its frame sets. Shell: reads the log, writes the folders.

Blocks know nothing of each other: several are worked on at a time, each in a process of its own (see `crew`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.importing.beside import Beside
from daemon.importing.bulk_writer import write_set
from daemon.importing.buttons import Buttons
from daemon.importing.csv_log import Fault, parse_rows
from daemon.importing.log_blocks import LogBlock, Span
from daemon.importing.log_file import without_mark
from daemon.importing.log_sets import LoggedSet, LogSets
from daemon.importing.set_completer import SetCompleter
from daemon.importing.set_ledger import SetFacts, set_facts
from daemon.importing.snapshots import Snapshots
from protocol.errors import LogError
from protocol.session.layout import SessionFolder

__all__ = ["BlockReport", "ImportTools", "PartReport", "SetReport", "open_work"]


@dataclass(frozen=True, slots=True)
class ImportTools:
    """Tools that every block of an import is made with.

    Args:
        logs: the logs.
        snapshots: the folder of screenshots, if there is one.
        beside: the folder of what stands beside the log, if there is one.
        keys: keyboard key by console button.
        target: the session's folder, which exists; None to write nothing.
    """

    logs: tuple[Path, ...]
    snapshots: Path | None
    beside: Path | None
    keys: Mapping[str, str]
    target: Path | None


@dataclass(frozen=True, slots=True)
class SetReport:
    """A frame set that was written.

    Args:
        part: the part of the block in which its first row is.
        line: the line of that part, from 1.
        facts: what is remembered of it.
        checksums: its line for `checksums.jsonl`; empty where nothing was written.
    """

    part: int
    line: int
    facts: SetFacts
    checksums: bytes


@dataclass(frozen=True, slots=True)
class PartReport:
    """A span of a block that was read.

    Args:
        span: the span.
        lines: how many lines it has, rows or not.
        rows: how many rows.
        faults: its lines that are no rows, counted from 1.
    """

    span: Span
    lines: int
    rows: int
    faults: list[Fault]


@dataclass(frozen=True, slots=True)
class BlockReport:
    """A block that was imported.

    Args:
        parts: its spans.
        sets: its frame sets, in the order of the log.
        unknown_keys: keys that no console button has, of this block and those before it.
        unreadable: what is wrong with files that are no screenshots, by the number in their name; of those as well.
    """

    parts: list[PartReport]
    sets: list[SetReport]
    unknown_keys: frozenset[str]
    unreadable: dict[int, str]


def open_work(tools: ImportTools) -> Callable[[LogBlock], BlockReport]:
    """Get ready for the blocks of an import.

    Raises:
        LogError: what stands beside the log, or the folder of screenshots, cannot be read.
    """
    return _BlockImport(tools).convert


class _BlockImport:
    def __init__(self, tools: ImportTools) -> None:
        self._tools = tools
        self._folder = SessionFolder(tools.target) if tools.target else None
        self._buttons = Buttons(tools.keys)
        beside = Beside(tools.beside) if tools.beside else None
        self._snapshots = Snapshots(tools.snapshots)
        self._completer = SetCompleter(self._snapshots, beside)

    def convert(self, block: LogBlock) -> BlockReport:
        log_sets = LogSets(self._buttons)
        parts: list[PartReport] = []
        sets: list[SetReport] = []
        for place, span in enumerate(block):
            rows, faults = parse_rows(self._read(span))
            parts.append(PartReport(span, rows.lines, len(rows), faults))
            sets.extend(map(self._store, log_sets.receive(rows, place)))
        sets.extend(map(self._store, log_sets.finish()))
        return BlockReport(parts, sets, frozenset(self._buttons.unknown), dict(self._snapshots.unreadable))

    def _read(self, span: Span) -> bytes:
        log = self._tools.logs[span.log]
        try:
            with log.open("rb", buffering=0) as file:
                file.seek(span.start)
                data = file.read(span.size)
        except OSError as error:
            raise LogError(f"The log {log} cannot be read ({error.strerror or error}).") from error
        return data if span.start else without_mark(data)

    def _store(self, logged: LoggedSet) -> SetReport:
        complete = self._completer.complete(logged.frame_set)
        line = b""
        if self._folder is not None:
            line = write_set(self._folder, complete.frame_set, complete.labels, complete.sighted)
        facts = set_facts(complete.frame_set, known=complete.known)
        return SetReport(logged.part, logged.line, facts, line)
