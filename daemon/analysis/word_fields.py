"""Numbers inside of words: the ways to read one, and its differences. Pure."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from protocol.changes import U32
from protocol.regions import WORD_BYTES

__all__ = ["FIELDS", "WordField"]

_LEAST_FLOAT, _GREATEST_FLOAT = 1e-4, 1e6
"""Sizes of a float that a game computes with; other bit patterns are no floats, but for 0."""


@dataclass(frozen=True, slots=True)
class WordField:
    """A number inside of a word.

    Args:
        offset: of its first byte in the word.
        width: its bytes.
        is_float: whether it is a float32, else an integer or a fixed point number, little-endian.
    """

    offset: int
    width: int
    is_float: bool = False

    @property
    def is_aligned(self) -> bool:
        """Return whether it lies where a compiler would put it."""
        return self.offset % self.width == 0

    @property
    def type_names(self) -> tuple[str, ...]:
        """The value types that read it, the plainest first; they agree on the direction of a change."""
        if self.is_float:
            return ("float32",)
        return {1: ("u8", "s8"), 2: ("s16", "u16"), 4: ("s32", "u32", "fixed20.12", "fixed24.8")}[self.width]

    @property
    def bytes_of_word(self) -> int:
        """The bytes of the word that it has: bit 0 for the lowest address."""
        return ((1 << self.width) - 1) << self.offset

    def raw(self, words: U32) -> NDArray[np.int64]:
        """Return its bits in words, as an unsigned number."""
        return (words.astype(np.int64) >> (8 * self.offset)) & ((1 << (8 * self.width)) - 1)

    def difference(self, before: U32, after: U32) -> NDArray[np.float64]:
        """Return after less before, NaN where it is no number.

        An integer wraps: the shorter way around counts.

        Args:
            before: words, any shape.
            after: as many.
        """
        if self.is_float:
            old, new = _floats(before), _floats(after)
            return new - old
        size = 1 << (8 * self.width)
        steps = self.raw(after) - self.raw(before)
        return ((steps + size // 2) % size - size // 2).astype(np.float64)


def _floats(words: U32) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # A signalling NaN.
        values = np.ascontiguousarray(words).view(np.float32).astype(np.float64)
    sizes = np.abs(values)
    is_usual = (values == 0) | ((sizes >= _LEAST_FLOAT) & (sizes <= _GREATEST_FLOAT))
    return np.where(is_usual, values, np.nan)


FIELDS: tuple[WordField, ...] = (
    *(WordField(offset, 1) for offset in range(WORD_BYTES)),
    *(WordField(offset, 2) for offset in range(WORD_BYTES - 1)),
    WordField(0, 4),
    WordField(0, 4, is_float=True),
)
"""All ways to read a number inside of one word; those that reach into the next word are rare in games."""
