"""Numbers out of text, a column at a time. Pure.

A field of up to eight characters is one 64-bit integer, its first character in the lowest byte; all eight digits of it,
and all rows of a column, are worked on at once.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U32

__all__ = ["FIELD", "Bools", "Offsets", "Windows", "decimal", "hex_words", "names", "windows"]

Bools: TypeAlias = NDArray[np.bool_]
Offsets: TypeAlias = NDArray[np.int64]
Windows: TypeAlias = NDArray[np.uint64]

FIELD = 8
"""Characters that a window holds. A text needs as many bytes before its first field and after its last."""

_ONES = 0x0101010101010101


def windows(text: bytes) -> Windows:
    """Return the eight characters from each position of `text` as an integer: shape (len(text) - 7,), no copy."""
    return np.ndarray((len(text) - FIELD + 1,), "<u8", text, 0, (1,))


def decimal(view: Windows, starts: Offsets, ends: Offsets) -> tuple[Windows, Bools]:
    """Read whole numbers of one to eight digits.

    Args:
        view: the text's `windows`.
        starts: where each field begins, shape (n,).
        ends: one past where it ends, shape (n,).

    Returns:
        `(values, good)`, each of shape (n,); the value of a field that is not such a number means nothing.
    """
    lengths = ends - starts
    digits = (view[ends - FIELD] ^ np.uint64(0x30 * _ONES)) & (~np.uint64(0) << _bits(FIELD - lengths))
    above_nine = ((digits + np.uint64(0x76 * _ONES)) | digits) & np.uint64(0x80 * _ONES)
    values = (digits * np.uint64(10) + (digits >> np.uint64(8))) & np.uint64(0x00FF00FF00FF00FF)
    values = (values * np.uint64(100) + (values >> np.uint64(16))) & np.uint64(0x0000FFFF0000FFFF)
    values = (values * np.uint64(10_000) + (values >> np.uint64(32))) & np.uint64(0xFFFFFFFF)
    return values, (lengths > 0) & (lengths <= FIELD) & (above_nine == 0)


def hex_words(view: Windows, starts: Offsets, ends: Offsets) -> tuple[U32, Bools]:
    """Read words of exactly eight hex digits, of either case; arguments and result as of `decimal`."""
    characters = view[starts]
    letters = (characters >> np.uint64(6)) & np.uint64(_ONES)
    nibbles = (characters & np.uint64(0x0F * _ONES)) + letters * np.uint64(9)
    beyond_nine = ((nibbles + np.uint64(0x06 * _ONES)) >> np.uint64(4)) & np.uint64(_ONES)
    upper_case = characters & ~(letters << np.uint64(5))
    good = nibbles + np.uint64(0x30 * _ONES) + beyond_nine * np.uint64(7) == upper_case
    good &= (nibbles & np.uint64(0xF0 * _ONES)) == 0
    values = (nibbles << np.uint64(4) | nibbles >> np.uint64(8)) & np.uint64(0x00FF00FF00FF00FF)
    values = (values << np.uint64(8) | values >> np.uint64(16)) & np.uint64(0x0000FFFF0000FFFF)
    values = (values << np.uint64(16) | values >> np.uint64(32)) & np.uint64(0xFFFFFFFF)
    return values.astype(np.uint32), good & (ends - starts == FIELD)


def names(view: Windows, starts: Offsets, ends: Offsets) -> tuple[Windows, Bools]:
    """Read names of one to eight characters; equal names are equal integers. Arguments and result as of `decimal`."""
    lengths = ends - starts
    return view[starts] & (~np.uint64(0) >> _bits(FIELD - lengths)), (lengths > 0) & (lengths <= FIELD)


def _bits(characters: Offsets) -> Windows:
    return (np.clip(characters, 0, FIELD - 1) * 8).astype(np.uint64)
