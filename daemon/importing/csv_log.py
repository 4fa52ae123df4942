"""The rows of the original's log, without a header and in the order of `COLUMNS`, as columns. Pure.

They are read a block at a time. A line that is odd in any way (quotes, a wrong number of columns, digits that are none)
is looked at by itself, which is slow but says what is wrong with it.
"""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from daemon.importing.digits import FIELD, Bools, Offsets, Windows, decimal, hex_words, names, windows
from daemon.importing.uniform_rows import LONGEST_TAIL, UniformRows, uniform_rows
from protocol.changes import U16, U32
from protocol.regions import REGION_NAME
from protocol.session.change_rows import MAX_FREQ
from protocol.wording import counted

__all__ = ["COLUMNS", "I64", "Fault", "LogRows", "parse_rows"]

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
_PADDING = b"\0" * LONGEST_TAIL
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
    """Rows of the log as columns, in the order of their lines.

    What a row says of its frame and chunk is the same in hundreds of rows in a row. Such a *run* of rows tells it once.

    Args:
        address: bus address, shape (rows,).
        previous: value before, shape (rows,).
        current: value now, shape (rows,).
        freq: how often the address changed in the last 100 frames, shape (rows,).
        first: the first row of each run, shape (runs,).
        line: its line number, from 1, shape (runs,).
        timestamp: ms since the epoch, shape (runs,).
        region: index of the region's name in `regions`, shape (runs,).
        frame: the emulator's frame counter, shape (runs,).
        pc: program counter, shape (runs,).
        frame_set: frame set id, shape (runs,).
        chunk: chunk id, shape (runs,).
        history_from: where `key_history` of the run's last row begins in `text`, shape (runs,).
        keys_from: where its `current_keys` begins, one after the end of `key_history`, shape (runs,).
        keys_to: where that ends, shape (runs,).
        regions: names of regions.
        text: what the offsets point into.
        lines: how many lines the part of the log has, rows or not.
    """

    address: U32
    previous: U32
    current: U32
    freq: U16
    first: I64
    line: I64
    timestamp: I64
    region: I64
    frame: I64
    pc: U32
    frame_set: I64
    chunk: I64
    history_from: I64
    keys_from: I64
    keys_to: I64
    regions: tuple[str, ...]
    text: bytes
    lines: int

    def __len__(self) -> int:
        return len(self.address)


def parse_rows(block: bytes, first_line: int = 1) -> tuple[LogRows, list[Fault]]:
    """Read a part of a log.

    Lines may end in LF or CRLF, fields may be quoted as CSV does; a quoted field cannot hold the end of a line. Empty
    lines are passed over.

    Args:
        block: whole lines; the end of the last one may be missing. No byte order mark.
        first_line: the number of its first line.

    Returns:
        The rows, and the lines that are none.
    """
    text = _padded(block)
    uniform = None if b'"' in block else uniform_rows(text, len(_PADDING), len(text) - len(_PADDING))
    if uniform is not None:
        told, faults = _any_rows(_padded(uniform.lines), first_line)
        if not faults and len(told) == len(uniform.first):
            return _with_words(told, uniform, first_line), []
    return _any_rows(text, first_line)


def _padded(block: bytes) -> bytes:
    ending = b"" if block.endswith(b"\n") or not block else b"\n"
    return b"".join((_PADDING, block, ending, _PADDING))


def _with_words(told: LogRows, uniform: UniformRows, first_line: int) -> LogRows:
    """Put the words of all rows to what one row of each run told."""
    first = uniform.first[told.first]
    return replace(
        told,
        address=uniform.address,
        previous=uniform.previous,
        current=uniform.current,
        freq=uniform.freq,
        first=first,
        line=first + first_line,
        lines=len(uniform.address),
    )


def _any_rows(text: bytes, first_line: int) -> tuple[LogRows, list[Fault]]:
    """Read rows of any layout, in a padded text."""
    lines = _Lines(text)
    rows, good = _tidy_rows(text, lines, first_line)
    if len(rows) == len(lines.starts) and good.all():
        return rows, []
    odd = np.ones(len(lines.starts), bool)
    odd[np.flatnonzero(lines.tidy)[good]] = False
    faults: list[Fault] = []
    mended: list[tuple[int, list[str]]] = []
    for at in np.flatnonzero(odd).tolist():
        line = text[lines.starts[at] : lines.ends[at]]
        if not line.strip():
            continue
        cells = _cells(line)
        reason = _problem(cells)
        if reason:
            faults.append(Fault(first_line + at, reason, line, header=reason == _HEADER))
        else:
            mended.append((first_line + at, cells))
    return _with_mended(rows, good, first_line + np.flatnonzero(lines.tidy), mended), faults


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


_RUN_COLUMNS = (_REGION, _FRAME, _PC, _SET, _CHUNK)
"""Columns that are the same in all rows of a run, besides the time."""


def _tidy_rows(text: bytes, lines: _Lines, first_line: int) -> tuple[LogRows, Bools]:
    """Read the tidy lines; what a row says that is not good means nothing."""
    view = windows(text)
    line = np.flatnonzero(lines.tidy)
    ends = np.ascontiguousarray(lines.separators.T)
    ends[_CHUNK] = lines.ends[line]
    starts = np.empty_like(ends)
    starts[0] = lines.starts[line]
    starts[1:] = ends[:-1] + 1

    address, good = hex_words(view, starts[_ADDRESS], ends[_ADDRESS])
    previous, fine = hex_words(view, starts[_PREVIOUS], ends[_PREVIOUS])
    good &= fine
    current, fine = hex_words(view, starts[_CURRENT], ends[_CURRENT])
    good &= fine
    freq, fine = decimal(view, starts[_FREQ], ends[_FREQ])
    good &= fine & (freq <= MAX_FREQ)

    first = _runs(view, starts, ends)
    last = np.append(first[1:], len(line))[: len(first)] - 1
    numbers = {}
    timestamp, sound = _long_decimal(view, starts[_TIMESTAMP, first], ends[_TIMESTAMP, first])
    region, regions, fine = _regions(view, starts[_REGION, first], ends[_REGION, first])
    sound &= fine
    for column in (_FRAME, _SET, _CHUNK):
        numbers[column], fine = decimal(view, starts[column, first], ends[column, first])
        sound &= fine
    pc, fine = hex_words(view, starts[_PC, first], ends[_PC, first])
    sound &= fine
    if not sound.all():
        good &= np.repeat(sound, last + 1 - first)
    rows = LogRows(
        address=address,
        previous=previous,
        current=current,
        freq=freq.astype(np.uint16),
        first=first,
        line=line[first] + first_line,
        timestamp=timestamp,
        region=region,
        frame=numbers[_FRAME].view(np.int64),
        pc=pc,
        frame_set=numbers[_SET].view(np.int64),
        chunk=numbers[_CHUNK].view(np.int64),
        history_from=starts[_HISTORY, last],
        keys_from=starts[_KEYS, last],
        keys_to=ends[_KEYS, last],
        regions=regions,
        text=text,
        lines=len(lines.starts),
    )
    return rows, good


def _runs(view: Windows, starts: Offsets, ends: Offsets) -> Offsets:
    """Find the rows that are not as the row before: of fields as long as there, the last eight characters tell.

    A longer field is none of a tidy row, except a time; the eight characters before are looked at as well.
    """
    begins = np.ones(starts.shape[1], bool)
    changes = begins[1:]
    changes[:] = False
    for column in (_TIMESTAMP, *_RUN_COLUMNS):
        lengths = ends[column] - starts[column]
        changes |= lengths[1:] != lengths[:-1]
        characters = view[ends[column] - FIELD]
        changes |= characters[1:] != characters[:-1]
    characters = view[ends[_TIMESTAMP] - 2 * FIELD]
    changes |= characters[1:] != characters[:-1]
    return np.flatnonzero(begins)


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
        if REGION_NAME.fullmatch(name):
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
        return f"it has {counted(len(cells), 'column')} instead of {len(COLUMNS)}"
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
    if not REGION_NAME.fullmatch(cells[_REGION]):
        return f"its {COLUMNS[_REGION]} cannot be the name of a region"
    return ""


# Lines that had to be looked at one by one take their places among the others row by row; then runs are found anew.

_RUN = ("line", "timestamp", "region", "frame", "pc", "frame_set", "chunk", "history_from", "keys_from", "keys_to")
_ROW = ("address", "previous", "current", "freq")


def _with_mended(rows: LogRows, good: Bools, lines: I64, mended: Sequence[tuple[int, list[str]]]) -> LogRows:
    """Leave out the rows that are not good, and put those that were read one by one in their places.

    Args:
        rows: the tidy rows.
        good: which of them are good, shape (rows,).
        lines: their line numbers, shape (rows,).
        mended: line number and cells of each row that was read by itself.
    """
    counts = np.diff(rows.first, append=len(rows))
    table = {name: np.repeat(getattr(rows, name), counts)[good].astype(np.int64) for name in _RUN}
    table |= {name: getattr(rows, name)[good].astype(np.int64) for name in _ROW}
    table["line"] = lines[good]
    regions, text = list(rows.regions), bytearray(rows.text)
    added = [_mended_row(line, cells, regions, text) for line, cells in mended]
    for name, column in table.items():
        table[name] = np.concatenate((column, np.array([row[name] for row in added], np.int64)))
    order = np.argsort(table["line"], kind="stable")
    table = {name: column[order] for name, column in table.items()}

    begins = np.ones(len(order), bool)
    begins[1:] = False
    for name in ("timestamp", "region", "frame", "pc", "frame_set", "chunk"):
        begins[1:] |= table[name][1:] != table[name][:-1]
    first = np.flatnonzero(begins)
    last = np.append(first[1:], len(order))[: len(first)] - 1
    told_by_last = {"history_from", "keys_from", "keys_to"}
    runs = {name: table[name][last if name in told_by_last else first] for name in _RUN}
    return LogRows(
        **{name: table[name].astype(getattr(rows, name).dtype) for name in _ROW},
        **{name: column.astype(getattr(rows, name).dtype) for name, column in runs.items()},
        first=first,
        regions=tuple(regions),
        text=bytes(text),
        lines=rows.lines,
    )


def _mended_row(line: int, cells: Sequence[str], regions: list[str], text: bytearray) -> dict[str, int]:
    """Read the cells of a row; its keys are appended to `text`, and its region's name to `regions` if it is new."""
    if cells[_REGION] not in regions:
        regions.append(cells[_REGION])
    history_from = len(text)
    text += cells[_HISTORY].encode() + b","
    keys_from = len(text)
    text += cells[_KEYS].encode()
    return {
        "line": line,
        "timestamp": int(cells[_TIMESTAMP]),
        "region": regions.index(cells[_REGION]),
        "frame": int(cells[_FRAME]),
        "address": int(cells[_ADDRESS], 16),
        "previous": int(cells[_PREVIOUS], 16),
        "current": int(cells[_CURRENT], 16),
        "freq": int(cells[_FREQ]),
        "pc": int(cells[_PC], 16),
        "frame_set": int(cells[_SET]),
        "chunk": int(cells[_CHUNK]),
        "history_from": history_from,
        "keys_from": keys_from,
        "keys_to": len(text),
    }
