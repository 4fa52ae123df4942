"""Builder of the log of changes: frame sets in, blocks out, with a mirror of the log. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from protocol.changes import I64, U8, U32, Bools
from protocol.errors import DocumentError
from protocol.regions import WORD_BYTES, Region
from protocol.session.change_log import (
    ALL_BYTES,
    BLOCK_ENTRIES,
    BLOCK_SETS,
    EntryKind,
    LogBlock,
    kinds_with,
    known_bytes,
    order_by_word,
    word_starts,
)
from protocol.session.frame_set import FrameSet
from protocol.session.integrity import ChunkName
from protocol.session.split_changes import follow_pieces, split
from protocol.session.word_numbers import OUTSIDE, WordNumbers

__all__ = ["LogBuilder", "LoggedSet"]

_MOST_FRAMES = 255
"""Frames of a set: their places are bytes."""


@dataclass(slots=True, eq=False)  # Not frozen: to make one of so many fields would take three times as long.
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


@dataclass(frozen=True, slots=True, eq=False)
class _Changes:
    """Changes as they were recorded, shape (m,) each; `shifts`: see `WordNumbers.number`."""

    frames: I64
    words: U32
    shifts: U8
    previous: U32
    current: U32

    def at(self, rows: I64 | Bools) -> "_Changes":
        """Return the changes of some rows."""
        return _Changes(*(getattr(self, name)[rows] for name in self.__slots__))


class LogBuilder:
    """Builder of blocks from frame sets, with a mirror of what the log comes to.

    Sets come in ascending order, a memory image right after its set. Where a number is left out, or a chunk was
    rebaselined, memory may have moved without a change: a word of it counts as known again with its next change, or
    with the image after that set; else it is unknown from the end of that set on. Changes of other tools' sessions at
    addresses that are no aligned words are split into those that they touch; those in no region are left out.

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
        self._known = np.zeros(total, np.uint8)
        """Of each word, bytes that are known: `ALL_BYTES`, or some where changes are no words."""
        self._doubted: U8 | None = None
        """Of each word, bytes that the set in progress may have moved unseen."""
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
            self._known[words] = known_bytes(block.entry_kinds[last])
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
        """Take the memory image after the last frame set; that of another says nothing here.

        Raises:
            DocumentError: it does not have the size of the regions.
        """
        if len(image) != WORD_BYTES * len(self._values):
            raise DocumentError("it does not have the size of the regions")
        if number != self.last or not self._sets:
            return
        self._read()
        words = np.frombuffer(image, "<u4")
        restated = np.flatnonzero((self._known != ALL_BYTES) | (words != self._values))
        self._note(restated, words, np.full(len(restated), EntryKind.RESTATED, np.uint8))
        self._values[:] = words
        self._known[:] = ALL_BYTES
        self._doubted = None

    def take(self) -> LogBlock | None:
        """Return the block in progress and begin another; None where it has no set."""
        if not self._sets:
            return None
        self._settle()
        sets = self._sets
        counts = np.array([len(logged.frames) for logged in sets], np.uint8)
        held = [each for logged in sets for each in logged.keys]
        combinations = {each: place for place, each in enumerate(dict.fromkeys(held))}
        entries = _joined(self._entries)
        frames = np.bincount(entries.frames, minlength=self._frames)
        firsts = np.cumsum(counts, dtype=np.int64) - counts
        block = LogBlock(
            numbers=np.array([logged.number for logged in sets], np.uint32),
            checks=np.array([logged.check for logged in sets], np.uint64),
            frame_counts=counts,
            frames=np.array([frame for logged in sets for frame in logged.frames], np.uint32),
            timestamps=np.array([time for logged in sets for time in logged.timestamps], np.int64),
            keys=np.array([combinations[each] for each in held], np.uint16),
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
            lost = np.flatnonzero(self._doubted)
            self._known[lost] &= ~self._doubted[lost]
            known = self._known[lost]
            kinds = np.where(known, kinds_with(EntryKind.RESTATED, known), np.uint8(EntryKind.UNKNOWN))
            self._note(lost, np.where(self._known, self._values, np.uint32(0)), kinds)
            self._doubted = None

    def _note(self, words: I64, values: U32, kinds: U8) -> None:
        """Note entries at the end of the last set; values are of all words."""
        if len(words):
            self._entries.append(
                _Entries(
                    frames=np.full(len(words), self._frames - 1, np.int64),
                    words=words.astype(np.uint32),
                    values=values[words],
                    kinds=kinds,
                )
            )

    def _words_of(self, name: ChunkName) -> Iterator[slice]:
        """Yield the words of a chunk; none where there is no such chunk."""
        place = self._numbers.place_of(name[0])
        if place < len(self._regions) and 0 <= name[1] < len(self._regions[place].chunks):
            chunk, first = self._regions[place].chunks[name[1]], self._numbers.first_of(place)
            yield slice(first + chunk.first_word, first + chunk.end_word)

    def _take_unread(self) -> _Changes:
        """Take the changes that were added, in the order of their frames."""
        sets, self._unread = self._unread, []
        frames, regions, lengths = (
            np.array(column, np.int64) for column in (self._run_frames, self._run_regions, self._run_lengths)
        )
        for column in (self._run_frames, self._run_regions, self._run_lengths):
            column.clear()
        is_ordered = bool((frames[1:] >= frames[:-1]).all())
        frames, regions = np.repeat(frames, lengths), np.repeat(regions, lengths)
        words, shifts = self._numbers.number(regions, _column([logged.addresses for logged in sets]))
        previous, current = (_column([getattr(each, name) for each in sets]) for name in ("previous", "current"))
        changes = _Changes(frames, words, shifts, previous, current)
        if not is_ordered:
            changes = changes.at(np.argsort(frames, kind="stable"))
        return changes

    def _read(self) -> None:
        """Make entries of the changes that were added, many sets in one step."""
        changes = self._take_unread()
        if changes.shifts.any():
            self._read_split(changes)
            return
        words, current, previous = changes.words, changes.current, changes.previous
        if not len(words):
            return
        order = order_by_word(words)
        in_order = words[order]
        is_first = word_starts(in_order)
        before = np.concatenate((current[:1], current[order][:-1]))
        firsts = in_order[is_first]
        before[is_first] = self._values[firsts]
        differs = before != previous[order]
        differs[is_first] |= self._known[firsts] != ALL_BYTES
        lasts = order[np.roll(is_first, -1)]
        self._values[firsts] = current[lasts]
        self._known[firsts] = ALL_BYTES
        if self._doubted is not None:
            self._doubted[firsts] = 0
        restated = np.zeros(len(words), np.bool_)
        restated[order] = differs
        entries = _Entries(changes.frames, words, current, np.full(len(words), EntryKind.CHANGED, np.uint8))
        self._entries.append(_with_restated(entries, restated, previous))

    def _read_split(self, changes: _Changes) -> None:
        """Make entries of changes of which some are no aligned words, as of the original script."""
        inside = changes.shifts != OUTSIDE
        self._left_out += len(inside) - int(np.count_nonzero(inside))
        changes = changes.at(inside)
        if not len(changes.words):
            return
        pieces = split(
            changes.frames, changes.words, changes.shifts, self._numbers.ends, changes.previous, changes.current
        )
        found = follow_pieces(pieces, self._values, self._known)
        words = pieces.words[found.lasts]
        self._values[words] = found.values[found.lasts]
        self._known[words] = found.known[found.lasts]
        if self._doubted is not None:
            np.bitwise_and.at(self._doubted, pieces.words, ~pieces.bytes)
        entries = _Entries(pieces.frames, pieces.words, found.values, kinds_with(EntryKind.CHANGED, found.known))
        self._entries.append(_with_restated(entries, found.restated, found.before, found.changed))


def _column(parts: Sequence[U32 | bytes]) -> U32:
    return np.frombuffer(b"".join([part if isinstance(part, bytes) else part.data for part in parts]), np.uint32)


def _with_restated(changes: _Entries, restated: Bools, previous: U32, changed: Bools | None = None) -> _Entries:
    """Put the value before in front of each change whose value before the log does not come to.

    Args:
        changes: the changes.
        restated: before which of them.
        previous: values before.
        changed: which of them to keep; None for all.
    """
    if changed is None and not restated.any():
        return changes
    rows = np.repeat(np.arange(len(restated)), restated.astype(np.int64) + (1 if changed is None else changed))
    is_before = restated[rows]
    is_before[1:] &= rows[1:] != rows[:-1]
    return _Entries(
        frames=changes.frames[rows],
        words=changes.words[rows],
        values=np.where(is_before, previous[rows], changes.values[rows]),
        kinds=changes.kinds[rows] + is_before.view(np.uint8) * np.uint8(EntryKind.RESTATED - EntryKind.CHANGED),
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
    order = order_by_word(words)
    in_order = words[order]
    is_last = np.roll(word_starts(in_order), -1)  # The first entry is always a first one, so the last is a last one.
    return in_order[is_last], order[is_last]
