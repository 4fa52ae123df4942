"""Numbers out of text, a column at a time. Pure.

A field of up to eight characters is one 64-bit integer, its first character in the lowest byte; all eight digits of it,
and all rows of a column, are worked on at once.
"""

from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U32

__all__ = ["FIELD", "Bools", "Offsets", "Windows", "decimal", "hex_values", "hex_words", "names", "windows"]

Bools: TypeAlias = NDArray[np.bool_]
Offsets: TypeAlias = NDArray[np.int64]
Windows: TypeAlias = NDArray[np.uint64]

FIELD = 8
"""Characters that a window holds. A text needs as many bytes before its first field and after its last."""

_ONES = 0x0101010101010101

_NO_DIGITS = 0x100


def _octets() -> NDArray[np.uint16]:
    table = np.full(1 << 16, _NO_DIGITS, np.uint16)
    for number in range(256):
        for pair in product(*({digit, digit.lower()} for digit in f"{number:02X}")):
            table[int.from_bytes("".join(pair).encode(), "little")] = number
    return table


_OCTETS = _octets()
"""The byte that two hex digits stand for, by the digits read as one number."""


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
    values, good = hex_values(view[starts])
    return values, good & (ends - starts == FIELD)


def hex_values(characters: Windows) -> tuple[U32, Bools]:
    """Read words of eight hex digits, of either case.

    Args:
        characters: the eight characters of each, shape (n,).

    Returns:
        As `decimal`.
    """
    octets = _OCTETS[characters.view("<u2")]
    good = (octets.view(np.uint64) & np.uint64(_NO_DIGITS * 0x0001000100010001)) == 0
    return octets.astype(np.uint8).view(">u4").astype(np.uint32), good


def names(view: Windows, starts: Offsets, ends: Offsets) -> tuple[Windows, Bools]:
    """Read names of one to eight characters; equal names are equal integers. Arguments and result as of `decimal`."""
    lengths = ends - starts
    return view[starts] & (~np.uint64(0) >> _bits(FIELD - lengths)), (lengths > 0) & (lengths <= FIELD)


def _bits(characters: Offsets) -> Windows:
    return (np.clip(characters, 0, FIELD - 1) * 8).astype(np.uint64)
