"""Memory, live from the link and rebuilt from files."""

import hashlib
import struct

import numpy as np
import pytest

from protocol.changes import U32, Words
from protocol.errors import DocumentError, MessageError, SequenceError
from protocol.regions import Region
from protocol.session.frame_set import ScanChanges
from protocol.session.memory import Contradiction, Memory

REGIONS = (Region("iwram", 0x0300_0000, 24, 2), Region("ewram", 0x0200_0000, 16, 2))
IMAGE = struct.pack("<10I", *range(10))


def u32(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def numbers(*words: int) -> Words:
    return np.array(words, np.int64)


def column(*values: int) -> U32:
    return np.array(values, np.uint32)


def scan(*rows: tuple[int, int, int], region: str = "iwram") -> ScanChanges:
    """Changes of words: address, value before, value now."""
    addresses, previous, current = (np.array(column, np.uint32) for column in zip(*rows, strict=True))
    return ScanChanges(region, 0, 8, addresses, previous, current, np.ones(len(rows), np.uint16))


@pytest.fixture
def live() -> Memory:
    """Memory that has seen the first chunk of each region."""
    memory = Memory(REGIONS)
    memory.keyframe(0, 0, u32(1, 2, 3))
    memory.keyframe(1, 0, u32(7, 8))
    return memory


def test_a_change_gives_the_values_before(live: Memory) -> None:
    assert live.change(0, 0, numbers(0, 2), column(10, 30), None).tolist() == [1, 3]
    assert live.change(0, 0, numbers(0, 1), column(11, 20), None).tolist() == [10, 2]


def test_regions_are_apart(live: Memory) -> None:
    live.change(0, 0, numbers(0), column(99), None)
    assert live.change(1, 0, numbers(0), column(1), None).tolist() == [7]


def test_changes_before_their_keyframe_are_out_of_turn(live: Memory) -> None:
    with pytest.raises(SequenceError, match="changes of chunk 1 of iwram came before its keyframe"):
        live.change(0, 1, numbers(3), column(1), None)


def test_changes_that_bring_the_values_before_need_no_keyframe(live: Memory) -> None:
    assert live.change(0, 1, numbers(3), column(1), column(5)).tolist() == [5]


def test_a_keyframe_replaces_what_was_known(live: Memory) -> None:
    live.keyframe(0, 0, u32(4, 5, 6))
    assert live.change(0, 0, numbers(1), column(0), None).tolist() == [5]


@pytest.mark.parametrize(("region", "chunk"), [(2, 0), (0, 2), (1, 1 << 40), (1 << 40, 0)])
def test_there_is_no_such_chunk(live: Memory, region: int, chunk: int) -> None:
    for use in (live.chunk, live.sha256, lambda region, chunk: live.keyframe(region, chunk, b"")):
        with pytest.raises(MessageError, match="there is no chunk"):
            use(region, chunk)


@pytest.mark.parametrize("words", [b"", u32(1, 2), u32(1, 2, 3, 4), u32(1, 2, 3)[:-1]])
def test_a_keyframe_has_the_size_of_its_chunk(live: Memory, words: bytes) -> None:
    with pytest.raises(MessageError, match="its chunk 12"):
        live.keyframe(0, 0, words)


def test_a_chunk_is_hashed_as_it_is_now(live: Memory) -> None:
    live.change(0, 0, numbers(1), column(9), None)
    assert live.sha256(0, 0) == hashlib.sha256(u32(1, 9, 3)).hexdigest().upper()


def test_a_chunk_that_was_never_seen_has_no_hash(live: Memory) -> None:
    assert live.sha256(0, 1) is None


def test_there_is_an_image_once_everything_was_seen(live: Memory) -> None:
    assert live.image() is None
    live.keyframe(0, 1, u32(4, 5, 6))
    live.keyframe(1, 1, u32(9, 10))
    live.change(1, 0, numbers(1), column(80), None)
    assert live.image() == u32(1, 2, 3, 4, 5, 6, 7, 80, 9, 10)


def test_there_is_no_image_while_a_chunk_is_doubted(live: Memory) -> None:
    live.keyframe(0, 1, u32(4, 5, 6))
    live.keyframe(1, 1, u32(9, 10))
    live.doubt_all(but={(0, 1)})
    live.doubt(0, 1)
    for region, chunk, words in ((0, 0, u32(1, 2, 3)), (0, 1, u32(4, 5, 6)), (1, 0, u32(7, 8))):
        assert live.image() is None
        live.keyframe(region, chunk, words)
    assert live.image() is None
    live.trust(1, 1)
    assert live.image() == u32(1, 2, 3, 4, 5, 6, 7, 8, 9, 10)


def test_an_image_ends_every_doubt(live: Memory) -> None:
    live.doubt_all()
    live.load_image(IMAGE)
    assert live.image() == IMAGE


@pytest.fixture
def memory() -> Memory:
    """Memory after a full image: words 0 to 5, and 6 to 9."""
    memory = Memory(REGIONS)
    assert memory.load_image(IMAGE) == []
    return memory


def known_chunks(memory: Memory, regions: int = len(REGIONS)) -> list[list[bool]]:
    return [[memory.is_known(region, chunk) for chunk in (0, 1)] for region in range(regions)]


class TestKnowing:
    def test_nothing_is_known_at_first(self) -> None:
        memory = Memory(REGIONS)
        assert known_chunks(memory) == [[False, False], [False, False]]
        assert memory.sha256(0, 0) is None

    def test_an_image_makes_everything_known(self, memory: Memory) -> None:
        assert known_chunks(memory) == [[True, True], [True, True]]
        assert memory.image() == IMAGE

    def test_a_change_names_a_word(self) -> None:
        memory = Memory(REGIONS[1:])
        assert memory.apply(scan((0x0200_0000, 1, 2), (0x0200_0004, 3, 4), region="ewram")) is None
        assert known_chunks(memory, 1) == [[True, False]]

    def test_a_chunk_that_was_seen_anew_is_forgotten(self, memory: Memory) -> None:
        memory.forget_named([("iwram", 1), ("vram", 0), ("iwram", 9)])
        assert known_chunks(memory) == [[True, False], [True, True]]
        assert memory.apply(scan((0x0300_000C, 77, 78))) is None

    def test_a_chunk_is_hashed_as_it_is_now(self, memory: Memory) -> None:
        memory.apply(scan((0x0300_0004, 1, 100)))
        digest = hashlib.sha256(struct.pack("<3I", 0, 100, 2)).hexdigest().upper()
        assert memory.sha256(0, 0) == digest

    @pytest.mark.parametrize(("name", "number"), [("vram", 0), ("iwram", 2), ("iwram", -1)])
    def test_a_name_of_no_chunk_is_not_found(self, memory: Memory, name: str, number: int) -> None:
        assert memory.find((name, number)) is None
        assert memory.find(("ewram", 1)) == (1, 1)


class TestContradictions:
    def test_changes_that_follow_from_each_other_are_silent(self, memory: Memory) -> None:
        assert memory.apply(scan((0x0300_0000, 0, 10), (0x0300_0014, 5, 50))) is None
        assert memory.apply(scan((0x0300_0000, 10, 11))) is None

    def test_a_value_before_that_was_another_is_said(self, memory: Memory) -> None:
        found = memory.apply(scan((0x0300_0000, 0, 1), (0x0300_0004, 99, 1), (0x0300_0008, 98, 1)))
        assert found == Contradiction("iwram", 0x0300_0004, stored=99, rebuilt=1, words=2)
        assert str(found) == "iwram 03000004 is 00000063 there and 00000001 by everything before (2 words differ)"

    def test_what_the_file_says_counts_from_then_on(self, memory: Memory) -> None:
        memory.apply(scan((0x0300_0004, 99, 1000)))
        assert memory.apply(scan((0x0300_0004, 1000, 1))) is None

    def test_an_image_that_is_another_is_said_for_each_region(self, memory: Memory) -> None:
        memory.apply(scan((0x0300_0008, 2, 20)))
        memory.apply(scan((0x0200_0000, 6, 60), region="ewram"))
        assert memory.load_image(IMAGE) == [
            Contradiction("iwram", 0x0300_0008, stored=2, rebuilt=20, words=1),
            Contradiction("ewram", 0x0200_0000, stored=6, rebuilt=60, words=1),
        ]
        assert memory.load_image(IMAGE) == []

    def test_one_word_is_said_as_one(self) -> None:
        assert "differ" not in str(Contradiction("iwram", 0, 1, 2, words=1))


class TestDamage:
    @pytest.mark.parametrize("image", [b"", IMAGE[:-1], IMAGE + bytes(4)])
    def test_an_image_of_another_size(self, memory: Memory, image: bytes) -> None:
        with pytest.raises(DocumentError, match="the regions have 40"):
            memory.load_image(image)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            (scan((0, 0, 0), region="vram"), "no region 'vram'"),
            (scan((0x0300_0001, 0, 0)), "not words in ascending order"),
            (scan((0x0300_0004, 0, 0), (0x0300_0004, 0, 0)), "not words in ascending order"),
            (scan((0x0300_0008, 0, 0), (0x0300_0004, 0, 0)), "not words in ascending order"),
            (scan((0x02FF_FFFC, 0, 0)), "an address is not in iwram"),
            (scan((0x0300_0018, 0, 0)), "an address is not in iwram"),
        ],
    )
    def test_addresses_that_cannot_be(self, memory: Memory, changes: ScanChanges, sentence: str) -> None:
        with pytest.raises(DocumentError, match=sentence):
            memory.apply(changes)


def test_nothing_is_known_of_memory_that_is_forgotten(memory: Memory) -> None:
    assert known_chunks(memory) == [[True, True], [True, True]]
    memory.forget(1, 0)
    assert known_chunks(memory) == [[True, True], [False, True]]
    memory.forget_all()
    assert known_chunks(memory) == [[False, False], [False, False]]
    assert (memory.image(), memory.apply(scan((0x0300_0000, 77, 78)))) == (None, None)
