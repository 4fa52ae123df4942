"""The rows of `memory_changes` in our own `event.json`, for many frame sets at once, at the speed of numpy. Pure.

`protocol.session.documents` writes one change a line: a short opening that says region and frame, the same for all
rows of a scan, then columns of fixed width, then `freq` in one to three digits. Here the rows of many files are laid
one behind the other and each column is read in one step. Other layouts are read by `protocol.session.parsing`.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from daemon.exporting.columns import ChangeColumns

__all__ = ["change_rows", "without_rows"]

_OPEN = b'"memory_changes":['
_CLOSE = b"\n],"
_EMPTY = b'"memory_changes":[]'

_COLUMNS = b'"address":"????????","prev_val":"????????","curr_val":"????????","freq":'
_HEX = [slice(at, at + 8) for at in range(len(_COLUMNS)) if _COLUMNS[at : at + 8] == b"????????"]
_FIXED = np.frombuffer(_COLUMNS, np.uint8)
_MASK = np.where(ord("?") == _FIXED, 0, 0xFF).astype(np.uint8).view(np.uint64)
_TEMPLATE = _FIXED.view(np.uint64) & _MASK
"""The columns are compared eight bytes at a time; they are 72 bytes wide."""

_OPENING = 64
"""Widest opening of a row that is read here."""

_KEPT = np.where(np.arange(_OPENING) < _OPENING - np.arange(_OPENING + 1)[:, None], 0, 0xFF).astype(np.uint8)
"""For each width of an opening, which of the bytes before the columns belong to it, shape (65, 64)."""

_OPENING_TEXT = re.compile(rb'\{"region":"([^"\\]*)","frame":([0-9]{1,9}),')

_NO_HEX = 0x100
_BYTES = np.full(1 << 16, _NO_HEX, np.uint16)
_BYTES[np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), np.uint16)] = range(256)
"""The byte that two hex digits stand for, by the digits read as one number."""


def without_rows(data: bytes) -> tuple[bytes, bytes] | None:
    """Take the rows out of an `event.json`.

    Returns:
        The document with no memory changes, and the rows; None where it is not laid out as ours.
    """
    start = data.find(_OPEN)
    if start < 0:
        return None
    if data.startswith(_EMPTY, start):
        return data, b""
    first = start + len(_OPEN) + 1
    end = data.rfind(_CLOSE, first)
    if end < 0 or data[first - 1 : first] != b"\n":
        return None
    return data[:start] + _EMPTY + data[end + 2 :], data[first:end]


def change_rows(numbers: Sequence[int], rows: Sequence[bytes]) -> ChangeColumns | None:
    """Read the rows of frame sets.

    Args:
        numbers: of n frame sets.
        rows: the rows of each, as `without_rows` returns them.

    Returns:
        The changes; None where a row is not laid out as ours.
    """
    if not any(rows):
        empty = np.empty(0, np.uint32)
        none = np.empty(0, np.uint16)
        return ChangeColumns(
            (), np.zeros(len(rows), np.int64), empty, empty, none.astype(np.int8), empty, empty, empty, none
        )
    padding = b"\n" * _OPENING
    text = np.frombuffer(padding + b",\n".join(filter(None, rows)) + b",\n", np.uint8)
    ends = np.flatnonzero(text[_OPENING:] == ord("\n")) + _OPENING - 2
    starts = np.concatenate(([_OPENING], ends[:-1] + 3))
    behind = np.cumsum([_OPENING, *(len(told) + 2 if told else 0 for told in rows)])
    counts = np.diff(np.searchsorted(starts, behind))
    freq, digits = _freq(text, ends)
    columns = ends - digits - len(_COLUMNS)
    opening = columns - starts
    if (digits == 0).any() or opening.min() < 0 or opening.max() > _OPENING:
        return None
    fixed = _windows(text, columns, len(_COLUMNS))
    if not ((fixed.view(np.uint64) & _MASK) == _TEMPLATE).all():
        return None
    words = np.concatenate([fixed[:, digits_of] for digits_of in _HEX]).view(np.uint16)
    octets = _BYTES[words]
    if octets.max() >= _NO_HEX:
        return None
    address, previous, current = octets.astype(np.uint8).view(">u4").reshape(3, -1).astype(np.uint32)
    scans = _scans(text, starts, columns)
    if scans is None:
        return None
    regions, region, frame = scans
    return ChangeColumns(
        regions=regions,
        counts=counts,
        frame_set=np.repeat(np.array(numbers, np.uint32), counts),
        frame=frame,
        region=region,
        address=address,
        previous=previous,
        current=current,
        freq=freq,
    )


def _windows(text: NDArray[np.uint8], starts: NDArray[np.int64], width: int) -> NDArray[np.uint8]:
    """Copy `width` bytes from each start, shape (m, width)."""
    every = np.ndarray((len(text) - width + 1,), f"V{width}", text, strides=(1,))
    return every[starts].view(np.uint8).reshape(-1, width)


def _freq(text: NDArray[np.uint8], ends: NDArray[np.int64]) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
    """Read the number before each row's closing brace; 0 digits where there is none."""
    value = np.zeros(len(ends), np.uint16)
    digits = np.zeros(len(ends), np.int64)
    open_ = text[ends] == ord("}")
    for place, scale in enumerate((1, 10, 100)):
        byte = text[ends - 1 - place]
        open_ &= (byte >= ord("0")) & (byte <= ord("9"))
        value += np.where(open_, (byte - ord("0")) * np.uint16(scale), 0).astype(np.uint16)
        digits += open_
    return value, digits


def _scans(
    text: NDArray[np.uint8], starts: NDArray[np.int64], columns: NDArray[np.int64]
) -> tuple[tuple[str, ...], NDArray[np.int8], NDArray[np.uint32]] | None:
    """Read each row's opening once for all rows in a line that share it."""
    width = columns - starts
    openings = _windows(text, columns - _OPENING, _OPENING)
    whole = openings.view(np.uint64) & _KEPT.view(np.uint64)[width]
    first = np.flatnonzero(np.concatenate(([True], (whole[1:] != whole[:-1]).any(axis=1))))
    names: dict[str, int] = {}
    region, frame = [], []
    for row in first.tolist():
        told = _OPENING_TEXT.fullmatch(openings[row, _OPENING - width[row] :].tobytes())
        if told is None:
            return None
        region.append(names.setdefault(told[1].decode(), len(names)))
        frame.append(int(told[2]))
    lengths = np.diff(first, append=len(starts))
    return (
        tuple(names),
        np.repeat(np.array(region, np.int8), lengths),
        np.repeat(np.array(frame, np.uint32), lengths),
    )
