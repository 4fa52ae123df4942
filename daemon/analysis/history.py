"""Index of a recording: every value that a word of memory ever had, and when. Pure."""

import operator
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from daemon.analysis.addresses import not_recorded
from daemon.analysis.change_counts import ChangeCounts
from daemon.analysis.rows import FEW, OWN, LoggedEntries, Rows, Slice, logged_rows, merged_rows, reduced
from daemon.analysis.timeline import EMPTY_TIMELINE, Timeline
from daemon.analysis.value_types import Number, TypedValues, ValueType
from protocol.changes import I32, U8, U32, Bools
from protocol.errors import AnalysisError, MomentError
from protocol.regions import WORD_BYTES, Region
from protocol.session.change_log import (
    ALL_BYTES,
    EntryKind,
    LogBlock,
    bits_of_bytes,
    kinds_of,
    kinds_with,
    known_bytes,
)

__all__ = ["LONGEST_AGE", "Entries", "History", "MemoryAt", "Steps", "bytes_of", "within"]

LONGEST_AGE = 255
"""Age of a word that changed longer ago, or never."""

_END_OF_TIME = np.iinfo(np.int32).max

_MERGED = 4
"""Rows are merged with those before where these are less than so many times as many: each entry is moved seldom."""


@dataclass(frozen=True, slots=True, eq=False)
class MemoryAt:
    """Memory after a frame set.

    Args:
        number: the frame set's id.
        image: all regions one after the other, 0 where a byte is not known, shape (bytes,).
        known: shape (bytes,).
    """

    number: int
    image: U8
    known: Bools

    def known_values(self, width: int) -> Bools:
        """Return whether all of the value at each offset is known: shape (bytes - width + 1,)."""
        return ~within(~self.known, width)


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Entries of one word in the order in which they happened, shape (m,) each: see `Rows`."""

    time: I32
    value: U32
    kind: U8
    changed: U8

    def steps_of(self, chosen: int) -> I32:
        """Return the times at which chosen bytes may have changed, or become known or unknown.

        Args:
            chosen: the bytes, bit 0 for the lowest address.
        """
        is_step: Bools = self.changed & np.uint8(chosen) != 0
        unusual = np.flatnonzero(self.kind != EntryKind.CHANGED)
        is_step[unusual] = True
        is_step[unusual[unusual + 1 < len(self.kind)] + 1] = True  # There the word may be known again.
        is_step[:1] = True
        times: I32 = self.time[is_step]
        return times


@dataclass(frozen=True, slots=True, eq=False)
class Steps:
    """A value over time: from each time on until the next, shape (m,) each.

    Neighbours differ, but where the value was restated.

    Args:
        time: of the timeline, ascending.
        typed: the values.
        known: whether all of its bytes are known from then on.
    """

    time: I32
    typed: TypedValues
    known: Bools

    def __len__(self) -> int:
        """Number of steps."""
        return len(self.time)

    def numbers(self) -> list[Number | None]:
        """Return the values as numbers, None where it is not known or no value of the type."""
        valid = self.typed.where_valid(self.known)
        return [value if is_valid else None for value, is_valid in zip(self.typed.values.tolist(), valid, strict=True)]


class History:
    """Index of a recording, a snapshot that does not change; `extended` gives the next one.

    A *stretch* is named by two times: entries later than `after` and up to `until` belong to it. -1 is before the first
    frame set, `timeline.end_of` the time after one.

    Args:
        regions: what was recorded, in the order of memory images.
        timeline: its frame sets and frames.
        parts: entries, later ones in later parts.
        latest: the last known value of each word, shape (words,).
        seen: whether it has one, shape (words,).
        left_out: changes that are no entries, as they lie in no region.
        counts: of changes, for parts whose changes were counted before.
    """

    def __init__(
        self,
        regions: Sequence[Region],
        timeline: Timeline,
        parts: Sequence[Rows],
        latest: U32,
        seen: Bools,
        left_out: int = 0,
        counts: Mapping[Rows, ChangeCounts] = MappingProxyType({}),
    ) -> None:
        self.regions = tuple(regions)
        self.timeline = timeline
        self.parts = tuple(parts)
        self.latest = latest
        self.seen = seen
        self.left_out = left_out
        self._counts = dict(counts)

    @classmethod
    def of(cls, regions: Sequence[Region], frames_per_set: int, blocks: Iterable[LogBlock] = ()) -> "History":
        """Build the index of a recording from the blocks of its log.

        Raises:
            AnalysisError: a block has a word that is in no region.
        """
        words = sum(region.words for region in regions)
        timeline = EMPTY_TIMELINE.with_stride(frames_per_set)
        return cls(regions, timeline, (), np.zeros(words, np.uint32), np.zeros(words, np.bool_)).extended(blocks)

    @property
    def words(self) -> int:
        """Words of all regions."""
        return len(self.latest)

    @property
    def size(self) -> int:
        """Bytes of all regions."""
        return WORD_BYTES * self.words

    def __len__(self) -> int:
        """Number of entries."""
        return sum(map(len, self.parts))

    def extended(self, blocks: Iterable[LogBlock]) -> "History":
        """Return the index with the frame sets of later blocks. Costs little where they are few.

        Raises:
            MomentError: they are not later.
            AnalysisError: one has a word that is in no region.
        """
        blocks = [block for block in blocks if len(block.numbers)]
        if not blocks:
            return self
        timeline = self.timeline.extended(blocks)
        if timeline.stride != self.timeline.stride and len(self):
            raise MomentError(f"A frame set has more frames than the {self.timeline.stride} of the session.")
        entries = _entries_of(blocks, len(self.timeline), timeline.stride)
        if len(entries.words) and int(entries.words.max()) >= self.words:
            raise AnalysisError("The log of changes has a word that is in no region of the session.")
        parts, counts = list(self.parts), dict(self._counts)
        latest, seen = self.latest.copy(), self.seen.copy()
        if len(entries.words):
            rows = logged_rows(entries, latest, seen)
            latest[rows.words] = rows.value[rows.pointer[1:] - 1]
            seen[rows.words] = True
            parts.append(rows)
        is_split = any(part.is_split for part in parts)  # Of an import, which does not grow.
        while len(parts) > 1 and (is_split or len(parts[-2]) < _MERGED * len(parts[-1])):
            later, earlier = parts.pop(), parts.pop()
            parts.append(merged_rows(earlier, later))
            if earlier in counts:
                counts[parts[-1]] = counts[earlier] + self._counted(later)
        left_out = self.left_out + sum(block.left_out for block in blocks)
        counts = {part: counted for part, counted in counts.items() if part in parts}
        return History(self.regions, timeline, parts, latest, seen, left_out, counts)

    def last_block(self) -> LogBlock:
        """Return the recording as one block, behind which a log can go on: memory is as at its end."""
        timeline = self.timeline
        values, known = self.words_at(timeline.end_of(len(timeline) - 1))
        words = np.flatnonzero(self.seen)
        entry_counts = np.zeros(len(timeline), np.uint32)
        entry_counts[-1:] = len(words)
        return LogBlock(
            numbers=timeline.numbers,
            checks=timeline.checks,
            frame_counts=np.diff(timeline.first_frames).astype(np.uint8),
            frames=timeline.frames,
            timestamps=timeline.timestamps,
            keys=timeline.keys,
            combinations=timeline.combinations,
            entry_counts=entry_counts,
            entry_frames=np.zeros(len(words), np.uint8),
            entry_words=words.astype(np.uint32),
            entry_values=values[words],
            entry_kinds=np.where(
                known[words], kinds_with(EntryKind.RESTATED, known[words]), np.uint8(EntryKind.UNKNOWN)
            ),
        )

    def continues(self, before: "History") -> bool:
        """Return whether this recording begins with all of another one."""
        old, new = before.timeline, self.timeline
        return self is before or (
            before.regions == self.regions
            and np.array_equal(old.numbers, new.numbers[: len(old)])
            and np.array_equal(old.timestamps, new.timestamps[: len(old.timestamps)])
        )

    # Addresses

    @cached_property
    def _firsts(self) -> list[int]:
        """Position of each region's first byte."""
        return [sum(region.size for region in self.regions[:index]) for index in range(len(self.regions))]

    def position_of(self, address: int) -> int:
        """Return the byte offset of a bus address in memory images.

        Raises:
            AnalysisError: it was not recorded; the sentence names the addresses that were.
        """
        for region, first in zip(self.regions, self._firsts, strict=True):
            if region.base <= address < region.base + region.size:
                return first + address - region.base
        raise AnalysisError(not_recorded(address, self.regions))

    def address_of(self, position: int) -> int:
        """Return the bus address of a byte offset in memory images."""
        index = max(index for index, first in enumerate(self._firsts) if first <= position)
        return self.regions[index].base + position - self._firsts[index]

    def addresses(self) -> U32:
        """Return the bus address of every byte of memory images, shape (bytes,)."""
        return np.concatenate([np.arange(region.size, dtype=np.uint32) + region.base for region in self.regions])

    def fits(self, width: int) -> Bools:
        """Return whether a value at each offset lies in one region: shape (bytes - width + 1,)."""
        found = np.ones(self.size, np.bool_)
        for region, first in zip(self.regions, self._firsts, strict=True):
            found[first + region.size - width + 1 : first + region.size] = False
        return found[: self.size - width + 1]

    # Memory and values

    def memory_at(self, number: int) -> MemoryAt:
        """Return memory after a frame set.

        Raises:
            MomentError: the recording does not have it.
        """
        values, known = self.words_at(self.timeline.end_of_number(number))
        return MemoryAt(number, values.view(np.uint8), bytes_of(known))

    def words_at(self, time: int) -> tuple[U32, U8]:
        """Return each word at a time, unknown bytes as 0, and its known bytes: shape (words,) each."""
        values, known = np.zeros(self.words, np.uint32), np.zeros(self.words, np.uint8)
        for part in self.parts:
            ends = part.ends(time)
            some = ends > part.pointer[:-1]
            words, last = part.words[some], ends[some] - 1
            known[words] = known_bytes(part.kind[last])
            values[words] = part.value[last]
        values &= bits_of_bytes(known)
        return values, known

    def entries_between(self, after: int, until: int) -> LoggedEntries:
        """Return the entries of a stretch, those of each word in their order."""
        parts = [part.entries(part.span(after, until)) for part in self.parts]
        return LoggedEntries(
            words=np.concatenate([np.empty(0, np.uint32), *(part.words for part in parts)]),
            times=np.concatenate([np.empty(0, np.int32), *(part.times for part in parts)]),
            values=np.concatenate([np.empty(0, np.uint32), *(part.values for part in parts)]),
            kinds=np.concatenate([np.empty(0, np.uint8), *(part.kinds for part in parts)]),
        )

    def entries_of(self, word: int) -> Entries:
        """Return the entries of a word by its number."""
        rows = [(part, part.row_of(word)) for part in self.parts]
        if len(rows) == 1:  # As of most recordings: nothing has to be copied.
            part, row = rows[0]
            return Entries(part.time[row], part.value[row], part.kind[row], part.changed[row])
        return Entries(
            time=np.concatenate([np.empty(0, np.int32), *(part.time[row] for part, row in rows)]),
            value=np.concatenate([np.empty(0, np.uint32), *(part.value[row] for part, row in rows)]),
            kind=np.concatenate([np.empty(0, np.uint8), *(part.kind[row] for part, row in rows)]),
            changed=np.concatenate([np.empty(0, np.uint8), *(part.changed[row] for part, row in rows)]),
        )

    def values_of(self, position: int, kind: ValueType, times: I32 | None = None) -> Steps:
        """Return a value over the whole recording, of bytes that may lie in two words.

        Args:
            position: byte offset in memory images; see `position_of`.
            kind: its type.
            times: look at these only, ascending; None for every time at which it changed.

        Raises:
            AnalysisError: it would reach beyond the end of its region.
        """
        if not any(
            start <= position <= start + region.size - kind.width
            for region, start in zip(self.regions, self._firsts, strict=True)
        ):
            raise AnalysisError(f"A value of type {kind.name} does not fit there: its region ends before it.")
        first, last = position // WORD_BYTES, (position + kind.width - 1) // WORD_BYTES
        found = [self.entries_of(word) for word in range(first, last + 1)]
        value = (1 << kind.width) - 1 << position % WORD_BYTES
        needed = [value >> WORD_BYTES * index & int(ALL_BYTES) for index in range(len(found))]
        if times is None:
            times = reduce(np.union1d, [entries.steps_of(own) for entries, own in zip(found, needed, strict=True)])
        data = np.zeros((len(times), WORD_BYTES * len(found)), np.uint8)
        known = np.ones(len(times), np.bool_)
        for index, (entries, own) in enumerate(zip(found, needed, strict=True)):
            at = np.searchsorted(entries.time, times, "right") - 1
            has = at >= 0
            known[~has] = False
            known[has] &= ~known_bytes(entries.kind[at[has]]) & np.uint8(own) == 0
            words = np.zeros(len(times), np.uint32)
            words[has] = entries.value[at[has]]
            data[:, WORD_BYTES * index : WORD_BYTES * (index + 1)] = words.view(np.uint8).reshape(-1, WORD_BYTES)
        data = data[:, position % WORD_BYTES :][:, : kind.width]
        data[~known] = 0
        is_step = np.ones(len(times), np.bool_)
        is_step[1:] = (data[1:] != data[:-1]).any(1) | (known[1:] != known[:-1])
        return Steps(times[is_step], kind.decode(data[is_step]), known[is_step])

    def ages(self, number: int) -> U8:
        """Return how many sets ago each word changed; `LONGEST_AGE` for longer or never.

        Raises:
            MomentError: the recording does not have that frame set.
        """
        place = self.timeline.place_of(number)
        ages = np.full(self.words, LONGEST_AGE, np.uint8)
        oldest = self.timeline.end_of(place - LONGEST_AGE)
        for part in self.parts:
            span = part.span(oldest, self.timeline.end_of(place))
            last = span.end - 1
            while True:  # Back over what was only restated.
                back = np.flatnonzero((last >= span.first) & (kinds_of(part.kind[last]) != EntryKind.CHANGED))
                if not len(back):
                    break
                last[back] -= 1
            some = last >= span.first
            ages[part.words[some]] = place - self.timeline.places_at(part.time[last[some]])
        return ages

    # Arithmetic on changes

    def changed(self, after: int, until: int) -> Bools:
        """Return whether each byte changed in a stretch, as recorded, shape (bytes,)."""
        words = np.zeros(self.words, np.uint8)
        for piece in self.slices(after, until):
            words[piece.words] |= reduced(np.bitwise_or, piece.changed, piece.first, piece.end)
        return bytes_of(words & OWN)

    def differed(self, after: int, until: int) -> Bools:
        """Return whether each byte had two values in a stretch, beginning included: shape (bytes,).

        Unlike `changed` it counts values that were restated, after a savestate for one. Where a byte was not known for
        a while, its known values are compared.
        """
        words = np.zeros(self.words, np.uint8)
        for part in self.parts:
            times = part.time[part.restated]
            inside = (times > after) & (times <= until)
            np.bitwise_or.at(words, part.words_of(part.restated[inside]), part.restated_bytes[inside])
        return self.changed(after, until) | bytes_of(words)

    def known_throughout(self, after: int, until: int) -> Bools:
        """Return whether each byte was known from a stretch's beginning to its end: shape (bytes,)."""
        _, known = self.words_at(after)
        for part in self.parts:
            times = part.time[part.unknown]
            inside = part.unknown[(times > after) & (times <= until)]
            np.bitwise_and.at(known, part.words_of(inside), known_bytes(part.kind[inside]))
        return bytes_of(known)

    def lost(self, after: int, until: int) -> Bools:
        """Return whether each byte ceased to be known in a stretch: shape (bytes,)."""
        lost = np.zeros(self.words, np.uint8)
        for part in self.parts:
            times = part.time[part.unknown]
            inside = (times > after) & (times <= until)
            np.bitwise_or.at(lost, part.words_of(part.unknown[inside]), part.lost_bytes[inside])
        return bytes_of(lost)

    def changed_where(self, times: Bools, after: int, until: int) -> tuple[Bools, Bools]:
        """Return whether each byte changed at chosen times of a stretch, and whether at others.

        Shape (bytes,) each.

        Args:
            times: shape (sets * stride,): see `Timeline.times_of_frames` and `times_of_sets`.
            after: the stretch.
            until: its end.
        """
        words = np.zeros(self.words, np.uint8)
        shift = np.where(times, np.uint8(0), np.uint8(4))
        for piece in self.slices(after, until):
            moved = (piece.changed & OWN) << shift.take(piece.time)
            words[piece.words] |= reduced(np.bitwise_or, moved, piece.first, piece.end)
        return bytes_of(words & OWN), bytes_of(words >> np.uint8(4))

    @cached_property
    def all_change_counts(self) -> ChangeCounts:
        """Counts of all changes of the recording; each part is counted once, however it grows."""
        return reduce(operator.add, map(self._counted, self.parts), ChangeCounts(self.words))

    def _counted(self, part: Rows) -> ChangeCounts:
        if part not in self._counts:
            self._counts[part] = counted = ChangeCounts(self.words)
            for piece in part.slices(part.span(-1, _END_OF_TIME)):
                counted.add(piece)
        return self._counts[part]

    def change_counts(self, after: int, until: int, times: Bools | None = None) -> ChangeCounts:
        """Count how often values changed in a stretch, of every width at every offset.

        Args:
            after: the stretch.
            until: its end.
            times: only at these, shape (sets * stride,); None for all.
        """
        outside = len(self) - sum(part.span(after, until).entries for part in self.parts)
        if times is None and FEW * outside < len(self):
            before, behind = self.change_counts(-1, after), self.change_counts(until, _END_OF_TIME)
            return self.all_change_counts - before - behind
        counts = ChangeCounts(self.words)
        for piece in self.slices(after, until):
            counts.add(piece, times)
        return counts

    def slices(self, after: int, until: int) -> Iterator[Slice]:
        """Yield the entries of a stretch; a word may come more than once."""
        for part in self.parts:
            yield from part.slices(part.span(after, until))


def within(flags: Bools, width: int) -> Bools:
    """Return whether any byte of the value at each offset is flagged: (bytes - width + 1,)."""
    count = len(flags) - width + 1
    found = flags[:count].copy()
    for offset in range(1, width):
        found |= flags[offset : offset + count]
    return found


def bytes_of(words: U8) -> Bools:
    """Spread four bits of each word to its bytes."""
    return np.unpackbits(words[:, np.newaxis], axis=1, count=WORD_BYTES, bitorder="little").ravel().view(np.bool_)


def _entries_of(blocks: Sequence[LogBlock], first: int, stride: int) -> LoggedEntries:
    """Join the entries of blocks; the first set has place `first`."""
    times: list[NDArray[np.int64]] = []
    for block in blocks:
        places = np.arange(first, first + len(block.numbers))
        times.append(np.repeat(places * stride, block.entry_counts) + block.entry_frames)
        first += len(block.numbers)
    return LoggedEntries(
        words=np.concatenate([block.entry_words for block in blocks]),
        times=np.concatenate(times).astype(np.int32),
        values=np.concatenate([block.entry_values for block in blocks]),
        kinds=np.concatenate([block.entry_kinds for block in blocks]),
    )
