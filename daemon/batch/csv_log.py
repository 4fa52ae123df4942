"""The rows of the original's log, without a header and in the order of `COLUMNS`, as columns. Pure.

They are read a block at a time. A line that is odd in any way (quotes, a wrong number of columns, digits that are none)
is looked at by itself, which is slow but says what is wrong with it.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from daemon.batch.digits import FIELD, Bools, Offsets, Windows, decimal, hex_words, names, windows
from protocol.changes import U16, U32
from protocol.documents import MAX_FREQ

__all__ = ["COLUMNS", "Fault", "LogRows", "parse_rows"]

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

_TIMESTAMP, _REGION, _FRAME, _ADDRESS, _PREVIOUS, _CURRENT, _FREQ, _PC, _HISTORY, _KEYS, _SET, _CHUNK = range(12)
_COMMA, _NEWLINE, _RETURN, _QUOTE = b',\n\r"'
_PADDING = b"\0" * (2 * FIELD)
_REGION_NAME = re.compile(r"[A-Za-z0-9_.-]{1,32}")
_WORD = re.compile(r"[0-9A-Fa-f]{8}")
_NUMBER = re.compile(r"[0-9]+")
_MOST_DIGITS = 10
"""Of a number that is not a time; more than a frame counter or the name of a folder ever has."""
_MOST_TIME_DIGITS = 2 * FIELD

I64: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Fault:
    """A line that is not a row of the log.

    Args:
        line: its number, from 1.
        reason: what is wrong with it.
        text: the line, without its end.
        header: whether it is nothing worse than a header.
    """

    line: int
    reason: str
    text: bytes
    header: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LogRows:
    """Rows of the log as columns of shape (n,), in the order of their lines.

    Args:
        line: line numbers, from 1.
        timestamp: ms since the epoch.
        region: index of the region's name in `regions`.
        frame: the emulator's frame counter.
        address: bus address.
        previous: value before.
        current: value now.
        freq: how often the address changed in the last 100 frames.
        pc: program counter.
        frame_set: frame set id.
        chunk: chunk id.
        history_from: where `key_history` begins in `text`.
        keys_from: where `current_keys` begins, one after the end of `key_history`.
        keys_to: where `current_keys` ends.
        regions: names of regions.
        text: what the offsets point into.
    """

    line: I64
    timestamp: I64
    region: I64
    frame: I64
    address: U32
    previous: U32
    current: U32
    freq: U16
    pc: U32
    frame_set: I64
    chunk: I64
    history_from: I64
    keys_from: I64
    keys_to: I64
    regions: tuple[str, ...]
    text: bytes

    def __len__(self) -> int:
        return len(self.line)

    def keys(self, row: int) -> tuple[bytes, bytes]:
        """Return `(key_history, current_keys)` of a row as they stand in the log."""
        keys_from = self.keys_from[row]
        return self.text[self.history_from[row] : keys_from - 1], self.text[keys_from : self.keys_to[row]]


def parse_rows(block: bytes, first_line: int = 1) -> tuple[LogRows, list[Fault]]:
    """Read a part of a log.

    Lines may end in LF or CRLF, fields may be quoted as CSV does; a quoted field can not hold the end of a line. Empty
    lines are passed over.

    Args:
        block: whole lines; the end of the last one may be missing. No byte order mark.
        first_line: the number of its first line.

    Returns:
        The rows, and the lines that are none.
    """
    text = _PADDING + block + (b"" if block.endswith(b"\n") or not block else b"\n") + _PADDING
    lines = _Lines(text)
    rows, good = _tidy_rows(text, lines)
    odd = np.ones(len(lines.starts), bool)
    odd[rows.line[good]] = False
    faults: list[Fault] = []
    mended: list[tuple[int, list[str]]] = []
    for number in np.flatnonzero(odd).tolist():
        line = text[lines.starts[number] : lines.ends[number]]
        if not line.strip():
            continue
        cells = _cells(line)
        reason = _problem(cells)
        if reason:
            faults.append(Fault(first_line + number, reason, line, header=reason == _HEADER))
        else:
            mended.append((number, cells))
    if not good.all():
        rows = _pick(rows, np.flatnonzero(good))
    if mended:
        rows = _with_mended(rows, mended)
    rows.line[:] += first_line
    return rows, faults


class _Lines:
    """Where the lines of a padded text and their separators are.

    Attributes:
        starts: where each line begins, shape (lines,).
        ends: one past where it ends, without CR and LF, shape (lines,).
        tidy: whether it has eleven commas and no quote, shape (lines,).
        separators: of the tidy lines: where each of their fields ends but for the last, whose LF it is; shape (m, 12).
    """

    def __init__(self, text: bytes) -> None:
        characters = np.frombuffer(text, np.uint8)
        separators = np.flatnonzero((characters == _COMMA) | (characters == _NEWLINE))
        last = np.flatnonzero(characters[separators] == _NEWLINE)
        newlines = separators[last]
        counts = np.diff(last, prepend=-1)
        self.starts: Offsets = np.concatenate(([len(_PADDING)], newlines[:-1] + 1))[: len(newlines)]
        self.ends: Offsets = newlines - (characters[newlines - 1] == _RETURN)
        self.tidy: Bools = counts == len(COLUMNS)
        if b'"' in text:
            self.tidy[np.searchsorted(newlines, np.flatnonzero(characters == _QUOTE))] = False
        if not self.tidy.all():
            separators = separators[np.repeat(self.tidy, counts)]
        self.separators: Offsets = separators.reshape(-1, len(COLUMNS))


def _tidy_rows(text: bytes, lines: _Lines) -> tuple[LogRows, Bools]:
    """Read the tidy lines; `line` counts from 0. A row that is not good means nothing."""
    view = windows(text)
    line = np.flatnonzero(lines.tidy)
    ends = np.ascontiguousarray(lines.separators.T)
    ends[_CHUNK] = lines.ends[line]
    starts = np.empty_like(ends)
    starts[0] = lines.starts[line]
    starts[1:] = ends[:-1] + 1

    timestamp, good = _long_decimal(view, starts[_TIMESTAMP], ends[_TIMESTAMP])
    region, regions, fine = _regions(view, starts[_REGION], ends[_REGION])
    good &= fine
    numbers = {}
    for column in (_FRAME, _FREQ, _SET, _CHUNK):
        numbers[column], fine = decimal(view, starts[column], ends[column])
        good &= fine
    words = {}
    for column in (_ADDRESS, _PREVIOUS, _CURRENT, _PC):
        words[column], fine = hex_words(view, starts[column], ends[column])
        good &= fine
    good &= numbers[_FREQ] <= MAX_FREQ
    rows = LogRows(
        line=line,
        timestamp=timestamp,
        region=region,
        frame=numbers[_FRAME].view(np.int64),
        address=words[_ADDRESS],
        previous=words[_PREVIOUS],
        current=words[_CURRENT],
        freq=numbers[_FREQ].astype(np.uint16),
        pc=words[_PC],
        frame_set=numbers[_SET].view(np.int64),
        chunk=numbers[_CHUNK].view(np.int64),
        history_from=starts[_HISTORY],
        keys_from=starts[_KEYS],
        keys_to=ends[_KEYS],
        regions=regions,
        text=text,
    )
    return rows, good


def _long_decimal(view: Windows, starts: Offsets, ends: Offsets) -> tuple[I64, Bools]:
    """Read whole numbers of nine to sixteen digits: times."""
    middle = ends - FIELD
    high, good = decimal(view, np.minimum(starts, middle), middle)
    low, fine = decimal(view, middle, ends)
    values = high.view(np.int64) * np.int64(10**FIELD) + low.view(np.int64)
    return values, good & fine & (starts < middle)


def _regions(view: Windows, starts: Offsets, ends: Offsets) -> tuple[I64, tuple[str, ...], Bools]:
    codes, good = names(view, starts, ends)
    index = np.zeros(len(codes), np.int64)
    known: list[str] = []
    begins = np.flatnonzero(np.diff(codes, prepend=~codes[:1]))
    for code in sorted(set(codes[begins].tolist())):
        name = code.to_bytes(FIELD, "little").rstrip(b"\0").decode("latin-1")
        if _REGION_NAME.fullmatch(name):
            index[codes == code] = len(known)
            known.append(name)
        else:
            good &= codes != code
    return index, tuple(known), good


_HEADER = "it is a header"


def _cells(line: bytes) -> list[str]:
    text = line.decode("utf-8", "replace")
    try:
        return next(csv.reader((text,)), [])
    except csv.Error:
        return [text]


def _problem(cells: Sequence[str]) -> str:
    """Say what is wrong with a line, or nothing."""
    if cells[0].strip().casefold() == COLUMNS[0]:
        return _HEADER
    if len(cells) != len(COLUMNS):
        return f"it has {len(cells)} columns instead of {len(COLUMNS)}"
    for column in (_TIMESTAMP, _FRAME, _FREQ, _SET, _CHUNK):
        if not _NUMBER.fullmatch(cells[column]):
            wrong = "negative" if cells[column].startswith("-") else "not a whole number"
            return f"its {COLUMNS[column]} is {wrong}"
        if len(cells[column]) > (_MOST_TIME_DIGITS if column == _TIMESTAMP else _MOST_DIGITS):
            return f"its {COLUMNS[column]} is too large"
    for column in (_ADDRESS, _PREVIOUS, _CURRENT, _PC):
        if not _WORD.fullmatch(cells[column]):
            wrong = "negative" if cells[column].startswith("-") else "not 8 hex digits"
            return f"its {COLUMNS[column]} is {wrong}"
    if int(cells[_FREQ]) > MAX_FREQ:
        return f"its {COLUMNS[_FREQ]} is more than {MAX_FREQ}"
    if not _REGION_NAME.fullmatch(cells[_REGION]):
        return f"its {COLUMNS[_REGION]} can not be the name of a region"
    return ""


def _with_mended(rows: LogRows, mended: Sequence[tuple[int, list[str]]]) -> LogRows:
    """Put rows that were read one by one in their places among the others."""
    regions = list(rows.regions)
    text = bytearray(rows.text)
    table = []
    for number, cells in mended:
        if cells[_REGION] not in regions:
            regions.append(cells[_REGION])
        history_from = len(text)
        text += cells[_HISTORY].encode() + b","
        keys_from = len(text)
        text += cells[_KEYS].encode()
        table.append(
            (
                number,
                int(cells[_TIMESTAMP]),
                regions.index(cells[_REGION]),
                int(cells[_FRAME]),
                *(int(cells[column], 16) for column in (_ADDRESS, _PREVIOUS, _CURRENT)),
                int(cells[_FREQ]),
                int(cells[_PC], 16),
                int(cells[_SET]),
                int(cells[_CHUNK]),
                history_from,
                keys_from,
                len(text),
            )
        )
    columns = np.array(table, np.int64).T
    arrays = {
        name: np.concatenate((getattr(rows, name), column.astype(getattr(rows, name).dtype)))
        for name, column in zip(_ARRAYS, columns, strict=True)
    }
    whole = LogRows(**arrays, regions=tuple(regions), text=bytes(text))
    return _pick(whole, np.argsort(whole.line))


def _pick(rows: LogRows, order: Offsets) -> LogRows:
    arrays = {name: getattr(rows, name)[order] for name in _ARRAYS}
    return LogRows(**arrays, regions=rows.regions, text=rows.text)


_ARRAYS = tuple(field.name for field in fields(LogRows) if field.name not in {"regions", "text"})
