"""Changed words as columns: the wire's gaps, and the arrays that the daemon works with.

Arrays are one-dimensional and of equal length *m*; word numbers count within the region.
"""

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from protocol.errors import MessageError
from protocol.link.messages import ChunkChanges
from protocol.regions import Chunk

__all__ = ["F64", "I32", "I64", "U8", "U16", "U32", "U64", "Bools", "Words", "unpack_changes"]

Bools: TypeAlias = NDArray[np.bool_]
U8: TypeAlias = NDArray[np.uint8]
U16: TypeAlias = NDArray[np.uint16]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
I32: TypeAlias = NDArray[np.int32]
I64: TypeAlias = NDArray[np.int64]
F64: TypeAlias = NDArray[np.float64]
Words: TypeAlias = NDArray[np.int64]
"""Word numbers, in the type by which numpy looks up: it converts any other each time, which costs more than looking."""

_GAP = np.dtype("<u2")
_WORD = np.dtype("<u4")


def unpack_changes(changes: ChunkChanges, chunk: Chunk) -> tuple[Words, U32, U32 | None]:
    """Turn the columns of the wire into arrays.

    Returns:
        `(words, current, previous)`, each of shape (m,): word numbers within the region, strictly ascending; values
        now; values before, or None where the sender left them out.

    Raises:
        MessageError: the columns do not have the same length, are empty, or leave the chunk.
    """
    count = len(changes.gaps) // 2
    if not count or len(changes.gaps) != 2 * count or len(changes.current) != 4 * count:
        raise MessageError("the columns of a change do not have the same length")
    if changes.previous and len(changes.previous) != 4 * count:
        raise MessageError("the columns of a change do not have the same length")
    gaps = np.frombuffer(changes.gaps, _GAP)
    if count > chunk.words or np.count_nonzero(gaps[1:]) < count - 1:
        raise MessageError("a frame names the same word twice")
    words = gaps.astype(np.int64)
    words[0] += chunk.first_word
    np.add.accumulate(words, out=words)
    if words[-1] >= chunk.end_word:
        beyond = words[-1] - chunk.first_word
        raise MessageError(f"a change is beyond the end of its chunk: word {beyond} of {chunk.words}")
    previous = np.frombuffer(changes.previous, _WORD) if changes.previous else None
    return words, np.frombuffer(changes.current, _WORD), previous
