"""Compact log of a session's changes, `changes.log`: blocks of frame sets as columns. Pure.

A block stands on its own file offset, begins with a magic number and carries a checksum over itself and the checksum of
the block before it: whatever is cut off or damaged, the whole blocks before it are read and nothing else. Its payload
is zstandard of columns. Words are numbered over all regions, one after the other.

The log alone gives memory: where a value before is not what the log comes to, or a memory image restates words, the
word gets an entry of its own kind. `LogBuilder` makes blocks of frame sets, wherever they come from.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from itertools import accumulate

import numpy as np
import zstandard
from numpy.typing import NDArray

from protocol.changes import I64, U8, U16, U32, U64, Bools
from protocol.errors import DocumentError, MessageError
from protocol.packing import pack, unpack
from protocol.regions import MAX_REGION_BYTES, MAX_REGIONS, WORD_BYTES, Region
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName
from protocol.wording import counted

__all__ = [
    "BLOCK_ENTRIES",
    "BLOCK_SETS",
    "LOG_MAGIC",
    "LOG_VERSION",
    "EntryKind",
    "LogBlock",
    "LogBuilder",
    "LoggedSet",
    "PlacedBlock",
    "WordNumbers",
    "block_checksum",
    "is_cut_off",
    "left_out_sentence",
    "pack_block",
    "placed_blocks",
    "read_blocks",
    "set_check",
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

_MOST_FRAMES = 255
"""Frames of a set: their places are bytes."""

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
        entry_kinds: an `EntryKind`, shape (m,).
        left_out: changes of these sets that are no entries, as they are at addresses that are no words.
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


def set_check(event_checksum: str) -> int:
    """Return the check of a frame set: the first 8 bytes of the SHA-256 of its `event.json`, as a number.

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
    """Read the whole blocks of a log, up to the first that is cut off or damaged, with their places."""
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
    """Return whether bytes behind the last whole block are the beginning of one, as a crash leaves it."""
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
    """Write all lowest bytes, then all next ones: most high bytes are alike, and pack to nothing."""
    return column.view(np.uint8).reshape(-1, column.dtype.itemsize).T.tobytes()


def _value_steps(words: U32, values: U32) -> U32:
    """Return what each value differs by from the word's value before, 0 at first: word by word, each in its order.

    A counter is the same step again and again, a position a small one: half the bytes of the values.
    """
    order = _by_word(words)
    steps = values[order]
    steps[1:] -= np.where(_is_first(words[order])[1:], np.uint32(0), steps[:-1])
    return steps


def _values(words: U32, steps: U32) -> U32:
    """Return the values of `_value_steps`."""
    order = _by_word(words)
    sums = np.cumsum(steps, dtype=np.uint32)
    firsts = np.flatnonzero(_is_first(words[order]))
    before = sums[firsts] - steps[firsts]
    values = np.empty(len(words), np.uint32)
    values[order] = sums - np.repeat(before, np.diff(firsts, append=len(words)))
    return values


def _by_word(words: U32) -> I64:
    """Return the order of entries word by word, each in its order: a stable sort, in a third of its time."""
    keys = words.astype(np.int64) << 32 | np.arange(len(words))
    keys.sort()
    return keys & 0xFFFF_FFFF


def _is_first(in_order: U32) -> Bools:
    """Return where another word begins."""
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
        and int(kinds.max(initial=0)) <= EntryKind.UNKNOWN
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


class WordNumbers:
    """Numbering of the words of all regions, one after the other.

    Args:
        regions: the session's.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self._places = {region.name: place for place, region in enumerate(regions)}
        # Behind the regions stands one without any word, for names that are none of theirs.
        self._none = len(regions)
        self._firsts = np.array([0, *accumulate(region.words for region in regions)], np.uint32)
        self._bases = np.array([*(region.base for region in regions), 0], np.uint32)
        self._sizes = np.array([*(region.size for region in regions), 0], np.uint32)

    def place_of(self, region: str) -> int:
        """Return the place of a region among them; one without words where none has that name."""
        return self._places.get(region, self._none)

    def first_of(self, place: int) -> int:
        """Return the number of a region's first word."""
        return int(self._firsts[place])

    def number(self, places: I64, addresses: U32) -> tuple[U32, Bools]:
        """Number words.

        Args:
            places: of their regions, shape (m,).
            addresses: on the bus, shape (m,).

        Returns:
            Their numbers, and whether each is an aligned word of its region, shape (m,); else its number means nothing.
        """
        offsets = addresses - self._bases[places]  # An address below its region wraps, and is too large then.
        is_word = (offsets < self._sizes[places]) & (offsets & np.uint32(3) == 0)
        return (offsets >> np.uint32(2)) + self._firsts[places], is_word

    def count_left_out(self, frame_set: FrameSet) -> int:
        """Count the changes of a frame set that the log leaves out: at addresses that are no words."""
        scans = frame_set.changes
        places = np.array([self.place_of(scan.region) for scan in scans], np.int64)
        places = np.repeat(places, [len(scan.addresses) for scan in scans])
        _, is_word = self.number(places, _column([scan.addresses for scan in scans]))
        return len(is_word) - int(np.count_nonzero(is_word))


def left_out_sentence(count: int) -> str:
    """Say how many changes the log leaves out, and why."""
    are = "is at an address that is no aligned word" if count == 1 else "are at addresses that are no aligned words"
    them = "it" if count == 1 else "them"
    return (
        f"{counted(count, 'change')} {are} of the console's work memory, such as the original script records: "
        f"searches of memory leave {them} out"
    )


@dataclass(frozen=True, slots=True, eq=False)
class LoggedSet:
    """A frame set as the log takes it: *f* frames, *m* changes in runs of one region and frame.

    Args:
        number: its id.
        check: `set_check` of its `event.json`.
        frames: the emulator's frame numbers, f of them.
        timestamps: ms since the epoch, f of them.
        keys: buttons held, f combinations.
        run_regions: region of each run, by name.
        run_frames: frame of each run.
        run_lengths: changes of each run.
        addresses: bus addresses, m of them: an array, or its bytes. They are looked at many sets at a time.
        previous: values before, in the same form.
        current: values now, in the same form.
        rebaselined: chunks that were seen for the first time or anew in it.
    """

    number: int
    check: int
    frames: Sequence[int]
    timestamps: Sequence[int]
    keys: Sequence[str]
    run_regions: Sequence[str]
    run_frames: Sequence[int]
    run_lengths: Sequence[int]
    addresses: U32 | bytes
    previous: U32 | bytes
    current: U32 | bytes
    rebaselined: Sequence[ChunkName] = ()


@dataclass(frozen=True, slots=True, eq=False)
class _Entries:
    """Entries with the place of their frame among all frames of the block in progress."""

    frames: I64
    words: U32
    values: U32
    kinds: U8

    def at(self, rows: I64 | Bools) -> "_Entries":
        """Return the entries of some rows."""
        return _Entries(self.frames[rows], self.words[rows], self.values[rows], self.kinds[rows])


class LogBuilder:
    """Builder of blocks from frame sets, with a mirror of what the log comes to.

    Sets come in ascending order, a memory image right after its set. Where a number is left out, or a chunk was
    rebaselined, memory may have moved without a change: a word of it counts as known again with its next change, or
    with the image after that set; else it is unknown from the end of that set on. Changes of other tools' sessions at
    addresses that are no words of a region are left out.

    Args:
        regions: the session's.
    """

    def __init__(self, regions: Sequence[Region]) -> None:
        self.last: int | None = None
        """The set that was added last, or None."""
        self._regions = tuple(regions)
        self._numbers = WordNumbers(regions)
        total = sum(region.words for region in regions)
        self._values = np.zeros(total, np.uint32)
        self._known = np.zeros(total, np.bool_)
        self._doubted: Bools | None = None
        self._start_block()

    def __len__(self) -> int:
        """Count the frame sets of the block in progress."""
        return len(self._sets)

    @property
    def is_full(self) -> bool:
        """True where the block in progress is to be taken before the next set."""
        return len(self._sets) >= BLOCK_SETS or self._changes >= BLOCK_ENTRIES

    def follow(self, blocks: Iterable[LogBlock]) -> None:
        """Go on behind blocks that were written before. You must do this before anything is added."""
        for block in blocks:
            words, last = _last_of_each(block.entry_words)
            self._values[words] = block.entry_values[last]
            self._known[words] = block.entry_kinds[last] != EntryKind.UNKNOWN
            self.last = int(block.numbers[-1])

    def add(self, frame_set: FrameSet, rebaselined: Sequence[ChunkName], check: int) -> None:
        """Add a frame set.

        Args:
            frame_set: its id is larger than those before.
            rebaselined: chunks that were seen for the first time or anew in it.
            check: `set_check` of its `event.json`.

        Raises:
            DocumentError: as `add_logged`.
        """
        scans = frame_set.changes
        self.add_logged(
            LoggedSet(
                number=frame_set.frame_set_id,
                check=check,
                frames=[frame.frame for frame in frame_set.frames],
                timestamps=[frame.timestamp for frame in frame_set.frames],
                keys=[frame.current_keys for frame in frame_set.frames],
                run_regions=[scan.region for scan in scans],
                run_frames=[scan.frame for scan in scans],
                run_lengths=[len(scan.addresses) for scan in scans],
                addresses=_column([scan.addresses for scan in scans]),
                previous=_column([scan.previous for scan in scans]),
                current=_column([scan.current for scan in scans]),
                rebaselined=rebaselined,
            )
        )

    def add_logged(self, logged: LoggedSet) -> None:
        """Add a frame set.

        Raises:
            DocumentError: it has no frames or too many, a change at none of them, or a number or a time of a frame that
                is too large; or its own number is not larger than those before. Nothing was added.
        """
        if not 0 < len(logged.frames) <= _MOST_FRAMES:
            raise DocumentError(f"it has {len(logged.frames)} frames")
        frames, times = logged.frames, logged.timestamps
        if not (0 <= min(frames) <= max(frames) < 1 << 32 and -1 << 62 < min(times) <= max(times) < 1 << 62):
            raise DocumentError("the number or the time of a frame is too large")
        if self.last is not None and logged.number <= self.last:
            raise DocumentError(f"it comes after frame set {self.last}")
        place_of = {frame: place for place, frame in enumerate(frames, self._frames)}
        try:
            places = [place_of[frame] for frame in logged.run_frames]
        except KeyError:
            raise DocumentError("it has changes at a frame that it does not have") from None
        has_gap = self.last is not None and logged.number != self.last + 1
        chunks = [words for name in logged.rebaselined for words in self._words_of(name)]
        if self._doubted is not None or has_gap or chunks:
            self._settle()
        if has_gap:
            self._doubted = self._known.copy()
        elif chunks:
            self._doubted = np.zeros_like(self._known)
            for words in chunks:
                self._doubted[words] = self._known[words]
        self._sets.append(logged)
        self._unread.append(logged)
        self._run_frames += places
        self._run_regions += map(self._numbers.place_of, logged.run_regions)
        self._run_lengths += logged.run_lengths
        self._frames += len(logged.frames)
        self._changes += sum(logged.run_lengths)
        self.last = logged.number

    def image(self, number: int, image: bytes) -> None:
        """Take the memory image after a frame set; one after another than the last set says nothing here.

        Raises:
            DocumentError: it does not have the size of the regions.
        """
        if len(image) != WORD_BYTES * len(self._values):
            raise DocumentError("it does not have the size of the regions")
        if number != self.last or not self._sets:
            return
        self._read()
        words = np.frombuffer(image, "<u4")
        self._note(np.flatnonzero(~self._known | (words != self._values)), words, EntryKind.RESTATED)
        self._values[:] = words
        self._known[:] = True
        self._doubted = None

    def take(self) -> LogBlock | None:
        """Return the block in progress and begin another; None where it has no set."""
        if not self._sets:
            return None
        self._settle()
        sets = self._sets
        counts = np.array([len(logged.frames) for logged in sets], np.uint8)
        combinations: dict[str, int] = {}
        keys = [combinations.setdefault(held, len(combinations)) for logged in sets for held in logged.keys]
        entries = _joined(self._entries)
        frames = np.bincount(entries.frames, minlength=self._frames)
        firsts = np.cumsum(counts, dtype=np.int64) - counts
        block = LogBlock(
            numbers=np.array([logged.number for logged in sets], np.uint32),
            checks=np.array([logged.check for logged in sets], np.uint64),
            frame_counts=counts,
            frames=np.array([frame for logged in sets for frame in logged.frames], np.uint32),
            timestamps=np.array([time for logged in sets for time in logged.timestamps], np.int64),
            keys=np.array(keys, np.uint16),
            combinations=tuple(combinations),
            entry_counts=np.add.reduceat(frames, firsts).astype(np.uint32),
            entry_frames=(entries.frames - np.repeat(firsts, counts)[entries.frames]).astype(np.uint8),
            entry_words=entries.words,
            entry_values=entries.values,
            entry_kinds=entries.kinds,
            left_out=self._left_out,
        )
        self._start_block()
        return block

    def _start_block(self) -> None:
        self._sets: list[LoggedSet] = []
        self._unread: list[LoggedSet] = []
        self._run_frames: list[int] = []
        self._run_regions: list[int] = []
        self._run_lengths: list[int] = []
        self._entries: list[_Entries] = []
        self._frames = 0
        self._changes = 0
        self._left_out = 0

    def _settle(self) -> None:
        """End a set: what is still doubted is not known any more."""
        self._read()
        if self._doubted is not None:
            self._note(np.flatnonzero(self._doubted), np.zeros_like(self._values), EntryKind.UNKNOWN)
            self._known[self._doubted] = False
            self._doubted = None

    def _note(self, words: I64, values: U32, kind: EntryKind) -> None:
        """Note entries at the end of the last set."""
        if len(words):
            self._entries.append(
                _Entries(
                    frames=np.full(len(words), self._frames - 1, np.int64),
                    words=words.astype(np.uint32),
                    values=values[words],
                    kinds=np.full(len(words), kind, np.uint8),
                )
            )

    def _words_of(self, name: ChunkName) -> Iterator[slice]:
        """Yield the words of a chunk; none where there is no such chunk."""
        place = self._numbers.place_of(name[0])
        if place < len(self._regions) and 0 <= name[1] < len(self._regions[place].chunks):
            chunk, first = self._regions[place].chunks[name[1]], self._numbers.first_of(place)
            yield slice(first + chunk.first_word, first + chunk.end_word)

    def _take_unread(self) -> tuple[_Entries, U32]:
        """Take the changes that were added, and the values before them."""
        sets, self._unread = self._unread, []
        frames, regions, lengths = (
            np.array(column, np.int64) for column in (self._run_frames, self._run_regions, self._run_lengths)
        )
        for column in (self._run_frames, self._run_regions, self._run_lengths):
            column.clear()
        is_ordered = bool((frames[1:] >= frames[:-1]).all())
        frames, regions = np.repeat(frames, lengths), np.repeat(regions, lengths)
        words, is_word = self._numbers.number(regions, _column([logged.addresses for logged in sets]))
        changes = _Entries(frames, words, _column([logged.current for logged in sets]), _kinds(words))
        previous = _column([logged.previous for logged in sets])
        if not is_word.all():
            changes, previous = changes.at(is_word), previous[is_word]
            self._left_out += len(is_word) - len(previous)
        if not is_ordered:
            order = np.argsort(changes.frames, kind="stable")
            changes, previous = changes.at(order), previous[order]
        return changes, previous

    def _read(self) -> None:
        """Make entries of the changes that were added, many sets in one step."""
        changes, previous = self._take_unread()
        words, current = changes.words, changes.values
        if not len(words):
            return
        order = _by_word(words)
        in_order = words[order]
        is_first = _is_first(in_order)
        before = np.concatenate((current[:1], current[order][:-1]))
        firsts = in_order[is_first]
        before[is_first] = self._values[firsts]
        differs = before != previous[order]
        differs[is_first] |= ~self._known[firsts]
        lasts = order[np.roll(is_first, -1)]
        self._values[firsts] = current[lasts]
        self._known[firsts] = True
        if self._doubted is not None:
            self._doubted[firsts] = False
        restated = np.zeros(len(words), np.bool_)
        restated[order] = differs
        self._entries.append(_with_restated(changes, restated, previous))


def _column(parts: Sequence[U32 | bytes]) -> U32:
    return np.frombuffer(b"".join([part if isinstance(part, bytes) else part.data for part in parts]), np.uint32)


def _kinds(words: U32) -> U8:
    return np.full(len(words), EntryKind.CHANGED, np.uint8)


def _with_restated(changes: _Entries, restated: Bools, previous: U32) -> _Entries:
    """Put the value before in front of each change whose value before the log does not come to."""
    if not restated.any():
        return changes
    rows = np.repeat(np.arange(len(restated)), 1 + restated)
    is_before = np.zeros(len(rows), np.bool_)
    is_before[np.flatnonzero(restated) + np.arange(int(restated.sum()))] = True
    return _Entries(
        frames=changes.frames[rows],
        words=changes.words[rows],
        values=np.where(is_before, previous[rows], changes.values[rows]),
        kinds=np.where(is_before, np.uint8(EntryKind.RESTATED), changes.kinds[rows]),
    )


def _joined(entries: Sequence[_Entries]) -> _Entries:
    if not entries:
        none = np.empty(0, np.uint32)
        return _Entries(np.empty(0, np.int64), none, none, np.empty(0, np.uint8))
    return _Entries(
        *(np.concatenate([getattr(part, name) for part in entries]) for name in ("frames", "words", "values", "kinds"))
    )


def _last_of_each(words: U32) -> tuple[U32, I64]:
    """Return the distinct words, and where each of them stands last."""
    order = _by_word(words)
    in_order = words[order]
    is_last = np.roll(_is_first(in_order), -1)  # The first entry is always a first one, so the last is a last one.
    return in_order[is_last], order[is_last]
