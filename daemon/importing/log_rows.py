"""The rows of a log: 12 columns, no header, read by the csv module and checked. Pure."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from protocol.changes import U32
from protocol.regions import REGION_NAME
from protocol.session.change_rows import MAX_FREQ
from protocol.session.frame_set import ScanChanges
from protocol.wording import counted

__all__ = ["COLUMNS", "Fault", "LogRows", "read_rows"]


@dataclass(frozen=True, slots=True, eq=False)
class LogRows:
    """Rows that follow each other and are of the same chunk, frame and frame set.

    Args:
        log: the log's name.
        line: the line of the first row in it, from 1.
        frame_set: frame set id.
        timestamp: ms since the epoch, as the last row says; so are the next three.
        pc: program counter.
        key_history: the last combinations of keys, oldest first, joined by ` | `.
        current_keys: the keys held, joined by `+`; `None` where none is.
        changes: the changes of the chunk at the frame.
    """

    log: str
    line: int
    frame_set: int
    timestamp: int
    pc: int
    key_history: str
    current_keys: str
    changes: ScanChanges

    @property
    def place(self) -> str:
        """Where they are, for people."""
        return f"{self.log}:{self.line}"


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not a row.

    Args:
        log: the log's name.
        line: its number, from 1.
        reason: what is wrong with it.
        text: the line, without its end.
        is_header: whether it is nothing worse than a header.
    """

    log: str
    line: int
    reason: str
    text: str
    is_header: bool = False

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return f"{self.log}:{self.line}"


class _Field:
    """The form of a column's values.

    Args:
        form: a regular expression.
        wrong: what is wrong with a value of another form.
        too_large: what is wrong with a whole number of another form; empty where it is the same.
    """

    def __init__(self, form: str, wrong: str, too_large: str = "") -> None:
        self._every = re.compile(rf"(?:(?:{form})\n)*", re.DOTALL)
        self._wrong = wrong
        self._too_large = too_large or wrong

    def fits(self, values: Iterable[str]) -> bool:
        """Say whether all values have the form: one match for all of them takes a fifth of the time."""
        return self._every.fullmatch("\n".join((*values, ""))) is not None

    def problem(self, value: str) -> str:
        """Say what is wrong with a value; empty where it has the form."""
        if self.fits([value]):
            return ""
        if value.startswith("-"):
            return "is negative"
        return self._too_large if re.fullmatch("[0-9]+", value) else self._wrong


# No frame counter and no name of a folder ever has more than ten digits.
_NUMBER = _Field("[0-9]{1,10}", "is not a whole number", "is too large")
_WORD = _Field("[0-9A-Fa-f]{8}", "is not 8 hex digits")
_ANYTHING = _Field(".*", "")

_FIELDS = {
    "timestamp": _Field("[0-9]{1,16}", "is not a whole number", "is too large"),
    "region": _Field(REGION_NAME.pattern, "cannot be the name of a region"),
    "frame": _NUMBER,
    "address": _WORD,
    "prev_val": _WORD,
    "curr_val": _WORD,
    "freq": _Field(f"0*[0-9]{{1,{len(str(MAX_FREQ))}}}", "is not a whole number", f"is more than {MAX_FREQ}"),
    "pc": _WORD,
    "key_history": _ANYTHING,
    "current_keys": _ANYTHING,
    "frame_set_id": _NUMBER,
    "chunk_id": _NUMBER,
}

COLUMNS = tuple(_FIELDS)
"""The columns in their order."""


def read_rows(
    batches: Iterable[Sequence[str]], found: Callable[[Fault], None], log: str = "log.csv", separator: str = ","
) -> Iterator[LogRows]:
    """Read the rows of a log.

    Lines may end in LF or CRLF, fields may be quoted as CSV does; a quoted field cannot hold the end of a line. Empty
    lines are passed over.

    Args:
        batches: its lines, many at a time.
        found: called with each line that is not a row.
        log: its name.
        separator: the character between two fields.

    Yields:
        The rows.
    """
    first_line = 1
    for lines in batches:
        rows = _batch(lines, separator)
        if rows is not None:
            yield from _grouped(rows, log, first_line)
        else:
            yield from _line_by_line(lines, found, log, first_line, separator)
        first_line += len(lines)


def _batch(lines: Sequence[str], separator: str) -> list[tuple[str, ...]] | None:
    """Read many rows at once, as columns; None where one of the lines is not a row."""
    try:
        rows = list(csv.reader(lines, delimiter=separator))
        columns = list(zip(*rows, strict=True))
    except (csv.Error, ValueError):
        return None
    if len(rows) != len(lines) or len(columns) != len(COLUMNS):  # A quoted field may have gone on in the next line.
        return None
    if not all(field.fits(values) for field, values in zip(_FIELDS.values(), columns, strict=True)):
        return None
    return columns


def _line_by_line(
    lines: Sequence[str], found: Callable[[Fault], None], log: str, first_line: int, separator: str
) -> Iterator[LogRows]:
    for line, text in enumerate(lines, first_line):
        if not text.strip():
            continue
        cells = _cells(text, separator)
        is_header = cells[0].strip().casefold() == COLUMNS[0] or text.casefold().startswith("sep=")
        problem = "it is a header" if is_header else _problem(cells)
        if problem:
            found(Fault(log, line, problem, text.rstrip("\r\n"), is_header))
        else:
            yield from _grouped([(cell,) for cell in cells], log, line)


def _cells(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader((text,), delimiter=separator))
    except csv.Error:
        return [text]


def _problem(cells: Sequence[str]) -> str:
    if len(cells) != len(COLUMNS):
        return f"it has {counted(len(cells), 'column')} instead of {len(COLUMNS)}"
    for (name, field), cell in zip(_FIELDS.items(), cells, strict=True):
        problem = field.problem(cell)
        if problem:
            return f"its {name} {problem}"
    return ""


def _grouped(columns: Sequence[Sequence[str]], log: str, first_line: int) -> Iterator[LogRows]:
    """Group rows that were checked by chunk, frame and frame set."""
    times, regions, frames, addresses, before, now, freqs, pcs, histories, keys, sets, chunks = columns
    address, previous, current = _words(addresses), _words(before), _words(now)
    freq = np.array([int(each) for each in freqs], np.uint16)
    start = 0
    for (number, frame, region, chunk), rows in groupby(zip(sets, frames, regions, chunks, strict=True)):
        end = start + len(list(rows))
        scan = slice(start, end)
        yield LogRows(
            log=log,
            line=first_line + start,
            frame_set=int(number),
            timestamp=int(times[end - 1]),
            pc=int(pcs[end - 1], 16),
            key_history=histories[end - 1],
            current_keys=keys[end - 1],
            changes=ScanChanges(
                region, int(chunk), int(frame), address[scan], previous[scan], current[scan], freq[scan]
            ),
        )
        start = end


def _words(hex_digits: Sequence[str]) -> U32:
    return np.frombuffer(bytes.fromhex("".join(hex_digits)), ">u4").astype(np.uint32)
