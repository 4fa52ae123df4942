"""Numbers inside of words, and how they differ."""

import numpy as np

from daemon.analysis.value_types import VALUE_TYPES
from daemon.analysis.word_fields import FIELDS, WordField


def words(*values: int) -> "np.ndarray[tuple[int], np.dtype[np.uint32]]":
    return np.array(values, np.uint32)


def test_every_field_reads_the_bytes_that_it_covers() -> None:
    word = words(0x4433_2211)
    data = word.tobytes()
    for field in FIELDS:
        part = data[field.offset : field.offset + field.width]
        assert field.raw(word).tolist() == [int.from_bytes(part, "little")]
        assert field.bytes_of_word == sum(1 << at for at in range(field.offset, field.offset + field.width))
        assert all(VALUE_TYPES[name].width == field.width for name in field.type_names)


def test_a_difference_goes_the_shorter_way_around() -> None:
    byte, half, whole = WordField(1, 1), WordField(2, 2), WordField(0, 4)
    assert byte.difference(words(0xFE00, 0x0100), words(0x0100, 0xFE00)).tolist() == [3, -3]
    assert half.difference(words(0xFFFF_0000), words(0x0001_0000)).tolist() == [2]
    assert whole.difference(words(0, 0xFFFF_FFFF), words(0xFFFF_FFFF, 1)).tolist() == [-1, 2]


def test_floats_differ_as_floats_and_other_bits_are_none() -> None:
    field = WordField(0, 4, is_float=True)
    values = np.array([1.5, -2.0, 0.0], np.float32).view(np.uint32)
    later = np.array([1.0, -1.0, 1e20], np.float32).view(np.uint32)
    difference = field.difference(values, later)
    assert difference[:2].tolist() == [-0.5, 1.0]
    assert np.isnan(difference[2])


def test_only_those_at_multiples_of_their_size_are_aligned() -> None:
    assert [(field.offset, field.width) for field in FIELDS if not field.is_aligned] == [(1, 2)]
