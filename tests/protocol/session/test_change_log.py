"""The compact log of changes: sets to blocks and back, memory from the log alone, and damage of any kind."""

import json
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from protocol.errors import DocumentError
from protocol.regions import Region
from protocol.session.change_log import (
    BLOCK_SETS,
    EntryKind,
    LogBlock,
    kinds_of,
    known_bytes,
    order_by_word,
    pack_block,
    placed_blocks,
    read_blocks,
    set_check,
)
from protocol.session.change_log_builder import LogBuilder
from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges
from protocol.session.integrity import ChunkName
from protocol.session.word_numbers import WordNumbers, left_out_sentence

GOLDEN = Path(__file__).with_name("change_log.json")

REGIONS = (Region("iwram", 0x0300_0000, 24, 2), Region("ewram", 0x0200_0000, 16, 2))
WORDS = 10
"""Words of all regions together: six of iwram in chunks of three, four of ewram in chunks of two."""

CHUNKS: dict[ChunkName, range] = {
    ("iwram", 0): range(3),
    ("iwram", 1): range(3, 6),
    ("ewram", 0): range(6, 8),
    ("ewram", 1): range(8, 10),
}

Values = list[int | None]
"""Memory word by word; None where it is not known."""


def scan(region: str, frame: int, *rows: tuple[int, int, int]) -> ScanChanges:
    """Changes of a region: address, value before, value now."""
    addresses, previous, current = (np.array(column, np.uint32) for column in zip(*rows, strict=True))
    return ScanChanges(region, 0, frame, addresses, previous, current, np.ones(len(rows), np.uint16))


def words_of(changes: ScanChanges) -> list[int]:
    """Word numbers of changes."""
    base, first = (0x0300_0000, 0) if changes.region == "iwram" else (0x0200_0000, 6)
    return [first + (address - base) // 4 for address in changes.addresses.tolist()]


def frame_set(number: int, *scans: ScanChanges, keys: Sequence[str] = ("", "A")) -> FrameSet:
    """A set of two frames."""
    frames = tuple(
        FrameRecord(2 * number + place, 1_753_996_829_000 + 33 * number + 17 * place, 0, held, ())
        for place, held in enumerate(keys)
    )
    return FrameSet(number, frames, scans, (), b"")


def columns(block: LogBlock) -> dict[str, Any]:
    """All of a block as plain lists and numbers."""
    values = {item.name: getattr(block, item.name) for item in fields(block)}
    values["combinations"] = list(block.combinations)
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in values.items()}


def entries(block: LogBlock) -> list[tuple[int, int, int, int]]:
    """Frame, word, value and kind of each entry."""
    columns = block.entry_frames, block.entry_words, block.entry_values, block.entry_kinds
    return list(zip(*(column.tolist() for column in columns), strict=True))


def taken(builder: LogBuilder) -> LogBlock:
    block = builder.take()
    assert block is not None
    return block


def image(*words: int) -> bytes:
    return struct.pack(f"<{WORDS}I", *words)


# What becomes an entry.


@pytest.mark.parametrize(("entries", "words"), [(0, 1), (1, 1), (999, 5), (32_767, 1 << 17), (40_000, 1 << 32)])
def test_entries_are_ordered_by_word_and_then_as_they_stand(entries: int, words: int) -> None:
    chosen = np.random.default_rng(entries).integers(0, words, entries, np.uint32, endpoint=False)
    assert order_by_word(chosen).tolist() == np.argsort(chosen, kind="stable").tolist()


def test_a_change_whose_value_before_is_known_is_one_entry() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0), (), 0)
    builder.image(0, image(*range(10)))
    builder.take()
    builder.add(frame_set(1, scan("iwram", 2, (0x0300_0004, 1, 7)), scan("ewram", 3, (0x0200_0000, 6, 8))), (), 0)
    block = taken(builder)
    assert entries(block) == [(0, 1, 7, EntryKind.CHANGED), (1, 6, 8, EntryKind.CHANGED)]
    assert block.entry_counts.tolist() == [2]


def test_a_value_before_that_the_log_does_not_come_to_is_restated() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0, scan("iwram", 0, (0x0300_0000, 5, 6))), (), 0)
    builder.add(frame_set(1, scan("iwram", 2, (0x0300_0000, 6, 7))), (), 0)
    builder.add(frame_set(2, scan("iwram", 4, (0x0300_0000, 9, 8))), (), 0)
    assert entries(taken(builder)) == [
        (0, 0, 5, EntryKind.RESTATED),
        (0, 0, 6, EntryKind.CHANGED),
        (0, 0, 7, EntryKind.CHANGED),
        (0, 0, 9, EntryKind.RESTATED),
        (0, 0, 8, EntryKind.CHANGED),
    ]


def test_an_image_restates_what_differs_at_the_end_of_its_set() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0), (), 0)
    builder.image(0, image(*range(10)))
    builder.add(frame_set(1), (), 0)
    builder.image(1, image(0, 1, 2, 3, 4, 5, 60, 7, 8, 9))
    block = taken(builder)
    assert entries(block)[-1] == (1, 6, 60, EntryKind.RESTATED)
    assert block.entry_counts.tolist() == [10, 1]


def test_a_savestate_costs_no_entries_for_words_that_it_did_not_move() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0), (), 0)
    builder.image(0, image(*range(10)))
    builder.take()
    builder.add(frame_set(1), tuple(CHUNKS), 0)
    builder.image(1, image(0, 1, 20, *range(3, 10)))
    assert entries(taken(builder)) == [(1, 2, 20, EntryKind.RESTATED)]


def test_a_rebaselined_chunk_without_an_image_is_unknown_from_the_end_of_the_set_on() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0), (), 0)
    builder.image(0, image(*range(10)))
    builder.take()
    builder.add(frame_set(1, scan("ewram", 2, (0x0200_0000, 6, 8))), [("ewram", 0), ("vram", 7)], 0)
    builder.add(frame_set(2), (), 0)
    block = taken(builder)
    assert entries(block) == [(0, 6, 8, EntryKind.CHANGED), (1, 7, 0, EntryKind.UNKNOWN)]
    assert block.entry_counts.tolist() == [2, 0]


def test_behind_a_gap_nothing_is_known() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0), (), 0)
    builder.image(0, image(*range(10)))
    builder.take()
    builder.add(frame_set(2), (), 0)
    assert [kind for *_, kind in entries(taken(builder))] == [EntryKind.UNKNOWN] * WORDS


def test_an_image_after_another_set_says_nothing() -> None:
    builder = LogBuilder(REGIONS)
    builder.image(0, image(*range(10)))
    builder.add(frame_set(1), (), 0)
    builder.image(0, image(*range(10)))
    assert entries(taken(builder)) == []
    builder.image(1, image(*range(10)))
    assert builder.take() is None


def test_a_block_names_frames_times_and_buttons() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(7), (), set_check("0123456789ABCDEF" + "0" * 48))
    builder.add(frame_set(8, keys=["A", "A+B"]), (), 1)
    block = taken(builder)
    assert block.numbers.tolist() == [7, 8]
    assert block.checks.tolist() == [0x0123_4567_89AB_CDEF, 1]
    assert block.frames.tolist() == [14, 15, 16, 17]
    assert block.timestamps.tolist() == [1_753_996_829_000 + 33 * 7 + more for more in (0, 17, 33, 50)]
    assert [block.combinations[key] for key in block.keys] == ["", "A", "A", "A+B"]


def test_a_block_is_full_after_so_many_sets() -> None:
    builder = LogBuilder(REGIONS)
    for number in range(BLOCK_SETS):
        assert not builder.is_full
        builder.add(frame_set(number), (), 0)
    assert builder.is_full
    assert len(builder) == BLOCK_SETS
    assert len(taken(builder).numbers) == BLOCK_SETS
    assert not len(builder)


@pytest.mark.parametrize(
    "bad",
    [
        frame_set(0, scan("iwram", 9, (0x0300_0000, 1, 2))),
        frame_set(0, keys=[]),
        frame_set(0, keys=[""] * 256),
        frame_set(1 << 31),
    ],
)
def test_a_set_that_the_log_has_no_room_for_is_refused_and_changes_nothing(bad: FrameSet) -> None:
    builder = LogBuilder(REGIONS)
    with pytest.raises(DocumentError):
        builder.add(bad, (), 0)
    assert builder.take() is None
    assert builder.last is None


def test_sets_come_in_ascending_order_and_images_in_the_size_of_the_regions() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(3), (), 0)
    with pytest.raises(DocumentError, match="after frame set 3"):
        builder.add(frame_set(3), (), 0)
    with pytest.raises(DocumentError, match="size"):
        builder.image(3, bytes(36))


@pytest.mark.parametrize("text", ["", "no hash"])
def test_a_hash_that_is_none_gives_no_check(text: str) -> None:
    assert set_check(text) == 0


def test_changes_outside_of_all_regions_are_left_out() -> None:
    builder = LogBuilder(REGIONS)
    others = [
        scan("vram", 0, (0, 1, 2)),
        scan("iwram", 0, (0x02FF_FFFC, 1, 2), (0x0300_0014, 1, 2), (0x0300_0018, 1, 2)),
    ]
    builder.add(frame_set(0, *others), (), 0)
    block = taken(builder)
    assert entries(block) == [(0, 5, 1, EntryKind.RESTATED), (0, 5, 2, EntryKind.CHANGED)]
    assert block.left_out == WordNumbers(REGIONS).count_left_out(frame_set(0, *others)) == 3


def test_how_many_changes_are_left_out_is_a_sentence() -> None:
    assert left_out_sentence(1).startswith("1 change is at an address outside of")
    assert left_out_sentence(1200).startswith("1,200 changes are at addresses outside of")


ODD = (0x0300_0001, 0x5443_3221, 0x5443_3322)
"""Of the word at 1 only the lowest two bytes change: the second and third of word 0."""


def test_a_change_at_an_odd_address_makes_some_bytes_of_two_words_known() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0, scan("iwram", 0, ODD)), (), 0)
    block = taken(builder)
    assert entries(block) == [
        (0, 0, 0x4332_2100, EntryKind.RESTATED | 0x10),
        (0, 0, 0x4333_2200, EntryKind.CHANGED | 0x10),
        (0, 1, 0x0000_0054, EntryKind.RESTATED | 0xE0),
    ]
    assert known_bytes(block.entry_kinds).tolist() == [0b1110, 0b1110, 0b0001]
    assert kinds_of(block.entry_kinds).tolist() == [EntryKind.RESTATED, EntryKind.CHANGED, EntryKind.RESTATED]


def test_the_end_of_one_odd_change_and_the_beginning_of_the_next_are_one_change_of_a_word() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0, scan("iwram", 0, (0x0300_0002, 0, 0x0403_0201), (0x0300_0006, 0, 0x0807_0605))), (), 0)
    changed = [(word, value) for _, word, value, kind in entries(taken(builder)) if kind & 0xF == EntryKind.CHANGED]
    assert changed == [(0, 0x0201_0000), (1, 0x0605_0403), (2, 0x0000_0807)]


def test_what_an_odd_change_has_beyond_its_region_is_dropped() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0, scan("iwram", 0, (0x0300_0015, 0, 0xFFFF_FFFF))), (), 0)
    block = taken(builder)
    assert entries(block) == [(0, 5, 0, EntryKind.RESTATED | 0x10), (0, 5, 0xFFFF_FF00, EntryKind.CHANGED | 0x10)]
    assert block.left_out == 0


def test_behind_a_gap_the_bytes_of_an_odd_change_are_known_and_no_others() -> None:
    builder = LogBuilder(REGIONS)
    builder.add(frame_set(0, scan("iwram", 0, (0x0300_0000, 0, 0x4433_2211), (0x0300_0004, 0, 1))), (), 0)
    builder.add(frame_set(2, scan("iwram", 4, ODD)), (), 0)
    last = {word: (value, kind) for _, word, value, kind in entries(taken(builder))}
    assert last[0] == (0x4333_2211, EntryKind.RESTATED | 0x10)
    assert last[1] == (0x0000_0054, EntryKind.RESTATED | 0xE0)


@pytest.mark.parametrize("ends", [(False, False), (True, False)], ids=["one block", "two blocks"])
def test_a_whole_word_is_the_same_whether_odd_changes_come_with_it(ends: tuple[bool, bool]) -> None:
    """Sets are read some at a time, so what one comes to cannot depend on its neighbours."""
    steps = [
        Step(frame_set(0, scan("iwram", 0, (0x0300_000C, 1, 2), (0x0300_0010, 7, 7))), ends_block=ends[0]),
        Step(frame_set(1, scan("iwram", 2, (0x0300_000C, 1, 3)), scan("iwram", 3, ODD)), ends_block=ends[1]),
    ]
    found = [row for block in blocks_of(steps) for row in entries(block) if row[1] >= 3]
    assert found == [
        *((0, 3, 1, EntryKind.RESTATED), (0, 3, 2, EntryKind.CHANGED)),
        *((0, 4, 7, EntryKind.RESTATED), (0, 4, 7, EntryKind.CHANGED)),
        *((0, 3, 1, EntryKind.RESTATED), (0, 3, 3, EntryKind.CHANGED)),
    ]


def test_changes_that_stand_region_by_region_are_put_in_the_order_of_frames() -> None:
    builder = LogBuilder(REGIONS)
    word = 0x0300_0000
    builder.add(
        frame_set(
            0, scan("iwram", 0, (word, 1, 2)), scan("iwram", 1, (word, 2, 3)), scan("ewram", 0, (0x0200_0000, 4, 5))
        ),
        (),
        0,
    )
    assert [
        (frame, word, value) for frame, word, value, kind in entries(taken(builder)) if kind == EntryKind.CHANGED
    ] == [
        (0, 0, 2),
        (0, 6, 5),
        (1, 0, 3),
    ]


# Any recording, against a model that takes one word after the other.


@dataclass(frozen=True, slots=True)
class Step:
    """A frame set and what comes with it."""

    frame_set: FrameSet
    rebaselined: tuple[ChunkName, ...] = ()
    image: tuple[int, ...] | None = None
    ends_block: bool = False


@dataclass(slots=True)
class Model:
    """Memory by the rules of the specification, word by word."""

    values: Values = field(default_factory=lambda: [None] * WORDS)
    last: int | None = None

    def take(self, step: Step) -> Values:
        number = step.frame_set.frame_set_id
        if self.last is not None and number != self.last + 1:
            self.values = [None] * WORDS
        self.last = number
        for name in step.rebaselined:
            for word in CHUNKS[name]:
                self.values[word] = None
        for changes in step.frame_set.changes:
            for word, current in zip(words_of(changes), changes.current.tolist(), strict=True):
                self.values[word] = current
        if step.image is not None:
            self.values = list(step.image)
        return list(self.values)


small = st.integers(0, 3)


@st.composite
def scans(draw: st.DrawFn, number: int) -> tuple[ScanChanges, ...]:
    made = []
    for place in (0, 1):
        for region, base, words in (("iwram", 0x0300_0000, 6), ("ewram", 0x0200_0000, 4)):
            changed = sorted(draw(st.sets(st.integers(0, words - 1), max_size=3)))
            rows = [(base + 4 * word, draw(small), draw(small)) for word in changed]
            if rows:
                made.append(scan(region, 2 * number + place, *rows))
    return tuple(made)


@st.composite
def recordings(draw: st.DrawFn) -> list[Step]:
    steps, number = [], draw(small)
    for _ in range(draw(st.integers(1, 8))):
        keys = draw(st.lists(st.sampled_from(["", "A", "A+B"]), min_size=2, max_size=2))
        steps.append(
            Step(
                frame_set(number, *draw(scans(number)), keys=keys),
                tuple(draw(st.sets(st.sampled_from(sorted(CHUNKS)), max_size=2))),
                draw(st.none() | st.tuples(*[small] * WORDS)),
                draw(st.booleans()),
            )
        )
        number += draw(st.sampled_from([1, 1, 1, 2]))
    return steps


def blocks_of(steps: Sequence[Step], builder: LogBuilder | None = None) -> Iterator[LogBlock]:
    builder = LogBuilder(REGIONS) if builder is None else builder
    for step in steps:
        builder.add(step.frame_set, step.rebaselined, step.frame_set.frame_set_id)
        if step.image is not None:
            builder.image(step.frame_set.frame_set_id, image(*step.image))
        if step.ends_block:
            yield taken(builder)
    rest = builder.take()
    if rest is not None:
        yield rest


def log_of(blocks: Sequence[LogBlock]) -> bytes:
    log, after = b"", b""
    for block in blocks:
        log += pack_block(block, after)
        *_, last = placed_blocks(log)
        after = last.checksum
    return log


def memories(blocks: Sequence[LogBlock]) -> list[Values]:
    """Memory after each set, by the log alone, entry by entry."""
    values: Values = [None] * WORDS
    after = []
    for block in blocks:
        rows = iter(entries(block))
        for count in block.entry_counts.tolist():
            for _ in range(count):
                _, word, value, kind = next(rows)
                values[word] = None if kind == EntryKind.UNKNOWN else value
            after.append(list(values))
    return after


def changes_of(steps: Sequence[Step]) -> list[tuple[int, int, int, int]]:
    """Frame set, place of the frame, word and value of each change."""
    found = []
    for step in steps:
        for changes in step.frame_set.changes:
            place = changes.frame - step.frame_set.frames[0].frame
            found += [
                (step.frame_set.frame_set_id, place, word, value)
                for word, value in zip(words_of(changes), changes.current.tolist(), strict=True)
            ]
    return found


@given(recordings())
def test_the_log_alone_gives_memory_after_each_set(steps: list[Step]) -> None:
    model = Model()
    assert memories(list(blocks_of(steps))) == [model.take(step) for step in steps]


@given(recordings())
def test_every_change_is_there_with_its_value_before(steps: list[Step]) -> None:
    changes = []
    values: Values = [None] * WORDS
    before: list[int | None] = []
    for block in blocks_of(steps):
        rows = iter(entries(block))
        for number, count in zip(block.numbers.tolist(), block.entry_counts.tolist(), strict=True):
            for _ in range(count):
                place, word, value, kind = next(rows)
                if kind == EntryKind.CHANGED:
                    changes.append((number, place, word, value))
                    before.append(values[word])
                values[word] = None if kind == EntryKind.UNKNOWN else value
    assert changes == changes_of(steps)
    assert before == [value for step in steps for part in step.frame_set.changes for value in part.previous.tolist()]


@given(recordings())
def test_blocks_come_back_as_they_were(steps: list[Step]) -> None:
    blocks = list(blocks_of(steps))
    assert [columns(block) for block in read_blocks(log_of(blocks))] == [columns(block) for block in blocks]


@given(recordings(), st.data())
def test_a_builder_goes_on_behind_blocks_that_were_written(steps: list[Step], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(steps)))
    before = list(blocks_of(steps[:at]))
    builder = LogBuilder(REGIONS)
    builder.follow(before)
    after = list(blocks_of(steps[at:], builder))
    model = Model()
    assert memories([*before, *after]) == [model.take(step) for step in steps]


# Damage.

SOME = [
    Step(frame_set(0, scan("iwram", 0, (0x0300_0000, 1, 2))), image=tuple(range(10)), ends_block=True),
    Step(frame_set(1, scan("iwram", 2, (0x0300_0008, 2, 3))), ends_block=True),
    Step(frame_set(2, scan("ewram", 5, (0x0200_0004, 7, 3))), tuple(CHUNKS)),
]


def test_of_a_log_that_is_cut_off_anywhere_the_whole_blocks_are_read() -> None:
    blocks = [columns(block) for block in blocks_of(SOME)]
    log = log_of(list(blocks_of(SOME)))
    ends = [placed.end for placed in placed_blocks(log)]
    assert ends[-1] == len(log)
    for length in range(len(log)):
        whole = sum(end <= length for end in ends)
        assert [columns(block) for block in read_blocks(log[:length])] == blocks[:whole]


def test_of_a_log_with_any_bit_flipped_the_blocks_before_it_are_read() -> None:
    blocks = [columns(block) for block in blocks_of(SOME)]
    log = log_of(list(blocks_of(SOME)))
    ends = [placed.end for placed in placed_blocks(log)]
    for at in range(len(log)):
        for bit in range(8):
            damaged = bytearray(log)
            damaged[at] ^= 1 << bit
            assert [columns(block) for block in read_blocks(bytes(damaged))] == blocks[: sum(end <= at for end in ends)]


def test_a_block_that_is_missing_ends_the_log() -> None:
    log = log_of(list(blocks_of(SOME)))
    first, second, third = placed_blocks(log)
    assert len(list(read_blocks(log[: first.end] + log[second.end :]))) == 1
    assert list(read_blocks(log[third.start :])) == []


@given(st.binary(max_size=200))
def test_bytes_that_are_no_log_have_no_blocks(data: bytes) -> None:
    assert list(read_blocks(data)) == []


# The bytes themselves.


def payload(block: bytes) -> bytes:
    """The columns of a block, behind its header of 26 bytes; the compressor's own versions may pack them otherwise."""
    return zstandard.decompress(block[26:])


def test_a_block_has_the_bytes_of_the_golden_file() -> None:
    golden = json.loads(GOLDEN.read_text("utf-8"))
    (made,) = blocks_of([Step(step.frame_set, step.rebaselined, step.image) for step in SOME])
    block = replace(made, left_out=7)
    assert columns(block) == golden["columns"]
    assert payload(pack_block(block)) == payload(bytes.fromhex(golden["bytes"]))
    (read,) = read_blocks(bytes.fromhex(golden["bytes"]))
    assert columns(read) == golden["columns"]
