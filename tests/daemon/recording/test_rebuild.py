"""Memory as a session's files tell it."""

import hashlib
import struct

import numpy as np
import pytest

from daemon.recording.rebuild import Contradiction, RebuiltMemory
from protocol.errors import DocumentError
from protocol.regions import Region
from protocol.session.documents import ScanChanges

REGIONS = (Region("iwram", 0x0300_0000, 24, 2), Region("ewram", 0x0200_0000, 16, 2))
IMAGE = struct.pack("<10I", *range(10))


def scan(*rows: tuple[int, int, int], region: str = "iwram") -> ScanChanges:
    """Changes of words: address, value before, value now."""
    addresses, previous, current = (np.array(column, np.uint32) for column in zip(*rows, strict=True))
    return ScanChanges(region, 0, 8, addresses, previous, current, np.ones(len(rows), np.uint16))


@pytest.fixture
def memory() -> RebuiltMemory:
    """Memory after a full image: words 0 to 5, and 6 to 9."""
    memory = RebuiltMemory(REGIONS)
    assert memory.take_image(IMAGE) == []
    return memory


class TestKnowing:
    def test_nothing_is_known_at_first(self) -> None:
        memory = RebuiltMemory(REGIONS)
        assert memory.known_chunks() == [[False, False], [False, False]]
        assert memory.sha256("iwram", 0) is None

    def test_an_image_tells_everything(self, memory: RebuiltMemory) -> None:
        assert memory.known_chunks() == [[True, True], [True, True]]
        assert [words.tolist() for words in memory.words()] == [[0, 1, 2, 3, 4, 5], [6, 7, 8, 9]]

    def test_a_change_tells_a_word(self) -> None:
        memory = RebuiltMemory(REGIONS[1:])
        assert memory.change(scan((0x0200_0000, 1, 2), (0x0200_0004, 3, 4), region="ewram")) is None
        assert memory.known_chunks() == [[True, False]]

    def test_a_chunk_that_was_seen_anew_is_forgotten(self, memory: RebuiltMemory) -> None:
        memory.forget([("iwram", 1), ("vram", 0), ("iwram", 9)])
        assert memory.known_chunks() == [[True, False], [True, True]]
        assert memory.change(scan((0x0300_000C, 77, 78))) is None

    def test_a_chunk_is_hashed_as_it_is_now(self, memory: RebuiltMemory) -> None:
        memory.change(scan((0x0300_0004, 1, 100)))
        digest = hashlib.sha256(struct.pack("<3I", 0, 100, 2)).hexdigest().upper()
        assert memory.sha256("iwram", 0) == digest

    @pytest.mark.parametrize(("name", "number"), [("vram", 0), ("iwram", 2)])
    def test_a_chunk_that_does_not_exist_has_no_hash(self, memory: RebuiltMemory, name: str, number: int) -> None:
        assert memory.sha256(name, number) is None


class TestContradictions:
    def test_changes_that_follow_from_each_other_are_silent(self, memory: RebuiltMemory) -> None:
        assert memory.change(scan((0x0300_0000, 0, 10), (0x0300_0014, 5, 50))) is None
        assert memory.change(scan((0x0300_0000, 10, 11))) is None

    def test_a_value_before_that_was_another_is_said(self, memory: RebuiltMemory) -> None:
        found = memory.change(scan((0x0300_0000, 0, 1), (0x0300_0004, 99, 1), (0x0300_0008, 98, 1)))
        assert found == Contradiction("iwram", 0x0300_0004, told=99, rebuilt=1, words=2)
        assert str(found) == "iwram 03000004 is 00000063 there and 00000001 by everything before (2 words differ)"

    def test_what_the_file_tells_counts_from_then_on(self, memory: RebuiltMemory) -> None:
        memory.change(scan((0x0300_0004, 99, 1000)))
        assert memory.change(scan((0x0300_0004, 1000, 1))) is None

    def test_an_image_that_is_another_is_said_for_each_region(self, memory: RebuiltMemory) -> None:
        memory.change(scan((0x0300_0008, 2, 20)))
        memory.change(scan((0x0200_0000, 6, 60), region="ewram"))
        assert memory.take_image(IMAGE) == [
            Contradiction("iwram", 0x0300_0008, told=2, rebuilt=20, words=1),
            Contradiction("ewram", 0x0200_0000, told=6, rebuilt=60, words=1),
        ]
        assert memory.take_image(IMAGE) == []

    def test_one_word_is_said_as_one(self) -> None:
        assert "differ" not in str(Contradiction("iwram", 0, 1, 2, words=1))


class TestDamage:
    @pytest.mark.parametrize("image", [b"", IMAGE[:-1], IMAGE + bytes(4)])
    def test_an_image_of_another_size(self, memory: RebuiltMemory, image: bytes) -> None:
        with pytest.raises(DocumentError, match="the regions have 40"):
            memory.take_image(image)

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
    def test_addresses_that_can_not_be(self, memory: RebuiltMemory, changes: ScanChanges, sentence: str) -> None:
        with pytest.raises(DocumentError, match=sentence):
            memory.change(changes)
