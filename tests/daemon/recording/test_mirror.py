"""The daemon's own copy of memory."""

import hashlib
import struct

import numpy as np
import pytest

from daemon.recording.mirror import Mirror
from protocol.changes import U32, Words
from protocol.errors import MessageError, SequenceError
from protocol.regions import Region

REGIONS = (Region("iwram", 0x0300_0000, 24, 2), Region("ewram", 0x0200_0000, 16, 2))


def u32(*values: int) -> bytes:
    return struct.pack(f"<{len(values)}I", *values)


def numbers(*words: int) -> Words:
    return np.array(words, np.int64)


def column(*values: int) -> U32:
    return np.array(values, np.uint32)


@pytest.fixture
def mirror() -> Mirror:
    """A mirror that has seen the first chunk of each region."""
    mirror = Mirror(REGIONS)
    mirror.keyframe(0, 0, u32(1, 2, 3))
    mirror.keyframe(1, 0, u32(7, 8))
    return mirror


def test_a_change_gives_the_values_before(mirror: Mirror) -> None:
    assert mirror.change(0, 0, numbers(0, 2), column(10, 30), None).tolist() == [1, 3]
    assert mirror.change(0, 0, numbers(0, 1), column(11, 20), None).tolist() == [10, 2]


def test_regions_are_apart(mirror: Mirror) -> None:
    mirror.change(0, 0, numbers(0), column(99), None)
    assert mirror.change(1, 0, numbers(0), column(1), None).tolist() == [7]


def test_changes_before_their_keyframe_are_out_of_turn(mirror: Mirror) -> None:
    with pytest.raises(SequenceError, match="changes of chunk 1 of iwram came before its keyframe"):
        mirror.change(0, 1, numbers(3), column(1), None)


def test_changes_that_bring_the_values_before_need_no_keyframe(mirror: Mirror) -> None:
    assert mirror.change(0, 1, numbers(3), column(1), column(5)).tolist() == [5]


def test_a_keyframe_replaces_what_was_known(mirror: Mirror) -> None:
    mirror.keyframe(0, 0, u32(4, 5, 6))
    assert mirror.change(0, 0, numbers(1), column(0), None).tolist() == [5]


@pytest.mark.parametrize(("region", "chunk"), [(2, 0), (0, 2), (1, 1 << 40), (1 << 40, 0)])
def test_there_is_no_such_chunk(mirror: Mirror, region: int, chunk: int) -> None:
    for use in (mirror.chunk, mirror.sha256, lambda region, chunk: mirror.keyframe(region, chunk, b"")):
        with pytest.raises(MessageError, match="there is no chunk"):
            use(region, chunk)


@pytest.mark.parametrize("words", [b"", u32(1, 2), u32(1, 2, 3, 4), u32(1, 2, 3)[:-1]])
def test_a_keyframe_has_the_size_of_its_chunk(mirror: Mirror, words: bytes) -> None:
    with pytest.raises(MessageError, match="its chunk 12"):
        mirror.keyframe(0, 0, words)


def test_a_chunk_is_hashed_as_it_is_now(mirror: Mirror) -> None:
    mirror.change(0, 0, numbers(1), column(9), None)
    assert mirror.sha256(0, 0) == hashlib.sha256(u32(1, 9, 3)).hexdigest().upper()


def test_a_chunk_that_was_never_seen_has_no_hash(mirror: Mirror) -> None:
    assert mirror.sha256(0, 1) is None


def test_there_is_an_image_once_everything_was_seen(mirror: Mirror) -> None:
    assert mirror.image() is None
    mirror.keyframe(0, 1, u32(4, 5, 6))
    mirror.keyframe(1, 1, u32(9, 10))
    mirror.change(1, 0, numbers(1), column(80), None)
    assert mirror.image() == u32(1, 2, 3, 4, 5, 6, 7, 80, 9, 10)
