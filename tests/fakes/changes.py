"""Changed words as the script sends them."""

from collections.abc import Sequence

import numpy as np

from protocol.changes import U32, Words
from protocol.link.messages import ChunkChanges
from protocol.regions import Chunk

__all__ = ["pack_changes"]


def pack_changes(
    region: int,
    chunk_number: int,
    chunk: Chunk,
    words: Words | U32 | Sequence[int],
    current: U32 | Sequence[int],
    previous: U32 | Sequence[int] = (),
) -> ChunkChanges:
    """Turn arrays into the columns of the wire: the inverse of `protocol.changes.unpack_changes`.

    Args:
        region: index of the region in HELLO.
        chunk_number: index of the chunk in its region.
        chunk: that chunk.
        words: word numbers within the region, strictly ascending, all in the chunk.
        current: values now.
        previous: values before, or nothing to leave them out.
    """
    gaps = np.diff(np.asarray(words, np.int64), prepend=chunk.first_word)
    return ChunkChanges(
        region,
        chunk_number,
        gaps.astype("<u2").tobytes(),
        np.asarray(current, "<u4").tobytes(),
        np.asarray(previous, "<u4").tobytes(),
    )
