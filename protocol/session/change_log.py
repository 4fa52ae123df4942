"""Compact log of a session's changes, `changes.log`: blocks of frame sets as columns. Pure.

A block stands on its own file offset, begins with a magic number and carries a checksum over itself and the checksum of
the block before it: whatever is cut off or damaged, the whole blocks before it are read and nothing else. Its payload
is zstandard of columns. Words are numbered over all regions, one after the other.

The log alone gives memory: where a value before is not what the log comes to, or a memory image restates words, the
word gets an entry of its own kind. `change_log_builder` makes blocks of frame sets, wherever they come from.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

import numpy as np
import zstandard
from numpy.typing import NDArray

from protocol.changes import I64, U8, U16, U32, U64, Bools
from protocol.errors import DocumentError, MessageError
from protocol.packing import pack, unpack
from protocol.regions import MAX_REGION_BYTES, MAX_REGIONS, WORD_BYTES

__all__ = [
    "ALL_BYTES",
    "BLOCK_ENTRIES",
    "BLOCK_SETS",
    "LOG_MAGIC",
    "LOG_VERSION",
    "EntryKind",
    "LogBlock",
    "PlacedBlock",
    "bits_of_bytes",
    "block_checksum",
    "is_cut_off",
    "kinds_of",
    "kinds_with",
    "known_bytes",
    "order_by_word",
    "pack_block",
    "placed_blocks",
    "read_blocks",
    "set_check",
    "word_starts",
]

LOG_VERSION = 1

BLOCK_SETS = 144
"""Frame sets of a full block: 12 seconds of play."""

BLOCK_ENTRIES = 1 << 20
"""Changes from which on a block is full with fewer sets."""

LOG_MAGIC = b"gbtl"
"""First bytes of a block."""

_HEADER = struct.Struct("<4sHI16s")
"""Magic number, version, length of the payload in bytes, checksum."""
_SIGNED = struct.Struct("<HI")
"""The part of the header that the checksum covers."""

_COUNTS = struct.Struct("<IIIII")
"""Frame sets, frames, entries, changes that were left out, and bytes of the combinations."""

_LARGEST = 1 << 28
"""Bytes of an unpacked payload: twice what the largest sets and images of all regions come to."""

_MOST_WORDS = MAX_REGIONS * MAX_REGION_BYTES // WORD_BYTES

_LEVEL = 3
"""Of zstandard."""


class EntryKind(IntEnum):
    """Kinds of entries."""

    CHANGED = 0
    """The word changed, as recorded."""
    RESTATED = 1
    """The value became known without a recorded change: first sight, savestate, gap."""
    UNKNOWN = 2
    """From here on the value is not known; that of the entry means nothing."""


ALL_BYTES = np.uint8((1 << WORD_BYTES) - 1)
"""All bytes of a word, a bit for each, bit 0 for the lowest address."""

_BITS = np.array(
    [sum(0xFF << 8 * byte for byte in range(WORD_BYTES) if chosen >> byte & 1) for chosen in range(16)], np.uint32
)

_KIND = np.uint8(0x0F)
_UNKNOWN_BYTES = np.uint8(4)
"""By how many bits those for the bytes that are not known are shifted."""

_KNOWN = np.array([0 if kind & 0x0F == EntryKind.UNKNOWN else 0x0F - (kind >> 4) for kind in range(256)], np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class LogBlock:
    """Consecutive frame sets as columns: *n* sets, *f* frames, *m* entries.

    Entries of a set stand as they happened: by frame, then by region, chunk and address. A restated word comes right
    before its change; those that a memory image restates, and those that became unknown, come last in their set.

    Args:
        numbers: frame set ids, ascending, shape (n,).
        checks: `set_check` of each set's `event.json`, which ties the record to its folder, shape (n,).
        frame_counts: frames of each set, shape (n,).
        frames: the emulator's frame numbers, shape (f,).
        timestamps: ms since the epoch, shape (f,).
        keys: buttons held, place in `combinations`, shape (f,).
        combinations: names of buttons joined by `+`; empty where none is held.
        entry_counts: entries of each set, shape (n,).
        entry_frames: place of the frame in its set, ascending in each set, shape (m,).
        entry_words: word number over all regions one after the other, shape (m,).
        entry_values: value from then on, shape (m,).
        entry_kinds: an `EntryKind`; shifted by four bits: those bytes of the word that are not known all the same, as
            `known_bytes` reads them. Shape (m,).
        left_out: changes of these sets that are no entries, as they lie in no region.
    """

    numbers: U32
    checks: U64
    frame_counts: U8
    frames: U32
    timestamps: I64
    keys: U16
    combinations: tuple[str, ...]
    entry_counts: U32
    entry_frames: U8
    entry_words: U32
    entry_values: U32
    entry_kinds: U8
    left_out: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class PlacedBlock:
    """Block of a log with its place in the file.

    Args:
        block: what it holds.
        start: offset of its first byte.
        end: offset behind its last byte.
        checksum: of this block and all before it, 16 bytes.
    """

    block: LogBlock
    start: int
    end: int
    checksum: bytes


def kinds_of(entry_kinds: U8) -> U8:
    """Return the `EntryKind` of entries."""
    return entry_kinds & _KIND


def known_bytes(entry_kinds: U8) -> U8:
    """Return the bytes of the word that are known from entries on, bit 0 for the lowest address."""
    return _KNOWN.take(entry_kinds)


def bits_of_bytes(chosen: U8) -> U32:
    """Return the bits of a word that belong to some of its bytes, which are a bit each."""
    return _BITS.take(chosen)


def kinds_with(kind: EntryKind, known: U8) -> U8:
    """Return entries of a kind, by the bytes that are known from them on; at least one of each."""
    return (ALL_BYTES & ~known) << _UNKNOWN_BYTES | np.uint8(kind)


def set_check(event_checksum: str) -> int:
    """Return a frame set's check: the first 8 bytes of the SHA-256 of `event.json`, as a number.

    Args:
        event_checksum: 64 hex digits, as in `checksums.jsonl`; another text gives 0.
    """
    try:
        return int(event_checksum[:16], 16)
    except ValueError:
        return 0


def pack_block(block: LogBlock, after: bytes = b"") -> bytes:
    """Write a block.

    Args:
        block: what it holds.
        after: checksum of the block before it in the file, empty for the first.
    """
    payload = zstandard.compress(_columns(block), _LEVEL)
    checksum = _checksum(after, LOG_VERSION, payload)
    return _HEADER.pack(LOG_MAGIC, LOG_VERSION, len(payload), checksum) + payload


def block_checksum(packed: bytes) -> bytes:
    """Return the checksum of a block that was written, and of all before it."""
    checksum: bytes = _HEADER.unpack_from(packed)[3]
    return checksum


def read_blocks(data: bytes) -> Iterator[LogBlock]:
    """Read the whole blocks of a log, up to the first that is cut off or damaged."""
    return (placed.block for placed in placed_blocks(data))


def placed_blocks(data: bytes) -> Iterator[PlacedBlock]:
    """Read the whole blocks of a log with their places, up to one that is cut off or damaged."""
    start, after, last = 0, b"", -1
    while start + _HEADER.size <= len(data):
        magic, version, length, checksum = _HEADER.unpack_from(data, start)
        first, end = start + _HEADER.size, start + _HEADER.size + length
        if magic != LOG_MAGIC or version != LOG_VERSION or end > len(data):
            return
        payload = data[first:end]
        if checksum != _checksum(after, version, payload):
            return
        try:
            block = _block(payload)
        except (DocumentError, MessageError, struct.error, zstandard.ZstdError):
            return
        if int(block.numbers[0]) <= last:
            return
        yield PlacedBlock(block, start, end, checksum)
        start, after, last = end, checksum, int(block.numbers[-1])


def is_cut_off(rest: bytes) -> bool:
    """Return whether bytes behind the last whole block begin one, as a crash leaves it."""
    if len(rest) < _HEADER.size:
        return LOG_MAGIC.startswith(rest[: len(LOG_MAGIC)])
    magic, version, length, _ = _HEADER.unpack_from(rest)
    return bool(magic == LOG_MAGIC and version == LOG_VERSION and _HEADER.size + length > len(rest))


def _checksum(after: bytes, version: int, payload: bytes) -> bytes:
    return sha256(after + _SIGNED.pack(version, len(payload)) + payload).digest()[:16]


def _columns(block: LogBlock) -> bytes:
    combinations = pack(block.combinations)
    sizes = len(block.numbers), len(block.frames), len(block.entry_words), block.left_out, len(combinations)
    return b"".join(
        (
            _COUNTS.pack(*sizes),
            combinations,
            _planes(_steps(block.numbers, "<u4")),
            block.checks.astype("<u8").tobytes(),
            block.frame_counts.tobytes(),
            _planes(_steps(block.frames, "<u4")),
            _planes(_steps(block.timestamps, "<i8")),
            _planes(block.keys.astype("<u2")),
            _planes(_entries_by_frame(block).astype("<u4")),
            _planes(_steps(block.entry_words, "<u4")),
            _value_steps(block.entry_words, block.entry_values).astype("<u4").tobytes(),
            block.entry_kinds.tobytes(),
        )
    )


def _entries_by_frame(block: LogBlock) -> I64:
    firsts = np.cumsum(block.frame_counts, dtype=np.int64) - block.frame_counts
    frames = np.repeat(firsts, block.entry_counts) + block.entry_frames
    return np.bincount(frames, minlength=len(block.frames))


def _steps(column: NDArray[np.integer], kind: str) -> NDArray[np.integer]:
    """Return the distance of each number from the one before it, which wraps."""
    steps = column.astype(kind)  # A copy in any case.
    steps[1:] -= column[:-1].astype(kind, copy=False)
    return steps


def _planes(column: NDArray[np.integer]) -> bytes:
    """Write all lowest bytes, then all next ones: high bytes are alike, and pack to nothing."""
    return column.view(np.uint8).reshape(-1, column.dtype.itemsize).T.tobytes()


def _value_steps(words: U32, values: U32) -> U32:
    """Return the distance of each value from the word's one before, 0 at first, word by word.

    A counter is the same step again and again, a position a small one: half the bytes of the values.
    """
    order = order_by_word(words)
    steps = values[order]
    steps[1:] -= np.where(word_starts(words[order])[1:], np.uint32(0), steps[:-1])
    return steps


def _values(words: U32, steps: U32) -> U32:
    """Return the values of `_value_steps`."""
    order = order_by_word(words)
    sums = np.cumsum(steps, dtype=np.uint32)
    firsts = np.flatnonzero(word_starts(words[order]))
    before = sums[firsts] - steps[firsts]
    values = np.empty(len(words), np.uint32)
    values[order] = sums - np.repeat(before, np.diff(firsts, append=len(words)))
    return values


def order_by_word(words: U32) -> I64:
    """Return the order of entries word by word: a stable sort, in a small part of its time.

    Word and index are sorted as one number, of 32 bits where both fit: as in a block of a Game Boy Advance's.
    """
    bits = len(words).bit_length()
    keys: NDArray[np.unsignedinteger]
    if int(words.max(initial=0)) >> (32 - bits) == 0:
        keys = words << np.uint32(bits) | np.arange(len(words), dtype=np.uint32)
    else:
        keys = words.astype(np.uint64) << np.uint64(bits) | np.arange(len(words), dtype=np.uint64)
    keys.sort()
    order: I64 = (keys & keys.dtype.type((1 << bits) - 1)).astype(np.int64)
    return order


def word_starts(in_order: U32) -> Bools:
    """Return where another word begins, in entries word by word."""
    is_first = np.ones(len(in_order), np.bool_)
    is_first[1:] = in_order[1:] != in_order[:-1]
    return is_first


class _Columns:
    """Reader of the columns of a payload, one after the other."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = _COUNTS.size

    def take(self, length: int) -> bytes:
        """Take bytes.

        Raises:
            DocumentError: there are fewer.
        """
        part = self._data[self._at : self._at + length]
        if len(part) != length:
            raise DocumentError("a column is too short")
        self._at += length
        return part

    def column(self, kind: str, length: int) -> NDArray[np.integer]:
        """Take a column in the byte planes of `_planes`."""
        size = np.dtype(kind).itemsize
        planes = np.frombuffer(self.take(size * length), np.uint8).reshape(size, length)
        return np.ascontiguousarray(planes.T).view(kind).ravel()

    def finish(self) -> None:
        """Expect the end.

        Raises:
            DocumentError: there is more.
        """
        if self._at != len(self._data):
            raise DocumentError("there is more than its columns")


def _block(payload: bytes) -> LogBlock:
    if not 0 <= zstandard.frame_content_size(payload) <= _LARGEST:
        raise DocumentError("it is larger than any block")
    data = zstandard.ZstdDecompressor().decompress(payload)
    n, f, m, left_out, length = _COUNTS.unpack_from(data)
    columns = _Columns(data)
    combinations = unpack(columns.take(length))
    numbers = np.cumsum(columns.column("<u4", n), dtype=np.uint32)
    checks = np.frombuffer(columns.take(8 * n), "<u8")
    frame_counts = np.frombuffer(columns.take(n), np.uint8)
    frames = np.cumsum(columns.column("<u4", f), dtype=np.uint32)
    timestamps = np.cumsum(columns.column("<i8", f), dtype=np.int64)
    keys = columns.column("<u2", f).astype(np.uint16)
    by_frame = columns.column("<u4", f)
    words = np.cumsum(columns.column("<u4", m), dtype=np.uint32)
    values = _values(words, np.frombuffer(columns.take(4 * m), "<u4"))
    kinds = np.frombuffer(columns.take(m), np.uint8)
    columns.finish()
    is_sound = (
        n > 0
        and bool((numbers[1:] > numbers[:-1]).all())
        and int(frame_counts.sum()) == f
        and bool(frame_counts.all())
        and int(by_frame.sum(dtype=np.int64)) == m
        and isinstance(combinations, list)
        and all(isinstance(combination, str) for combination in combinations)
        and int(keys.max(initial=0)) < max(1, len(combinations))
        and (int(kinds.max(initial=0)) <= EntryKind.UNKNOWN or bool((kinds_of(kinds) <= EntryKind.UNKNOWN).all()))
        and int(words.max(initial=0)) < _MOST_WORDS
    )
    if not is_sound:
        raise DocumentError("its columns contradict each other")
    firsts = np.cumsum(frame_counts, dtype=np.int64) - frame_counts
    places = (np.arange(f) - np.repeat(firsts, frame_counts)).astype(np.uint8)
    return LogBlock(
        numbers=numbers,
        checks=checks,
        frame_counts=frame_counts,
        frames=frames,
        timestamps=timestamps,
        keys=keys,
        combinations=tuple(combinations),
        entry_counts=np.add.reduceat(by_frame, firsts).astype(np.uint32),
        entry_frames=np.repeat(places, by_frame),
        entry_words=words,
        entry_values=values,
        entry_kinds=kinds,
        left_out=left_out,
    )
