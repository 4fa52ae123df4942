"""The beginning of a log, and what makes a file none. Shell: reads, never writes."""

from collections.abc import Iterator
from pathlib import Path

from daemon.importing.csv_log import Fault, LogRows, parse_rows
from protocol.errors import LogError
from protocol.wording import sentence

__all__ = ["LONGEST_LINE", "first_time", "too_long", "without_mark"]

LONGEST_LINE = 1 << 16
"""Bytes of a line; one that is longer is none of a log."""

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def first_time(path: Path) -> int:
    """Return the time of a log's first row in ms since the epoch.

    Raises:
        LogError: it cannot be read, is no text, or has no row.
    """
    fault: Fault | None = None
    for rows, faults in _parts(path):
        if len(rows):
            return int(rows.timestamp[0])
        fault = fault or next((fault for fault in faults if not fault.header), None)
    if fault is not None:
        raise LogError(sentence(f"{path} is not a log: no line is a row of it. Line {fault.line}: {fault.reason}"))
    raise LogError(f"{path} is empty.")


def without_mark(data: bytes) -> bytes:
    """Return the beginning of a log without its byte order mark."""
    return data.removeprefix(_BYTE_ORDER_MARK)


def too_long(path: Path, line: int) -> str:
    """Say that a line is too long to be one of a log."""
    return f"{path}, line {line}: a line of more than {LONGEST_LINE} bytes. This is not a log."


def _parts(path: Path) -> Iterator[tuple[LogRows, list[Fault]]]:
    line, rest = 1, b""
    try:
        with path.open("rb", buffering=0) as file:
            while data := file.read(LONGEST_LINE):
                if line == 1 and not rest:
                    data = without_mark(data)
                data = rest + data
                end = data.rfind(b"\n") + 1
                rest = data[end:]
                if len(rest) > LONGEST_LINE:
                    raise LogError(too_long(path, line + data.count(b"\n")))
                rows, faults = parse_rows(data[:end], line)
                line += rows.lines
                yield rows, faults
    except OSError as error:
        raise LogError(f"The log {path} cannot be read ({error.strerror or error}).") from error
    yield parse_rows(rest, line)
