"""Regions, chunks and the schedule."""

from itertools import chain

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from protocol.errors import MessageError
from protocol.regions import MAX_CHUNK_WORDS, Chunk, Region, ScanMode, regions_from_maps, scheduled_chunks

IWRAM = Region("iwram", 0x0300_0000, 32 * 1024, 5)
EWRAM = Region("ewram", 0x0200_0000, 256 * 1024, 5)


def test_iwram_is_cut_as_the_law_says() -> None:
    assert [chunk.words * 4 for chunk in IWRAM.chunks] == [6556, 6556, 6556, 6556, 6544]


def test_ewram_is_cut_as_the_law_says() -> None:
    assert [chunk.words * 4 for chunk in EWRAM.chunks] == [52432, 52432, 52432, 52432, 52416]


def test_a_chunk_knows_where_it_ends() -> None:
    assert Chunk(first_word=6, words=4).end_word == 10


@pytest.mark.parametrize(
    ("offset", "chunk"),
    [(-1, None), (0, 0), (6555, 0), (6556, 1), (4 * 6556, 4), (32 * 1024 - 1, 4), (32 * 1024, None)],
)
def test_an_address_lies_in_one_chunk_or_beyond_the_region(offset: int, chunk: int | None) -> None:
    assert IWRAM.chunk_of(IWRAM.base + offset) == chunk


@given(st.integers(1, 65536).map(lambda words: 4 * words), st.integers(1, 60))
def test_every_word_is_in_exactly_one_chunk(size: int, frames_per_set: int) -> None:
    try:
        region = Region("any", 0, size, frames_per_set)
    except MessageError:
        assume(False)
    words = list(chain.from_iterable(range(chunk.first_word, chunk.end_word) for chunk in region.chunks))
    assert words == list(range(region.words))
    assert all(1 <= chunk.words <= MAX_CHUNK_WORDS for chunk in region.chunks)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=60))
def test_chunks_of_any_sizes_have_every_word_once(words: list[int]) -> None:
    region = Region("any", 0, 4 * sum(words), len(words), tuple(4 * size for size in words))
    assert [chunk.words for chunk in region.chunks] == words
    every = list(chain.from_iterable(range(chunk.first_word, chunk.end_word) for chunk in region.chunks))
    assert every == list(range(region.words))
    assert regions_from_maps([region.as_map()], len(words)) == (region,)


@pytest.mark.parametrize(
    "sizes", [(16,), (4, 4, 4), (4, 4, 4, 0), (4, 4, 4, 8), (2, 6, 4, 4), (4, 4, 12, -4), (4, 4, 4, 4, 0)]
)
def test_sizes_that_do_not_cover_the_region_are_refused(sizes: tuple[int, ...]) -> None:
    sentence = "the chunk sizes of region 'odd' are not 4 multiples of 4 that are 16 bytes together"
    with pytest.raises(MessageError, match=sentence):
        Region("odd", 0, 16, 4, sizes)


def test_a_chunk_of_more_words_than_a_change_can_name_is_refused() -> None:
    sizes = (4 * MAX_CHUNK_WORDS + 4, (1 << 20) - 4 * MAX_CHUNK_WORDS - 12, 4, 4)
    with pytest.raises(MessageError, match="cannot be split into 4 chunks"):
        Region("odd", 0, 1 << 20, 4, sizes)


@pytest.mark.parametrize(
    ("mode", "schedule"),
    [
        (ScanMode.CHUNKED, [[0], [1], [2], [3], [4]]),
        (ScanMode.ATOMIC, [[], [], [], [], [0, 1, 2, 3, 4]]),
        (ScanMode.FULL, [[0, 1, 2, 3, 4]] * 5),
    ],
)
def test_each_mode_has_its_schedule(mode: ScanMode, schedule: list[list[int]]) -> None:
    assert [list(scheduled_chunks(mode, position, 5)) for position in range(5)] == schedule


@pytest.mark.parametrize("frames_per_set", [1, 2, 60])
@pytest.mark.parametrize("mode", [ScanMode.CHUNKED, ScanMode.ATOMIC])
def test_a_set_scans_every_chunk_once(mode: ScanMode, frames_per_set: int) -> None:
    scanned = [
        chunk for position in range(frames_per_set) for chunk in scheduled_chunks(mode, position, frames_per_set)
    ]
    assert sorted(scanned) == list(range(frames_per_set))


@pytest.mark.parametrize(
    ("base", "size", "frames_per_set", "sentence"),
    [
        (0, 0, 5, "not a multiple of 4 up to 1 MiB"),
        (0, -4, 5, "not a multiple of 4 up to 1 MiB"),
        (0, 4098, 5, "not a multiple of 4 up to 1 MiB"),
        (0, (1 << 20) + 4, 5, "not a multiple of 4 up to 1 MiB"),
        (-4, 4096, 5, "does not fit a 32-bit bus"),
        (0xFFFF_F004, 4096, 5, "does not fit a 32-bit bus"),
        (0, 4096, 0, "it must be 1 to 60"),
        (0, 4096, 61, "it must be 1 to 60"),
        (0, 4, 5, "cannot be split into 5 chunks"),
        (0, 64, 5, "cannot be split into 5 chunks"),
        (0, 1 << 20, 3, "cannot be split into 3 chunks"),
    ],
)
def test_an_impossible_region_is_refused(base: int, size: int, frames_per_set: int, sentence: str) -> None:
    with pytest.raises(MessageError, match=sentence):
        Region("odd", base, size, frames_per_set)


def test_the_largest_region_and_the_smallest_are_possible() -> None:
    assert Region("largest", 0xFFF0_0000 - 1, 1 << 20, 4).chunks[-1].words == MAX_CHUNK_WORDS
    assert Region("smallest", 0, 4, 1).chunks == (Chunk(0, 1),)
