"""Changed words as columns."""

import struct
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.changes import unpack_changes
from protocol.errors import MessageError
from protocol.link.messages import ChunkChanges
from protocol.regions import Chunk
from tests.fakes.changes import pack_changes

CHUNK = Chunk(first_word=1639, words=1639)

WORD = st.integers(0, 0xFFFF_FFFF)


def u16(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}H", *values)


def u32(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def columns(*, gaps: bytes = u16(0, 1), current: bytes = u32(7, 8), previous: bytes = b"") -> ChunkChanges:
    return ChunkChanges(0, 1, gaps, current, previous)


def test_gaps_count_from_the_start_of_the_chunk() -> None:
    words, current, previous = unpack_changes(columns(gaps=u16(0, 200), current=u32(7, 0x8000_0000)), CHUNK)
    assert words.tolist() == [1639, 1839]
    assert current.tolist() == [7, 0x8000_0000]
    assert previous is None


def test_values_before_are_there_when_they_were_sent() -> None:
    *_, previous = unpack_changes(columns(previous=u32(5, 6)), CHUNK)
    assert previous is not None
    assert previous.tolist() == [5, 6]


@given(
    st.dictionaries(st.integers(CHUNK.first_word, CHUNK.end_word - 1), st.tuples(WORD, WORD), min_size=1),
    st.booleans(),
)
def test_what_is_packed_is_unpacked(changed: dict[int, tuple[int, int]], with_previous: bool) -> None:
    numbers = sorted(changed)
    before, now = zip(*(changed[number] for number in numbers), strict=True)

    packed = pack_changes(0, 1, CHUNK, numbers, now, before if with_previous else ())

    gaps = [numbers[0] - CHUNK.first_word, *(b - a for a, b in pairwise(numbers))]
    assert packed == ChunkChanges(0, 1, u16(*gaps), u32(*now), u32(*before) if with_previous else b"")
    words, current, previous = unpack_changes(packed, CHUNK)
    assert words.tolist() == numbers
    assert tuple(current.tolist()) == now
    assert (None if previous is None else tuple(previous.tolist())) == (before if with_previous else None)
    assert (words.dtype, current.dtype) == (np.dtype(np.int64), np.dtype(np.uint32))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        (columns(gaps=b"", current=b""), "same length"),
        (columns(gaps=u16(0, 1) + b"\0"), "same length"),
        (columns(gaps=u16(0)), "same length"),
        (columns(current=u32(7, 8) + b"\0"), "same length"),
        (columns(previous=u32(7)), "same length"),
        (columns(gaps=u16(3, 0)), "the same word twice"),
        (columns(gaps=u16(1639, 1)), "beyond the end"),
        (columns(gaps=u16(1638, 1)), "beyond the end"),
    ],
)
def test_columns_against_the_law_are_refused(changes: ChunkChanges, sentence: str) -> None:
    with pytest.raises(MessageError, match=sentence):
        unpack_changes(changes, CHUNK)


def test_gaps_that_add_up_to_more_than_32_bits_are_refused() -> None:
    gaps = u16(*[0xFFFF] * 0x1_0001, 1)  # together 2 to the 32nd
    with pytest.raises(MessageError, match="the same word twice"):
        unpack_changes(columns(gaps=gaps, current=bytes(2 * len(gaps))), CHUNK)


def test_the_last_word_of_the_chunk_is_still_in_it() -> None:
    words, *_ = unpack_changes(columns(gaps=u16(1638), current=u32(1)), CHUNK)
    assert words.tolist() == [CHUNK.end_word - 1]
