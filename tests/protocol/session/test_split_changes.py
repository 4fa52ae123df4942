"""Pieces of changes at any address come to the same memory as byte after byte."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from protocol.session.split_changes import follow_pieces, split

WORDS = 6
ENDS = np.array([4, WORDS], np.uint32)

changes = st.lists(
    st.tuples(st.integers(0, WORDS - 1), st.integers(0, 3), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1)),
    min_size=1,
    max_size=8,
)


@given(changes, st.lists(st.integers(0, 15), min_size=WORDS, max_size=WORDS))
def test_words_come_to_what_their_bytes_do(changes: list[tuple[int, int, int, int]], known: list[int]) -> None:
    words, shifts, previous, current = (np.array(column, np.uint32) for column in zip(*changes, strict=True))
    memory = np.zeros(WORDS, np.uint32)
    pieces = split(np.arange(len(changes)), words, shifts.astype(np.uint8), ENDS, previous, current)
    found = follow_pieces(pieces, memory, np.array(known, np.uint8))
    image, flags = bytearray(4 * WORDS), [bool(bits >> byte & 1) for bits in known for byte in range(4)]
    last = {}
    for word, shift, _, value in changes:
        end = 16 if word < 4 else 4 * WORDS
        for byte, position in enumerate(range(4 * word + shift, min(4 * word + shift + 4, end))):
            image[position] = value >> 8 * byte & 0xFF
            flags[position] = True
            last[position // 4] = True
    assert sorted(pieces.words[found.lasts].tolist()) == sorted(last)
    for index in found.lasts.tolist():
        word = int(pieces.words[index])
        assert int(found.values[index]) == int.from_bytes(image[4 * word : 4 * word + 4], "little")
        assert int(found.known[index]) == sum(flags[4 * word + byte] << byte for byte in range(4))


def test_neighbours_in_one_frame_are_joined_and_those_in_two_are_not() -> None:
    words, shifts = np.array([0, 1], np.uint32), np.array([1, 1], np.uint8)
    values = np.array([0x0403_0201, 0x0807_0605], np.uint32)
    for frames, expected in (([0, 0], [0, 1, 2]), ([0, 1], [0, 1, 1])):
        pieces = split(np.array(frames), words, shifts, ENDS, np.zeros(2, np.uint32), values)
        assert pieces.words.tolist()[:3] == expected
