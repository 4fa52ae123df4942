"""The rows of a log: 12 columns of CSV, no header, taken apart and checked. Pure."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from protocol.changes import U16, U32
from protocol.regions import REGION_NAME
from protocol.session.change_rows import MAX_FREQ
from protocol.session.frame_set import ScanChanges
from protocol.wording import counted

__all__ = ["COLUMNS", "Fault", "LogRows", "read_rows"]

COLUMNS = (
    "timestamp",
    "region",
    "frame",
    "address",
    "prev_val",
    "curr_val",
    "freq",
    "pc",
    "key_history",
    "current_keys",
    "frame_set_id",
    "chunk_id",
)
"""The columns in their order."""

_WHOLE_NUMBER = re.compile("[0-9]+")
_MOST_DIGITS = 10
"""Digits of a number that is not a time; more than a frame counter or the name of a folder ever has."""
_MOST_TIME_DIGITS = 16

_USUAL_FREQS = {str(freq): freq for freq in range(128)}
"""Numbers that are at most a hundred or so, as those of changes in the last 100 frames."""


@dataclass(frozen=True, slots=True, eq=False)
class LogRows:
    """Rows in a row that differ in their words alone, mostly those of a chunk at a frame.

    Args:
        log: the log's name.
        line: the line of the first row in it, from 1.
        frame_set: frame set id.
        timestamp: ms since the epoch.
        pc: program counter.
        key_history: the last combinations of keys, oldest first, joined by ` | `.
        current_keys: the keys held, joined by `+`; `None` where none is.
        changes: the words, with their region, chunk and frame.
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
        """File and first line of the rows, as `log:line`."""
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
        """File and line of the row, as `log:line`."""
        return f"{self.log}:{self.line}"


def read_rows(
    batches: Iterable[Sequence[str]], on_fault: Callable[[Fault], None], log: str = "log.csv", separator: str = ","
) -> Iterator[LogRows]:
    """Read the rows of a log.

    Lines may end in LF or CRLF, fields may be quoted as CSV does; a quoted field cannot hold the end of a line. Empty
    lines are skipped.

    Args:
        batches: its lines, many at a time.
        on_fault: called with each line that is not a row.
        log: its name.
        separator: the character between two fields.

    Yields:
        The rows.
    """
    first_line = 1
    for lines in batches:
        try:
            rows = _read(lines, log, first_line, separator)
        except ValueError:
            yield from _line_by_line(lines, on_fault, log, first_line, separator)
        else:
            yield from rows
        first_line += len(lines)


def _line_by_line(
    lines: Sequence[str], on_fault: Callable[[Fault], None], log: str, first_line: int, separator: str
) -> Iterator[LogRows]:
    for line, text in enumerate(lines, first_line):
        start = text.strip().casefold()
        try:
            if start.startswith((COLUMNS[0], f'"{COLUMNS[0]}', "sep=")):
                on_fault(Fault(log, line, "it is a header", text.rstrip("\r\n"), is_header=True))
            elif start:
                yield from _read([text], log, line, separator)
        except ValueError as error:
            on_fault(Fault(log, line, str(error), text.rstrip("\r\n")))


def _read(lines: Sequence[str], log: str, first_line: int, separator: str) -> list[LogRows]:
    """Read rows, a column at a time.

    Raises:
        ValueError: a line is not a row. Of a single line it says what is wrong.
    """
    columns = _columns(lines, separator)
    times, regions, frames, addresses, before, now, freqs, pcs, histories, keys, sets, chunks = columns
    address, previous, current = _words("address", addresses), _words("prev_val", before), _words("curr_val", now)
    freq, pc = _freqs(freqs), _words("pc", pcs)
    found: list[LogRows] = []
    start = 0
    for facts, same in groupby(zip(times, regions, frames, pcs, histories, keys, sets, chunks, strict=True)):
        time, region, frame, _, history, held, number, chunk = facts
        end = start + len(list(same))
        if not REGION_NAME.fullmatch(region):
            raise ValueError("its region cannot be the name of a region")
        scan = slice(start, end)
        found.append(
            LogRows(
                log=log,
                line=first_line + start,
                frame_set=_number("frame_set_id", number),
                timestamp=_number("timestamp", time, _MOST_TIME_DIGITS),
                pc=int(pc[start]),
                key_history=history,
                current_keys=held,
                changes=ScanChanges(
                    region=region,
                    chunk=_number("chunk_id", chunk),
                    frame=_number("frame", frame),
                    addresses=address[scan],
                    previous=previous[scan],
                    current=current[scan],
                    freq=freq[scan],
                ),
            )
        )
        start = end
    return found


def _columns(lines: Sequence[str], separator: str) -> Sequence[Sequence[str]]:
    """Take lines apart, into a text of each line for each column.

    Raises:
        ValueError: a line has another number of columns, or is not one of CSV.
    """
    text = separator.join([line.rstrip("\r\n") for line in lines])
    if {line.count(separator) for line in lines} == {len(COLUMNS) - 1} and not any(sign in text for sign in '"\r\n'):
        fields = text.split(separator)  # Without quotes that is what the csv module does, in a quarter of its time.
        return [fields[place :: len(COLUMNS)] for place in range(len(COLUMNS))]
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:
        raise ValueError("it is not a line of CSV") from None
    columns = list(zip(*rows, strict=True))
    if len(columns) != len(COLUMNS) or len(rows) != len(lines):  # A quoted field may have gone on in the next line.
        raise ValueError(f"it has {counted(len(columns), 'column')} instead of {len(COLUMNS)}")
    return columns


def _words(name: str, texts: Sequence[str]) -> U32:
    """Read words of 8 hex digits. `fromhex` skips blanks, but then there are too few digits."""
    if set(map(len, texts)) == {8}:
        with suppress(ValueError):
            words = np.frombuffer(bytes.fromhex("".join(texts)), ">u4")
            if len(words) == len(texts):
                return words.astype(np.uint32)
    raise ValueError(f"its {name} is {'negative' if texts[0].startswith('-') else 'not 8 hex digits'}")


def _freqs(texts: Sequence[str]) -> U16:
    """Read numbers most of which come many times."""
    with suppress(KeyError):
        return np.fromiter(map(_USUAL_FREQS.__getitem__, texts), np.uint16, len(texts))
    values = {text: _number("freq", text) for text in set(texts)}
    if max(values.values()) > MAX_FREQ:
        raise ValueError(f"its freq is more than {MAX_FREQ}")
    return np.array([values[text] for text in texts], np.uint16)


def _number(name: str, text: str, most_digits: int = _MOST_DIGITS) -> int:
    if not _WHOLE_NUMBER.fullmatch(text):
        raise ValueError(f"its {name} is {'negative' if text.startswith('-') else 'not a whole number'}")
    if len(text) > most_digits:
        raise ValueError(f"its {name} is too large")
    return int(text)
