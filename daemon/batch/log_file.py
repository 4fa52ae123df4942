"""A log as blocks of rows, however large it is. Shell: reads, never writes."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from daemon.batch.csv_log import Fault, LogRows, parse_rows
from protocol.errors import LogError

__all__ = ["LogBlock", "first_time", "read_log"]

_BLOCK_BYTES = 4 << 20
_LONGEST_LINE = 1 << 16
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True, eq=False)
class LogBlock:
    """A part of a log.

    Args:
        rows: its rows.
        faults: its lines that are no rows.
        size: bytes it has in the file.
    """

    rows: LogRows
    faults: list[Fault]
    size: int


def read_log(path: Path, block_bytes: int = _BLOCK_BYTES) -> Iterator[LogBlock]:
    """Read a log, a block at a time.

    Raises:
        LogError: it can not be read, or is no text.
    """
    line = 1
    rest = b""
    try:
        with path.open("rb", buffering=0) as file:
            while data := file.read(block_bytes):
                end = data.rfind(b"\n") + 1
                block, rest = (rest + data[:end], data[end:]) if end else (b"", rest + data)
                read = _block(path, block, line, len(data))
                line += read.rows.lines
                if len(rest) > _LONGEST_LINE:
                    raise LogError(
                        f"{path}, line {line}: a line of more than {_LONGEST_LINE} bytes. This is not a log."
                    )
                yield read
    except OSError as error:
        raise LogError(f"The log {path} can not be read ({error.strerror or error}).") from error
    if rest:
        yield _block(path, rest, line, 0)


def first_time(path: Path) -> int:
    """Return the time of a log's first row in ms since the epoch.

    Raises:
        LogError: it can not be read, or has no row.
    """
    fault: Fault | None = None
    for block in read_log(path, _LONGEST_LINE):
        if len(block.rows):
            return int(block.rows.timestamp[0])
        fault = fault or next((fault for fault in block.faults if not fault.header), None)
    if fault is not None:
        raise LogError(f"{path} is not a log: no line is a row of it. Line {fault.line}: {fault.reason}.")
    raise LogError(f"{path} is empty.")


def _block(path: Path, lines: bytes, line: int, size: int) -> LogBlock:
    if line == 1:
        if lines.startswith(_UTF16_MARKS):
            raise LogError(f"{path}, line 1: the file is UTF-16. Save it as UTF-8.")
        lines = lines.removeprefix(_BYTE_ORDER_MARK)
    return LogBlock(*parse_rows(lines, line), size)
