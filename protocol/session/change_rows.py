"""Memory changes as numpy columns, and as the rows of `event.json`. Pure.

A row stands on a line: a short opening that names region and frame, the same for all rows of a scan, then columns of
fixed width, then `freq` in one to three digits. Hundreds of rows are written twelve times a second for each emulator,
and are the daemon's greatest cost. Read are the rows of many files at once, laid one behind the other, each column in
one step. Rows of another layout are left to `event_json.parse_event`.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U16, U32
from protocol.session.frame_set import FrameSet, ScanChanges

__all__ = ["MAX_FREQ", "ChangeColumns", "change_columns", "change_rows", "parse_change_rows"]

MAX_FREQ = 999
"""Largest `freq` that a row has room for; the window of 100 frames cannot exceed 100."""

_HEX_BYTES = np.frombuffer("".join(f"{byte:02X}" for byte in range(256)).encode(), "<u2")
"""The two digits of each byte, as one number, shape (256,)."""

_WORDS = b'"address":"????????","prev_val":"????????","curr_val":"????????","freq":'
_DIGITS = [at for at in range(len(_WORDS)) if _WORDS.startswith(b"?" * 8, at)]
"""Offsets of the digits of the three words."""


@dataclass(frozen=True, slots=True, eq=False)
class ChangeColumns:
    """Memory changes, columns of shape (m,), in the order of their frame sets.

    Args:
        regions: names of the regions.
        counts: changes of each frame set, shape (n,).
        frame_set: number of the frame set.
        frame: frame at which the word was scanned.
        region: place in `regions`.
        address: bus address.
        previous: value before.
        current: value now.
        freq: changes of the address in the last 100 frames.
    """

    regions: tuple[str, ...]
    counts: NDArray[np.int64]
    frame_set: U32
    frame: U32
    region: NDArray[np.int8]
    address: U32
    previous: U32
    current: U32
    freq: U16

    def part(self, chosen: NDArray[np.bool_]) -> "ChangeColumns":
        """Return the changes of the frame sets that are chosen, shape (n,)."""
        rows = np.repeat(chosen, self.counts)
        return ChangeColumns(
            self.regions,
            self.counts[chosen],
            *(
                getattr(self, name)[rows]
                for name in ("frame_set", "frame", "region", "address", "previous", "current", "freq")
            ),
        )

    def of_set(self, place: int) -> slice:
        """Return where the changes of the frame set at `place` stand."""
        end = int(self.counts[: place + 1].sum())
        return slice(end - int(self.counts[place]), end)


def change_columns(sets: Sequence[FrameSet]) -> ChangeColumns:
    """Gather the changes of frame sets."""
    scans = [scan for item in sets for scan in item.changes]
    regions = tuple(dict.fromkeys(scan.region for scan in scans))
    place = {name: number for number, name in enumerate(regions)}
    lengths = [len(scan.addresses) for scan in scans]
    counts = np.array([sum(len(scan.addresses) for scan in item.changes) for item in sets], np.int64)
    return ChangeColumns(
        regions=regions,
        counts=counts,
        frame_set=np.repeat(np.array([item.frame_set_id for item in sets], np.uint32), counts),
        frame=np.repeat(np.array([scan.frame for scan in scans], np.uint32), lengths),
        region=np.repeat(np.array([place[scan.region] for scan in scans], np.int8), lengths),
        address=_joined([scan.addresses for scan in scans]),
        previous=_joined([scan.previous for scan in scans]),
        current=_joined([scan.current for scan in scans]),
        freq=np.concatenate([scan.freq for scan in scans]) if scans else np.empty(0, np.uint16),
    )


def _joined(columns: Sequence[U32]) -> U32:
    return np.concatenate(columns) if columns else np.empty(0, np.uint32)


# All rows are written in one buffer, as wide as the widest: NUL stands where one is narrower, and is then taken out.

_HEX = (_HEX_BYTES.astype("<u4")[:, None] | _HEX_BYTES.astype("<u4") << 16).ravel()
"""The digits of each 16-bit number as one 32-bit number: two look-ups a word take a sixth of the time of four."""
_DECIMAL = {
    digits: np.frombuffer(b"".join(str(n).encode().ljust(digits, b"\0") for n in range(10**digits)), np.uint8).reshape(
        -1, digits
    )
    for digits in (1, 2, 3)
}


def change_rows(scans: Sequence[ScanChanges]) -> bytes:
    """Write the rows of scans, joined by commas, each on a line; empty for none."""
    counts = [len(scan.addresses) for scan in scans]
    total = sum(counts)
    if not total:
        return b""
    freq = np.concatenate([scan.freq for scan in scans])
    digits = len(str(freq.max()))
    openings = [f'{{"region":"{scan.region}","frame":{scan.frame},'.encode() for scan in scans]
    width = max(map(len, openings))
    template = _WORDS + bytes(digits) + b"},\n"
    buffer = bytearray().join(
        (opening.ljust(width, b"\0") + template) * count for opening, count in zip(openings, counts, strict=True)
    )
    row = width + len(template)
    words = np.ndarray((total, 3), "<u8", buffer, width + _DIGITS[0], (row, _DIGITS[1] - _DIGITS[0]))
    words[:] = _hex_digits(scans, total)
    freqs = np.ndarray((total, digits), np.uint8, buffer, width + len(_WORDS), (row, 1))
    freqs[:] = _DECIMAL[digits][freq]
    return bytes(buffer.replace(b"\0", b"")[:-2])


def _hex_digits(scans: Sequence[ScanChanges], total: int) -> NDArray[np.uint64]:
    """Return eight digits as a number: address, value before, value now; shape (total, 3)."""
    words = np.empty((total, 3), "<u4")
    for column, name in enumerate(("addresses", "previous", "current")):
        np.concatenate([getattr(scan, name) for scan in scans], out=words[:, column])
    halves = words.view("<u2").reshape(total, 3, 2)[:, :, ::-1]
    digits: NDArray[np.uint64] = _HEX[halves].view("<u8")[:, :, 0]
    return digits


# Many files are read at once: their rows lie behind each other, and each column is taken out in one step.

_FIXED = np.frombuffer(_WORDS, np.uint8)
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
_BYTES[_HEX_BYTES] = range(256)
"""The byte that two hex digits stand for, by the digits read as one number."""


def parse_change_rows(numbers: Sequence[int], rows: Sequence[bytes]) -> ChangeColumns | None:
    """Read the rows of frame sets.

    Args:
        numbers: of n frame sets.
        rows: the rows of each, as `event_document.split_event` returns them.

    Returns:
        The changes; None where a row is not laid out as ours.
    """
    if not any(rows):
        return replace(change_columns(()), counts=np.zeros(len(rows), np.int64))
    padding = b"\n" * _OPENING
    text = np.frombuffer(padding + b",\n".join(filter(None, rows)) + b",\n", np.uint8)
    ends = np.flatnonzero(text[_OPENING:] == ord("\n")) + _OPENING - 2
    starts = np.concatenate(([_OPENING], ends[:-1] + 3))
    behind = np.cumsum([_OPENING, *(len(each) + 2 if each else 0 for each in rows)])
    counts = np.diff(np.searchsorted(starts, behind))
    freq, digits = _freq(text, ends)
    columns = ends - digits - len(_WORDS)
    opening = columns - starts
    if (digits == 0).any() or opening.min() < 0 or opening.max() > _OPENING:
        return None
    fixed = _windows(text, columns, len(_WORDS))
    if not ((fixed.view(np.uint64) & _MASK) == _TEMPLATE).all():
        return None
    words = np.concatenate([fixed[:, at : at + 8] for at in _DIGITS]).view(np.uint16)
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
        opening = _OPENING_TEXT.fullmatch(openings[row, _OPENING - width[row] :].tobytes())
        if opening is None:
            return None
        region.append(names.setdefault(opening[1].decode(), len(names)))
        frame.append(int(opening[2]))
    lengths = np.diff(first, append=len(starts))
    return (
        tuple(names),
        np.repeat(np.array(region, np.int8), lengths),
        np.repeat(np.array(frame, np.uint32), lengths),
    )
