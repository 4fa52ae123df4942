"""A frame set's counts, its summary, and how words are written."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from protocol.session.frame_set import FrameRecord, FrameSet, ScanChanges, hex_word


def scan(region: str, count: int) -> ScanChanges:
    """Changes of so many words."""
    words = np.arange(count, dtype=np.uint32)
    return ScanChanges(region, 0, 8, words, words, words, words.astype(np.uint16))


def frame(number: int = 8, timestamp: int = 1, pc: int = 0x1F8, current_keys: str = "") -> FrameRecord:
    return FrameRecord(number, timestamp, pc, current_keys, ("None",))


class TestFrameSet:
    def test_it_is_whole_without_flaws(self) -> None:
        assert FrameSet(0, (frame(),), (), (), b"").whole
        assert not FrameSet(0, (frame(),), (), ("it has 4 of 5 frames",), b"").whole

    def test_changes_are_counted_by_region(self) -> None:
        changes = (scan("iwram", 3), scan("ewram", 1), scan("iwram", 2))
        assert FrameSet(0, (frame(),), changes, (), b"").change_counts() == {"iwram": 5, "ewram": 1}

    def test_its_summary_is_that_of_the_bus(self) -> None:
        changes = (scan("iwram", 1),)
        frames = (frame(8), frame(9, timestamp=5, pc=16, current_keys="A"))
        assert FrameSet(3, frames, changes, ("odd",), b"png").summary() == {
            "frame_set_id": 3,
            "frames": [8, 9],
            "timestamp": 5,
            "pc": "00000010",
            "current_keys": ["A"],
            "whole": False,
            "flaws": ["odd"],
            "change_counts": {"iwram": 1},
        }


@given(st.integers(0, 0xFFFF_FFFF))
def test_a_word_is_eight_upper_case_digits(value: int) -> None:
    assert len(hex_word(value)) == 8
    assert int(hex_word(value), 16) == value
    assert hex_word(value) == hex_word(value).upper()
