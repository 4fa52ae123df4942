"""Where a log can be cut: between two frame sets, so that each block is read by itself. Shell: reads, never writes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeAlias

import numpy as np

from daemon.importing.csv_log import parse_rows
from daemon.importing.log_file import LONGEST_LINE, too_long
from protocol.errors import LogError

__all__ = ["BLOCK_BYTES", "LogBlock", "Span", "cut_logs"]

BLOCK_BYTES = 1 << 20
"""Bytes of a block, more or less: small enough for a processor's cache, large enough for numpy."""

_LOOK = 1 << 16
"""Bytes in which the end of a frame set is looked for at a time."""


@dataclass(frozen=True, slots=True)
class Span:
    """Whole lines of a log that follow each other.

    Args:
        log: the log's place in the list of logs.
        start: where it begins, bytes from the start of the log.
        size: its bytes.
    """

    log: int
    start: int
    size: int


LogBlock: TypeAlias = tuple[Span, ...]
"""Whole frame sets: one span, or several where a set goes on in the next log."""


def cut_logs(logs: Sequence[Path], block_bytes: int = BLOCK_BYTES) -> Iterator[LogBlock]:
    """Cut logs into blocks. A frame set is in one block, unless it comes again later.

    Raises:
        LogError: a log cannot be read, or is no text.
    """
    block: LogBlock = ()
    for place, log in enumerate(logs):
        start = 0
        try:
            with log.open("rb", buffering=0) as file:
                size = file.seek(0, 2)
                for cut in _cuts(file, log, size, block_bytes):
                    yield (*block, Span(place, start, cut - start))
                    block, start = (), cut
        except OSError as error:
            raise LogError(f"The log {log} cannot be read ({error.strerror or error}).") from error
        if start < size:
            block = (*block, Span(place, start, size - start))
    if block:
        yield block


def _cuts(file: BinaryIO, log: Path, size: int, block_bytes: int) -> Iterator[int]:
    """Yield where blocks end, ascending, each about `block_bytes` after the one before."""
    at = block_bytes
    while at < size:
        cut = _next_set(file, log, at)
        if cut is None:
            return
        yield cut
        at = cut + block_bytes


def _next_set(file: BinaryIO, log: Path, at: int) -> int | None:
    """Return where the first frame set after `at` begins; None where there is none."""
    file.seek(at)
    data = file.read(_LOOK)
    at += data.find(b"\n") + 1
    data = data[data.find(b"\n") + 1 :]
    while True:
        more = file.read(_LOOK)
        data += more
        end = data.rfind(b"\n") + 1 if more else len(data)
        if len(data) - end > LONGEST_LINE:
            raise LogError(too_long(log, _line(log, at + end)))
        rows, _ = parse_rows(data[:end])
        begins = np.flatnonzero(rows.frame_set[1:] != rows.frame_set[:-1])
        if len(begins):
            return at + _start_of_line(data, int(rows.line[begins[0] + 1]))
        if not more:
            return None
        last = data.rfind(b"\n", 0, max(end - 1, 0)) + 1
        if len(parse_rows(data[last:end])[0]):  # Of what is all one set, one row says which.
            data, at = data[last:], at + last


def _start_of_line(data: bytes, line: int) -> int:
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    return int(ends[line - 2]) + 1 if line > 1 else 0


def _line(log: Path, place: int) -> int:
    """Count the lines before a place, which is seldom asked for."""
    with log.open("rb") as file:
        lines = 1
        while place > 0:
            data = file.read(min(place, BLOCK_BYTES))
            if not data:
                break
            lines += data.count(b"\n")
            place -= len(data)
    return lines
